/**
 * Stations that are led on beyond what is known of the others, and put back when a frame arrives before: nobody can
 * tell them from stations that never were. Short slices leave no room to lead in.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cluster } from '../../hw/cluster.ts';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { board, clusterOptions, heard, switchOn, type Talk, talkerOptions, talkers } from './cluster-rig.ts';
import { DISK_WRITER } from './disk-writer.ts';
import { build } from './scripted-cluster.ts';
import { DROWSY, SELDOM } from './scripted-station.ts';

const MILLISECOND = 1_000_000;
/** Shorter than is worth a mark. */
const SHORT = 90_000;
/** At work all the time, a frame each 8 ms, of which half come at any time. */
const TALK: Talk = {
  periodTicks: 80_000,
  work: -1,
  settings: { reorderPpm: 500_000, reorderNs: 7_900_000, duplicatePpm: 200_000 },
};

/** At work all the time; at 6 ms says AB, at 9 ms does what `last` says. */
const speaker = (last: string) => `
        li    s0, 0x10000000
        li    s1, 0x0200bff8
        li    s2, 60000
1:      lw    t0, 0(s1)
        bltu  t0, s2, 1b
        li    t0, 65
        sb    t0, 0(s0)
        li    t0, 66
        sb    t0, 0(s0)
        li    s2, 90000
2:      lw    t0, 0(s1)
        bltu  t0, s2, 2b
        ${last}
3:      j     3b
`;
const SWITCH_OFF = `
        li    t0, 0x5555
        li    t1, 0x00100000
        sw    t0, 0(t1)
`;

function runInShortSlices(cluster: Cluster, ns: number): void {
  while (cluster.now < ns) cluster.runUntil(Math.min(ns, cluster.now + SHORT));
  expect(cluster.share.scheduler.leads).toBe(0);
}

test('stations led on and put back come to the same as those that never were', () => {
  let leads = 0;
  let retractions = 0;
  const names = fc.constantFrom('line:2', 'ring:3', 'star:4', 'bus:3', '0-s0,1-s0,s0-s1,2-s1');
  const manners = fc.constantFrom([SELDOM], [SELDOM, SELDOM, DROWSY], [{ ...SELDOM, sleepEvery: 15_000 }]);
  const settings = fc.record({
    delayNs: fc.constantFrom(700, 5_000),
    reorderPpm: fc.constantFrom(0, 100_000),
  });
  const property = fc.property(names, manners, settings, fc.nat(), (name, manner, set, seed) => {
    const led = build(name, manner, seed, set);
    led.runUntil(30 * MILLISECOND);
    const sliced = build(name, manner, seed, set);
    runInShortSlices(sliced, 30 * MILLISECOND);
    expect(led.hash()).toBe(sliced.hash());
    leads += led.share.scheduler.leads;
    retractions += led.share.scheduler.retractions;
  });
  fc.assert(property, { seed: 1, numRuns: 6 });
  expect(leads).toBeGreaterThan(10);
  expect(retractions).toBeGreaterThan(2);
});

test('boards led on and put back come to the same, in either tier, in RAM, caches and counters', async () => {
  for (const translateAfter of [64, Number.POSITIVE_INFINITY]) {
    const cluster = await talkers('star:3', { ...TALK, translateAfter });
    cluster.runUntil(120 * MILLISECOND);
    const sliced = await talkers('star:3', { ...TALK, translateAfter });
    runInShortSlices(sliced, 120 * MILLISECOND);
    expect(cluster.share.scheduler.retractions).toBeGreaterThan(5);
    expect(heard(cluster, 0)).toBeGreaterThan(25);
    expect(cluster.hash()).toBe(sliced.hash());
  }
});

test('a snapshot amid leading is of what all have come to, and goes on as the rest', async () => {
  const options = await talkerOptions('mesh:3', TALK);
  const cluster = new Cluster(options);
  switchOn(cluster);
  for (const at of [13_234_567, 29_345_678, 45_000_001]) {
    cluster.runUntil(at);
    const other = new Cluster(options);
    other.fromBytes(cluster.toBytes());
    const before = cluster.checkpoint();
    cluster.runUntil(at + 20 * MILLISECOND);
    const hash = cluster.hash();
    other.runUntil(at + 20 * MILLISECOND);
    expect(other.hash()).toBe(hash);
    cluster.restore(before);
    expect(cluster.hash()).not.toBe(hash);
  }
  expect(cluster.share.scheduler.leads).toBeGreaterThan(20);
});

test('what a board says is heard once and in order, and it goes off when it does', async () => {
  for (const last of ['', SWITCH_OFF]) {
    const said: string[] = [];
    const options = await clusterOptions(parseTopology('mesh:3', new Random(1)), speaker(last), {});
    const [led, sliced] = [new Cluster(options), new Cluster(options)];
    for (const cluster of [led, sliced]) switchOn(cluster);
    led.share.listen((node, byte, _, index) => said.push(`${node}${String.fromCharCode(byte)}${index}`));
    led.runUntil(12 * MILLISECOND);
    runInShortSlices(sliced, 12 * MILLISECOND);
    expect(led.share.scheduler.leads).toBeGreaterThan(5);
    expect(said.sort()).toEqual(['0A0', '0B1', '1A0', '1B1', '2A0', '2B1']);
    expect(led.station(0).power).toBe(last === '' ? 'on' : 'off');
    expect(led.hash()).toBe(sliced.hash());
  }
});

test('no medium is touched ahead', async () => {
  const drives = () => [{ medium: new Medium({ random: new Random(5), size: 65_536 }), serial: 'disk' }];
  const later = DISK_WRITER.replace('li    t1, 10000', 'li    t1, 150000');
  const options = await clusterOptions(parseTopology('line:2', new Random(1)), later, { drives });
  const [led, sliced] = [new Cluster(options), new Cluster(options)];
  for (const cluster of [led, sliced]) switchOn(cluster);
  led.runUntil(25 * MILLISECOND);
  runInShortSlices(sliced, 25 * MILLISECOND);
  expect(led.share.scheduler.leads).toBeGreaterThan(2);
  expect(board(led, 0).disks[0]!.sectorsMoved).toBeGreaterThan(8);
  expect(led.hash()).toBe(sliced.hash());
});

test('nobody is led while a board may stop at a breakpoint', async () => {
  const cluster = await talkers('mesh:3', TALK);
  cluster.runUntil(30 * MILLISECOND);
  const { leads } = cluster.share.scheduler;
  expect(leads).toBeGreaterThan(0);
  const { hart } = board(cluster, 1);
  hart.setBreakpoint(0);
  cluster.runUntil(50 * MILLISECOND);
  expect(cluster.share.scheduler.leads).toBe(leads);
  hart.clearBreakpoint(0);
  cluster.runUntil(70 * MILLISECOND);
  expect(cluster.share.scheduler.leads).toBeGreaterThan(leads);
});
