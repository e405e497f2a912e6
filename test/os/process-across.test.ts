/**
 * Processes of which parents, children and groups are on different nodes.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const [QUOTA, NO_SUCH_PROCESS, NO_CHILD] = [-16, -46, -47];
const [EXITED, SIGNALLED, STOPPED, CONTINUED] = [1, 2, 3, 4];
const MINE = 1;
const CHILDREN = 1;

it(
  'tells a parent of children on another node what it tells of those at home',
  async () => {
    const session = await bootCluster('line:2', {
      isSpread: true,
      programs: { 'process-ways': 'process-ways', child: 'child' },
      session: { run: '/boot/bin/process-ways', arguments: ['process-ways', `${CHILDREN}`] },
    });
    await session.expect(0, /descriptor.*\n/, { within: '8s' });
    await session.run('1ms');
    const told = answersOf(session.text(0));
    expect(told.get('status')).toEqual([MINE, EXITED, 5, 0, MINE, SIGNALLED, 9, NO_CHILD]);
    expect(told.get('signal')).toEqual([
      ...[0, MINE, SIGNALLED, 15],
      ...[0, 0, MINE, SIGNALLED, 10],
      ...[MINE, EXITED, 42],
    ]);
    expect(told.get('stop')).toEqual([MINE, STOPPED, 20, 0, MINE, CONTINUED, 0, MINE, SIGNALLED, 9]);
    const ofGroup = [0, NO_CHILD, NO_SUCH_PROCESS, NO_SUCH_PROCESS, 0];
    expect(told.get('group')).toEqual([...ofGroup, 0, 0, MINE, SIGNALLED, 9]);
    expect(told.get('orphan')).toEqual([MINE, EXITED, 3, 100_001]);
    expect(told.get('fault')).toEqual([MINE, SIGNALLED, 11]);
    expect(told.get('greedy')).toEqual([MINE, SIGNALLED, 11]);
    expect(told.get('crowd')).toEqual([QUOTA, 1, QUOTA, 0]);
    expect(told.get('descriptor')).toEqual([0, 0, MINE, EXITED, 0, NO_SUCH_PROCESS]);
  },
  BUILD_MILLISECONDS,
);

it('makes a process on another node in 250,000 cycles, and tells of its death within 1 ms', async () => {
  const session = await bootCluster('line:2', {
    isSpread: true,
    programs: { 'spawn-cost': 'spawn-cost', nothing: 'nothing', child: 'child' },
    session: { run: '/boot/bin/spawn-cost', arguments: ['spawn-cost', '0', `${CHILDREN}`] },
  });
  await session.expect(0, /many.*\n/, { within: '8s' });
  const told = answersOf(session.text(0));
  expect(told.get('answered')![0]).toBeLessThanOrEqual(250_000);
  expect(told.get('ended')![0]).toBeLessThanOrEqual(300_000);
  expect(told.get('killed')![0]).toBeLessThanOrEqual(100_000);
  expect(told.get('many')).toEqual([300]);
});
