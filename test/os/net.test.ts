/**
 * The net service's own code on nodes of the rig: routes over any topology, floods without storms, and what it
 * makes of packets that are lost, doubled, damaged, replayed, forged or foreign.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { NetCluster, stationModule, type Trouble } from './net-rig.ts';

type Links = readonly (readonly [number, number])[];

const LINE: Links = [
  [0, 1],
  [1, 2],
  [2, 3],
];
const RING: Links = [...LINE, [3, 0]];
/** Five nodes, of which each has a wire to each. */
const FULL: Links = [0, 1, 2, 3].flatMap(a => [1, 2, 3, 4].flatMap(b => (a < b ? [[a, b] as const] : [])));
const SETTLED_MS = 60;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await stationModule('net-node');
});

function settled(nodes: number, links: Links): NetCluster {
  const cluster = new NetCluster(module, nodes, links);
  cluster.run(SETTLED_MS);
  return cluster;
}

/** What the shortest way costs, or undefined where there is none, for each pair. */
function shortest(nodes: number, links: Links): (number | undefined)[][] {
  return Array.from({ length: nodes }, (_, from) => {
    const costs: (number | undefined)[] = Array.from({ length: nodes });
    costs[from] = 0;
    for (let cost = 0; cost < nodes; cost++)
      for (const [a, b] of [...links, ...links.map(([a, b]) => [b, a] as const)])
        if (costs[a] === cost && costs[b] === undefined) costs[b] = cost + 1;
    return costs;
  });
}

function routesOf(cluster: NetCluster): (number | undefined)[][] {
  return cluster.nodes.map(({ net }) =>
    cluster.nodes.map((_, to) => (net.isReachable(to) ? net.costTo(to) : undefined)),
  );
}

/** The last frame that comes to the node while `act` has its consequences. */
function lastFrameTo(cluster: NetCluster, node: number, act: () => void): Uint8Array {
  let last: Uint8Array = new Uint8Array(0);
  const receiver = cluster.nodes[node]!;
  const receive = receiver.receive.bind(receiver);
  receiver.receive = (port, frame, now) => {
    last = frame;
    receive(port, frame, now);
  };
  act();
  cluster.deliver();
  receiver.receive = receive;
  return last;
}

const graphs = fc
  .integer({ min: 2, max: 9 })
  .chain(nodes =>
    fc.tuple(
      fc.constant(nodes),
      fc.uniqueArray(
        fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)).filter(([a, b]) => a < b),
        { selector: ([a, b]) => a * nodes + b, maxLength: 14 },
      ),
    ),
  )
  .map(([nodes, links]) => {
    const degree = new Map<number, number>();
    const used = (node: number) => degree.get(node) ?? 0;
    const kept = links.filter(([a, b]) => {
      if (used(a) === 4 || used(b) === 4) return false;
      degree.set(a, used(a) + 1).set(b, used(b) + 1);
      return true;
    });
    return { nodes, links: kept as Links };
  });

it('finds the shortest ways in any graph, and only those there are', () => {
  fc.assert(
    fc.property(graphs, ({ nodes, links }) => {
      expect(routesOf(settled(nodes, links))).toEqual(shortest(nodes, links));
    }),
    { seed: 11, numRuns: 60 },
  );
});

it('finds new ways when wires are cut and healed', () => {
  fc.assert(
    fc.property(graphs, fc.array(fc.nat(13), { maxLength: 6 }), ({ nodes, links }, choices) => {
      const cluster = settled(nodes, links);
      const cut = new Set(choices.filter(wire => wire < links.length));
      for (const wire of cut) cluster.cut(wire);
      cluster.run(SETTLED_MS);
      const left = links.filter((_, wire) => !cut.has(wire));
      expect(routesOf(cluster)).toEqual(shortest(nodes, left));
      for (const wire of cut) cluster.heal(wire);
      cluster.run(SETTLED_MS);
      expect(routesOf(cluster)).toEqual(shortest(nodes, links));
    }),
    { seed: 12, numRuns: 40 },
  );
});

it('carries data over several hops', () => {
  const cluster = settled(4, LINE);
  expect(cluster.nodes[0]!.send(3, 'from end to end')).toBe(true);
  cluster.run(1);
  expect(cluster.nodes.map(node => node.delivered)).toEqual([[], [], [], ['from end to end']]);
  expect(cluster.nodes[1]!.count('forwarded')).toBe(1);
});

it('says that there is no way where there is none', () => {
  const cluster = settled(3, [[0, 1]]);
  expect(cluster.nodes[0]!.send(2, 'lost')).toBe(false);
  expect(cluster.nodes[0]!.count('noRoute')).toBe(1);
});

it('tells everybody exactly once in any connected graph, by at most two frames a wire', () => {
  fc.assert(
    fc.property(graphs, ({ nodes, links }) => {
      const cluster = settled(nodes, links);
      const before = cluster.frames;
      cluster.nodes[0]!.send('everybody', 'all');
      cluster.deliver();
      expect(cluster.frames - before).toBeLessThanOrEqual(2 * links.length);
      const reached = shortest(nodes, links)[0]!;
      const expected = reached.map((cost, node) => (cost === undefined || node === 0 ? [] : ['all']));
      expect(cluster.nodes.map(node => node.delivered)).toEqual(expected);
    }),
    { seed: 13, numRuns: 60 },
  );
});

it('notices within 50 ms that a wire has fallen silent without losing its carrier', () => {
  const cluster = settled(4, RING);
  cluster.wires[0]!.isCut = true;
  cluster.run(50);
  expect(cluster.nodes[0]!.net.costTo(1)).toBe(3);
});

it('has all know within 50 ms that a node with many wires has fallen silent, whenever it does', () => {
  for (let moment = 0; moment < 150; moment += 7) {
    const cluster = settled(5, FULL);
    cluster.run(moment);
    for (const wire of cluster.wires) wire.isCut = wire.ends.includes(0);
    cluster.run(50);
    expect(routesOf(cluster).slice(1)).toEqual(shortest(5, FULL.slice(4)).slice(1));
  }
});

it('finds out of each of many wires in 200 ms that it alone has fallen silent', () => {
  for (const [number, [a, b]] of FULL.entries()) {
    const cluster = settled(5, FULL);
    cluster.wires[number]!.isCut = true;
    cluster.run(200);
    expect([cluster.nodes[a]!.net.costTo(b), cluster.nodes[b]!.net.costTo(a)]).toEqual([2, 2]);
    cluster.wires[number]!.isCut = false;
    cluster.run(2 * SETTLED_MS);
    expect(routesOf(cluster)).toEqual(shortest(5, FULL));
  }
});

it('speaks to two neighbours in every round of hellos, and to the others in every fourth', () => {
  const cluster = settled(5, FULL);
  cluster.run(300);
  const before = cluster.frames;
  cluster.run(40 * 36);
  expect(cluster.frames - before).toBeLessThanOrEqual(5 * (40 * 2 + 10 * 2) + 20);
});

it('takes no way by a wire that works in one direction only', () => {
  const cluster = settled(4, RING);
  cluster.wires[0]!.isOneWay = true;
  cluster.run(SETTLED_MS);
  expect([cluster.nodes[0]!.net.costTo(1), cluster.nodes[1]!.net.costTo(0)]).toEqual([3, 3]);
});

const TROUBLES: readonly Trouble[] = [
  { loss: 30 },
  { double: 50 },
  { damage: 20 },
  { delay: 5 },
  { loss: 20, double: 20, damage: 10, delay: 4 },
];

it.each(TROUBLES)('keeps its ways through %o, once it knows them', trouble => {
  for (const [nodes, links] of [[4, RING] as const, [5, FULL] as const]) {
    const cluster = settled(nodes, links);
    cluster.trouble = trouble;
    cluster.run(3000);
    cluster.trouble = {};
    cluster.run(SETTLED_MS);
    expect(routesOf(cluster)).toEqual(shortest(nodes, links));
  }
});

it('hands up no packet twice, however it was doubled, late or damaged on its way', () => {
  const cluster = settled(4, RING);
  cluster.trouble = { double: 60, delay: 5, damage: 10 };
  const sent = Array.from({ length: 200 }, (_, number) => `packet ${number}`);
  for (const text of sent) {
    cluster.nodes[0]!.send(2, text);
    cluster.run(1);
  }
  cluster.run(10);
  const { delivered } = cluster.nodes[2]!;
  expect(new Set(delivered).size).toBe(delivered.length);
  expect(delivered.every(text => sent.includes(text))).toBe(true);
  expect(delivered.length).toBeGreaterThan(100);
});

it('knows a node that has begun anew, and nothing from before reaches it', () => {
  const cluster = settled(3, LINE.slice(0, 2));
  const before = lastFrameTo(cluster, 2, () => cluster.nodes[0]!.send(2, 'to the one before'));
  cluster.powerOn(2, { incarnation: 2 });
  cluster.nodes[2]!.receive(0, before, cluster.now);
  expect(cluster.nodes[2]!.delivered).toEqual([]);
  expect(cluster.nodes[2]!.count('stale')).toBe(1);
  cluster.run(2 * SETTLED_MS);
  cluster.nodes[0]!.send(2, 'to the new one');
  cluster.deliver();
  expect(cluster.nodes[2]!.delivered).toEqual(['to the new one']);
});

it('forgets a node that is gone after a while, and nobody brings it back', () => {
  const cluster = settled(4, LINE);
  cluster.cut(2);
  cluster.run(10_000);
  expect(routesOf(cluster).slice(0, 3)).toEqual(shortest(4, LINE.slice(0, 2)).slice(0, 3));
});

it('counts and drops what is forged, foreign, cut short or replayed', () => {
  const cluster = settled(2, [[0, 1]]);
  const [sender, receiver] = [cluster.nodes[0]!, cluster.nodes[1]!];
  const genuine = lastFrameTo(cluster, 1, () => sender.send(1, 'genuine'));
  const changed = (at: number, by = 1) => genuine.map((byte, place) => (place === at ? byte ^ by : byte));
  const drops = () => (['replayed', 'forged', 'foreign'] as const).map(counter => receiver.count(counter));
  const before = drops();
  for (const frame of [genuine, changed(38), changed(36), changed(56), changed(15), genuine.slice(0, 40)])
    receiver.receive(0, frame, cluster.now);
  expect(drops().map((count, at) => count - before[at]!)).toEqual([1, 3, 2]);
  expect(receiver.delivered).toEqual(['genuine']);
});

it('joins nobody with another key or of another cluster', () => {
  const cluster = new NetCluster(module, 3, LINE.slice(0, 2), [
    {},
    { keyByte: 7 },
    { cluster: 2, keyByte: 7 },
  ]);
  cluster.run(SETTLED_MS);
  expect(routesOf(cluster)).toEqual(shortest(3, []));
  expect(cluster.nodes[0]!.count('forged')).toBeGreaterThan(0);
  expect(cluster.nodes[1]!.count('foreign')).toBeGreaterThan(0);
});

it('notices another node that has the number of one that is there, and refuses it', () => {
  class Twins extends NetCluster {
    override numberOf(at: number): number {
      return at === 2 ? 0 : at;
    }
  }
  const cluster = new Twins(module, 3, LINE.slice(0, 2), [{}, {}, { incarnation: 9 }]);
  cluster.cut(1);
  cluster.run(SETTLED_MS);
  cluster.heal(1);
  cluster.run(SETTLED_MS);
  expect(cluster.nodes[1]!.count('impostor')).toBeGreaterThan(0);
  cluster.nodes[1]!.send(0, 'hello');
  cluster.deliver();
  expect(cluster.nodes.map(node => node.delivered)).toEqual([['hello'], [], []]);
});

const words = (count: number) => fc.array(fc.nat(0xffff_ffff), { minLength: count, maxLength: count });
const CHASKEY_KEY = [0x833d_3433, 0x009f_389f, 0x2398_e64f, 0x417a_cf39];

it('makes pads by Chaskey-12, as its authors’ test vector has it', () => {
  const { net } = new NetCluster(module, 1, []).nodes[0]!;
  const [key, into] = [net.outgoingAt() + 2, net.incomingAt() + 2];
  new Uint32Array(net.memory.buffer, key).set(CHASKEY_KEY);
  net.expandKey(key);
  net.chaskey(key, 0x0302_0100, 0x0706_0504, 0x0b0a_0908, 0x0f0e_0d0c, into);
  const block = [...new Uint32Array(net.memory.buffer, into, 4)];
  expect(block).toEqual([0x5dd0_e2a9, 0xfb5e_ac8c, 0x633a_392e, 0x500c_36f3]);
});

/** One of the two sums: products of two words each, on top of the size. */
function sumOf(message: Uint8Array, key: (pair: number) => [number, number], pairs: number): bigint {
  const padded = new Uint8Array((message.length + 7) & ~7);
  padded.set(message);
  const view = new DataView(padded.buffer);
  let sum = BigInt(message.length);
  for (let pair = 0; pair < Math.min(pairs, padded.length / 8); pair++) {
    const [left, right] = key(pair);
    const low = (view.getUint32(8 * pair, true) + left) >>> 0;
    const high = (view.getUint32(8 * pair + 4, true) + right) >>> 0;
    sum += BigInt(low) * BigInt(high);
  }
  return BigInt.asUintN(64, sum);
}

it('hashes payloads of any size by two sums, each over its own key', () => {
  const { net } = new NetCluster(module, 1, []).nodes[0]!;
  const [key, at, into] = [net.outgoingAt() + 2, net.incomingAt() + 2, net.outgoingAt() + 66];
  net.expandKey(key);
  net.setUniversalKey(key, 0xffff_fffe);
  const keyWord = (word: number) => {
    net.chaskey(key, 0xffff_fffe, (word >> 2) << 4, 0, 0, into);
    return new Uint32Array(net.memory.buffer, into, 4)[word & 3]!;
  };
  const first = (pair: number): [number, number] => {
    const word = pair < 12 ? 4 * pair : 48 + 2 * (pair - 12);
    return [keyWord(word), keyWord(word + 1)];
  };
  const second = (pair: number): [number, number] => [keyWord(4 * pair + 2), keyWord(4 * pair + 3)];
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), words(4), (message, pad) => {
    new Uint8Array(net.memory.buffer, at).set(message);
    new Uint32Array(net.memory.buffer, into).set(pad);
    net.hashOnto(at, message.length, into, into, 0);
    const view = new DataView(net.memory.buffer, into);
    const [one, other] = [view.getBigUint64(0, true), view.getBigUint64(8, true)];
    const under = (low: number, high: number) => BigInt(pad[low]!) + (BigInt(pad[high]!) << 32n);
    expect(one).toBe(BigInt.asUintN(64, sumOf(message, first, 200) + under(0, 1)));
    expect(other).toBe(BigInt.asUintN(64, sumOf(message, second, 12) + under(2, 3)));
  });
  fc.assert(property, { seed: 14, numRuns: 60 });
});

it('copies a payload while it hashes it, but for the head, with the same sums', () => {
  const { net } = new NetCluster(module, 1, []).nodes[0]!;
  const [key, at, into] = [net.outgoingAt() + 2, net.incomingAt() + 2, net.outgoingAt() + 66];
  const [head, from] = [96, at + 800];
  net.expandKey(key);
  net.setUniversalKey(key, 0xffff_fffe);
  const property = fc.property(fc.uint8Array({ minLength: head, maxLength: 400 }), message => {
    const bytes = new Uint8Array(net.memory.buffer, at, 1200).fill(0);
    const sums = new Uint8Array(net.memory.buffer, into, 16).fill(0);
    bytes.set(message);
    net.hashOnto(at, message.length, into, into, 0);
    const inPlace = sums.slice();
    bytes.fill(0).set(message.subarray(0, head));
    bytes.set(message.subarray(head), from - at);
    sums.fill(0);
    net.hashOnto(at, message.length, into, into, from);
    expect(sums).toEqual(inPlace);
    expect(bytes.slice(0, message.length + 1)).toEqual(Uint8Array.from([...message, 0]));
  });
  fc.assert(property, { seed: 15, numRuns: 60 });
});
