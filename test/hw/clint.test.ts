/**
 * The CLINT, register by register, and when exactly its timer fires.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clint } from '../../hw/device/clint.ts';
import {
  CLINT_MSIP,
  CLINT_MTIME,
  CLINT_MTIME_HIGH,
  CLINT_MTIMECMP,
  CLINT_MTIMECMP_HIGH,
} from '../../hw/manual/clint.ts';
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

function makeClint(bench: Bench) {
  const lines = { msip: false, offset: 0 };
  const clint = new Clint({
    now: bench.wiring.now,
    mtip: bench.wiring.irq,
    msip: { set: level => void (lines.msip = level) },
    offsetChanged: ticks => void (lines.offset = ticks),
  });
  return { clint, lines };
}

describe('clint', () => {
  it('keeps one bit of msip and drives the software interrupt with it', () => {
    const { clint, lines } = makeClint(new Bench());
    write(clint, CLINT_MSIP, 0xffff_ffff);
    expect([read(clint, CLINT_MSIP), lines.msip]).toEqual([1, true]);
    write(clint, CLINT_MSIP, 2);
    expect([read(clint, CLINT_MSIP), lines.msip]).toEqual([0, false]);
  });

  it('counts a tick every 100 ns across both halves of mtime', () => {
    const bench = new Bench();
    const { clint } = makeClint(bench);
    bench.time = 12_345_699;
    expect([read(clint, CLINT_MTIME), read(clint, CLINT_MTIME_HIGH)]).toEqual([123_456, 0]);
    bench.time = 0x3_0000_0005 * 100;
    expect([read(clint, CLINT_MTIME), read(clint, CLINT_MTIME_HIGH)]).toEqual([5, 3]);
  });

  it('raises mtip at the very tick that mtimecmp names and drops it when mtimecmp moves on', () => {
    const bench = new Bench();
    const { clint } = makeClint(bench);
    bench.time = 1_050;
    write(clint, CLINT_MTIMECMP, 20);
    write(clint, CLINT_MTIMECMP_HIGH, 0);
    expect([clint.deadline, bench.level]).toEqual([2_000, false]);
    bench.runTo(clint, 1_999);
    expect(bench.level).toBe(false);
    bench.runTo(clint, 2_000);
    expect([clint.deadline, bench.level]).toEqual([Infinity, true]);
    write(clint, CLINT_MTIMECMP_HIGH, 1);
    expect([clint.deadline, bench.level]).toEqual([(0x1_0000_0000 + 20) * 100, false]);
  });

  it('lets mtime be set, tells who keeps `time`, and fires by the new time', () => {
    const bench = new Bench();
    const { clint, lines } = makeClint(bench);
    bench.time = 5_000;
    write(clint, CLINT_MTIME, 10);
    expect([read(clint, CLINT_MTIME), read(clint, CLINT_MTIME_HIGH), lines.offset]).toEqual([10, 0, -40]);
    write(clint, CLINT_MTIME_HIGH, 7);
    expect([read(clint, CLINT_MTIME_HIGH), lines.offset]).toEqual([7, 7 * 2 ** 32 - 40]);
    write(clint, CLINT_MTIMECMP, 30);
    write(clint, CLINT_MTIMECMP_HIGH, 7);
    expect(clint.deadline).toBe(7_000);
  });

  it('after reset interrupts nobody and shows the board’s own time', () => {
    const bench = new Bench();
    const { clint, lines } = makeClint(bench);
    write(clint, CLINT_MSIP, 1);
    write(clint, CLINT_MTIME, 500);
    write(clint, CLINT_MTIMECMP_HIGH, 0);
    write(clint, CLINT_MTIMECMP, 0);
    expect(bench.level).toBe(true);
    clint.reset();
    expect([bench.level, lines.msip, lines.offset, clint.deadline]).toEqual([false, false, 0, Infinity]);
    expect([read(clint, CLINT_MTIMECMP), read(clint, CLINT_MTIMECMP_HIGH)]).toEqual([
      2 ** 32 - 1,
      2 ** 32 - 1,
    ]);
  });

  it('takes whole words only; the places of absent harts read zero', () => {
    const { clint } = makeClint(new Bench());
    expect([clint.read(CLINT_MSIP, 1), clint.read(CLINT_MTIME, 2)]).toEqual([undefined, undefined]);
    expect(clint.write(CLINT_MSIP, 2, 1)).toBe(false);
    write(clint, CLINT_MSIP + 4, 1);
    expect([read(clint, CLINT_MSIP + 4), read(clint, CLINT_MTIMECMP + 8)]).toEqual([0, 0]);
  });

  it('behaves the same after its state was saved and restored', () => {
    const registers = [CLINT_MSIP, CLINT_MTIME, CLINT_MTIME_HIGH, CLINT_MTIMECMP, CLINT_MTIMECMP_HIGH, 0x10];
    const value = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.constantFrom(...registers).map(reading(4)),
      fc.tuple(fc.constantFrom(...registers), value).map(writing(4)),
      fc.nat(5_000).map(passing),
    );
    expectSameAfterRestore(bench => makeClint(bench).clint, action, { seed: 1, runs: 200 });
  });
});
