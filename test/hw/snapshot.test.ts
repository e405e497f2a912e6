/**
 * Save, restore, fork and rewind a cluster: it goes on as if nothing had been.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster } from '../../hw/cluster.ts';
import { planFaults } from '../../hw/lab/fault-plan.ts';
import { History } from '../../hw/lab/history.ts';
import { MemoryFollower, PAGE_SIZE } from '../../hw/lab/page-table.ts';
import { Random } from '../../hw/lab/random.ts';
import { build } from './scripted-cluster.ts';
import { BUSY, DROWSY } from './scripted-station.ts';

const SETTINGS = { jitterNs: 2_000, lossPpm: 50_000, duplicatePpm: 50_000, reorderPpm: 50_000 };

function ring(): Cluster {
  return build('ring:3', [BUSY, DROWSY], 4, SETTINGS);
}

function hashAt(cluster: Cluster, ns: number): string {
  cluster.runUntil(ns);
  return cluster.hash();
}

test('a restored cluster goes on exactly as it did, from any time to any time', () => {
  const property = fc.property(fc.nat(100_000), fc.nat(100_000), (at, further) => {
    const cluster = ring();
    cluster.runUntil(at);
    const checkpoint = cluster.checkpoint();
    const straight = hashAt(cluster, at + further);
    cluster.restore(checkpoint);
    expect(hashAt(cluster, at + further)).toBe(straight);
  });
  fc.assert(property, { seed: 1, numRuns: 30 });
});

test('a file brings another cluster of the same description to the same state', () => {
  const cluster = ring();
  cluster.plan({ when: { at: 90_000 }, intervention: { do: 'power-off', node: 1 } });
  cluster.runUntil(70_000);
  const file = cluster.toBytes();
  const other = ring();
  other.fromBytes(file);
  expect(other.hash()).toBe(cluster.hash());
  expect(hashAt(other, 200_000)).toBe(hashAt(cluster, 200_000));
});

test('forks share a past and have each its own future', () => {
  const cluster = ring();
  cluster.runUntil(50_000);
  const fork = cluster.fork();
  fork.perform({ do: 'strike', link: 0, way: 'forward', what: 'drop' });
  const straight = ring();
  expect(hashAt(fork, 300_000)).not.toBe(hashAt(straight, 300_000));
  expect(hashAt(cluster, 300_000)).toBe(straight.hash());
});

test('a file that is foreign, damaged, cut short, too new or of another cluster is refused in one line', () => {
  const cluster = ring();
  cluster.runUntil(10_000);
  const file = cluster.toBytes();
  const before = cluster.hash();
  const change = (at: number): Uint8Array => file.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const refusals: [Uint8Array, string][] = [
    [new TextEncoder().encode('not a snapshot at all, but long enough to hold one'), 'is not a snapshot'],
    [new Uint8Array(0), 'is not a snapshot'],
    [change(8), 'has version 0 and 1 is understood'],
    [change(file.length - 9), 'is damaged'],
    [file.subarray(0, file.length - 1), 'is cut short'],
    [build('line:3', [BUSY]).toBytes(), 'is of another cluster than ring:3'],
  ];
  for (const [bytes, message] of refusals) {
    expect(() => cluster.fromBytes(bytes)).toThrow(message);
    expect(() => cluster.fromBytes(bytes)).toThrow(/^[^\n]+$/);
  }
  expect(cluster.hash()).toBe(before);
});

test('no flipped bit of a file goes unnoticed', () => {
  const file = ring().toBytes();
  const cluster = ring();
  const property = fc.property(fc.nat(file.length * 8 - 1), bit => {
    const damaged = file.slice();
    damaged[bit >>> 3]! ^= 1 << (bit & 7);
    expect(() => cluster.fromBytes(damaged)).toThrow('this');
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

test('rewinding to any time that was passed gives the state that was then', () => {
  const cluster = ring();
  const hashes = new Map<number, string>();
  const history = new History(cluster, { everyNs: 10_000, snapshotsMax: 8 });
  for (let now = 1_500; now <= 150_000; now += 1_500) {
    if (now % 21_000 === 0) cluster.perform({ do: 'strike', link: 1, way: 'forward', what: 'drop' });
    history.runUntil(now);
    hashes.set(now, cluster.hash());
  }
  for (const now of [150_000, 3_000, 99_000, 148_500, 1_500, 63_000]) {
    history.visit(now);
    expect(cluster.hash()).toBe(hashes.get(now));
  }
});

test('amid planned faults, going to any time and back gives what was there', () => {
  const property = fc.property(
    fc.nat(),
    fc.array(fc.nat(200_000), { minLength: 1, maxLength: 6 }),
    (seed, visits) => {
      const kinds = ['power', 'reset', 'freeze', 'cut', 'noise', 'frame'] as const;
      const entries = planFaults(new Random(seed), ring().topology, {
        fromNs: 0,
        untilNs: 200_000,
        count: 9,
        kinds,
      });
      const planned = (): Cluster => {
        const cluster = ring();
        for (const entry of entries) cluster.plan(entry);
        return cluster;
      };
      const cluster = planned();
      const history = new History(cluster, { everyNs: 30_000, snapshotsMax: 5 });
      history.runUntil(200_000);
      for (const visit of visits) {
        history.visit(visit);
        expect(cluster.hash()).toBe(hashAt(planned(), visit));
      }
    },
  );
  fc.assert(property, { seed: 1, numRuns: 20 });
});

test('a history keeps its beginning and no more snapshots than it may', () => {
  const history = new History(ring(), { everyNs: 1_000, snapshotsMax: 10 });
  history.runUntil(200_000);
  const times = history.checkpoints.map(point => point.time);
  expect(times.length).toBe(10);
  expect(times[0]).toBe(0);
  expect(times.at(-1)).toBeGreaterThan(198_000);
  const gaps = times.slice(1).map((time, at) => time - times[at]!);
  expect(gaps.at(-1)).toBeLessThan(gaps[0]!);
});

test('after a rewind another future begins: what was done by hand later is forgotten', () => {
  const cluster = ring();
  const history = new History(cluster, { everyNs: 10_000, snapshotsMax: 8 });
  history.runUntil(50_000);
  cluster.perform({ do: 'strike', link: 0, way: 'forward', what: 'drop' });
  history.runUntil(100_000);
  history.rewindTo(40_000);
  history.runUntil(100_000);
  expect(cluster.hash()).toBe(hashAt(ring(), 100_000));
  expect(() => new History(cluster, { everyNs: 1, snapshotsMax: 5 }).visit(99_000)).toThrow(
    'begins at 100000',
  );
});

test('doing something in the past makes snapshots of the old future useless', () => {
  const cluster = ring();
  const history = new History(cluster, { everyNs: 10_000, snapshotsMax: 30 });
  history.runUntil(100_000);
  history.visit(40_000);
  cluster.perform({ do: 'strike', link: 0, way: 'forward', what: 'drop' });
  history.runUntil(100_000);
  const hash = cluster.hash();
  history.visit(45_000);
  history.visit(100_000);
  expect(cluster.hash()).toBe(hash);
});

/** RAM whose writes are noted by page, as a hart notes them. */
function memory(pages: number) {
  const bytes = new Uint8Array(pages * PAGE_SIZE);
  let dirty = new Set<number>();
  const ram = {
    base: 0x8000_0000,
    size: bytes.length,
    read: (address: number, size: number) =>
      bytes.subarray(address - 0x8000_0000, address - 0x8000_0000 + size),
    write: (address: number, written: Uint8Array) => {
      bytes.set(written, address - 0x8000_0000);
      dirty.add(Math.floor((address - 0x8000_0000) / PAGE_SIZE));
      return true;
    },
  };
  const dirtyPages = () => {
    const taken = [...dirty];
    dirty = new Set();
    return taken;
  };
  return { bytes, ram, dirtyPages };
}

test('a table of pages holds RAM as it was, whatever was written and put back since', () => {
  const writes = fc.array(fc.record({ page: fc.nat(599), value: fc.nat(255), after: fc.nat(3) }), {
    maxLength: 60,
  });
  const property = fc.property(writes, list => {
    const { bytes, ram, dirtyPages } = memory(600);
    const follower = new MemoryFollower({ ram, dirtyPages });
    const taken = [{ table: follower.take(), copy: bytes.slice() }];
    for (const { page, value, after } of list) {
      ram.write(ram.base + page * PAGE_SIZE + value, Uint8Array.of(value));
      if (after === 0) taken.push({ table: follower.take(), copy: bytes.slice() });
      if (after === 1) follower.put(taken[value % taken.length]!.table);
    }
    for (const { table, copy } of taken) {
      follower.put(table);
      expect(Buffer.compare(bytes, copy)).toBe(0);
      expect(follower.take().hash()).toBe(table.hash());
    }
  });
  fc.assert(property, { seed: 1, numRuns: 40 });
});

test('tables share what was not written between them', () => {
  const { ram, dirtyPages } = memory(1_000);
  const follower = new MemoryFollower({ ram, dirtyPages });
  for (let page = 0; page < 1_000; page += 1) ram.write(ram.base + page * PAGE_SIZE, Uint8Array.of(1));
  const one = follower.take();
  ram.write(ram.base + 7 * PAGE_SIZE, Uint8Array.of(2));
  const other = follower.take();
  expect(one.difference(other)).toEqual([7]);
  expect(one.page(8)).toBe(other.page(8));
});
