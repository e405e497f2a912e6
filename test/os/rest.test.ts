/**
 * Sixteen nodes on one switch with all that `npm start` starts, while nobody does anything: what each spends on being
 * there. How much faster than real time that is simulated, is for `npm run bench idle` to say.
 */
import { expect, it } from 'vitest';
import { isBoard } from '../../hw/lab/intervene.ts';
import type { Session } from '../../hw/session/session.ts';
import { Consoles, PROMPT } from './console-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

/** Less than seven in a thousand of what a node can. */
const REST_MAX = 650_000;
const SECONDS = 4;

/** Cycles that each node was awake so far. */
function awake({ cluster, boards }: Session): readonly number[] {
  return boards.map(node => {
    const station = cluster.station(node);
    if (!isBoard(station)) throw new Error(`node ${node} is no board`);
    return station.hart.cycle - station.hart.counters['idle']!;
  });
}

it(
  'has sixteen nodes in one view soon after they were switched on, and lets them rest',
  async () => {
    const cluster = await Consoles.start('star:16', ['nodes']);
    const { session } = cluster;
    for (const node of session.boards) await session.expect(node, PROMPT, { within: '1s' });
    expect(await cluster.ask(5, 'nodes')).toContain('16 nodes, with a say');
    session.cluster.runUntil(session.now + 12_000_000_000);
    const before = awake(session);
    session.cluster.runUntil(session.now + SECONDS * 1_000_000_000);
    const spent = awake(session).map((cycles, at) => (cycles - before[at]!) / SECONDS);
    expect(spent.reduce((sum, cycles) => sum + cycles, 0) / spent.length).toBeLessThanOrEqual(REST_MAX);
  },
  BUILD_MILLISECONDS,
);
