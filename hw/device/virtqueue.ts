/**
 * A split virtqueue, seen by the device (layout and rules: hw/manual/virtio.ts; virtio 1.2, section 2.7).
 *
 * The rings are in guest RAM and are the truth: the queue remembers only how far it has read and written.
 * Everything read from them is an allegation; what breaks a rule makes `take` answer 'broken', and a chain
 * that it hands out has been checked whole: every byte of it is RAM.
 *
 *     take() ─→ Chain ─→ the device's work ─→ complete(chain.head, bytes written) ─→ interrupt?
 *
 * While the queue is empty the device asks to be notified (avail_event); while it is at work it does not,
 * because it looks again by itself.
 */
import type { Ram } from '../bus/device.ts';
import {
  VIRTIO_QUEUE_SIZE_MAX,
  VIRTQ_AVAIL_NO_INTERRUPT,
  VIRTQ_DESC_INDIRECT,
  VIRTQ_DESC_NEXT,
  VIRTQ_DESC_SIZE,
  VIRTQ_DESC_WRITE,
} from '../manual/virtio.ts';
import type { Stateful, StatePort } from '../state.ts';

/** A part of RAM, at least a byte. */
export interface Segment {
  readonly address: number;
  readonly size: number;
}

/** A request: what the device may read, and after it what it may write. */
export interface Chain {
  readonly head: number;
  readonly readable: readonly Segment[];
  readonly writable: readonly Segment[];
}

/** A 64-bit address register: two words as the driver wrote them. */
interface Address {
  low: number;
  high: number;
}

interface Descriptor {
  readonly address: number;
  readonly size: number;
  readonly flags: number;
  readonly next: number;
}

const WORD = 0x1_0000_0000;
const INDEX_MASK = 0xffff;

export class Virtqueue implements Stateful {
  size = VIRTIO_QUEUE_SIZE_MAX;
  readonly descriptors: Address = { low: 0, high: 0 };
  readonly driver: Address = { low: 0, high: 0 };
  readonly device: Address = { low: 0, high: 0 };
  private readonly ram: Ram;
  /** What is written next: an entry of the device ring, and an index. */
  private readonly entryBytes = new Uint8Array(8);
  private readonly entry = new DataView(this.entryBytes.buffer);
  private readonly halfBytes = new Uint8Array(2);
  private live = false;
  private indirect = false;
  private eventIndex = false;
  /** The driver ring's entries before this one have been taken. */
  private taken = 0;
  /** The device ring's entries before this one have been written. */
  private used = 0;

  constructor(ram: Ram) {
    this.ram = ram;
  }

  get ready(): boolean {
    return this.live;
  }

  /** Begins with empty rings; false where they are not wholly in RAM or not aligned. */
  start(agreed: { indirect: boolean; eventIndex: boolean }): boolean {
    this.indirect = agreed.indirect;
    this.eventIndex = agreed.eventIndex;
    this.taken = 0;
    this.used = 0;
    this.live = true;
    return (
      this.holds(this.descriptors, VIRTQ_DESC_SIZE * this.size, 16) &&
      this.holds(this.driver, 6 + 2 * this.size, 2) &&
      this.holds(this.device, 6 + 8 * this.size, 4)
    );
  }

  stop(): void {
    this.live = false;
  }

  reset(): void {
    this.live = false;
    this.size = VIRTIO_QUEUE_SIZE_MAX;
    for (const address of [this.descriptors, this.driver, this.device]) {
      address.low = 0;
      address.high = 0;
    }
  }

  /** The next request, whole and checked. */
  take(): Chain | 'empty' | 'broken' {
    const waiting = (this.ram.half(pa(this.driver) + 2) - this.taken) & INDEX_MASK;
    if (waiting > this.size) return 'broken';
    if (waiting === 0) {
      this.askForNotification();
      return 'empty';
    }
    const head = this.ram.half(pa(this.driver) + 4 + 2 * (this.taken % this.size));
    const chain = this.walk(head);
    if (chain === undefined) return 'broken';
    this.taken = (this.taken + 1) & INDEX_MASK;
    return chain;
  }

  /** Gives the last `count` chains back, to be taken again. */
  untake(count: number): void {
    this.taken = (this.taken - count) & INDEX_MASK;
  }

  /** Gives a request back to the driver; true where the driver wants an interrupt for it. */
  complete(head: number, written: number): boolean {
    const { ram, entry } = this;
    entry.setUint32(0, head, true);
    entry.setUint32(4, written, true);
    ram.write(pa(this.device) + 4 + 8 * (this.used % this.size), this.entryBytes);
    const before = this.used;
    this.used = (before + 1) & INDEX_MASK;
    this.setHalf(pa(this.device) + 2, this.used);
    if (this.eventIndex) return ram.half(pa(this.driver) + 4 + 2 * this.size) === before;
    return (ram.half(pa(this.driver)) & VIRTQ_AVAIL_NO_INTERRUPT) === 0;
  }

  state(port: StatePort): void {
    for (const address of [this.descriptors, this.driver, this.device]) {
      address.low = port.u32(address.low);
      address.high = port.u32(address.high);
    }
    this.size = port.u32(this.size);
    this.live = port.flag(this.live);
    this.indirect = port.flag(this.indirect);
    this.eventIndex = port.flag(this.eventIndex);
    this.taken = port.u32(this.taken);
    this.used = port.u32(this.used);
  }

  private holds(address: Address, size: number, alignment: number): boolean {
    return address.low % alignment === 0 && this.ram.read(pa(address), size) !== undefined;
  }

  private askForNotification(): void {
    if (this.eventIndex) this.setHalf(pa(this.device) + 4 + 8 * this.size, this.taken);
  }

  /** Collects a chain; undefined where it breaks a rule. */
  private walk(head: number): Chain | undefined {
    const chain = { head, readable: [] as Segment[], writable: [] as Segment[] };
    let table = { at: pa(this.descriptors), count: this.size, indirect: false };
    let index = head;
    for (let steps = 0; steps < table.count; steps += 1) {
      if (index >= table.count) return undefined;
      const descriptor = this.descriptor(table.at + VIRTQ_DESC_SIZE * index);
      if ((descriptor.flags & VIRTQ_DESC_INDIRECT) !== 0) {
        if (table.indirect || !this.isTable(descriptor)) return undefined;
        table = { at: descriptor.address, count: descriptor.size / VIRTQ_DESC_SIZE, indirect: true };
        index = 0;
        steps = -1;
        continue;
      }
      if (!this.append(chain, descriptor)) return undefined;
      if ((descriptor.flags & VIRTQ_DESC_NEXT) === 0) return chain;
      index = descriptor.next;
    }
    return undefined;
  }

  private isTable(descriptor: Descriptor): boolean {
    return (
      this.indirect &&
      (descriptor.flags & VIRTQ_DESC_NEXT) === 0 &&
      descriptor.size !== 0 &&
      descriptor.size % VIRTQ_DESC_SIZE === 0 &&
      this.ram.read(descriptor.address, descriptor.size) !== undefined
    );
  }

  private append(chain: { readable: Segment[]; writable: Segment[] }, descriptor: Descriptor): boolean {
    const { address, size } = descriptor;
    if (chain.readable.length + chain.writable.length === VIRTIO_QUEUE_SIZE_MAX) return false;
    if (size === 0 || this.ram.read(address, size) === undefined) return false;
    if ((descriptor.flags & VIRTQ_DESC_WRITE) !== 0) chain.writable.push({ address, size });
    else if (chain.writable.length === 0) chain.readable.push({ address, size });
    else return false;
    return true;
  }

  /** From a table that is known to be in RAM. */
  private descriptor(at: number): Descriptor {
    const { ram } = this;
    return {
      address: ram.word(at + 4) * WORD + ram.word(at),
      size: ram.word(at + 8),
      flags: ram.half(at + 12),
      next: ram.half(at + 14),
    };
  }

  private setHalf(at: number, value: number): void {
    this.halfBytes[0] = value;
    this.halfBytes[1] = value >>> 8;
    this.ram.write(at, this.halfBytes);
  }
}

export function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.size, 0);
}

/** Copies `size` bytes from `offset` of the segments taken as one; they must be there. */
export function gather(ram: Ram, segments: readonly Segment[], offset: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  forEachPart(segments, offset, size, (address, at, count) => {
    bytes.set(ram.read(address, count)!, at);
  });
  return bytes;
}

/** Copies the bytes to `offset` of the segments taken as one; the room must be there. */
export function scatter(ram: Ram, segments: readonly Segment[], offset: number, bytes: Uint8Array): void {
  forEachPart(segments, offset, bytes.length, (address, at, count) => {
    ram.write(address, bytes.subarray(at, at + count));
  });
}

export function chainState(port: StatePort, chain: Chain | undefined): Chain {
  const head = port.u32(chain === undefined ? 0 : chain.head);
  const readable = segmentsState(port, chain === undefined ? [] : chain.readable);
  const writable = segmentsState(port, chain === undefined ? [] : chain.writable);
  return { head, readable, writable };
}

function segmentsState(port: StatePort, segments: readonly Segment[]): Segment[] {
  return port.list(segments, segment => ({
    address: port.integer(segment === undefined ? 0 : segment.address),
    size: port.u32(segment === undefined ? 0 : segment.size),
  }));
}

function forEachPart(
  segments: readonly Segment[],
  offset: number,
  size: number,
  visit: (address: number, at: number, count: number) => void,
): void {
  let done = 0;
  let start = 0;
  for (const segment of segments) {
    const from = offset + done - start;
    if (done < size && from < segment.size) {
      const count = Math.min(segment.size - from, size - done);
      visit(segment.address + from, done, count);
      done += count;
    }
    start += segment.size;
  }
}

function pa(address: Address): number {
  return address.high * WORD + address.low;
}
