/**
 * Every connected topology of up to five nodes, under a workload of calls from everywhere to everywhere: each wire
 * cut, each node switched off, at moments drawn from a seed; and a rogue on the wire that forges, replays and floods.
 * Calls end, with an answer or because their node is lost; none is carried out twice; what heals comes together.
 */
import { beforeAll, expect, it } from 'vitest';
import { connectedGraphs, type Graph } from './graphs.ts';
import { stationModule } from './net-rig.ts';
import { Campaign } from './remote-rig.ts';

const SIZES = [2, 3, 4, 5];
const COUNTS = [1, 2, 6, 21];

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await stationModule('remote-node');
});

/** Before, during and after what happens; then all must be as if nothing had been. */
function suffer(graph: Graph, seed: number, happen: (campaign: Campaign) => () => void): void {
  const campaign = new Campaign(module, graph, seed);
  campaign.work(30 + campaign.draw(20));
  const heal = happen(campaign);
  campaign.work(80);
  heal();
  campaign.work(60);
  campaign.run(1000);
  expect(campaign.faults()).toEqual([]);
  expect(campaign.isTogether()).toBe(true);
}

it('knows all the graphs', () => {
  expect(SIZES.map(nodes => connectedGraphs(nodes).length)).toEqual(COUNTS);
});

it.each(SIZES)('survives each cut wire in every topology of %i nodes', nodes => {
  for (const [number, graph] of connectedGraphs(nodes).entries())
    for (const wire of graph.links.keys())
      suffer(graph, 100 * number + wire, campaign => {
        campaign.cut(wire);
        return () => campaign.heal(wire);
      });
});

it.each(SIZES)('survives each node that is switched off in every topology of %i nodes', nodes => {
  for (const [number, graph] of connectedGraphs(nodes).entries())
    for (let node = 0; node < nodes; node++)
      suffer(graph, 100 * number + node, campaign => {
        campaign.switchOff(node);
        return () => campaign.switchOn(node);
      });
});

it('goes on calling while a rogue on the wire replays, forges and floods', () => {
  const campaign = new Campaign(module, connectedGraphs(3)[1]!, 7);
  const heard: Uint8Array[] = [];
  campaign.watch = frame => heard.push(frame.slice());
  campaign.work(60);
  campaign.watch = () => {};
  let accepted = 0;
  for (let turn = 0; turn < 3000; turn++) {
    const frame = heard[campaign.draw(heard.length)]!.slice();
    if (turn % 3 !== 0) frame[14 + campaign.draw(frame.length - 14)]! ^= 1 << campaign.draw(8);
    accepted += campaign.inject(0, frame);
    if (turn % 50 === 0) campaign.work(1);
  }
  campaign.run(1000);
  expect(accepted).toBe(0);
  expect(campaign.faults()).toEqual([]);
  expect(campaign.isTogether()).toBe(true);
});
