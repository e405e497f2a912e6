/**
 * The net service dies, on either node and over and over, while a program calls through it: each call ends with an
 * answer or with what became of it, who watches is told, and everything is found again.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const ENDS = 14;

/** Ends net so often. */
function killer(times: number): object {
  const words = ['60', '160', String(times), 'net'];
  return { source: 'test/os/guest/restarter.ts', authority: ['init'], arguments: words };
}

it('starts net again while others hold its proxies, and calls go on', async () => {
  const session = await bootCluster('line:2', {
    programs: { faithful: 'faithful' },
    session: { run: '/boot/bin/faithful', arguments: ['faithful', '1', String(ENDS)] },
    services: { killer: killer(1000) },
  });
  await session.expect(0, 'faithful', { within: '20s' });
  await session.run('1ms');
  const [answered, died, lost, others, told] = answersOf(session.text(0)).get('faithful')!;
  expect({ ends: died! + lost!, others, told }).toEqual({ ends: ENDS, others: 0, told: ENDS });
  expect(Math.min(died!, lost!)).toBeGreaterThan(1);
  expect(answered).toBeGreaterThan(1000);
});

it('starts processes on the other node again when net has begun anew', async () => {
  const session = await bootCluster('line:2', {
    isSpread: true,
    programs: { persistent: 'persistent', nothing: 'nothing' },
    session: { run: '/boot/bin/persistent', arguments: ['persistent', '200'] },
    services: { killer: killer(4) },
  });
  await session.expect(0, 'persisted', { within: '20s' });
  await session.run('1ms');
  expect(answersOf(session.text(0)).get('persisted')![0]).toBeGreaterThan(0);
});
