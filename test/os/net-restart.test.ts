/**
 * The net service dies, on either node and over and over, while a program calls through it: each call ends with an
 * answer or with what became of it, who watches is told, and everything is found again.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const ENDS = 14;

it('starts net again while others hold its proxies, and calls go on', async () => {
  const session = await bootCluster('line:2', {
    programs: { faithful: 'faithful' },
    session: { run: '/boot/bin/faithful', arguments: ['faithful', '1', String(ENDS)] },
    services: {
      killer: {
        source: 'test/os/guest/restarter.ts',
        authority: ['init'],
        arguments: ['60', '160', '1000', 'net'],
      },
    },
  });
  await session.expect(0, 'faithful', { within: '20s' });
  await session.run('1ms');
  const [answered, died, lost, others, told] = answersOf(session.text(0)).get('faithful')!;
  expect({ ends: died! + lost!, others, told }).toEqual({ ends: ENDS, others: 0, told: ENDS });
  expect(Math.min(died!, lost!)).toBeGreaterThan(1);
  expect(answered).toBeGreaterThan(1000);
});
