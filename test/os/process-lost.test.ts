/**
 * Nodes that are switched off or cut off, and bad wires, while each of three has children on the others, all the
 * time.
 */
import { beforeAll, expect, it } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import type { Session } from '../../hw/session/session.ts';
import { bootCluster } from './cluster-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const NODES = [0, 1, 2];
/** A program's own, and one child of each other node; what was made last may not have been waited for yet. */
const PROGRAMS_MAX = 5;

let booted: Session;

beforeAll(async () => {
  booted = await bootCluster('mesh:3', {
    isSpread: true,
    programs: { spawner: 'spawner', nothing: 'nothing' },
    session: { run: '/boot/bin/spawner', arguments: ['spawner', '3'] },
  });
  await booted.run('150ms');
}, BUILD_MILLISECONDS);

/** What the node's program has told last. */
function toldBy(session: Session, node: number) {
  const lines = session.text(node).match(/^so-far .*$/gm)!;
  const [ended, lost, refused, programs] = lines.at(-1)!.split(' ').slice(1).map(Number);
  return { ended: ended!, lost: lost!, refused: refused!, programs: programs! };
}

it('makes and ends processes on all nodes from all nodes', () => {
  for (const node of NODES) expect(toldBy(booted, node).ended).toBeGreaterThan(10);
});

it.each(NODES)(
  'ends every wait when node %i is switched off, and goes on with it when it is back',
  async node => {
    const random = new Random(node + 1);
    const session = booted.fork();
    await session.run(`${random.below(20_000)}us`);
    const others = NODES.filter(other => other !== node);
    session.powerOff(node);
    await session.run('100ms');
    const without = others.map(other => toldBy(session, other));
    await session.run('100ms');
    for (const [place, other] of others.entries()) {
      const told = toldBy(session, other);
      expect(told.ended).toBeGreaterThan(without[place]!.ended);
      expect(told.lost + told.refused).toBeGreaterThan(0);
      expect(told.programs).toBeLessThanOrEqual(PROGRAMS_MAX);
    }
    session.powerOn(node);
    await session.run('400ms');
    for (const other of others) {
      const { refused } = toldBy(session, other);
      await session.run('50ms');
      expect(toldBy(session, other).refused).toBe(refused);
    }
    expect(toldBy(session, node).ended).toBeGreaterThan(0);
  },
);

it('ends every wait when a node is cut off, and leaves nothing of what both sides have given up', async () => {
  const session = booted.fork();
  await session.run('3ms');
  for (const other of [0, 1]) session.cut(2, other);
  await session.run('200ms');
  expect(toldBy(session, 2).lost).toBeLessThanOrEqual(2);
  expect(toldBy(session, 2).refused).toBeGreaterThan(50);
  const apart = NODES.map(node => toldBy(session, node));
  for (const other of [0, 1]) session.heal(2, other);
  await session.run('200ms');
  for (const node of NODES) {
    const told = toldBy(session, node);
    expect(told.ended).toBeGreaterThan(apart[node]!.ended + 10);
    expect(told.programs).toBeLessThanOrEqual(PROGRAMS_MAX);
  }
});

it('makes each process once and tells of each end once at 10 % loss and duplication', async () => {
  const session = booted.fork();
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const)
    session.wire(one, other, { lossPpm: 100_000, duplicatePpm: 100_000 });
  const before = NODES.map(node => toldBy(session, node));
  await session.run('500ms');
  for (const node of NODES) {
    const told = toldBy(session, node);
    expect(told.ended).toBeGreaterThan(before[node]!.ended + 10);
    expect([told.lost, told.refused]).toEqual([before[node]!.lost, before[node]!.refused]);
  }
});
