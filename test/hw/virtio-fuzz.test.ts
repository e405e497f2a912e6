/**
 * Virtio devices under drivers gone mad: rings of random descriptors, wild addresses, loops, registers
 * written at random. Whatever comes, no exception, no byte of RAM written that no writable descriptor
 * names, and little work a step.
 *
 *     RAM   0x0000 queue 0, 0x2000 queue 1: descriptors, +0x1000 driver ring, +0x1800 device ring
 *           0x4000 indirect tables   0x8000 readable buffers   0xa000 writable buffers   0xc000 nobody's
 */
import { describe, expect, it } from 'vitest';
import type { Device, Ram } from '../../hw/bus/device.ts';
import { Disk } from '../../hw/device/disk.ts';
import { Entropy } from '../../hw/device/entropy.ts';
import { Nic } from '../../hw/device/nic.ts';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import * as V from '../../hw/manual/virtio.ts';
import { restoreState, saveState } from '../../hw/state.ts';
import { Bench } from './bench.ts';
import { VirtioDriver } from './virtio-driver.ts';

const QUEUE_SIZE = 8;
const TABLES = 0x4000;
const READABLE = 0x8000;
const WRITABLE = 0xa000;
const NOBODYS = 0xc000;
/** Calls to RAM in one step: a full chain of the largest queue, twice over, word by word, and its buffers. */
const STEP_CALLS_MAX = 4 * V.VIRTIO_QUEUE_SIZE_MAX * 7;

/** Counts the calls, and sees that nothing but writable buffers and device rings is written. */
class GuardedRam implements Ram {
  readonly base: number;
  readonly size: number;
  calls = 0;
  private readonly inner: Ram;

  constructor(inner: Ram) {
    this.inner = inner;
    this.base = inner.base;
    this.size = inner.size;
  }

  read(address: number, size: number): Uint8Array | undefined {
    this.calls += 1;
    return this.inner.read(address, size);
  }

  write(address: number, bytes: Uint8Array): boolean {
    this.calls += 1;
    const at = address - RAM_BASE;
    const end = at + bytes.length;
    const ring = [0x1800, 0x3800].some(start => at >= start && end <= start + 6 + 8 * QUEUE_SIZE);
    if (!ring && (at < WRITABLE || end > NOBODYS))
      throw new Error(`wrote ${at.toString(16)} to ${end.toString(16)}`);
    return this.inner.write(address, bytes);
  }

  half(address: number): number {
    this.calls += 1;
    return this.inner.half(address);
  }

  word(address: number): number {
    this.calls += 1;
    return this.inner.word(address);
  }
}

interface Kind {
  readonly name: string;
  readonly queueCount: number;
  readonly features: readonly number[];
  make(bench: Bench): Device;
}

const KINDS: readonly Kind[] = [
  {
    name: 'disk',
    queueCount: 1,
    features: [9, 11, 13, 14],
    make: ({ wiring }) => {
      const medium = new Medium({ random: new Random(1), size: 1 << 20 });
      return new Disk(wiring, { name: 'disk', medium, serial: 'fuzz' });
    },
  },
  {
    name: 'nic',
    queueCount: 2,
    features: [3, 5, 15, 16],
    make: ({ wiring }) => {
      const nic = new Nic(wiring, { name: 'nic', mac: new Uint8Array(6), sent: () => {} });
      nic.attach({ carrier: true, freeAt: 0, transmit: () => {} });
      return nic;
    },
  },
  {
    name: 'entropy',
    queueCount: 1,
    features: [],
    make: ({ wiring }) => new Entropy(wiring, { name: 'entropy', random: new Random(2) }),
  },
];

/** One mad driver at one device. */
class Scene {
  readonly bench = new Bench();
  readonly ram = new GuardedRam(this.bench.wiring.ram);
  readonly device: Device;
  readonly driver: VirtioDriver;
  completed = 0;
  failures = 0;
  private readonly kind: Kind;
  private readonly random: Random;

  constructor(kind: Kind, seed: number) {
    this.kind = kind;
    this.random = new Random(seed);
    Object.assign(this.bench.wiring, { ram: this.ram });
    this.device = kind.make(this.bench);
    this.driver = new VirtioDriver(this.bench, this.device);
    this.driver.queueSize = QUEUE_SIZE;
    this.restart();
  }

  restart(): void {
    const optional = [...this.kind.features, V.VIRTIO_F_INDIRECT_DESC, V.VIRTIO_F_EVENT_IDX];
    this.driver.start(
      optional.filter(() => this.random.chance(2, 3)),
      this.kind.queueCount,
    );
  }

  /** A bounded piece of madness and what comes of it. */
  step(): void {
    const before = this.bench.memory.slice();
    this.ram.calls = 0;
    const choice = this.random.below(20);
    if (choice < 12) this.offerChain();
    else if (choice < 14) this.scramble();
    else if (choice < 15) this.pokeRegister();
    else if (choice < 17 && this.device instanceof Nic) this.receiveFrame(this.device);
    else this.bench.runTo(this.device, Math.min(this.device.deadline, this.bench.time + 1_000_000));
    expect(this.ram.calls).toBeLessThan(STEP_CALLS_MAX);
    if (choice >= 14) this.expectUntouched(before);
    if (this.driver.failed) {
      this.failures += 1;
      this.restart();
    }
  }

  private offerChain(): void {
    const queue = this.random.below(this.kind.queueCount);
    const length = 1 + this.random.below(3);
    this.fillReadable();
    const writableFrom = this.random.below(length + 1);
    for (let index = 0; index < QUEUE_SIZE; index += 1) {
      const more = index < length - 1 ? V.VIRTQ_DESC_NEXT : 0;
      const sane = more | (index >= writableFrom ? V.VIRTQ_DESC_WRITE : 0);
      this.describe(this.driver.descriptorAt(queue, index), sane, (index + 1) % QUEUE_SIZE);
    }
    for (let index = 0; index < 16; index += 1)
      this.describe(RAM_BASE + TABLES + 16 * index, index < 15 ? 1 : 2, index + 1);
    this.driver.offer(queue, this.random.chance(1, 50) ? this.random.below(0x1_0000) : 0);
    this.driver.setUsedEvent(queue, this.random.below(8));
    this.driver.notify(queue);
    this.completed += this.driver.used(queue).length;
  }

  /** Mostly what was meant, sometimes any flags, sizes and links; the address always suits the flags. */
  private describe(at: number, saneFlags: number, saneNext: number): void {
    const { random } = this;
    const flags = random.chance(1, 12) ? random.below(8) : saneFlags;
    const next = random.chance(1, 20) ? random.below(0x1_0000) : saneNext;
    let size = [1, 16, 20, 512, 513, 1024][random.below(6)]!;
    let address = RAM_BASE + this.zone(flags) + random.below(0x1000);
    if (random.chance(1, 40)) size = random.u32();
    if (size > 0x1000) size |= 0x1_0000;
    if (random.chance(1, 40))
      address = [0, 0x1000, RAM_BASE - 8, RAM_BASE + 0x1_0000, 2 ** 33, 2 ** 64 - 4096][random.below(6)]!;
    this.driver.descriptor(at, address, size, flags, next);
  }

  private zone(flags: number): number {
    if ((flags & V.VIRTQ_DESC_INDIRECT) !== 0) return TABLES;
    return (flags & V.VIRTQ_DESC_WRITE) !== 0 ? WRITABLE : READABLE;
  }

  /** Headers of disk requests everywhere, so that some are sound. */
  private fillReadable(): void {
    const words = new DataView(this.bench.memory.buffer, READABLE, 0x2000);
    const type = [0, 1, 4, 8, 11, 13, 99][this.random.below(7)]!;
    for (let at = 0; at < 0x2000; at += 4)
      words.setUint32(at, at % 16 === 0 ? type : this.random.below(3), true);
  }

  /** Random bytes over a ring or the tables: addresses are wild then, and nothing may be written. */
  private scramble(): void {
    const places = [0, 0x1000, 0x2000, 0x3000, TABLES];
    const at = places[this.random.below(places.length)]!;
    this.random.fill(this.bench.memory.subarray(at, at + 0x60));
    const before = this.bench.memory.slice();
    this.driver.notify(this.random.below(this.kind.queueCount));
    this.expectUntouched(before);
  }

  private pokeRegister(): void {
    const register = 4 * this.random.below(64 + 16);
    const value = this.random.chance(1, 2) ? this.random.below(16) : this.random.u32();
    const rings = register >= V.VIRTIO_QUEUE_DESC_LOW && register <= V.VIRTIO_QUEUE_DEVICE_HIGH;
    if (rings || register === V.VIRTIO_QUEUE_NUM) return;
    this.device.write(register, 4, value);
    this.device.read(register, 4);
  }

  private receiveFrame(nic: Nic): void {
    nic.receive(new Uint8Array(this.random.below(1600)), this.bench.time + this.random.below(5_000));
  }

  /** Everything but the device rings and the writable buffers. */
  private expectUntouched(before: Uint8Array): void {
    for (const [from, to] of [
      [0, 0x1800],
      [0x2000, 0x3800],
      [TABLES, WRITABLE],
      [NOBODYS, 0x1_0000],
    ] as const) {
      const same = Buffer.compare(before.subarray(from, to), this.bench.memory.subarray(from, to)) === 0;
      expect(same).toBe(true);
    }
  }
}

describe('virtio under fuzz', () => {
  it.each(KINDS)('$name: neither throws nor writes where it may not, and goes on after a reset', kind => {
    let completed = 0;
    let failures = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const scene = new Scene(kind, seed);
      for (let step = 0; step < 200; step += 1) scene.step();
      completed += scene.completed;
      failures += scene.failures;
    }
    expect(completed).toBeGreaterThan(200);
    expect(failures).toBeGreaterThan(200);
  });

  it.each(KINDS)('$name: in any state is saved and restored', kind => {
    for (let seed = 100; seed < 110; seed += 1) {
      const scene = new Scene(kind, seed);
      for (let step = 0; step < 100; step += 1) {
        scene.step();
        const saved = saveState(scene.device);
        restoreState(scene.device, saved);
        expect(Buffer.compare(saveState(scene.device), saved)).toBe(0);
      }
    }
  });
});
