/**
 * A split virtqueue from the driver's side (layout: hw/manual/virtio.ts; virtio 1.2, section 2.7), within one
 * page of memory that the device can reach:
 *
 *     0      QUEUE_SIZE descriptors       DRIVER_RING  what we offer       DEVICE_RING  what comes back
 *
 *     openQueue → addPart … addPart, offer → kick → (interrupt) → takeUsed, until there is none
 *
 * A request is a chain of descriptors, first those that the device reads, then those that it writes; it is
 * named by its first descriptor, its head. Every descriptor is in the list of free ones, or in a chain that
 * the device has or that is being made.
 *
 * A queue whose requests are single descriptors for memory of their own has them written once (`writePart`), and
 * then only takes and offers them: takePart → offer → kick → takeUsed. Where all of them are the device's most of
 * the time they need not become free in between: lookUsed → offerAgain → kick.
 */

import { fence, load16, load32, store16, store32 } from 'rv';
import {
  VIRTIO_QUEUE_DESC_HIGH,
  VIRTIO_QUEUE_DESC_LOW,
  VIRTIO_QUEUE_DEVICE_HIGH,
  VIRTIO_QUEUE_DEVICE_LOW,
  VIRTIO_QUEUE_DRIVER_HIGH,
  VIRTIO_QUEUE_DRIVER_LOW,
  VIRTIO_QUEUE_NOTIFY,
  VIRTIO_QUEUE_NUM,
  VIRTIO_QUEUE_NUM_MAX,
  VIRTIO_QUEUE_READY,
  VIRTIO_QUEUE_SEL,
  VIRTQ_AVAIL_NO_INTERRUPT,
  VIRTQ_DESC_NEXT,
  VIRTQ_DESC_SIZE,
} from '../../hw/manual/virtio.ts';
import { ERROR_NOT_FOUND } from '../abi/errors.ts';
import { PAGE_SIZE } from '../abi/layout.ts';

export const QUEUE_SIZE: u32 = 128;
/** No descriptor: where a chain begins, and what takeUsed gives when nothing has come back. */
export const NO_PART: u32 = 0xffff_ffff;

const DRIVER_RING: u32 = QUEUE_SIZE * VIRTQ_DESC_SIZE;
/** Flags, index, entries, used_event. */
const DRIVER_RING_SIZE: u32 = 6 + 2 * QUEUE_SIZE;
const DEVICE_RING: u32 = (DRIVER_RING + DRIVER_RING_SIZE + 3) & ~3;
const RING_INDEX: u32 = 2;
const RING_ENTRIES: u32 = 4;
const INDEX_MASK: u32 = 0xffff;

const PART_SIZE: u32 = 8;
const PART_FLAGS: u32 = 12;
const PART_NEXT: u32 = 14;

//@unmanaged
export class Virtqueue {
  registers: u32 = 0;
  /** Which of the device's queues it is. */
  index: u32 = 0;
  /** Where its page is mapped. */
  base: u32 = 0;
  /** The first of the free descriptors, which are linked by `next`, and how many there are. */
  free: u32 = 0;
  freeCount: u32 = 0;
  /** Requests ever offered, and taken back: modulo 2^16. */
  offered: u32 = 0;
  taken: u32 = 0;
  /** Bytes that the device has written to the request last taken back. */
  written: u32 = 0;
}

/** What a queue takes, at most a page. */
const QUEUE_BYTES: u32 = DEVICE_RING + 6 + 8 * QUEUE_SIZE;

/** Empties the queue's part of a page and gives it to the device. → 0, or ERROR_NOT_FOUND: it has no such queue. */
export function openQueue(queue: Virtqueue, registers: u32, index: u32, base: u32, pa: u32): i32 {
  assert((base & (PAGE_SIZE - 1)) + QUEUE_BYTES <= PAGE_SIZE);
  store32(registers + VIRTIO_QUEUE_SEL, index);
  if (load32(registers + VIRTIO_QUEUE_NUM_MAX) < QUEUE_SIZE) return ERROR_NOT_FOUND;
  memory.fill(base, 0, QUEUE_BYTES);
  for (let part: u32 = 0; part < QUEUE_SIZE; part += 1) store16(partAt(base, part) + PART_NEXT, part + 1);
  queue.registers = registers;
  queue.index = index;
  queue.base = base;
  queue.free = 0;
  queue.freeCount = QUEUE_SIZE;
  queue.offered = 0;
  queue.taken = 0;
  store32(registers + VIRTIO_QUEUE_NUM, QUEUE_SIZE);
  store32(registers + VIRTIO_QUEUE_DESC_LOW, pa);
  store32(registers + VIRTIO_QUEUE_DESC_HIGH, 0);
  store32(registers + VIRTIO_QUEUE_DRIVER_LOW, pa + DRIVER_RING);
  store32(registers + VIRTIO_QUEUE_DRIVER_HIGH, 0);
  store32(registers + VIRTIO_QUEUE_DEVICE_LOW, pa + DEVICE_RING);
  store32(registers + VIRTIO_QUEUE_DEVICE_HIGH, 0);
  fence();
  store32(registers + VIRTIO_QUEUE_READY, 1);
  return 0;
}

/**
 * A descriptor behind `last`, or a first one where that is NO_PART. → its index. There must be a free one.
 * `flags`: VIRTQ_DESC_WRITE where the device writes.
 */
export function addPart(queue: Virtqueue, last: u32, pa: u32, size: u32, flags: u32): u32 {
  assert(size > 0);
  const part = takePart(queue);
  writePart(queue, part, pa, size, flags);
  if (last !== NO_PART) {
    const before = partAt(queue.base, last);
    store16(before + PART_NEXT, part);
    store16(before + PART_FLAGS, load16(before + PART_FLAGS) | VIRTQ_DESC_NEXT);
  }
  return part;
}

/** A descriptor that is free, as it is. There must be one. */
//@inline
export function takePart(queue: Virtqueue): u32 {
  assert(queue.freeCount > 0);
  const part = queue.free;
  queue.free = load16(partAt(queue.base, part) + PART_NEXT);
  queue.freeCount -= 1;
  return part;
}

/** What a descriptor is for. */
export function writePart(queue: Virtqueue, part: u32, pa: u32, size: u32, flags: u32): void {
  const at = partAt(queue.base, part);
  store32(at, pa);
  store32(at + 4, 0);
  store32(at + PART_SIZE, size);
  store16(at + PART_FLAGS, flags);
}

/** How much of a descriptor's memory it is for this time. */
//@inline
export function sizePart(queue: Virtqueue, part: u32, size: u32): void {
  store32(partAt(queue.base, part) + PART_SIZE, size);
}

/** The device may have the chain; it looks for it when it is told (`kick`), or earlier. */
//@inline
export function offer(queue: Virtqueue, head: u32): void {
  const ring = queue.base + DRIVER_RING;
  const offered = queue.offered;
  const next = (offered + 1) & INDEX_MASK;
  queue.offered = next;
  store16(ring + ((offered & (QUEUE_SIZE - 1)) << 1) + RING_ENTRIES, head);
  fence();
  store16(ring + RING_INDEX, next);
}

//@inline
export function kick(queue: Virtqueue): void {
  fence();
  store32(queue.registers + VIRTIO_QUEUE_NOTIFY, queue.index);
}

/** Whether there is a request that the device has done. */
//@inline
export function hasUsed(queue: Virtqueue): bool {
  return load16(queue.base + DEVICE_RING + RING_INDEX) !== queue.taken;
}

/** The head of a request that the device has done, whose descriptors are free again; NO_PART for none. */
export function takeUsed(queue: Virtqueue): u32 {
  if (!hasUsed(queue)) return NO_PART;
  const head = lookUsed(queue);
  freeChain(queue, head);
  return head;
}

/** The same where there is one, of one descriptor, which does not become free: to be offered again. */
//@inline
export function lookUsed(queue: Virtqueue): u32 {
  const taken = queue.taken;
  const entry = queue.base + ((taken & (QUEUE_SIZE - 1)) << 3);
  queue.taken = (taken + 1) & INDEX_MASK;
  fence();
  const head = load32(entry + DEVICE_RING + RING_ENTRIES);
  queue.written = load32(entry + DEVICE_RING + RING_ENTRIES + 4);
  assert(head < QUEUE_SIZE);
  return head;
}

/** The device may have the last `count` requests again, which lookUsed gave. */
export function offerAgain(queue: Virtqueue, count: u32): void {
  const entries = queue.base + DEVICE_RING + RING_ENTRIES;
  for (let left = count; left > 0; left -= 1) {
    offer(queue, load32(entries + (((queue.taken - left) & (QUEUE_SIZE - 1)) << 3)));
  }
}

/** Whether it is to interrupt when a request is done. What is done already has to be looked for. */
export function wantInterrupts(queue: Virtqueue, wanted: bool): void {
  store16(queue.base + DRIVER_RING, wanted ? 0 : VIRTQ_AVAIL_NO_INTERRUPT);
  fence();
}

function freeChain(queue: Virtqueue, head: u32): void {
  let last = partAt(queue.base, head);
  let count: u32 = 1;
  while ((load16(last + PART_FLAGS) & VIRTQ_DESC_NEXT) !== 0) {
    last = partAt(queue.base, load16(last + PART_NEXT));
    count += 1;
  }
  store16(last + PART_NEXT, queue.free);
  queue.free = head;
  queue.freeCount += count;
}

//@inline
function partAt(base: u32, part: u32): u32 {
  return base + part * VIRTQ_DESC_SIZE;
}
