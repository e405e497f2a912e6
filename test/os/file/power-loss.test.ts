/**
 * Power loss at every durable event of short workloads: the tree is consistent, everything synced is there,
 * and the rest is a prefix. All workloads of one and of two operations here, a sample of three; all of three
 * in test/bench/power-loss.ts.
 */
import { beforeAll, expect, it } from 'vitest';
import { Random } from '../../../hw/lab/random.ts';
import { Volume } from '../../../images/disk/volume.ts';
import { type After, OPERATIONS, type Step, Workloads } from './workload.ts';

const NAMES = Object.keys(OPERATIONS);
const random = new Random(4).stream('power loss');
let workloads: Workloads;

beforeAll(async () => {
  workloads = new Workloads(await Volume.load(), random);
});

function faultsOf(all: readonly (readonly Step[])[]): string[] {
  return all.flatMap(steps => workloads.run(steps).faults).slice(0, 3);
}

const steps = (names: readonly string[], after: After): Step[] => names.map(name => ({ name, after }));

it('holds in every workload of one operation', () => {
  for (const after of ['sync', 'root'] as const) {
    expect(faultsOf(NAMES.map(name => steps([name], after)))).toEqual([]);
  }
});

it('holds in every workload of two operations, each synced', () => {
  expect(faultsOf(NAMES.flatMap(a => NAMES.map(b => steps([a, b], 'sync'))))).toEqual([]);
});

it('holds in every workload of two operations, synced together', () => {
  const all = NAMES.flatMap(a => NAMES.map(b => [...steps([a], 'nothing'), ...steps([b], 'sync')]));
  expect(faultsOf(all)).toEqual([]);
});

it('holds in workloads of three operations with roots in between', () => {
  const afters: readonly After[] = ['nothing', 'sync', 'root'];
  const one = (): Step => ({ name: NAMES[random.below(NAMES.length)]!, after: afters[random.below(3)]! });
  const all = Array.from({ length: 60 }, () => [one(), one(), { ...one(), after: 'root' as const }]);
  expect(faultsOf(all)).toEqual([]);
});

it('holds when the power fails again while the log is being replayed', () => {
  const some = ['create b', 'write b', 'rename d/x y'];
  const all = some.map(name => [...steps([name], 'sync'), ...steps(['append a'], 'sync')]);
  expect(all.flatMap(each => workloads.runTwice(each).faults).slice(0, 3)).toEqual([]);
});
