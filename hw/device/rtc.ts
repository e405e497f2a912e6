/**
 * The real-time clock: Goldfish's (registers and rules: hw/manual/rtc.ts).
 *
 * The date is the board's time plus an offset. Dates need 64 bits, so they are bigint here; the deadline is
 * the board's time again.
 */
import type { AccessSize, Device, Wiring } from '../bus/device.ts';
import {
  RTC_ALARM_HIGH,
  RTC_ALARM_LOW,
  RTC_ALARM_STATUS,
  RTC_CLEAR_ALARM,
  RTC_CLEAR_INTERRUPT,
  RTC_END,
  RTC_IRQ_ENABLED,
  RTC_TIME_HIGH,
  RTC_TIME_LOW,
} from '../manual/rtc.ts';
import type { StatePort } from '../state.ts';

export interface RtcOptions {
  /** The date at the cluster's time 0, nanoseconds since 1970. */
  readonly epochNs: bigint;
}

const WORD_BITS = 32n;
const WORD_MASK = 0xffff_ffffn;

export class Rtc implements Device {
  readonly name = 'rtc';
  private readonly wiring: Pick<Wiring, 'now' | 'irq'>;
  /** The date less the board's time, modulo 2^64. */
  private offset: bigint;
  private latchedHigh = 0;
  private alarm = 0n;
  private armed = false;
  private pending = false;
  private enabled = false;
  /** When the alarm fires, in the board's time. */
  private due = Infinity;

  constructor(wiring: Pick<Wiring, 'now' | 'irq'>, options: RtcOptions) {
    this.wiring = wiring;
    this.offset = BigInt.asUintN(64, options.epochNs);
  }

  get deadline(): number {
    return this.due;
  }

  read(offset: number, size: AccessSize): number | undefined {
    if (size !== 4 || offset >= RTC_END) return undefined;
    switch (offset) {
      case RTC_TIME_LOW: {
        const date = this.date();
        this.latchedHigh = Number(date >> WORD_BITS);
        return Number(date & WORD_MASK);
      }
      case RTC_TIME_HIGH:
        return this.latchedHigh;
      case RTC_ALARM_LOW:
        return Number(this.alarm & WORD_MASK);
      case RTC_ALARM_HIGH:
        return Number(this.alarm >> WORD_BITS);
      case RTC_IRQ_ENABLED:
        return this.enabled ? 1 : 0;
      case RTC_ALARM_STATUS:
        return this.armed ? 1 : 0;
      default:
        return 0;
    }
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    if (size !== 4 || offset >= RTC_END) return false;
    switch (offset) {
      case RTC_TIME_LOW:
        this.setDate(withLow(this.date(), value));
        break;
      case RTC_TIME_HIGH:
        this.setDate(withHigh(this.date(), value));
        break;
      case RTC_ALARM_LOW:
        this.alarm = withLow(this.alarm, value);
        this.armed = true;
        this.watch();
        break;
      case RTC_ALARM_HIGH:
        this.alarm = withHigh(this.alarm, value);
        this.watch();
        break;
      case RTC_CLEAR_ALARM:
        this.armed = false;
        this.watch();
        break;
      case RTC_IRQ_ENABLED:
        this.enabled = (value & 1) === 1;
        break;
      case RTC_CLEAR_INTERRUPT:
        this.pending = false;
        break;
      default: // nothing there
    }
    this.update();
    return true;
  }

  advance(_now: number): void {
    this.watch();
    this.update();
  }

  reset(): void {
    this.latchedHigh = 0;
    this.alarm = 0n;
    this.armed = false;
    this.pending = false;
    this.enabled = false;
    this.watch();
    this.update();
  }

  state(port: StatePort): void {
    this.offset = wordsState(port, this.offset);
    this.alarm = wordsState(port, this.alarm);
    this.latchedHigh = port.u32(this.latchedHigh);
    this.armed = port.flag(this.armed);
    this.pending = port.flag(this.pending);
    this.enabled = port.flag(this.enabled);
    this.due = port.integer(this.due);
  }

  private date(): bigint {
    return BigInt.asUintN(64, BigInt(this.wiring.now()) + this.offset);
  }

  private setDate(date: bigint): void {
    this.offset = BigInt.asUintN(64, date - BigInt(this.wiring.now()));
    this.watch();
  }

  /** Fires the alarm if its date has come; otherwise sees when it will. */
  private watch(): void {
    this.due = Infinity;
    if (!this.armed) return;
    const date = this.date();
    if (this.alarm <= date) {
      this.armed = false;
      this.pending = true;
      return;
    }
    const due = this.wiring.now() + Number(this.alarm - date);
    if (due <= Number.MAX_SAFE_INTEGER) this.due = due;
  }

  private update(): void {
    this.wiring.irq.set(this.pending && this.enabled);
  }
}

function withLow(value: bigint, low: number): bigint {
  return ((value >> WORD_BITS) << WORD_BITS) | BigInt(low);
}

function withHigh(value: bigint, high: number): bigint {
  return (BigInt(high) << WORD_BITS) | (value & WORD_MASK);
}

function wordsState(port: StatePort, value: bigint): bigint {
  const low = port.u32(Number(value & WORD_MASK));
  const high = port.u32(Number(value >> WORD_BITS));
  return (BigInt(high) << WORD_BITS) | BigInt(low);
}
