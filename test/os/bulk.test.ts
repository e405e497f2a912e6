/**
 * How much of a wire's rate a process gets that reads another node's file, one read after the other, with and without
 * loss; and what a loss costs small calls.
 */
import { expect, it } from 'vitest';
import { bootCluster, NODES } from './cluster-rig.ts';
import { answersOf } from './kernel-rig.ts';

const SMALL = 0x1_0000;
/** What all ranges of a call may have together. */
const LARGEST = 0x10_0000;
const TOO_LARGE = -49;
const BLOB = Uint8Array.from({ length: LARGEST + 1 }, (_, at) => at % 251);
/** Of a frame of 1,518 bytes, and 20 between two, what is the data of a fragment. */
const PAYLOAD_SHARE = 1440 / 1538;
const TICKS_PER_SECOND = 10_000_000;
const LOSS_PPM = 10_000;

interface Haul {
  readonly rate: number;
  readonly lossPpm?: number;
  readonly seed?: number;
  readonly size?: number;
  readonly times?: number;
  /** That read at a time. */
  readonly readers?: number;
}

/** Reads of one file: how many bytes, how long it took, and what was wrong. */
async function haul({ rate, lossPpm = 0, seed = 1, size = SMALL, times = 12, readers = 1 }: Haul) {
  const words = ['hauler', size, times, readers].map(String);
  const session = await bootCluster('line:2', {
    ...NODES,
    programs: { hauler: 'hauler' },
    files: { blob: BLOB },
    session: { run: '/boot/bin/hauler', arguments: words },
    wire: { rate, lossPpm },
    seed,
  });
  await session.expect(0, 'hauled', { within: '10s' });
  await session.run('1ms');
  const [bytes, ticks, fault] = answersOf(session.text(0)).get('hauled')!;
  return { bytes: bytes!, seconds: ticks! / TICKS_PER_SECOND, fault };
}

/** Which part of the rate at which the wire could carry such data. */
async function share(setting: Haul): Promise<number> {
  const { bytes, seconds, fault } = await haul(setting);
  expect(fault).toBe(0);
  return (bytes * 8) / seconds / (setting.rate * PAYLOAD_SHARE);
}

it('carries as much as a megabyte with one call, and says that more is too much', async () => {
  expect(await haul({ rate: 1_000_000_000, size: LARGEST, times: 1 })).toMatchObject({ fault: 0 });
  expect(await haul({ rate: 1_000_000_000, size: LARGEST + 1, times: 1 })).toMatchObject({
    fault: TOO_LARGE,
  });
});

it('carries a file at 100 Mbit/s, and loses little of that by loss', async () => {
  const rate = 100_000_000;
  const whole = await share({ rate });
  expect(whole).toBeGreaterThan(0.91);
  for (const seed of [1, 2, 3, 4])
    expect(await share({ rate, lossPpm: LOSS_PPM, seed })).toBeGreaterThan(0.9 * whole);
});

it('carries a file at 1 Gbit/s as fast as the processors can seal and copy', async () => {
  const rate = 1_000_000_000;
  const whole = await share({ rate });
  expect(whole).toBeGreaterThan(0.1);
  for (const seed of [1, 2, 3])
    expect(await share({ rate, lossPpm: LOSS_PPM, seed })).toBeGreaterThan(0.9 * whole);
});

it('carries two files at a time faster than one', async () => {
  const rate = 100_000_000;
  const whole = await share({ rate, readers: 2 });
  expect(whole).toBeGreaterThan(0.96);
  expect(await share({ rate, readers: 2, lossPpm: LOSS_PPM })).toBeGreaterThan(0.9 * whole);
});

const CALLS = 500;

/** Ticks of a call's mean, and of the longest. */
async function ping(lossPpm: number): Promise<{ mean: number; longest: number }> {
  const session = await bootCluster('line:2', {
    programs: { pinger: 'pinger' },
    session: { run: '/boot/bin/pinger', arguments: ['pinger', '1', '2', String(CALLS)] },
    wire: { lossPpm },
  });
  await session.expect(0, 'pinged', { within: '10s' });
  await session.run('1ms');
  const [ticks, longest] = answersOf(session.text(0)).get('pinged')!;
  return { mean: ticks! / CALLS, longest: longest! };
}

it('loses a few round trips by a lost request or answer, not more', async () => {
  const whole = await ping(0);
  const lossy = await ping(LOSS_PPM);
  expect(lossy.longest).toBeLessThan(7 * whole.mean);
  expect(lossy.mean).toBeLessThan(1.1 * whole.mean);
});
