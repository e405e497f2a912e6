/**
 * A guest's half of virtio for tests: the handshake that Linux does, rings in the bench's RAM, requests.
 *
 *     const driver = new VirtioDriver(bench, disk);
 *     driver.start([DISK_F_FLUSH]);
 *     const request = driver.submit(0, [header], [512, 1]);      // readable parts, sizes of writable ones
 *     driver.notify(0); bench.settle(disk);
 *     driver.used(0)                                             // [{ head, written }]
 *     driver.written(request, 0)                                 // bytes of its first writable part
 *
 *     RAM: queue q at q · 0x2000 (descriptors, +0x1000 driver ring, +0x1800 device ring), buffers after
 */
import { expect } from 'vitest';
import type { Device } from '../../hw/bus/device.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import * as V from '../../hw/manual/virtio.ts';
import { type Bench, read, write } from './bench.ts';

export interface Request {
  readonly head: number;
  /** Where its writable parts are, and how long. */
  readonly writable: readonly { readonly address: number; readonly size: number }[];
}

export interface Buffer {
  readonly address: number;
  readonly size: number;
  readonly write: boolean;
}

const QUEUE_SPACE = 0x2000;
const BUFFERS = RAM_BASE + 2 * QUEUE_SPACE;

export class VirtioDriver {
  readonly bench: Bench;
  readonly device: Device;
  queueSize = 16;
  private features: readonly number[] = [];
  private nextBuffer = BUFFERS;
  private readonly nextDescriptor = [0, 0];
  private readonly available = [0, 0];
  private readonly seen = [0, 0];

  constructor(bench: Bench, device: Device) {
    this.bench = bench;
    this.device = device;
  }

  /** Reset, negotiate, set up the queues, go. */
  start(features: readonly number[] = [], queueCount = 1): void {
    this.negotiate(features);
    expect(this.status & V.VIRTIO_STATUS_FEATURES_OK).not.toBe(0);
    for (let queue = 0; queue < queueCount; queue += 1) this.setUpQueue(queue);
    write(this.device, V.VIRTIO_STATUS, this.status | V.VIRTIO_STATUS_DRIVER_OK);
  }

  negotiate(features: readonly number[]): void {
    this.features = [...features, V.VIRTIO_F_VERSION_1];
    write(this.device, V.VIRTIO_STATUS, 0);
    expect(this.status).toBe(0);
    write(this.device, V.VIRTIO_STATUS, V.VIRTIO_STATUS_ACKNOWLEDGE);
    write(this.device, V.VIRTIO_STATUS, V.VIRTIO_STATUS_ACKNOWLEDGE | V.VIRTIO_STATUS_DRIVER);
    for (const word of [0, 1]) {
      const bits = this.features
        .filter(bit => bit >>> 5 === word)
        .reduce((sum, bit) => sum + 2 ** (bit & 31), 0);
      write(this.device, V.VIRTIO_DRIVER_FEATURES_SEL, word);
      write(this.device, V.VIRTIO_DRIVER_FEATURES, bits);
    }
    write(this.device, V.VIRTIO_STATUS, this.status | V.VIRTIO_STATUS_FEATURES_OK);
  }

  setUpQueue(queue: number): void {
    const base = RAM_BASE + queue * QUEUE_SPACE;
    this.nextDescriptor[queue] = 0;
    this.available[queue] = 0;
    this.seen[queue] = 0;
    this.bench.memory.fill(0, base - RAM_BASE, base - RAM_BASE + QUEUE_SPACE);
    write(this.device, V.VIRTIO_QUEUE_SEL, queue);
    expect(read(this.device, V.VIRTIO_QUEUE_NUM_MAX)).toBe(V.VIRTIO_QUEUE_SIZE_MAX);
    write(this.device, V.VIRTIO_QUEUE_NUM, this.queueSize);
    for (const [register, address] of [
      [V.VIRTIO_QUEUE_DESC_LOW, base],
      [V.VIRTIO_QUEUE_DRIVER_LOW, base + 0x1000],
      [V.VIRTIO_QUEUE_DEVICE_LOW, base + 0x1800],
    ] as const) {
      write(this.device, register, address);
      write(this.device, register + 4, 0);
    }
    write(this.device, V.VIRTIO_QUEUE_READY, 1);
  }

  /** Goes on where the rings in RAM stand, with nothing seen yet of what comes back. */
  resume(queue: number): void {
    const base = RAM_BASE + queue * QUEUE_SPACE;
    const index = this.view(base + 0x1000, 4).getUint16(2, true);
    this.available[queue] = index;
    this.nextDescriptor[queue] = 4 * index;
    this.nextBuffer = BUFFERS + 0x1000 * (index % 8);
    this.seen[queue] = this.view(base + 0x1800, 4).getUint16(2, true);
  }

  get status(): number {
    return read(this.device, V.VIRTIO_STATUS);
  }

  get failed(): boolean {
    return (this.status & V.VIRTIO_STATUS_NEEDS_RESET) !== 0;
  }

  /** Puts a request into the ring without telling the device. */
  submit(queue: number, readable: readonly Uint8Array[], writable: readonly number[]): Request {
    const buffers = [
      ...readable.map(bytes => ({ address: this.place(bytes), size: bytes.length, write: false })),
      ...writable.map(size => ({ address: this.place(new Uint8Array(size)), size, write: true })),
    ];
    const head = this.writeChain(queue, buffers);
    this.offer(queue, head);
    return { head, writable: buffers.filter(buffer => buffer.write) };
  }

  /** The same with the descriptors in an indirect table. */
  submitIndirect(queue: number, readable: readonly Uint8Array[], writable: readonly number[]): Request {
    const buffers = [
      ...readable.map(bytes => ({ address: this.place(bytes), size: bytes.length, write: false })),
      ...writable.map(size => ({ address: this.place(new Uint8Array(size)), size, write: true })),
    ];
    const table = this.place(new Uint8Array(16 * buffers.length));
    buffers.forEach((buffer, index) => {
      const more = index < buffers.length - 1 ? V.VIRTQ_DESC_NEXT : 0;
      const flags = (buffer.write ? V.VIRTQ_DESC_WRITE : 0) | more;
      this.descriptor(table + 16 * index, buffer.address, buffer.size, flags, index + 1);
    });
    const head = this.nextDescriptor[queue]! % this.queueSize;
    this.nextDescriptor[queue]! += 1;
    this.descriptor(this.descriptorAt(queue, head), table, 16 * buffers.length, V.VIRTQ_DESC_INDIRECT, 0);
    this.offer(queue, head);
    return { head, writable: buffers.filter(buffer => buffer.write) };
  }

  /** Writes descriptors for the buffers, whatever they are, and answers the first one's index. */
  writeChain(queue: number, buffers: readonly Buffer[]): number {
    const first = this.nextDescriptor[queue]!;
    buffers.forEach((buffer, index) => {
      const more = index < buffers.length - 1 ? V.VIRTQ_DESC_NEXT : 0;
      const flags = (buffer.write ? V.VIRTQ_DESC_WRITE : 0) | more;
      const at = this.descriptorAt(queue, (first + index) % this.queueSize);
      this.descriptor(at, buffer.address, buffer.size, flags, (first + index + 1) % this.queueSize);
    });
    this.nextDescriptor[queue] = first + buffers.length;
    return first % this.queueSize;
  }

  descriptorAt(queue: number, index: number): number {
    return RAM_BASE + queue * QUEUE_SPACE + 16 * index;
  }

  descriptor(at: number, address: number, size: number, flags: number, next: number): void {
    const view = this.view(at, 16);
    view.setUint32(0, address % 2 ** 32, true);
    view.setUint32(4, Math.floor(address / 2 ** 32), true);
    view.setUint32(8, size, true);
    view.setUint16(12, flags, true);
    view.setUint16(14, next, true);
  }

  /** Makes a head available. */
  offer(queue: number, head: number): void {
    const ring = this.view(RAM_BASE + queue * QUEUE_SPACE + 0x1000, 0x800);
    ring.setUint16(4 + 2 * (this.available[queue]! % this.queueSize), head, true);
    this.available[queue]! += 1;
    ring.setUint16(2, this.available[queue]!, true);
  }

  /** A field of the driver ring: flags at 0, the event index at the end. */
  setUsedEvent(queue: number, index: number): void {
    this.view(RAM_BASE + queue * QUEUE_SPACE + 0x1000, 0x800).setUint16(4 + 2 * this.queueSize, index, true);
  }

  setFlags(queue: number, flags: number): void {
    this.view(RAM_BASE + queue * QUEUE_SPACE + 0x1000, 0x800).setUint16(0, flags, true);
  }

  availableEvent(queue: number): number {
    return this.view(RAM_BASE + queue * QUEUE_SPACE + 0x1800, 0x800).getUint16(4 + 8 * this.queueSize, true);
  }

  notify(queue: number): void {
    write(this.device, V.VIRTIO_QUEUE_NOTIFY, queue);
  }

  /** What came back since it was last asked. */
  used(queue: number): { head: number; written: number }[] {
    const ring = this.view(RAM_BASE + queue * QUEUE_SPACE + 0x1800, 0x800);
    const back = [];
    for (; this.seen[queue] !== ring.getUint16(2, true); this.seen[queue]! += 1) {
      const at = 4 + 8 * (this.seen[queue]! % this.queueSize);
      back.push({ head: ring.getUint32(at, true), written: ring.getUint32(at + 4, true) });
    }
    return back;
  }

  /** Reads and acknowledges the interrupt causes. */
  acknowledge(): number {
    const causes = read(this.device, V.VIRTIO_INTERRUPT_STATUS);
    write(this.device, V.VIRTIO_INTERRUPT_ACK, causes);
    return causes;
  }

  written(request: Request, part: number): Uint8Array {
    const { address, size } = request.writable[part]!;
    return this.bench.memory.slice(address - RAM_BASE, address - RAM_BASE + size);
  }

  /** Copies the bytes to fresh RAM. */
  place(bytes: Uint8Array): number {
    const end = RAM_BASE + this.bench.memory.length;
    if (this.nextBuffer + bytes.length > end) this.nextBuffer = BUFFERS;
    const address = this.nextBuffer;
    this.bench.memory.set(bytes, address - RAM_BASE);
    this.nextBuffer += (bytes.length + 15) & ~15;
    return address;
  }

  view(address: number, size: number): DataView {
    return new DataView(this.bench.memory.buffer, address - RAM_BASE, size);
  }
}
