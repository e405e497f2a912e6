/**
 * The cluster's clock, with scripted stations: nobody hears anything out of order, however the run is
 * sliced; sleepers cost nothing; what is done from outside happens at its time.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Intervention } from '../../hw/lab/fault.ts';
import { build, frame, scripted } from './scripted-cluster.ts';
import { ASLEEP, BUSY, DROWSY, type Manner, QUIET } from './scripted-station.ts';

const MILLISECOND = 1_000_000;

test('a frame reaches the other end after serialisation and delay', () => {
  const cluster = build('line:2', [QUIET]);
  scripted(cluster, 0).schedule(0, frame(2, 4, 60), 10_000);
  cluster.runUntil(10_000 + 672 + 5_000 - 1);
  expect(scripted(cluster, 1).received).toBe(0);
  cluster.runUntil(10_000 + 672 + 5_000);
  expect(scripted(cluster, 1).received).toBe(1);
});

test('any slicing of a run gives the same hash', () => {
  const names = fc.constantFrom('line:2', 'ring:3', 'star:4', 'bus:3', 'mesh:4', '0-s0,1-s0,s0-s1,2-s1');
  const manners = fc.constantFrom([BUSY], [DROWSY], [BUSY, DROWSY], [BUSY, ASLEEP, ASLEEP]);
  const settings = fc.record({
    delayNs: fc.constantFrom(0, 700, 5_000),
    jitterNs: fc.constantFrom(0, 3_000),
    lossPpm: fc.constantFrom(0, 100_000),
    duplicatePpm: fc.constantFrom(0, 100_000),
    reorderPpm: fc.constantFrom(0, 100_000),
    queueFrames: fc.constantFrom(2, 100),
  });
  const cuts = fc.array(fc.nat(300_000), { maxLength: 30 });
  const property = fc.property(
    names,
    manners,
    settings,
    fc.nat(),
    cuts,
    (name, manner, set, seed, slices) => {
      const straight = build(name, manner, seed, set);
      straight.runUntil(300_000);
      const sliced = build(name, manner, seed, set);
      for (const cut of slices.sort((a, b) => a - b)) sliced.runUntil(cut);
      sliced.runUntil(300_000);
      expect(sliced.hash()).toBe(straight.hash());
    },
  );
  fc.assert(property, { seed: 1, numRuns: 150 });
});

test('slices shorter than any wire give the same hash as one run', () => {
  const straight = build('ring:4', [BUSY, DROWSY], 3);
  straight.runUntil(200_000);
  const stepped = build('ring:4', [BUSY, DROWSY], 3);
  for (let now = 0; now <= 200_000; now += 7) stepped.runUntil(now);
  stepped.runUntil(200_000);
  expect(stepped.hash()).toBe(straight.hash());
});

test('another seed gives another run', () => {
  const hashes = [1, 2].map(seed => {
    const cluster = build('ring:3', [BUSY], seed);
    cluster.runUntil(100_000);
    return cluster.hash();
  });
  expect(hashes[0]).not.toBe(hashes[1]);
});

test('no frame vanishes between stations without a counted cause', () => {
  const settings = { lossPpm: 50_000, damagePpm: 50_000, duplicatePpm: 50_000, queueFrames: 3 };
  const cluster = build('star:4', [BUSY, DROWSY], 5, settings);
  cluster.runUntil(MILLISECOND);
  const { scheduler } = cluster.share;
  let sent = 0;
  for (let direction = 0; direction < scheduler.directionCount; direction += 1) {
    const out = scheduler.outlet(direction)!;
    const into = scheduler.inlet(direction)!;
    const caused =
      out.lost + out.cut + out.overflowed + out.oversized + into.damaged + into.cut + into.unheard;
    expect(out.sent + out.duplicated).toBe(into.delivered + caused + into.framesUnderWay);
    sent += out.sent;
  }
  expect(sent).toBeGreaterThan(1_000);
});

test('a busy board among sleepers runs far at a stretch', () => {
  const cluster = build('star:8', [
    { ...BUSY, sendEvery: 1_000_000_000 },
    ...new Array<Manner>(7).fill(ASLEEP),
  ]);
  cluster.runUntil(100 * MILLISECOND);
  expect(scripted(cluster, 0).slices).toBeLessThan(400);
});

test('sixteen sleepers that wake on timers cost a few slices each', () => {
  const cluster = build('star:16', [ASLEEP]);
  cluster.runUntil(1_000 * MILLISECOND);
  for (let node = 0; node < 16; node += 1) expect(scripted(cluster, node).slices).toBeLessThan(900);
});

test("ends see each other's light a wire after power on, and no sooner", () => {
  const cluster = build('line:2', [QUIET]);
  cluster.runUntil(5_671);
  expect(scripted(cluster, 0).carriers).toEqual([false]);
  cluster.runUntil(5_672);
  expect(scripted(cluster, 0).carriers).toEqual([true]);
});

test('both ends see the carrier go when one direction is cut, and come back when it heals', () => {
  const cluster = build('line:2', [QUIET]);
  const set = (cut: boolean): Intervention => ({ do: 'wire', link: 0, way: 'forward', settings: { cut } });
  cluster.plan({ when: { at: 10_000 }, intervention: set(true) });
  cluster.plan({ when: { at: 20_000 }, intervention: set(false) });
  cluster.runUntil(19_999);
  expect([scripted(cluster, 0).carriers, scripted(cluster, 1).carriers]).toEqual([[false], [false]]);
  cluster.runUntil(20_000);
  expect([scripted(cluster, 0).carriers, scripted(cluster, 1).carriers]).toEqual([[true], [true]]);
});

test('a cut loses frames on their way and heals without losing later ones', () => {
  const cluster = build('line:2', [QUIET]);
  for (const at of [1_000, 8_000, 12_000]) scripted(cluster, 0).schedule(0, frame(2, 4), at);
  cluster.runUntil(5_000);
  cluster.perform({ do: 'wire', link: 0, way: 'both', settings: { cut: true } });
  cluster.runUntil(10_000);
  cluster.perform({ do: 'wire', link: 0, way: 'both', settings: { cut: false } });
  cluster.runUntil(100_000);
  const { scheduler } = cluster.share;
  expect([scheduler.inlet(0)!.cut, scheduler.outlet(0)!.cut, scripted(cluster, 1).received]).toEqual([
    1, 1, 1,
  ]);
});

test('neighbours see a board without power go dark, one wire later, and it hears nothing', () => {
  const cluster = build('line:3', [QUIET]);
  cluster.runUntil(10_000);
  cluster.perform({ do: 'power-off', node: 1 });
  scripted(cluster, 0).schedule(0, frame(2, 4), 11_000);
  cluster.runUntil(10_000 + 5_671);
  expect([scripted(cluster, 0).carriers, scripted(cluster, 2).carriers]).toEqual([[true], [true]]);
  cluster.runUntil(30_000);
  expect([scripted(cluster, 0).carriers, scripted(cluster, 2).carriers]).toEqual([[false], [false]]);
  expect([scripted(cluster, 1).received, cluster.share.scheduler.inlet(0)!.unheard]).toEqual([0, 1]);
  cluster.perform({ do: 'power-on', node: 1 });
  cluster.runUntil(40_000);
  expect(scripted(cluster, 0).carriers).toEqual([true]);
});

test('a frozen board is deaf, keeps its carrier, and goes on where it stood', () => {
  const cluster = build('line:2', [QUIET]);
  scripted(cluster, 0).schedule(0, frame(2, 4), 2_000);
  scripted(cluster, 0).schedule(0, frame(2, 4), 60_000);
  cluster.runUntil(1_000);
  cluster.perform({ do: 'freeze', node: 1, ns: 50_000 });
  cluster.runUntil(50_000);
  expect(scripted(cluster, 1).now).toBeLessThan(1_100);
  expect([scripted(cluster, 1).received, scripted(cluster, 0).carriers]).toEqual([0, [true]]);
  cluster.runUntil(100_000);
  expect(scripted(cluster, 1).received).toBe(1);
});

test('an entry that is too late to plan is refused', () => {
  const cluster = build('line:2', [QUIET]);
  cluster.runUntil(1_000);
  const entry = { when: { at: 999 }, intervention: { do: 'reset', node: 0 } } as const;
  expect(() => cluster.plan(entry)).toThrow('it is 1000 ns and the entry is for 999: plan for later');
});
