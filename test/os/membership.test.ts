/**
 * The member service's state machine on nodes of the rig: views that all agree on, whatever becomes of wires and
 * nodes, and no say for those who are too few.
 */
import { beforeAll, expect, it } from 'vitest';
import { Campaign } from './member-campaign.ts';
import { type Links, MemberCluster } from './member-rig.ts';
import { stationModule } from './net-rig.ts';

const mesh = (nodes: number): Links =>
  Array.from({ length: nodes }, (_, a) => Array.from({ length: a }, (_, b) => [b, a] as const)).flat();

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await stationModule('member-node');
});

function together(nodes: number, links: Links): MemberCluster {
  const cluster = new MemberCluster(module, nodes, links);
  cluster.timeUntil(() => cluster.isTogether());
  return cluster;
}

it('brings the founders into one view', () => {
  const cluster = new MemberCluster(module, 3, mesh(3));
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(100);
  expect(cluster.seen).toEqual(['1:7']);
});

it('has a new view within 25 ms of the moment when a node is switched off, and takes it back', () => {
  const cluster = together(3, mesh(3));
  for (const node of [0, 1, 2]) {
    const others = [0, 1, 2].filter(other => other !== node);
    cluster.powerOff(node);
    expect(cluster.timeUntil(() => cluster.isTogether(others))).toBeLessThanOrEqual(25);
    cluster.pass(500);
    cluster.comeBack(node);
    expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(150);
  }
});

it('gives a minority no say, and one view to all when it is healed', () => {
  const cluster = together(5, mesh(5));
  const crossing = cluster.wires.flatMap(({ ends }, wire) =>
    ends.some(end => end < 2) && ends.some(end => end >= 2) ? [wire] : [],
  );
  for (const wire of crossing) cluster.cut(wire);
  cluster.pass(30);
  expect(cluster.views()).toEqual(['1:31', '1:31', ...Array(3).fill('2:28 majority')]);
  for (const wire of crossing) cluster.heal(wire);
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(150);
});

it('lets the half with the lowest node go on where a cut makes two halves, and the other not', () => {
  const cluster = together(4, [
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  cluster.cut(1);
  cluster.pass(30);
  expect(cluster.views()).toEqual(['2:3 majority', '2:3 majority', '1:15', '1:15']);
});

it('removes a node whose net lives on while it does not answer, after the others have asked it too', () => {
  const cluster = together(4, mesh(4));
  cluster.nodes[2]!.net.hang(1);
  expect(cluster.timeUntil(() => cluster.isTogether([0, 1, 3]))).toBeLessThan(4000);
  cluster.nodes[2]!.net.hang(0);
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(1000);
});

it('lets a node leave without waiting for a suspicion', () => {
  const cluster = together(3, mesh(3));
  cluster.nodes[0]!.net.leave(cluster.now);
  expect(cluster.timeUntil(() => cluster.nodes[0]!.net.hasLeft() !== 0)).toBeLessThan(15);
  expect(cluster.isTogether([1, 2])).toBe(true);
  cluster.pass(2000);
  expect(cluster.views()).toEqual(['2:6', '2:6 majority', '2:6 majority']);
});

it('takes in a node that no founder knows', () => {
  const cluster = new MemberCluster(module, 4, mesh(4), 0b0111);
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(150);
});

it('has no view before all founders are there', () => {
  const cluster = new MemberCluster(module, 3, mesh(3));
  cluster.powerOff(2);
  cluster.pass(1000);
  expect(cluster.views().slice(0, 2)).toEqual(['0:0', '0:0']);
  cluster.comeBack(2);
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(150);
});

it('begins again where most of a view have begun anew at once, and counts from the next thousand', () => {
  const cluster = together(3, mesh(3));
  cluster.powerOff(1);
  cluster.powerOff(2);
  cluster.pass(200);
  expect(cluster.nodes[0]!.view).toBe('1:7');
  cluster.comeBack(1);
  cluster.comeBack(2);
  expect(cluster.timeUntil(() => cluster.isTogether())).toBeLessThan(300);
  expect(cluster.nodes[0]!.view).toBe('1001:7 majority');
});

it.each([
  [2, [0, 1]],
  [3, [1, 2]],
])('survives each of two of %d nodes beginning anew, one after the other', (nodes, restarted) => {
  const cluster = together(nodes, mesh(nodes));
  for (const node of restarted) {
    cluster.powerOff(node);
    cluster.pass(100);
    cluster.comeBack(node);
    cluster.timeUntil(() => cluster.isTogether());
  }
});

it('keeps to one view of a number, to one part with a say, and comes together, in sixty histories of trouble', () => {
  for (let seed = 1; seed <= 60; seed++) new Campaign(module, seed).run();
});
