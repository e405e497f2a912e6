/**
 * A cluster of unlike boards: clocks from 25 to 200 MHz, RAM and caches small and large, one to four NICs, disks at
 * some. Who works at one of them works with all.
 */
import { beforeAll, expect, it } from 'vitest';
import { topologyFromData } from '../../hw/lab/topology.ts';
import { Consoles, PROMPT } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const MIB = 0x10_0000;
const NODES = [0, 1, 2, 3];
const UNLIKE = topologyFromData(
  {
    boards: [
      {},
      { clockHz: 50_000_000, ramSize: 32 * MIB, cacheSize: 4096, cacheWays: 1, diskSize: 8 * MIB },
      { clockHz: 200_000_000, ramSize: 128 * MIB, cacheSize: 65_536, cacheWays: 8 },
      { clockHz: 25_000_000, tlbEntries: 8, diskSize: 4 * MIB },
    ],
    switches: 1,
    links: [
      { from: '0', to: '1' },
      { from: '1', to: '2', rate: 100_000_000 },
      { from: '1', to: '3', delayNs: 20_000, lossPpm: 1000 },
      { from: '2', to: '3' },
      { from: '2', to: '3' },
      { from: '2', to: 's0' },
      { from: '3', to: 's0' },
    ],
  },
  'unlike',
);

let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.start(UNLIKE, ['cat', 'df', 'load', 'nodes', 'on', 'ps', 'seq', 'tail', 'wc']);
  for (const node of NODES) await cluster.session.expect(node, PROMPT, { within: '2s' });
  await cluster.session.run('100ms');
}, BUILD_MILLISECONDS);

it('has boards of different clock, memory, caches, disks and NICs in one view, and shows what each is', async () => {
  for (const node of NODES) {
    const text = await cluster.ask(node, 'nodes');
    for (const other of NODES) expect(text).toMatch(new RegExp(`^\\s*\\*?\\s*${other}\\b`, 'm'));
  }
  const text = await cluster.ask(0, 'load');
  for (const clock of ['25MHz', '50MHz', '100MHz', '200MHz']) expect(text).toMatch(new RegExp(` ${clock} `));
});

it('gives the same files and the same answers at each of unlike boards', async () => {
  await cluster.ask(0, 'seq 1 5000 > /numbers');
  for (const node of NODES)
    expect(await cluster.ask(node, 'tail -2 /numbers; wc /numbers')).toMatch(
      /4999\n5000\n +5000 +5000 +23893 \/numbers\n/,
    );
});

it('keeps everybody’s files at the first board that has a disk', async () => {
  expect(await cluster.ask(3, 'cat /node/1/numbers | wc -l')).toContain('5000');
  expect(await cluster.ask(3, 'cat /node/0/numbers')).toContain('No such file');
});

it('counts the processor’s time in seconds, whatever its clock', async () => {
  cluster.session.type(3, 'while :; do :; done\n');
  await cluster.session.run('2s');
  const [, hundredths] = /^ +3 3000\d\d R +0:0(\d\.\d\d) sh$/m.exec(await cluster.ask(0, 'ps -e'))!;
  expect(Number(hundredths)).toBeGreaterThan(1.8);
  cluster.session.type(3, '\x03');
});

it('runs a pipeline over four unlike boards', async () => {
  const text = await cluster.ask(2, 'on 0 seq 1 2000 | on 3 cat | on 1 wc -l');
  expect(text.trim()).toMatch(/2000$/);
});
