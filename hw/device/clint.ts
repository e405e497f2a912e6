/**
 * The CLINT: machine software interrupt and machine timer (registers: hw/manual/clint.ts).
 *
 * mtime is the board's time in ticks plus an offset that a write to mtime sets; whoever keeps the `time`
 * CSR is told, so that both stay one clock. The offset and mtimecmp are 64-bit, held as two words.
 */
import type { AccessSize, Device, Line } from '../bus/device.ts';
import {
  CLINT_MSIP,
  CLINT_MTIME,
  CLINT_MTIME_HIGH,
  CLINT_MTIMECMP,
  CLINT_MTIMECMP_HIGH,
} from '../manual/clint.ts';
import { TIME_BASE_HZ } from '../manual/memory-map.ts';
import type { StatePort } from '../state.ts';

export interface ClintWiring {
  now(): number;
  readonly msip: Line;
  readonly mtip: Line;
  /** mtime (and so `time`) is now the board's time in ticks plus `ticks`, an integer of ±2^63. */
  offsetChanged(ticks: number): void;
}

const TICK_NS = 1_000_000_000 / TIME_BASE_HZ;
const WORD = 0x1_0000_0000;

export class Clint implements Device {
  readonly name = 'clint';
  private readonly wiring: ClintWiring;
  private msip = 0;
  private compareLow = WORD - 1;
  private compareHigh = WORD - 1;
  private offsetLow = 0;
  private offsetHigh = 0;
  private due = Infinity;

  constructor(wiring: ClintWiring) {
    this.wiring = wiring;
  }

  get deadline(): number {
    return this.due;
  }

  read(offset: number, size: AccessSize): number | undefined {
    if (size !== 4) return undefined;
    if (offset === CLINT_MSIP) return this.msip;
    if (offset === CLINT_MTIMECMP) return this.compareLow;
    if (offset === CLINT_MTIMECMP_HIGH) return this.compareHigh;
    if (offset === CLINT_MTIME) return this.time(this.wiring.now()).low;
    if (offset === CLINT_MTIME_HIGH) return this.time(this.wiring.now()).high;
    return 0;
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    if (size !== 4) return false;
    const now = this.wiring.now();
    if (offset === CLINT_MSIP) {
      this.msip = value & 1;
      this.wiring.msip.set(this.msip === 1);
      return true;
    }
    if (offset === CLINT_MTIMECMP) this.compareLow = value;
    else if (offset === CLINT_MTIMECMP_HIGH) this.compareHigh = value;
    else if (offset === CLINT_MTIME) this.setTime(now, value, this.time(now).high);
    else if (offset === CLINT_MTIME_HIGH) this.setTime(now, this.time(now).low, value);
    else return true;
    this.compare(now);
    return true;
  }

  advance(now: number): void {
    this.compare(now);
  }

  reset(): void {
    this.msip = 0;
    this.compareLow = WORD - 1;
    this.compareHigh = WORD - 1;
    this.offsetLow = 0;
    this.offsetHigh = 0;
    this.wiring.msip.set(false);
    this.announceOffset();
    this.compare(this.wiring.now());
  }

  state(port: StatePort): void {
    this.msip = port.u32(this.msip);
    this.compareLow = port.u32(this.compareLow);
    this.compareHigh = port.u32(this.compareHigh);
    this.offsetLow = port.u32(this.offsetLow);
    this.offsetHigh = port.u32(this.offsetHigh);
    this.due = port.integer(this.due);
  }

  private time(now: number): { low: number; high: number } {
    const ticks = Math.floor(now / TICK_NS);
    const low = (ticks % WORD) + this.offsetLow;
    const high = Math.floor(ticks / WORD) + this.offsetHigh + (low >= WORD ? 1 : 0);
    return { low: low >>> 0, high: high >>> 0 };
  }

  private setTime(now: number, low: number, high: number): void {
    const ticks = Math.floor(now / TICK_NS);
    const difference = low - (ticks % WORD);
    this.offsetLow = difference >>> 0;
    this.offsetHigh = (high - Math.floor(ticks / WORD) - (difference < 0 ? 1 : 0)) >>> 0;
    this.announceOffset();
  }

  private announceOffset(): void {
    this.wiring.offsetChanged((this.offsetHigh | 0) * WORD + this.offsetLow);
  }

  /** Sets mtip for this moment, and the deadline to when that will change. */
  private compare(now: number): void {
    const time = this.time(now);
    const ticksLeft = (this.compareHigh - time.high) * WORD + (this.compareLow - time.low);
    this.wiring.mtip.set(ticksLeft <= 0);
    const due = (Math.floor(now / TICK_NS) + ticksLeft) * TICK_NS;
    this.due = ticksLeft > 0 && due <= Number.MAX_SAFE_INTEGER ? due : Infinity;
  }
}
