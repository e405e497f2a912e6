/**
 * What became of packets, counted: `net` shows it, and tests read it. Indices of words from `counters()`.
 */
import { COUNTERS_AT } from './tables.ts';

export const COUNT_SENT: u32 = 0;
export const COUNT_RECEIVED: u32 = 1;
/** Passed on to other nodes. */
export const COUNT_FORWARDED: u32 = 2;
/** Handed to this node's own services. */
export const COUNT_DELIVERED: u32 = 3;
/** Dropped: not of this protocol, or of another cluster. */
export const COUNT_FOREIGN: u32 = 4;
/** Dropped: cut short, or with a payload that cannot be; a piece that does not follow the one before. */
export const COUNT_DAMAGED: u32 = 5;
/** Dropped: the keyed MAC is wrong. */
export const COUNT_FORGED: u32 = 6;
/** Dropped: seen before, or of an earlier incarnation of its source. */
export const COUNT_REPLAYED: u32 = 7;
/** Dropped: meant for an earlier incarnation of this node. */
export const COUNT_STALE: u32 = 8;
/** Dropped: nobody knows the way. */
export const COUNT_NO_ROUTE: u32 = 9;
/** Dropped: it has been at HOPS_MAX stations. */
export const COUNT_HOPS_OUT: u32 = 10;
/** Heard from another node that says it is this one. */
export const COUNT_IMPOSTOR: u32 = 11;
export const COUNTERS: u32 = 12;

//@inline
export function count(counter: u32): void {
  const at = COUNTERS_AT + (counter << 2);
  store<u32>(at, load<u32>(at) + 1);
}

export function counters(): u32 {
  return COUNTERS_AT;
}
