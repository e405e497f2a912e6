/**
 * Topologies by name, by links and as data: what they join, and what is said of a wrong one.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import { linksByNode, parseTopology, type Topology, topologyFromData } from '../../hw/lab/topology.ts';

function parse(text: string, seed = 1): Topology {
  return parseTopology(text, new Random(seed));
}

function pairs(topology: Topology): string {
  return topology.links.map(({ a, b }) => `${topology.nodes[a]!.name}-${topology.nodes[b]!.name}`).join(' ');
}

function isConnected(topology: Topology): boolean {
  const seen = new Set([0]);
  for (let grown = true; grown; ) {
    const before = seen.size;
    for (const { a, b } of topology.links) {
      if (seen.has(a)) seen.add(b);
      if (seen.has(b)) seen.add(a);
    }
    grown = seen.size > before;
  }
  return seen.size === topology.nodes.length;
}

test('each shape joins what its name says', () => {
  expect(pairs(parse('line:3'))).toBe('node0-node1 node1-node2');
  expect(pairs(parse('ring:4'))).toBe('node0-node1 node1-node2 node2-node3 node3-node0');
  expect(pairs(parse('mesh:3'))).toBe('node0-node1 node0-node2 node1-node2');
  expect(pairs(parse('star:3'))).toBe('node0-switch0 node1-switch0 node2-switch0');
  expect(pairs(parse('bus:2'))).toBe('node0-hub0 node1-hub0');
  expect(pairs(parse('tree:5'))).toBe('node0-node1 node0-node2 node1-node3 node1-node4');
  expect(pairs(parse('web:4'))).toBe(
    'node0-node1 node0-node2 node1-node2 node0-node3 node2-node3 node3-node1',
  );
  expect(pairs(parse('0-1, 1-s0,h0-0,s0-h0'))).toBe('node0-node1 node1-switch0 hub0-node0 switch0-hub0');
});

test('every shape of every size is connected and needs at most four NICs a board', () => {
  const names = fc.constantFrom('line', 'ring', 'star', 'bus', 'tree', 'web', 'random');
  const property = fc.property(names, fc.integer({ min: 4, max: 60 }), fc.nat(), (name, boards, seed) => {
    const topology = parse(`${name}:${boards}`, seed);
    expect(isConnected(topology)).toBe(true);
    expect(topology.nodes.filter(node => node.kind === 'board').length).toBe(boards);
    linksByNode(topology).forEach((links, at) => {
      if (topology.nodes[at]!.kind === 'board') expect(links.length).toBeLessThanOrEqual(4);
    });
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});

test('a random topology is the same for the same seed only', () => {
  expect(pairs(parse('random:12', 5))).toBe(pairs(parse('random:12', 5)));
  expect(pairs(parse('random:12', 5))).not.toBe(pairs(parse('random:12', 6)));
  expect(pairs(parse('random:12:42'))).not.toBe(pairs(parse('random:12:43')));
});

test.each([
  ['rnig:5', 'topology "rnig:5" is not known: did you mean ring:5?'],
  [
    'blob:5',
    'is not known: write one of line, ring, mesh, star, bus, tree, web, random and a number, or links',
  ],
  ['ring', 'lacks a number of boards: write ring:5'],
  ['ring:five', 'lacks a number of boards: write ring:5'],
  ['ring:2', 'is too small: ring takes at least 3 boards'],
  ['mesh:6', 'each board would need 5 NICs and has 4; write star:6 (a switch) or web:6'],
  ['line:999', 'is too large: it takes at most 256 boards'],
  ['ring:5:7', 'has something after its number of boards: write ring:5'],
  ['0-1,1', 'link "1" is not a pair: write it as 0-1'],
  ['0-1,1-x', 'link "1-x" has an end "x": write a board as 0, a switch as s0, a hub as h0'],
  ['0-0', 'wires node0 to itself'],
  ['0-1,1-3', 'leaves out node2: number boards, switches and hubs without a gap'],
  ['0-1,0-2,0-3,0-4,0-5', 'gives node0 5 links and a board has 4 NICs: put a switch (s0) between'],
])('the wrong topology %s is refused in one line with its mend', (text, message) => {
  expect(() => parse(text)).toThrow(message);
  expect(() => parse(text)).toThrow(/^[^\n]+$/);
});

test('as data, boards differ in hardware and each direction in its settings', () => {
  const topology = topologyFromData(
    {
      boards: [{ clockHz: 50_000_000, diskSize: 0 }, {}],
      switches: 1,
      links: [
        { from: '0', to: 's0', delayNs: 9_000, back: { rate: 1_000_000 } },
        { from: '1', to: 's0' },
      ],
    },
    'mine',
  );
  expect(topology.nodes.map(node => node.hardware)).toEqual([{ clockHz: 50_000_000, diskSize: 0 }, {}, {}]);
  expect(topology.links[0]).toMatchObject({ a: 0, b: 2, forward: { delayNs: 9_000, rate: 1_000_000_000 } });
  expect(topology.links[0]!.backward).toMatchObject({ delayNs: 9_000, rate: 1_000_000 });
});

test.each([
  [{ boards: 2 }, 'has no list of links: give "links": [...]'],
  [{ boards: 2, links: [{ from: '0', to: '5' }] }, 'wires node5, but there are 2 boards'],
  [
    { boards: 2, links: [{ from: '0', to: '1', lossPmp: 3 }] },
    'unknown field "lossPmp": did you mean lossPpm?',
  ],
  [{ boards: 2, links: [{ from: '0', to: '1', rate: 'fast' }] }, 'link 0 has rate "fast": give a number'],
  [{ boards: [{ clock: 3 }, {}], links: [] }, 'node0 has an unknown field "clock": did you mean clockHz?'],
  [{ boards: [{ tlbEntries: 0 }, {}], links: [] }, 'node0 has tlbEntries "0": give a whole number from 1'],
  [
    { boards: 2, links: [{ from: '0', to: '1', mtu: 67 }] },
    'link 0 has mtu "67": give a whole number from 68',
  ],
  [{ boards: 2, link: [] }, 'unknown field "link": did you mean links?'],
  ['ring', 'is not an object: write {...}'],
])('wrong data %j is refused with its mend', (data, message) => {
  expect(() => topologyFromData(data, 'mine')).toThrow(message);
});
