/**
 * A pipe's ring: bytes between the ones ever put in and ever taken out, in RING_SIZE bytes of memory. Bytes come
 * from, and go to, the first range that a caller has lent; nothing counts before it is committed.
 */
import { deliverLent, fetchLent } from '../../runtime/lent.ts';

//@unmanaged
export class Ring {
  at: u32 = 0;
  /** Bytes ever, modulo 2³². */
  in: u32 = 0;
  out: u32 = 0;
}

export const RING_SIZE: u32 = 0x1_0000;

/** What is empty begins anew, so that little traffic stays within little memory. */
//@inline
export function settle(ring: Ring): void {
  if (ring.in === ring.out) ring.in = ring.out = 0;
}

//@inline
export function bytesIn(ring: Ring): u32 {
  return ring.in - ring.out;
}

//@inline
export function roomIn(ring: Ring): u32 {
  return RING_SIZE - (ring.in - ring.out);
}

/** `size` bytes of the caller's, from `offset` on, which there is room for. 0, or an error. */
export function copyIn(ring: Ring, token: u32, offset: u32, size: u32): i32 {
  const start = ring.in & (RING_SIZE - 1);
  const first = min<u32>(size, RING_SIZE - start);
  const result = fetchLent(token, 0, offset, ring.at + start, first);
  if (result < 0 || first === size) return result;
  return fetchLent(token, 0, offset + first, ring.at, size - first);
}

/** The first `size` bytes, which are there, to the caller. 0, or an error. */
export function copyOut(ring: Ring, token: u32, size: u32): i32 {
  const start = ring.out & (RING_SIZE - 1);
  const first = min<u32>(size, RING_SIZE - start);
  const result = deliverLent(token, 0, 0, ring.at + start, first);
  if (result < 0 || first === size) return result;
  return deliverLent(token, 0, first, ring.at, size - first);
}
