/**
 * The machine needs no Node: where there are only the language and WebAssembly, boards run, hot code is translated,
 * and the result is that of any other host.
 */
import { expect, test } from 'vitest';
import * as boards from '../../hw/board.ts';
import * as clusters from '../../hw/cluster.ts';
import { compileCore, loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { BareHost } from './bare-host.ts';

const MILLISECOND = 1_000_000;
/** Counts, and says so on its serial line. */
const COUNTING = `
  li s0, 0x10000000
1: li t0, 1000
2: addi t0, t0, -1
  add a0, a0, t0
  bnez t0, 2b
  andi t1, a0, 63
  addi t1, t1, 32
  sb t1, 0(s0)
  j 1b`;

/** Two boards after ten milliseconds: their state, and how many instructions of theirs regions executed. */
function run(
  { Cluster }: typeof clusters,
  { Board }: typeof boards,
  core: WebAssembly.Module,
): { readonly hash: string; readonly translated: number } {
  const firmware = assembleFlat(COUNTING, { origin: RAM_BASE }).bytes;
  const made = ['one', 'other'].map(
    name => new Board({ name, seed: 1, images: { firmware }, nics: [{}], translateAfter: 1000 }, core),
  );
  const topology = parseTopology('line:2', new Random(1));
  const cluster = new Cluster({ topology, seed: 1, station: index => made[index]! });
  for (const node of [0, 1]) cluster.perform({ do: 'power-on', node });
  cluster.runUntil(10 * MILLISECOND);
  return { hash: cluster.hash(), translated: made[0]!.hart.translation!.executed };
}

test('boards run and translate on a host without Node, and come to the state that they have here', async () => {
  const bare = new BareHost();
  const there = run(
    bare.load<typeof clusters>('hw/cluster.ts'),
    bare.load<typeof boards>('hw/board.ts'),
    bare.compile(await compileCore()),
  );
  expect(there.translated).toBeGreaterThan(500_000);
  expect(there).toEqual(run(clusters, boards, await loadCore()));
});

test('a host without Node has nothing of it', () => {
  const bare = new BareHost();
  for (const name of ['process', 'Buffer', 'performance', 'setTimeout', 'fetch'])
    expect(bare.run<string>(`() => typeof ${name}`)).toBe('undefined');
  expect(() => bare.load('hw/cpu/load-core.ts')).toThrow('imports node:v8, which is not there outside Node');
});
