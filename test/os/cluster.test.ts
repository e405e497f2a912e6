/**
 * Nodes that call each other's services: programs use the stubs that they use at home.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const NOT_FOUND = -32;

it('calls another node’s names, files and refusals as if they were here', async () => {
  const session = await bootCluster('line:2', {
    programs: { neighbours: 'neighbours' },
    session: { run: '/boot/bin/neighbours', arguments: ['neighbours', '1', '2'] },
  });
  await session.expect(0, 'cycles', { within: '2s' });
  await session.run('1ms');
  const answers = answersOf(session.text(0));
  expect(answers.get('directory')).toEqual([1]);
  expect(answers.get('nobody')).toEqual([NOT_FOUND]);
  expect(answers.get('resolve')).toEqual([0, 5]);
  expect(answers.get('read')).toEqual([8192, 1, 1]);
  expect(answers.get('absent')).toEqual([NOT_FOUND]);
  const [cycles] = answers.get('cycles')!;
  expect(cycles).toBeLessThanOrEqual(9_600);
});
