/**
 * The real-time clock, as Linux's goldfish driver uses it and QEMU models it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rtc } from '../../hw/device/rtc.ts';
import * as R from '../../hw/manual/rtc.ts';
import {
  type Action,
  Bench,
  expectSameAfterRestore,
  passing,
  read,
  reading,
  write,
  writing,
} from './bench.ts';

/** 2026-01-01 00:00:00 UTC. */
const EPOCH_NS = 1_767_225_600_000_000_000n;

function makeRtc() {
  const bench = new Bench();
  return { bench, rtc: new Rtc(bench.wiring, { epochNs: EPOCH_NS }) };
}

function date(rtc: Rtc): bigint {
  const low = read(rtc, R.RTC_TIME_LOW);
  return (BigInt(read(rtc, R.RTC_TIME_HIGH)) << 32n) | BigInt(low);
}

/** As Linux sets an alarm or the time: high, then low. */
function setPair(rtc: Rtc, low: number, high: number, value: bigint): void {
  write(rtc, high, Number(value >> 32n));
  write(rtc, low, Number(value & 0xffff_ffffn));
}

describe('rtc', () => {
  it('tells the board’s date, its two halves of one moment', () => {
    const { bench, rtc } = makeRtc();
    expect(date(rtc)).toBe(EPOCH_NS);
    bench.time = 5_000_000_000;
    const low = read(rtc, R.RTC_TIME_LOW);
    bench.time = 500_000_000_000;
    expect((BigInt(read(rtc, R.RTC_TIME_HIGH)) << 32n) | BigInt(low)).toBe(EPOCH_NS + 5_000_000_000n);
    expect(date(rtc)).toBe(EPOCH_NS + 500_000_000_000n);
  });

  it('can be set, forwards and before the board’s own beginning, and keeps that over a reset', () => {
    const { bench, rtc } = makeRtc();
    bench.time = 1_000;
    for (const set of [EPOCH_NS * 2n, 5n]) {
      setPair(rtc, R.RTC_TIME_LOW, R.RTC_TIME_HIGH, set);
      expect(date(rtc)).toBe(set);
    }
    rtc.reset();
    bench.time = 2_000;
    expect(date(rtc)).toBe(1_005n);
  });

  it('fires its alarm at the nanosecond, once, until it is cleared', () => {
    const { bench, rtc } = makeRtc();
    setPair(rtc, R.RTC_ALARM_LOW, R.RTC_ALARM_HIGH, EPOCH_NS + 7_000n);
    write(rtc, R.RTC_IRQ_ENABLED, 1);
    expect([rtc.deadline, read(rtc, R.RTC_ALARM_STATUS), read(rtc, R.RTC_IRQ_ENABLED)]).toEqual([
      7_000, 1, 1,
    ]);
    bench.runTo(rtc, 6_999);
    expect(bench.level).toBe(false);
    bench.runTo(rtc, 7_000);
    expect([bench.level, read(rtc, R.RTC_ALARM_STATUS), rtc.deadline]).toEqual([true, 0, Infinity]);
    write(rtc, R.RTC_CLEAR_INTERRUPT, 1);
    expect(bench.level).toBe(false);
  });

  it('fires at once for a date that has passed, and when the clock is set beyond the alarm', () => {
    const { bench, rtc } = makeRtc();
    write(rtc, R.RTC_IRQ_ENABLED, 1);
    setPair(rtc, R.RTC_ALARM_LOW, R.RTC_ALARM_HIGH, EPOCH_NS);
    expect(bench.level).toBe(true);
    write(rtc, R.RTC_CLEAR_INTERRUPT, 1);
    setPair(rtc, R.RTC_ALARM_LOW, R.RTC_ALARM_HIGH, EPOCH_NS + 10n ** 12n);
    expect(bench.level).toBe(false);
    setPair(rtc, R.RTC_TIME_LOW, R.RTC_TIME_HIGH, EPOCH_NS + 10n ** 13n);
    expect(bench.level).toBe(true);
  });

  it('shows an alarm only where interrupts are enabled, and drops one that is cleared', () => {
    const { bench, rtc } = makeRtc();
    setPair(rtc, R.RTC_ALARM_LOW, R.RTC_ALARM_HIGH, EPOCH_NS + 10n);
    bench.runTo(rtc, 10);
    expect(bench.level).toBe(false);
    write(rtc, R.RTC_IRQ_ENABLED, 1);
    expect(bench.level).toBe(true);
    setPair(rtc, R.RTC_ALARM_LOW, R.RTC_ALARM_HIGH, EPOCH_NS + 50n);
    write(rtc, R.RTC_CLEAR_ALARM, 1);
    expect([rtc.deadline, read(rtc, R.RTC_ALARM_STATUS)]).toEqual([Infinity, 0]);
    rtc.reset();
    expect([bench.level, read(rtc, R.RTC_ALARM_LOW), read(rtc, R.RTC_IRQ_ENABLED)]).toEqual([false, 0, 0]);
  });

  it('takes whole words only, and ends after nine', () => {
    const { rtc } = makeRtc();
    expect([rtc.read(0x24, 4), rtc.write(0x24, 4, 1)]).toEqual([undefined, false]);
    expect([rtc.read(0, 1), rtc.read(0, 2), rtc.write(0, 2, 0), rtc.read(0x20, 4)]).toEqual([
      undefined,
      undefined,
      false,
      0,
    ]);
  });

  it('behaves the same after it was saved and restored', () => {
    const register = fc.nat(8).map(index => index * 4);
    const value = fc.oneof(
      fc.nat(3),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.constant(Number(EPOCH_NS >> 32n)),
    );
    const action: fc.Arbitrary<Action> = fc.oneof(
      register.map(reading(4)),
      fc.tuple(register, value).map(writing(4)),
      fc.nat(2 ** 31).map(passing),
    );
    const make = (bench: Bench) => new Rtc(bench.wiring, { epochNs: EPOCH_NS });
    expectSameAfterRestore(make, action, { seed: 7, runs: 200 });
  });
});
