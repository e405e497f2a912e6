/**
 * Whole boards that find each other's services, by every strategy, while nodes go and strategies change.
 */
import { expect, it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';
import { Consoles } from './console-rig.ts';
import { answersOf } from './kernel-rig.ts';

const HELD = 2;
/** Cycles to find again what was found before. */
const CACHED_MAX = 200;
const NOT_FOUND = -32;
const NODE_LOST = -54;
const PEER_DIED = -26;

/** A cluster where node HELD has the service `held`, which programs look for on all nodes. */
function bootFinding(topology: string, commandLine: string, times: number, changer = 99, restartEvery = 0) {
  return bootCluster(topology, {
    commandLine,
    services: {
      locate: {
        uses: ['net', 'name', 'clock'],
        arguments: ['strategy=class'],
        authority: ['init'],
        limits: { timers: 200, handles: 400 },
      },
      held: {
        source: 'test/os/guest/held.ts',
        uses: ['locate'],
        authority: ['init'],
        arguments: [String(HELD), String(restartEvery)],
      },
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
      expect(answers.get('cached')![0]).toBeLessThanOrEqual(CACHED_MAX);
    }
  },
);

it('does not run by a strategy that there is none of', async () => {
  const session = await bootFinding('line:2', 'locate=best', 1);
  await session.expect(0, 'locate ended with status', { within: '1s' });
});

it('finds a service again whose node was switched off and on', async () => {
  const session = await bootFinding('mesh:3', 'locate=class', 400);
  await session.run('200ms');
  session.powerOff(HELD);
  await session.run('50ms');
  session.powerOn(HELD);
  for (const node of [0, 1]) {
    await session.expect(node, 'answered', { within: '4s' });
    await session.run('5ms');
    const answers = answersOf(session.text(node));
    expect(answers.get('node')).toEqual([HELD]);
    expect([NOT_FOUND, NODE_LOST, PEER_DIED]).toContain(answers.get('error')![0]);
    const [answered] = answers.get('answered')!;
    expect(answered).toBeGreaterThan(250);
    expect(answered).toBeLessThan(400);
  }
});

it.each(['central', 'class', 'local', 'full'])(
  'loses no call by the strategy %s while the locate service of the node that has it begins anew again and again',
  async strategy => {
    const session = await bootFinding('line:3', `locate=${strategy}`, 120, 99, 50);
    for (const node of [0, 1]) {
      await session.expect(node, 'answered', { within: '4s' });
      await session.run('5ms');
      const answers = answersOf(session.text(node));
      expect(answers.get('error')).toEqual([0]);
      expect(answers.get('answered')).toEqual([120]);
    }
    expect(session.text(HELD).split('locate was killed: started again').length).toBeGreaterThan(8);
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

it('shows at any console which services there are, and finds and changes how they are found', async () => {
  const cluster = await Consoles.boot('line:3', ['locate', 'services', 'ls', 'date']);
  const services = await cluster.ask(0, 'services');
  expect(services).toMatch(/clock +0 \/service\/clock +0 1 2\n/);
  expect(services).toMatch(/name +0 - +0 1 2\n/);
  expect(await cluster.ask(1, 'services -l name')).toMatch(/ 2 name +runs +0 +\d+\n/);
  expect(await cluster.ask(2, 'echo $(ls /service)')).toContain('archive clock net nodes');
  expect(await cluster.ask(2, 'locate clock')).toMatch(/clock: at 0 1 2, in \d+ us/);
  expect(await cluster.ask(2, 'locate nothing')).toContain(
    'no node offers nothing: services lists what there is',
  );
  expect(await cluster.ask(1, 'locate -s full; locate')).toMatch(/0 full[\s\S]*1 full[\s\S]*2 full/);
  expect(await cluster.ask(1, 'locate -s none')).toContain('take central, class, local, full');
});

it('changes how things are found where most of the nodes are, and for one that was cut off when it is back', async () => {
  const cluster = await Consoles.boot('mesh:3', ['locate']);
  const { session } = cluster;
  for (const node of [0, 1]) session.cut(node, 2);
  await session.run('200ms');
  expect(await cluster.ask(0, 'locate -s full; locate')).toMatch(/0 full[\s\S]*1 full/);
  expect(await cluster.ask(2, 'locate -s local; echo $?')).toContain(
    'locate: this node reaches too few others to have a say: nodes says which\n1\n',
  );
  for (const node of [0, 1]) session.heal(node, 2);
  await session.run('200ms');
  expect((await cluster.ask(0, 'locate')).match(/[012] (full|local)/g)).toEqual([
    '0 full',
    '1 full',
    '2 full',
  ]);
});
