/**
 * A workbench for one device: a clock, an interrupt line, RAM, and registers by offset.
 *
 *     const bench = new Bench();
 *     const uart = new Uart(bench.wiring, …);
 *     bench.runTo(uart, 1_000_000);         every deadline on the way is kept exactly
 *     bench.level, bench.edges              what the interrupt line did
 *
 * `expectSameAfterRestore` is the property every device must have: what is saved, restored into a fresh
 * one and continued behaves as what went straight on.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AccessSize, Device, Ram, Wiring } from '../../hw/bus/device.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { hashBytes, hashState, restoreState, saveState } from '../../hw/state.ts';

export class Bench {
  time = 0;
  level = false;
  /** How often the line rose. */
  edges = 0;
  readonly memory: Uint8Array;
  readonly wiring: Wiring;

  constructor(ramSize = 0x10000) {
    this.memory = new Uint8Array(ramSize);
    this.wiring = {
      now: () => this.time,
      irq: { set: level => this.drive(level) },
      ram: new BenchRam(this.memory),
    };
  }

  /** Lets the device act on everything due up to `ns`, each thing at its own time. */
  runTo(device: Device, ns: number): void {
    while (device.deadline <= ns) {
      expect(device.deadline).toBeGreaterThanOrEqual(this.time);
      this.time = device.deadline;
      device.advance(this.time);
      expect(device.deadline).toBeGreaterThan(this.time);
    }
    this.time = ns;
  }

  /** Until nothing is pending; `limitNs` guards the test. */
  settle(device: Device, limitNs = 10_000_000_000): void {
    const limit = this.time + limitNs;
    while (device.deadline !== Infinity) {
      if (device.deadline > limit) throw new Error(`${device.name} is still at work after ${limitNs} ns`);
      this.runTo(device, device.deadline);
    }
  }

  private drive(level: boolean): void {
    if (level && !this.level) this.edges += 1;
    this.level = level;
  }
}

class BenchRam implements Ram {
  readonly base = RAM_BASE;
  readonly size: number;
  private readonly memory: Uint8Array;

  constructor(memory: Uint8Array) {
    this.memory = memory;
    this.size = memory.length;
  }

  read(address: number, size: number): Uint8Array | undefined {
    const at = this.place(address, size);
    return at === undefined ? undefined : this.memory.subarray(at, at + size);
  }

  write(address: number, bytes: Uint8Array): boolean {
    const at = this.place(address, bytes.length);
    if (at === undefined) return false;
    this.memory.set(bytes, at);
    return true;
  }

  half(address: number): number {
    return new DataView(this.memory.buffer, this.memory.byteOffset).getUint16(address - this.base, true);
  }

  word(address: number): number {
    return new DataView(this.memory.buffer, this.memory.byteOffset).getUint32(address - this.base, true);
  }

  private place(address: number, size: number): number | undefined {
    const at = address - this.base;
    return at >= 0 && at + size <= this.size ? at : undefined;
  }
}

export function read(device: Device, offset: number, size: AccessSize = 4): number {
  const value = device.read(offset, size);
  if (value === undefined) throw new Error(`${device.name}: bus error on reading ${offset}`);
  return value;
}

export function write(device: Device, offset: number, value: number, size: AccessSize = 4): void {
  if (!device.write(offset, size, value)) throw new Error(`${device.name}: bus error on writing ${offset}`);
}

/** One random thing that a guest or the world does to a device on its bench; says what it saw. */
export type Action = (device: Device, bench: Bench) => unknown;

export const reading =
  (size: AccessSize) =>
  (at: number): Action =>
  device =>
    device.read(at, size);

export const writing =
  (size: AccessSize) =>
  ([at, value]: readonly [number, number]): Action =>
  device =>
    device.write(at, size, value);

export const passing =
  (ns: number): Action =>
  (device, bench) =>
    bench.runTo(device, bench.time + ns);

/** The property of every device: see `sameAfterRestore`. `first` comes before all random actions. */
export function expectSameAfterRestore(
  make: (bench: Bench) => Device,
  action: fc.Arbitrary<Action>,
  options: { readonly seed: number; readonly runs: number; readonly first?: Action },
): void {
  const actions = fc.array(action, { maxLength: 40, size: 'max' });
  const first = options.first === undefined ? [] : [options.first];
  fc.assert(
    fc.property(actions, actions, (before, after) => sameAfterRestore(make, [...first, ...before], after)),
    { seed: options.seed, numRuns: options.runs },
  );
}

/**
 * Does the first actions on one device, moves its state and RAM to a second, does the others on both, and
 * expects the same answers, interrupts and state.
 */
function sameAfterRestore(
  make: (bench: Bench) => Device,
  before: readonly Action[],
  after: readonly Action[],
): void {
  const bench = new Bench();
  const device = make(bench);
  for (const action of before) action(device, bench);
  const other = new Bench();
  other.time = bench.time;
  other.level = bench.level;
  other.memory.set(bench.memory);
  const restored = make(other);
  restoreState(restored, saveState(device));
  expect(restored.deadline).toBe(device.deadline);
  for (const action of after) {
    expect(action(restored, other)).toEqual(action(device, bench));
    expect(other.level).toBe(bench.level);
    expect(restored.deadline).toBe(device.deadline);
  }
  expect(hashState(restored)).toBe(hashState(device));
  expect(hashBytes(other.memory)).toBe(hashBytes(bench.memory));
}
