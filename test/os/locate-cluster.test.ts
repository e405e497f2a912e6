/**
 * Whole boards that find each other's services, by every strategy, while nodes go and strategies change.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const HELD = 2;

/** A cluster where node HELD has the service `held`, which programs look for on all nodes. */
function bootFinding(topology: string, commandLine: string, times: number, changer = 99) {
  return bootCluster(topology, {
    commandLine,
    services: {
      locate: { uses: ['net', 'name', 'clock'], limits: { timers: 200, handles: 400 } },
      held: { source: 'test/os/guest/held.ts', uses: ['locate'], arguments: [String(HELD)] },
    },
    mounts: { '/service': 'locate' },
    programs: { finding: 'finding' },
    session: { run: '/boot/bin/finding', arguments: ['finding', String(times), String(changer)] },
  });
}

it.each(['central', 'class', 'local', 'full'])(
  'finds a service of another node by the strategy %s',
  async strategy => {
    const session = await bootFinding('line:3', `locate=${strategy}`, 8);
    for (const node of [0, 1, 2]) await session.expect(node, 'answered', { within: '2s' });
    await session.run('5ms');
    for (const node of [0, 1, 2]) {
      const answers = answersOf(session.text(node));
      expect(answers.get('answered')).toEqual([8]);
      expect(answers.get('node')).toEqual([HELD]);
    }
  },
);

it('goes on without a lost call when the node that keeps all is switched off', async () => {
  const session = await bootFinding('mesh:4', 'locate=central', 200);
  await session.run('250ms');
  session.powerOff(0);
  for (const node of [1, 3]) {
    await session.expect(node, 'answered', { within: '2s' });
    await session.run('5ms');
    const answers = answersOf(session.text(node));
    expect(answers.get('error')).toEqual([0]);
    expect(answers.get('answered')).toEqual([200]);
  }
});

it('loses no call while the strategy is changed again and again', async () => {
  const session = await bootFinding('mesh:3', '', 200, 0);
  for (const node of [0, 1, 2]) {
    await session.expect(node, 'answered', { within: '3s' });
    await session.run('5ms');
    const answers = answersOf(session.text(node));
    expect(answers.get('error')).toEqual([0]);
    expect(answers.get('answered')).toEqual([200]);
  }
});
