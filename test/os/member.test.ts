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

/** How many ms it takes until these nodes are in one view of just them; throws after a second. */
async function timeUntilTogether(session: Session, nodes: readonly number[]): Promise<number> {
  const bits = nodes.reduce((sum, node) => sum | (1 << node), 0);
  const start = session.now;
  const isSo = () =>
    nodes.every(node => {
      const [number, found, hasSay] = viewOf(session, node);
      return number === viewOf(session, nodes[0]!)[0] && found === bits && hasSay === 1;
    });
  while (!isSo()) {
    await session.run('1ms');
    if (session.now - start > 1e9)
      throw new Error(`not together: ${nodes.map(node => viewOf(session, node).join(' ')).join(', ')}`);
  }
  return (session.now - start) / NS_PER_MS;
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

it.each([0, 1, 2])(
  'goes on without node %d within 35 ms of its power failure, and takes it back',
  async node => {
    const session = booted.fork();
    const others = [0, 1, 2].filter(other => other !== node);
    session.powerOff(node);
    const gone = await timeUntilTogether(session, others);
    session.powerOn(node);
    await timeUntilTogether(session, [0, 1, 2]);
    expect(gone).toBeLessThanOrEqual(35);
  },
);
