/**
 * A cluster spread over worker threads is the same cluster: same hashes, same frames, same files.
 */
import { afterEach, expect, test } from 'vitest';
import { Cluster } from '../../hw/cluster.ts';
import { planFaults } from '../../hw/lab/fault-plan.ts';
import type { Entry } from '../../hw/lab/journal.ts';
import { Random } from '../../hw/lab/random.ts';
import { WorkerCluster } from '../../hw/lab/worker-cluster.ts';
import { talkerOptions } from './cluster-rig.ts';
import type { TalkerData } from './talker-recipe.ts';

const MILLISECOND = 1_000_000;
const MODULE = new URL('./talker-recipe.ts', import.meta.url).href;
const SETTINGS = { lossPpm: 50_000, jitterNs: 3_000, duplicatePpm: 20_000 };
const STAR: TalkerData = { name: 'star:4', talk: { periodTicks: 300, work: 100, settings: SETTINGS } };

const started: WorkerCluster[] = [];

afterEach(async () => {
  for (const cluster of started.splice(0)) await cluster.close();
});

async function threaded(data: TalkerData, threads: number): Promise<WorkerCluster> {
  const cluster = await WorkerCluster.start({ module: MODULE, data }, threads);
  started.push(cluster);
  return cluster;
}

async function single({ name, talk }: TalkerData): Promise<Cluster> {
  return new Cluster(await talkerOptions(name, talk));
}

function switchOn(boards: number): Entry[] {
  return Array.from({ length: boards }, (_, node) => ({
    when: { at: 0 },
    intervention: { do: 'power-on', node },
  }));
}

test('one, two and three threads give the hash of none, every hundred microseconds', async () => {
  const straight = await single(STAR);
  for (const entry of switchOn(4)) straight.plan(entry);
  const hashes: string[] = [];
  for (let now = 100_000; now <= MILLISECOND; now += 100_000) {
    straight.runUntil(now);
    hashes.push(straight.hash());
  }
  for (const threads of [1, 2, 3]) {
    const cluster = await threaded(STAR, threads);
    for (const entry of switchOn(4)) await cluster.plan(entry);
    for (const [at, hash] of hashes.entries()) {
      expect(await cluster.runUntil((at + 1) * 100_000)).toBe(true);
      expect(await cluster.hash()).toBe(hash);
    }
  }
});

test('boards that translate, in threads, give the hash of boards that interpret', async () => {
  const talk = { ...STAR.talk, work: 3000 };
  const interpreting = await single({ ...STAR, talk: { ...talk, translateAfter: Number.POSITIVE_INFINITY } });
  const translating = await threaded({ ...STAR, talk: { ...talk, translateAfter: 64 } }, 2);
  for (const entry of switchOn(4)) {
    interpreting.plan(entry);
    await translating.plan(entry);
  }
  interpreting.runUntil(MILLISECOND);
  await translating.runUntil(MILLISECOND);
  expect(await translating.hash()).toBe(interpreting.hash());
});

test('boards at work, led on beyond their wires in threads, give the hash of short slices', async () => {
  const settings = { reorderPpm: 500_000, reorderNs: 7_900_000 };
  const data: TalkerData = { name: 'mesh:3', talk: { periodTicks: 80_000, work: -1, settings } };
  const sliced = await single(data);
  const threads = await threaded(data, 3);
  for (const entry of switchOn(3)) {
    sliced.plan(entry);
    await threads.plan(entry);
  }
  while (sliced.now < 40 * MILLISECOND) sliced.runUntil(sliced.now + 50_000);
  await threads.runUntil(40 * MILLISECOND);
  expect(await threads.hash()).toBe(sliced.hash());
});

test('faults strike alike in threads, at nanoseconds and at cycles', async () => {
  const straight = await single(STAR);
  const cluster = await threaded(STAR, 2);
  const kinds = ['power', 'reset', 'freeze', 'drift', 'cut', 'noise', 'frame', 'ram'] as const;
  const plan = { fromNs: 1, untilNs: MILLISECOND, count: 12, kinds };
  const entries: Entry[] = [
    ...switchOn(4),
    ...planFaults(new Random(9), straight.topology, plan),
    { when: { cycle: 70_000, node: 3 }, intervention: { do: 'reset', node: 3 } },
  ];
  for (const entry of entries) {
    straight.plan(entry);
    await cluster.plan(entry);
  }
  straight.runUntil(2 * MILLISECOND);
  await cluster.runUntil(2 * MILLISECOND);
  expect(await cluster.hash()).toBe(straight.hash());
  expect(cluster.journal).toEqual(straight.agenda.journal);
});

test('threads save, and one thread goes on; one thread saves, and threads go on', async () => {
  const straight = await single(STAR);
  const cluster = await threaded(STAR, 2);
  for (const entry of switchOn(4)) {
    straight.plan(entry);
    await cluster.plan(entry);
  }
  straight.runUntil(400_000);
  await cluster.runUntil(400_000);
  const file = await cluster.toBytes();
  expect(Buffer.compare(file, straight.toBytes())).toBe(0);
  straight.runUntil(MILLISECOND);
  const resumed = await single(STAR);
  resumed.fromBytes(file);
  resumed.runUntil(MILLISECOND);
  expect(resumed.hash()).toBe(straight.hash());
  await cluster.runUntil(700_000);
  await cluster.fromBytes(file);
  await cluster.runUntil(MILLISECOND);
  expect(await cluster.hash()).toBe(straight.hash());
});

test('a capture from threads is the same file', async () => {
  const capture = async (cluster: Cluster | WorkerCluster): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for (const entry of switchOn(4)) await cluster.plan(entry);
    await cluster.capture(bytes => parts.push(bytes));
    await cluster.runUntil(MILLISECOND);
    await cluster.endCapture();
    return Buffer.concat(parts);
  };
  const file = await capture(await single(STAR));
  expect(Buffer.compare(await capture(await threaded(STAR, 2)), file)).toBe(0);
  expect(file.length).toBeGreaterThan(10_000);
});

test('what cannot be done is refused by the thread whose board it is', async () => {
  const cluster = await threaded(STAR, 2);
  const intervention = { do: 'disk-lost', node: 3, disk: 0 } as const;
  await expect(cluster.perform(intervention)).rejects.toThrow('node3 has no disk 0: it has 0');
});

test('a description that cannot be built is reported', async () => {
  const data = { name: 'star:4', talk: { periodTicks: 300, ramSize: 4096 } };
  await expect(WorkerCluster.start({ module: MODULE, data }, 2)).rejects.toThrow(
    'bytes of RAM are not possible',
  );
});

test('a thread that breaks down is reported, and nobody waits for it', async () => {
  const cluster = await threaded({ ...STAR, breakAt: 300_000 }, 3);
  for (const entry of switchOn(4)) await cluster.plan(entry);
  expect(await cluster.runUntil(200_000)).toBe(true);
  await expect(cluster.runUntil(MILLISECOND)).rejects.toThrow(/a board broke down|another thread/);
});
