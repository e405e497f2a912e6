/**
 * The locate service's own code in networks of many nodes: what is bound is found, what has gone or moved is not given
 * any more, by every strategy, and whatever the network, the nodes and the strategy's changes do.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { directoryModule, idOf, isNotFound, LocateCluster, type Network, STRATEGIES } from './locate-rig.ts';

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await directoryModule();
});

const RING: Network['links'] = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [4, 0],
];
const SETTLED_MS = 10;
const PRINTER = idOf(1, 7);

function settled(network: Partial<Network> = {}): LocateCluster {
  const cluster = new LocateCluster(module, { nodes: 5, links: RING, ...network });
  cluster.run(SETTLED_MS);
  return cluster;
}

describe.each(STRATEGIES)('%s', strategy => {
  it('finds from every node what another has bound, and nothing else', () => {
    const cluster = settled({ strategy });
    const bound = cluster.bind(3, PRINTER);
    cluster.run(1);
    expect(bound.status).toBe(0);
    const calls = cluster.nodes.map((_, node) => cluster.resolve(node, PRINTER));
    const nothing = cluster.nodes.map((_, node) => cluster.resolve(node, idOf(2, 1)));
    cluster.run(1);
    expect(calls.map(({ port }) => cluster.ports[port!]!.node)).toEqual([3, 3, 3, 3, 3]);
    expect(nothing.every(isNotFound)).toBe(true);
    expect(cluster.leaks()).toEqual([]);
  });

  it('gives nobody the old one when a move is acknowledged', () => {
    const cluster = settled({ strategy });
    cluster.bind(3, PRINTER);
    cluster.run(1);
    for (const node of cluster.nodes.keys()) cluster.resolve(node, PRINTER);
    cluster.run(1);
    const moved = cluster.move(PRINTER, 3, 1);
    cluster.run(1);
    expect(moved.status).toBe(0);
    const calls = cluster.nodes.map((_, node) => cluster.resolve(node, PRINTER));
    cluster.run(1);
    expect(calls.map(({ port }) => cluster.ports[port!]!.node)).toEqual([1, 1, 1, 1, 1]);
    expect(cluster.leaks()).toEqual([]);
  });

  it('finds nothing any more when it is unbound', () => {
    const cluster = settled({ strategy });
    cluster.bind(3, PRINTER);
    cluster.resolve(0, PRINTER);
    cluster.run(1);
    expect(cluster.resolve(0, PRINTER).node).toBe(0);
    cluster.run(1);
    cluster.unbind(3, PRINTER);
    cluster.run(1);
    const calls = cluster.nodes.map((_, node) => cluster.resolve(node, PRINTER));
    cluster.run(100);
    expect(calls.every(isNotFound)).toBe(true);
    expect(cluster.nodes.map(({ directory }) => directory.rowCount())).toEqual([0, 0, 0, 0, 0]);
  });

  it('goes on without a lost call when each node in turn is switched off', () => {
    for (const lost of [0, 1, 2, 3, 4]) {
      const cluster = settled({ strategy });
      for (const node of cluster.nodes.keys()) cluster.bind(node, idOf(node, 1));
      cluster.run(1);
      const others = [...cluster.nodes.keys()].filter(node => node !== lost);
      cluster.powerOff(lost);
      const calls = others.flatMap(node => others.map(other => cluster.resolve(node, idOf(other, 1))));
      cluster.run(50);
      expect(calls.map(({ status }) => status)).toEqual(calls.map(() => 0));
      const gone = cluster.resolve(others[0]!, idOf(lost, 1));
      cluster.run(50);
      expect(isNotFound(gone)).toBe(true);
    }
  });
});

it('tells anew only of the classes whose keeper is gone, by class', () => {
  const links = RING.concat([
    [0, 2],
    [1, 3],
  ]);
  const cluster = settled({ strategy: 'by class', nodes: 5, links });
  for (let family = 0; family < 64; family++) cluster.bind(family % 4, idOf(family, 1));
  cluster.run(1);
  const kept = cluster.nodes[4]!.directory.rowCount();
  const told = cluster.count('TELL');
  cluster.powerOff(4);
  cluster.run(5);
  expect(kept).toBeGreaterThan(5);
  expect(cluster.count('TELL') - told).toBeLessThanOrEqual(kept);
});

it('finds what comes to the very node that looks for it', () => {
  const cluster = settled({ strategy: 'central' });
  cluster.bind(0, PRINTER);
  cluster.run(1);
  cluster.trouble = { loss: 100 };
  const call = cluster.resolve(1, PRINTER);
  cluster.trouble = {};
  const moved = cluster.move(PRINTER, 0, 1);
  cluster.run(100);
  expect([call.status, moved.status]).toEqual([0, 0]);
  expect(cluster.ports[call.port!]!.node).toBe(1);
});

it.each(STRATEGIES)('says nothing where nothing happens, %s', strategy => {
  const cluster = settled({ strategy });
  cluster.bind(3, PRINTER);
  cluster.run(10);
  const { messages } = cluster;
  cluster.run(10_000);
  expect(cluster.messages).toBe(messages);
});

it('keeps one row of what moves from node to node, by way of the keeper too', () => {
  const cluster = settled({ strategy: 'central' });
  cluster.bind(3, PRINTER);
  cluster.run(1);
  for (const [from, to] of [
    [3, 4],
    [4, 0],
    [0, 2],
    [2, 1],
    [1, 4],
    [4, 3],
  ] as const) {
    cluster.move(PRINTER, from, to);
    cluster.run(1);
  }
  expect(cluster.nodes[0]!.directory.rowCount()).toBe(1);
  const found = cluster.resolve(2, PRINTER);
  cluster.run(1);
  expect(cluster.ports[found.port!]!.node).toBe(3);
});

/** A workload and what happens meanwhile, from the seed. */
const happenings = fc.record({
  seed: fc.nat(0xffff),
  strategy: fc.constantFrom(...STRATEGIES),
  trouble: fc.record({ loss: fc.nat(20), double: fc.nat(20), late: fc.nat(800), skew: fc.nat(8000) }),
  steps: fc.array(
    fc.record({
      pause: fc.nat(12),
      what: fc.constantFrom('resolve', 'resolve', 'resolve', 'move', 'rebind', 'use', 'power', 'link'),
      node: fc.nat(4),
      number: fc.nat(5),
      which: fc.nat(3),
    }),
    { minLength: 10, maxLength: 60 },
  ),
});

type Step = { readonly what: string; readonly node: number; readonly number: number; readonly which: number };

/** What one step asks of the cluster; resources are changed one change at a time. */
class Workload {
  private readonly changes = new Map<bigint, { status?: number; node: number }>();

  private readonly cluster: LocateCluster;

  constructor(cluster: LocateCluster) {
    this.cluster = cluster;
  }

  perform({ what, node, number, which }: Step): void {
    const id = idOf(number % 3, number);
    if (!this.cluster.nodes[node]!.isOn) {
      if (what === 'power') this.cluster.powerOn(node);
    } else if (what === 'resolve') this.cluster.resolve(node, id);
    else if (what === 'use') this.cluster.use(node, STRATEGIES[which]!);
    else if (what === 'power') this.cluster.powerOff(node);
    else if (what === 'link') this.cluster[which % 2 === 0 ? 'cut' : 'heal'](node);
    else this.change(what, node, id);
  }

  change(what: string, node: number, id: bigint): void {
    const last = this.changes.get(id);
    const isUnderWay = last !== undefined && last.status === undefined && this.cluster.nodes[last.node]!.isOn;
    const holder = this.cluster.holders(id)[0];
    if (isUnderWay || (what === 'move' && (holder === undefined || holder === node))) return;
    if (what === 'move') this.changes.set(id, this.cluster.move(id, holder!, node));
    else if (holder === undefined) this.changes.set(id, this.cluster.bind(node, id));
    else this.changes.set(id, this.cluster.unbind(holder, id));
  }
}

/** What a cluster that is whole does not know as it should. */
function ignorance(cluster: LocateCluster): string[] {
  const ids = Array.from({ length: 6 }, (_, number) => idOf(number % 3, number));
  const calls = ids.flatMap(id => cluster.nodes.map((_, node) => cluster.resolve(node, id)));
  cluster.run(200);
  const wrong = calls.filter(({ id, status, port }) => {
    const holders = cluster.holders(id);
    if (holders.length === 0) return status !== -32;
    return status !== 0 || !holders.includes(cluster.ports[port!]!.node);
  });
  return [
    ...wrong.map(call => `${call.id} at node ${call.node}: ${call.status}`),
    ...(new Set(cluster.strategies()).size === 1 ? [] : ['not of one strategy']),
    ...cluster.leaks().map(excess => `${excess} ports too many`),
  ];
}

it('gives nothing stale and knows everything in the end, whatever happens to nodes, links and messages', () => {
  fc.assert(
    fc.property(happenings, ({ seed, strategy, trouble, steps }) => {
      const cluster = settled({ strategy, seed });
      cluster.trouble = trouble;
      const workload = new Workload(cluster);
      for (const { pause, ...step } of steps) {
        workload.perform(step);
        cluster.run(pause);
      }
      cluster.trouble = {};
      for (const link of RING.keys()) cluster.heal(link);
      for (const [node, { isOn }] of cluster.nodes.entries()) if (!isOn) cluster.powerOn(node);
      cluster.run(4000);
      expect(cluster.faults()).toEqual([]);
      expect(ignorance(cluster)).toEqual([]);
    }),
    { seed: 31, numRuns: 300 },
  );
});

it('loses no call while resources move and strategies change, on a network that loses, doubles and delays', () => {
  fc.assert(
    fc.property(happenings, ({ seed, strategy, trouble, steps }) => {
      const cluster = settled({ strategy, seed });
      const workload = new Workload(cluster);
      for (let number = 0; number < 6; number++)
        workload.change('bind', number % 5, idOf(number % 3, number));
      cluster.run(1);
      cluster.trouble = trouble;
      for (const { pause, ...step } of steps) {
        const isQuiet = ['power', 'link', 'rebind'].includes(step.what);
        workload.perform(isQuiet ? { ...step, what: 'resolve' } : step);
        cluster.run(pause);
      }
      cluster.run(3000);
      const used = cluster.calls.filter(({ id, status }) => id !== 0n || status !== -45);
      const failed = used.filter(({ status }) => status !== 0);
      expect(failed.map(({ id, node, status }) => `${id} at ${node}: ${status}`)).toEqual([]);
      expect(cluster.faults()).toEqual([]);
    }),
    { seed: 32, numRuns: 200 },
  );
});
