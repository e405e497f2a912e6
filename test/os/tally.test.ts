/**
 * A server that counts, on one board, and a client that tells it numbers, on another, while everything fails: services,
 * wires, and whole boards.
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
const DISK_SIZE = 0x10_0000;
/** Opposite to node 0 in a ring of four. */
const SERVER = 2;

interface Failure {
  readonly begin: () => void;
  readonly end: () => void;
}

const restart = { max: 1000 };
const TALLY = { source: 'test/os/guest/tally.ts', kept: 1, restart, limits: { handles: 64 } };

/** The numbers are told to that node. */
function teller(numbers: number, node: number): object {
  return {
    source: 'test/os/guest/teller.ts',
    kept: 2,
    uses: ['net', 'name'],
    authority: ['control'],
    arguments: [String(numbers), String(node)],
    restart,
  };
}

/** Ends services of every node. */
function restarter(...names: readonly string[]): object {
  return {
    source: 'test/os/guest/restarter.ts',
    authority: ['init'],
    arguments: ['20', '90', String(RESTARTS), ...names],
  };
}

function boot(topology: string, seed: number, services: Readonly<Record<string, object>>): Promise<Session> {
  return bootCluster(topology, {
    programs: { sleeper: 'sleeper' },
    session: { run: '/boot/bin/sleeper' },
    services,
    mounts: { '/tally': ['tally'] },
    commandLine: `chance=${seed}`,
    wire: { lossPpm: 20_000, duplicatePpm: 20_000, corruptPpm: 5_000 },
    diskSize: DISK_SIZE,
    seed,
  });
}

/** Something goes and comes back at moments that are drawn, until everything has been counted. */
async function fail(session: Session, seed: number, failure: (dice: Random) => Failure): Promise<void> {
  const dice = new Random(seed).stream('cuts');
  for (let moment = 0; moment < MOMENTS_MAX && !session.text(0).includes('counted'); moment++) {
    await session.run(`${20 + dice.below(120)}ms`);
    if (dice.below(2) === 0) continue;
    const { begin, end } = failure(dice);
    begin();
    await session.run(`${1 + dice.below(70)}ms`);
    end();
  }
  await session.run('1ms');
}

function isCountedOnce(session: Session, numbers: number): void {
  const [acknowledged, unknown, wrong] = answersOf(session.text(0)).get('counted')!;
  expect(wrong).toBe(0);
  expect(acknowledged! + unknown!).toBe(numbers);
  expect(acknowledged).toBeGreaterThan(numbers / 2);
  expect(unknown).toBeGreaterThan(0);
}

it.each([1, 2, 3])(
  'counts each acknowledged call once under loss, duplication, client, server and link crashes (seed %i)',
  async seed => {
    const session = await boot('line:2', seed, {
      tally: TALLY,
      teller: teller(NUMBERS, 1),
      restarter: restarter('net', 'tally', 'teller'),
    });
    const cut = { begin: () => session.cut(0, 1), end: () => session.heal(0, 1) };
    await fail(session, seed, () => cut);
    isCountedOnce(session, NUMBERS);
  },
);

it.each([1, 2, 3])(
  'counts each acknowledged call once while boards between and the server’s lose their power (seed %i)',
  async seed => {
    const session = await boot('ring:4', seed, {
      disk: { priority: 27, device: { virtio: 'block' }, kept: 66 },
      tally: { ...TALLY, uses: ['disk'] },
      teller: teller(NUMBERS, SERVER),
      restarter: restarter('net', 'teller'),
    });
    await fail(session, seed, dice => {
      const node = 1 + dice.below(3);
      return { begin: () => session.powerOff(node), end: () => session.powerOn(node) };
    });
    isCountedOnce(session, NUMBERS);
    expect(session.text(SERVER).split('starting').length).toBeGreaterThan(3);
  },
);
