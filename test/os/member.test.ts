/**
 * Views of the cluster on whole boards: every node's member service, over wires that are cut and nodes that are
 * switched off.
 */
import { beforeAll, expect, it } from 'vitest';
import type { Session } from '../../hw/session/session.ts';
import { bootCluster } from './cluster-rig.ts';

const WATCH = {
  programs: { 'view-watch': 'view-watch' },
  session: { run: '/boot/bin/view-watch' },
  with: 'member',
} as const;
const NS_PER_MS = 1e6;

let booted: Session;

beforeAll(async () => {
  booted = await bootCluster('mesh:3', WATCH);
  for (const node of [0, 1, 2]) await booted.expect(node, / 7 1\n/, { within: '1s' });
}, 600_000);

/** What the node said last: number, nodes as bits, whether it has a say. */
function viewOf(session: Session, node: number): readonly number[] {
  const lines = session.text(node).match(/view \d+ \d+ \d/g) ?? [];
  return lines.at(-1)!.split(' ').slice(1).map(Number);
}

/** How many ms it takes until these nodes are in one view of just them. */
async function timeUntilTogether(session: Session, nodes: readonly number[]): Promise<number> {
  const bits = nodes.reduce((sum, node) => sum | (1 << node), 0);
  return timeUntil(session, () =>
    nodes.every(node => {
      const [number, found, hasSay] = viewOf(session, node);
      return number === viewOf(session, nodes[0]!)[0] && found === bits && hasSay === 1;
    }),
  );
}

it('has every node in one view soon after they were switched on', async () => {
  const session = booted.fork();
  expect([0, 1, 2].map(node => viewOf(session, node))).toEqual([
    [1, 7, 1],
    [1, 7, 1],
    [1, 7, 1],
  ]);
  expect(session.now / NS_PER_MS).toBeLessThan(250);
});

/** How many ms it takes until it is so; throws after a second. */
async function timeUntil(session: Session, isSo: () => boolean): Promise<number> {
  const start = session.now;
  await session.runUntil(isSo, { within: '1s' });
  return (session.now - start) / NS_PER_MS;
}

/** Whom the node reaches, as bits, as it said last. */
function reachOf(session: Session, node: number): number {
  const lines = session.text(node).match(/reach \d+/g) ?? [];
  return Number(lines.at(-1)!.split(' ')[1]);
}

/** In ms: until all others have noticed that the node is gone, and from then on until they have a view without it. */
async function timesOfDeath(session: Session, node: number, nodes: readonly number[]) {
  const others = nodes.filter(other => other !== node);
  const hasGone = (other: number) => (reachOf(session, other) & (1 << node)) === 0;
  const noticed = await timeUntil(session, () => others.every(hasGone));
  return { noticed, view: await timeUntilTogether(session, others) };
}

it.each([0, 1, 2])(
  'notices the power failure of node %d within 10 ms, has a new view 25 ms later, and takes it back',
  async node => {
    const session = booted.fork();
    session.powerOff(node);
    const { noticed, view } = await timesOfDeath(session, node, [0, 1, 2]);
    session.powerOn(node);
    await timeUntilTogether(session, [0, 1, 2]);
    expect(noticed).toBeLessThanOrEqual(10);
    expect(view).toBeLessThanOrEqual(25);
  },
);

it.each([0, 1, 2])(
  'notices within 50 ms that node %d has fallen silent, and has a new view 25 ms later',
  async node => {
    const session = booted.fork();
    await session.run(`${7 * node}ms`);
    for (const other of [0, 1, 2]) if (other !== node) session.wire(node, other, { lossPpm: 1_000_000 });
    const { noticed, view } = await timesOfDeath(session, node, [0, 1, 2]);
    expect(noticed).toBeLessThanOrEqual(50);
    expect(view).toBeLessThanOrEqual(25);
  },
);

it('notices silence in a crowd on one switch as soon', async () => {
  const session = await bootCluster('star:6', WATCH);
  const nodes = [0, 1, 2, 3, 4, 5];
  for (const node of nodes) await session.expect(node, / 63 1\n/, { within: '1s' });
  await session.run('1s');
  session.powerOff(3);
  const { noticed, view } = await timesOfDeath(session, 3, nodes);
  expect(noticed).toBeLessThanOrEqual(50);
  expect(view).toBeLessThanOrEqual(25);
});
