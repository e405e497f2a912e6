/**
 * Nodes that call each other's services: programs use the stubs that they use at home.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const NOT_FOUND = -32;
/** From one node's card to the other's interrupt. */
const WIRE_CYCLES = 700;

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
  expect(cycles).toBeLessThanOrEqual(5_600);
  // a millisecond after the one before: with a path lent, a handle that goes along, one that comes back
  expect(answers.get('lending')![0]).toBeLessThanOrEqual(16_000);
  expect(answers.get('giving')![0]).toBeLessThanOrEqual(23_000);
  expect(answers.get('getting')![0]).toBeLessThanOrEqual(31_000);
});

/** What an empty call takes at best, to the last node of a line. */
async function cyclesTo(node: number): Promise<number> {
  const nodes = String(node + 1);
  const session = await bootCluster(`line:${nodes}`, {
    programs: { neighbours: 'neighbours' },
    session: { run: '/boot/bin/neighbours', arguments: ['neighbours', String(node), nodes] },
  });
  await session.expect(0, 'cycles', { within: '2s' });
  await session.run('1ms');
  return answersOf(session.text(0)).get('cycles')![0]!;
}

it('adds little at each node on the way', async () => {
  const [near, far] = [await cyclesTo(1), await cyclesTo(2)];
  // there and back, and a wire's 5 us and the cards' times each way
  expect((far - near) / 2 - WIRE_CYCLES).toBeLessThanOrEqual(1000);
});
