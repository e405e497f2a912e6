/**
 * The PLIC, from the RISC-V PLIC specification 1.0.0: priorities, thresholds, gateways, claim and
 * complete in both contexts, and what is reserved.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plic } from '../../hw/device/plic.ts';
import {
  PLIC_CLAIM,
  PLIC_CONTEXT,
  PLIC_CONTEXT_STRIDE,
  PLIC_ENABLE,
  PLIC_ENABLE_STRIDE,
  PLIC_PENDING,
} from '../../hw/manual/plic.ts';
import { type Action, type Bench, expectSameAfterRestore, read, reading, write, writing } from './bench.ts';

const THRESHOLD = [PLIC_CONTEXT, PLIC_CONTEXT + PLIC_CONTEXT_STRIDE] as const;
const CLAIM = [PLIC_CONTEXT + PLIC_CLAIM, PLIC_CONTEXT + PLIC_CONTEXT_STRIDE + PLIC_CLAIM] as const;

function makePlic() {
  const lines = { meip: false, seip: false };
  const plic = new Plic([
    { set: level => void (lines.meip = level) },
    { set: level => void (lines.seip = level) },
  ]);
  return { plic, lines };
}

/** Gives a source a priority and enables it in a context. */
function enable(plic: Plic, source: number, priority: number, context: 0 | 1): void {
  write(plic, 4 * source, priority);
  const at = PLIC_ENABLE + PLIC_ENABLE_STRIDE * context + 4 * (source >>> 5);
  write(plic, at, read(plic, at) | (1 << (source & 31)));
}

describe('plic', () => {
  it('interrupts the context that enables a source, until it is claimed', () => {
    const { plic, lines } = makePlic();
    enable(plic, 10, 1, 1);
    plic.source(10).set(true);
    expect(lines).toEqual({ meip: false, seip: true });
    expect(read(plic, PLIC_PENDING)).toBe(1 << 10);
    expect([read(plic, CLAIM[0]), read(plic, CLAIM[1]), read(plic, CLAIM[1])]).toEqual([0, 10, 0]);
    expect(lines.seip).toBe(false);
    expect(read(plic, PLIC_PENDING)).toBe(0);
  });

  it('forwards a level again only after it was completed, and only while it is high', () => {
    const { plic, lines } = makePlic();
    enable(plic, 64, 7, 0);
    plic.source(64).set(true);
    expect(read(plic, CLAIM[0])).toBe(64);
    plic.source(64).set(false);
    plic.source(64).set(true);
    expect(lines.meip).toBe(false);
    write(plic, CLAIM[0], 64);
    expect(lines.meip).toBe(true);
    expect(read(plic, CLAIM[0])).toBe(64);
    plic.source(64).set(false);
    write(plic, CLAIM[0], 64);
    expect([lines.meip, read(plic, CLAIM[0])]).toEqual([false, 0]);
  });

  it('keeps a forwarded request although its level drops', () => {
    const { plic, lines } = makePlic();
    enable(plic, 3, 1, 1);
    plic.source(3).set(true);
    plic.source(3).set(false);
    expect([lines.seip, read(plic, CLAIM[1])]).toEqual([true, 3]);
  });

  it('gives the highest priority first and the lowest number among equals', () => {
    const { plic } = makePlic();
    for (const [source, priority] of [
      [5, 2],
      [40, 6],
      [95, 6],
      [33, 1],
    ] as const) {
      enable(plic, source, priority, 0);
      plic.source(source).set(true);
    }
    expect([0, 1, 2, 3, 4].map(() => read(plic, CLAIM[0]))).toEqual([40, 95, 5, 33, 0]);
  });

  it('interrupts only above the threshold, which does not matter to a claim', () => {
    const { plic, lines } = makePlic();
    enable(plic, 8, 3, 1);
    plic.source(8).set(true);
    write(plic, THRESHOLD[1], 3);
    expect([lines.seip, read(plic, THRESHOLD[1])]).toEqual([false, 3]);
    write(plic, THRESHOLD[1], 2);
    expect(lines.seip).toBe(true);
    write(plic, THRESHOLD[1], 7);
    expect(read(plic, CLAIM[1])).toBe(8);
  });

  it('never interrupts for priority 0, and keeps three bits of priorities and thresholds', () => {
    const { plic, lines } = makePlic();
    enable(plic, 8, 8, 0);
    plic.source(8).set(true);
    expect([read(plic, 32), lines.meip, read(plic, CLAIM[0])]).toEqual([0, false, 0]);
    write(plic, 32, 0xff);
    write(plic, THRESHOLD[0], 0xfe);
    expect([read(plic, 32), read(plic, THRESHOLD[0]), lines.meip]).toEqual([7, 6, true]);
  });

  it('ignores a completion of what is not enabled, not claimed or not a source', () => {
    const { plic, lines } = makePlic();
    enable(plic, 12, 1, 1);
    plic.source(12).set(true);
    write(plic, CLAIM[1], 12);
    expect([lines.seip, read(plic, CLAIM[1])]).toEqual([true, 12]);
    for (const source of [0, 96, 1000, 0xffff_ffff]) write(plic, CLAIM[1], source);
    write(plic, CLAIM[0], 12);
    expect(lines.seip).toBe(false);
    write(plic, CLAIM[1], 12);
    expect(lines.seip).toBe(true);
  });

  it('has no source 0, no source above 95 and no third context', () => {
    const { plic } = makePlic();
    write(plic, 0, 5);
    write(plic, PLIC_ENABLE, 0xffff_ffff);
    write(plic, 4 * 96, 5);
    write(plic, PLIC_ENABLE + 2 * PLIC_ENABLE_STRIDE, 1);
    write(plic, PLIC_CONTEXT + 2 * PLIC_CONTEXT_STRIDE, 1);
    const places = [0, PLIC_ENABLE, 4 * 96, PLIC_ENABLE + 2 * PLIC_ENABLE_STRIDE, PLIC_ENABLE + 12];
    expect(places.map(at => read(plic, at))).toEqual([0, 0xffff_fffe, 0, 0, 0]);
    expect(read(plic, PLIC_CONTEXT + 2 * PLIC_CONTEXT_STRIDE)).toBe(0);
    expect(() => plic.source(0)).toThrow('interrupt source 0 is not 1 to 95');
    expect(plic.read(0, 1)).toBeUndefined();
    expect(plic.write(PLIC_CONTEXT, 2, 0)).toBe(false);
  });

  it('after reset forwards again what devices still assert', () => {
    const { plic, lines } = makePlic();
    enable(plic, 2, 1, 0);
    plic.source(2).set(true);
    read(plic, CLAIM[0]);
    plic.reset();
    expect([lines.meip, read(plic, 8)]).toEqual([false, 0]);
    enable(plic, 2, 1, 0);
    expect(lines.meip).toBe(true);
  });

  it('loses or invents an interrupt where the lab says so, and recovers', () => {
    const { plic, lines } = makePlic();
    enable(plic, 6, 1, 1);
    plic.loseNext(6);
    plic.source(6).set(true);
    plic.source(6).set(true);
    expect(lines.seip).toBe(false);
    plic.source(6).set(false);
    plic.source(6).set(true);
    expect(lines.seip).toBe(true);
    plic.source(6).set(false);
    read(plic, CLAIM[1]);
    write(plic, CLAIM[1], 6);
    plic.raiseSpurious(6);
    expect([lines.seip, read(plic, CLAIM[1])]).toEqual([true, 6]);
    write(plic, CLAIM[1], 6);
    expect(lines.seip).toBe(false);
  });

  it('behaves the same after its state was saved and restored', () => {
    const places = [4, 8, 124, 128, 380, 0x1000, 0x1008, 0x2000, 0x2084, ...THRESHOLD, ...CLAIM];
    const register = fc.constantFrom(...places);
    const source = fc.constantFrom(1, 2, 31, 32, 95);
    const value = fc.oneof(fc.nat(95), fc.constant(0xffff_ffff));
    const action: fc.Arbitrary<Action> = fc.oneof(
      register.map(reading(4)),
      fc.tuple(register, value).map(writing(4)),
      fc.tuple(source, fc.boolean()).map(driving),
    );
    const make = (bench: Bench) => new Plic([bench.wiring.irq, { set: () => {} }]);
    expectSameAfterRestore(make, action, { seed: 2, runs: 200 });
  });
});

const driving =
  ([source, level]: [source: number, level: boolean]): Action =>
  device =>
    (device as Plic).source(source).set(level);
