/**
 * A server that counts, on one board, and a client that tells it numbers, on another, while everything fails.
 */
import { expect, it } from 'vitest';
import { Random } from '../../hw/lab/random.ts';
import type { Session } from '../../hw/session/session.ts';
import { bootCluster } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const NUMBERS = 300;
/** Of both nodes' services, so often. */
const RESTARTS = 12;
const MOMENTS_MAX = 200;

const restart = { max: 1000 };
const SERVICES = {
  tally: { source: 'test/os/guest/tally.ts', kept: 1, restart, limits: { handles: 64 } },
  teller: {
    source: 'test/os/guest/teller.ts',
    kept: 2,
    uses: ['net', 'name'],
    authority: ['control'],
    arguments: [String(NUMBERS)],
    restart,
  },
  restarter: {
    source: 'test/os/guest/restarter.ts',
    authority: ['init'],
    arguments: ['20', '90', String(RESTARTS), 'net', 'tally', 'teller'],
  },
};

function boot(seed: number): Promise<Session> {
  return bootCluster('line:2', {
    programs: { sleeper: 'sleeper' },
    session: { run: '/boot/bin/sleeper' },
    services: SERVICES,
    mounts: { '/tally': ['tally'] },
    commandLine: `chance=${seed}`,
    wire: { lossPpm: 20_000, duplicatePpm: 20_000, corruptPpm: 5_000 },
    seed,
  });
}

/** The wire is cut and healed at moments that are drawn, until everything has been counted. */
async function fail(session: Session, seed: number): Promise<void> {
  const dice = new Random(seed).stream('cuts');
  for (let moment = 0; moment < MOMENTS_MAX && !session.text(0).includes('counted'); moment++) {
    await session.run(`${20 + dice.below(120)}ms`);
    if (dice.below(2) === 0) continue;
    session.cut(0, 1);
    await session.run(`${1 + dice.below(70)}ms`);
    session.heal(0, 1);
  }
  await session.run('1ms');
}

it.each([1, 2, 3])(
  'counts each acknowledged call once under loss, duplication, client, server and link crashes (seed %i)',
  async seed => {
    const session = await boot(seed);
    await fail(session, seed);
    const [acknowledged, unknown, wrong] = answersOf(session.text(0)).get('counted')!;
    expect(wrong).toBe(0);
    expect(acknowledged! + unknown!).toBe(NUMBERS);
    expect(acknowledged).toBeGreaterThan(NUMBERS / 2);
    expect(unknown).toBeGreaterThan(0);
  },
);
