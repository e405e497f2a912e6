/**
 * Clusters of real boards that talk over their NICs: sliced, stepped, saved, restored, forked, rewound and
 * hurt, they do the same again.
 */
import { expect, test } from 'vitest';
import { Cluster } from '../../hw/cluster.ts';
import type { Intervention } from '../../hw/lab/fault.ts';
import { planFaults } from '../../hw/lab/fault-plan.ts';
import { History } from '../../hw/lab/history.ts';
import { formatJournal, parseJournal } from '../../hw/lab/journal.ts';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { board, heard, sent, switchOn, talkerOptions, talkers } from './cluster-rig.ts';

const MILLISECOND = 1_000_000;
const TALK = {
  periodTicks: 300,
  work: 200,
  settings: { lossPpm: 50_000, jitterNs: 3_000, duplicatePpm: 20_000 },
};

function hashAt(cluster: Cluster, ns: number): string {
  expect(cluster.runUntil(ns)).toBe(true);
  return cluster.hash();
}

test('boards hear each other over a switch, a hub and a plain wire', async () => {
  for (const name of ['star:4', 'bus:3', 'line:2']) {
    const cluster = await talkers(name, { periodTicks: 500 });
    cluster.runUntil(MILLISECOND);
    const others = cluster.topology.nodes.filter(node => node.kind === 'board').length - 1;
    expect(sent(cluster, 0)).toBeGreaterThan(15);
    expect(heard(cluster, 0)).toBeGreaterThan(15 * others);
  }
});

test('any slicing of a run of boards gives the same hash, every instruction a slice included', async () => {
  const options = await talkerOptions('star:3', TALK);
  const [straight, sliced, stepped] = [0, 1, 2].map(() => {
    const cluster = new Cluster(options);
    switchOn(cluster);
    return cluster;
  });
  const hash = hashAt(straight!, 400_000);
  const random = new Random(3);
  while (sliced!.now < 400_000) sliced!.runUntil(Math.min(400_000, sliced!.now + 1 + random.below(9_000)));
  expect(sliced!.hash()).toBe(hash);
  while (stepped!.now < 400_000) stepped!.step(stepped!.now % 3);
  expect(stepped!.hash()).toBe(hashAt(straight!, stepped!.now));
});

test('boards restored from memory, from a file and as a fork go on as the original', async () => {
  const options = await talkerOptions('star:3', TALK);
  const cluster = new Cluster(options);
  switchOn(cluster);
  cluster.runUntil(333_333);
  const checkpoint = cluster.checkpoint();
  const fork = cluster.fork();
  const other = new Cluster(options);
  other.fromBytes(cluster.toBytes());
  const hash = hashAt(cluster, 900_000);
  cluster.restore(checkpoint);
  expect(hashAt(cluster, 900_000)).toBe(hash);
  expect(hashAt(fork, 900_000)).toBe(hash);
  expect(hashAt(other, 900_000)).toBe(hash);
});

test('rewinding boards to a cycle puts them on the same instruction with the same state', async () => {
  const cluster = await talkers('line:2', TALK);
  const history = new History(cluster, { everyNs: 100_000, snapshotsMax: 6 });
  history.runUntil(450_000);
  const { cycle, pc } = board(cluster, 1).hart;
  const hash = cluster.hash();
  history.runUntil(MILLISECOND);
  history.visitCycle(1, cycle);
  expect([board(cluster, 1).hart.cycle, board(cluster, 1).hart.pc]).toEqual([cycle, pc]);
  expect(hashAt(cluster, 450_000)).toBe(hash);
});

test('boards of unlike hardware keep their own pace', async () => {
  const options = await talkerOptions('line:2', { periodTicks: 500, work: -1 });
  const nodes = options.topology.nodes.map((node, at) =>
    at === 0 ? { ...node, hardware: { clockHz: 25_000_000 } } : node,
  );
  const cluster = new Cluster({ ...options, topology: { ...options.topology, nodes } });
  switchOn(cluster);
  cluster.runUntil(MILLISECOND);
  const cycles = [0, 1].map(node => board(cluster, node).hart.cycle);
  expect(cycles.map(cycle => Math.floor(cycle / 100))).toEqual([250, 1_000]);
  expect(heard(cluster, 0)).toBeGreaterThan(15);
});

test('a plan of faults by seed hurts boards the same way each time, and from its journal', async () => {
  const drives = () => [{ medium: new Medium({ random: new Random(5), size: 65_536 }), serial: 'disk' }];
  const options = await talkerOptions('star:3', { ...TALK, drives });
  const run = (text: string): Cluster => {
    const cluster = new Cluster(options);
    switchOn(cluster);
    for (const entry of parseJournal(text, cluster.topology)) cluster.plan(entry);
    cluster.runUntil(2 * MILLISECOND);
    return cluster;
  };
  for (const seed of [1, 2, 3]) {
    const plan = { fromNs: 1, untilNs: 2 * MILLISECOND, count: 15, diskSectors: 128, ramSize: 0x40_0000 };
    const text = formatJournal(planFaults(new Random(seed), options.topology, plan));
    const once = run(text);
    expect(run(text).hash()).toBe(once.hash());
    expect(once.hash()).not.toBe(run('').hash());
  }
});

test('an entry for a cycle is carried out at the first instruction boundary there', async () => {
  const cluster = await talkers('line:2', TALK);
  cluster.plan({ when: { cycle: 12_345, node: 1 }, intervention: { do: 'power-off', node: 1 } });
  cluster.runUntil(MILLISECOND);
  expect(board(cluster, 1).power).toBe('off');
  expect(board(cluster, 1).hart.cycle).toBeGreaterThanOrEqual(12_345);
  expect(board(cluster, 1).hart.cycle).toBeLessThan(12_345 + 100);
});

test('each fault inside a board does what it says', async () => {
  const cluster = await talkers('line:2', { periodTicks: 500 });
  cluster.runUntil(100_000);
  const { hart, ram } = board(cluster, 0);
  const [word] = ram.read(0x8010_0000, 1)!;
  cluster.perform({ do: 'flip-ram', node: 0, address: 0x8010_0000, bit: 3 });
  expect(ram.read(0x8010_0000, 1)![0]).toBe(word! ^ 8);
  cluster.perform({ do: 'flip-register', node: 0, register: 27, bit: 31 });
  expect(hart.readRegister(27)).toBe(0x8000_0000);
  const cycles = (ns: number): number => {
    const before = hart.cycle;
    cluster.runUntil(cluster.now + ns);
    return hart.cycle - before;
  };
  expect(cycles(100_000)).toBe(10_000);
  cluster.perform({ do: 'clock', node: 0, hertz: 10_000_000 });
  expect(cycles(100_000)).toBe(1_000);
  cluster.perform({ do: 'drift', node: 0, ppm: -10_000 });
  expect(cycles(100_000)).toBe(9_900);
  cluster.perform({ do: 'freeze', node: 0, ns: 60_000 });
  expect(cycles(100_000)).toBe(3_960);
});

test('an interrupt lost or spurious changes when a board wakes, and what it heard in the end is the same', async () => {
  const cluster = await talkers('line:2', { periodTicks: 1_000 });
  cluster.runUntil(150_000);
  const straight = cluster.fork();
  const hash = hashAt(straight, 400_000);
  for (const kind of ['lose-interrupt', 'spurious-interrupt'] as const) {
    const fork = cluster.fork();
    fork.perform({ do: kind, node: 1, source: 1 });
    expect(hashAt(fork, 400_000)).not.toBe(hash);
    expect([sent(fork, 1), heard(fork, 1)]).toEqual([sent(straight, 1), heard(straight, 1)]);
  }
});

test('disks keep what power loss leaves, and what is asked of a missing disk is refused', async () => {
  const drives = () => [{ medium: new Medium({ random: new Random(5), size: 65_536 }), serial: 'disk' }];
  const cluster = new Cluster(await talkerOptions('line:2', { periodTicks: 500, drives }));
  const { medium } = board(cluster, 0).disks[0]!;
  medium.write(3, new Uint8Array(512).fill(7));
  medium.flush();
  const before = cluster.checkpoint();
  cluster.perform({ do: 'disk-latent', node: 0, disk: 0, sector: 3, count: 1 });
  expect(medium.read(3, 1)).toBeUndefined();
  cluster.restore(before);
  expect(medium.read(3, 1)![0]).toBe(7);
  cluster.perform({ do: 'disk-corrupt', node: 0, disk: 0, sector: 3 });
  expect(medium.read(3, 1)).not.toEqual(new Uint8Array(512).fill(7));
  const missing: Intervention = { do: 'disk-lost', node: 0, disk: 1 };
  expect(() => cluster.perform(missing)).toThrow('node0 has no disk 1: it has 1');
  const beyond: Intervention = { do: 'disk-corrupt', node: 0, disk: 0, sector: 128 };
  expect(() => cluster.perform(beyond)).toThrow('disk 0 of node0 has 128 sectors: stay below');
});

test('a breakpoint stops the cluster, nothing is done halfway, and it runs on as if it had not stopped', async () => {
  const cluster = await talkers('line:2', TALK);
  cluster.runUntil(100_000);
  const hash = hashAt(cluster.fork(), 400_000);
  const { hart } = board(cluster, 1);
  hart.setBreakpoint(hart.pc);
  expect(cluster.runUntil(400_000)).toBe(false);
  expect(cluster.now).toBeLessThan(400_000);
  expect(() => cluster.perform({ do: 'reset', node: 0 })).toThrow('run on before you intervene');
  hart.clearBreakpoint(hart.pc);
  expect(hashAt(cluster, 400_000)).toBe(hash);
});

test('a file of boards with other RAM is refused and changes nothing', async () => {
  const cluster = await talkers('line:2', TALK);
  cluster.runUntil(100_000);
  const hash = cluster.hash();
  const other = await talkers('line:2', { ...TALK, ramSize: 0x80_0000 });
  expect(() => cluster.fromBytes(other.toBytes())).toThrow('the snapshot is of a board with other RAM');
  expect(cluster.hash()).toBe(hash);
});
