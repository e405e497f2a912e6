/**
 * What finding resources costs, against the formulas of DESIGN.md's section 9; a slice of `npm run bench locate`.
 */
import { beforeAll, expect, it } from 'vitest';
import { costOf, crossingOf, linksOf, type Setting } from '../bench/locate-workload.ts';
import { directoryModule, idOf, LocateCluster, type Strategy } from './locate-rig.ts';

const RING: Setting = { shape: 'ring', nodes: 8, resources: 128, moves: 100 };

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await directoryModule();
});

it.each(['central', 'by class'] as const)(
  '%s costs 2r(1-h)+2m messages, but for what stays at home',
  strategy => {
    const { asking, telling, acknowledging, asked } = costOf(module, strategy, RING);
    const expected = (2 * (asked + RING.moves) * (RING.nodes - 1)) / RING.nodes;
    expect((asking + telling + acknowledging) / expected).toBeCloseTo(1, 1);
  },
);

it('central has all questions at one node, by class spreads them', () => {
  expect(costOf(module, 'central', RING).busiest).toBe(1);
  expect(costOf(module, 'by class', RING).busiest).toBeLessThan(0.25);
});

it('full copy costs m(N-1) messages, and as many acknowledgements, and no question', () => {
  const { asking, telling, acknowledging } = costOf(module, 'full', RING);
  const expected = RING.moves * (RING.nodes - 1);
  expect([asking, telling, acknowledging]).toEqual([0, expected, expected]);
});

it('local only tells nothing, and asks over no more wires than a flood', () => {
  for (const shape of ['ring', 'star', 'mesh'] as const) {
    const setting = { ...RING, shape };
    const { asked, askingFrames, telling } = costOf(module, 'local', setting);
    expect(telling).toBe(0);
    const flood = 2 * linksOf(shape, RING.nodes).length;
    expect(askingFrames / asked / flood).toBeLessThan(shape === 'star' ? 2 : 1);
  }
});

it('full copy beats central below the rate of moves that the formula says', () => {
  for (const nodes of [8, 16]) {
    const crossing = crossingOf(module, { shape: 'mesh', nodes, resources: 128 });
    expect(crossing.measured / crossing.exact).toBeCloseTo(1, 1);
    expect(crossing.acknowledged / crossing.exactAcknowledged).toBeCloseTo(1, 1);
    expect(crossing.measured / crossing.expected).toBeGreaterThan(0.75);
    expect(crossing.measured).toBeLessThan(crossing.expected);
  }
});

it.each(['central', 'by class'] as Strategy[])('%s finds the place by one way there and back', strategy => {
  const cluster = new LocateCluster(module, { nodes: 8, links: linksOf('mesh', 8), strategy });
  cluster.run(10);
  cluster.bind(5, idOf(3, 1));
  cluster.run(1);
  cluster.resolve(6, idOf(3, 1));
  cluster.run(1);
  expect([cluster.count('ASK'), cluster.count('ANSWER')]).toEqual([1, 1]);
  expect([cluster.count('GIVE'), cluster.count('GIVEN')]).toEqual([1, 1]);
  cluster.resolve(6, idOf(3, 1));
  cluster.run(1);
  expect([cluster.count('ASK'), cluster.count('GIVE')]).toEqual([1, 2]);
});
