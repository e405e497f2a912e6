/**
 * How much of a wire's rate a process gets that reads another node's file, one read after the other, with and without
 * loss; what is the most that software could have; and what a loss costs small calls.
 */
import { expect, it } from 'vitest';
import { topologyFromData } from '../../hw/lab/topology.ts';
import { bootCluster, NODES } from './cluster-rig.ts';
import { Consoles } from './console-rig.ts';
import { answersOf, boot } from './kernel-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

const SMALL = 0x1_0000;
/** What all ranges of a call may have together. */
const LARGEST = 0x10_0000;
const TOO_LARGE = -49;
const BLOB = Uint8Array.from({ length: LARGEST + 1 }, (_, at) => at % 251);
/** Of a frame of 1,518 bytes, and 20 between two, what is the data of a fragment. */
const PAYLOAD_SHARE = 1440 / 1538;
const TICKS_PER_SECOND = 10_000_000;
const CYCLES_PER_SECOND = 100_000_000;
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
  expect(whole).toBeGreaterThan(0.93);
  for (const seed of [1, 2, 3, 4])
    expect(await share({ rate, lossPpm: LOSS_PPM, seed })).toBeGreaterThan(0.9 * whole);
});

it('carries a file at 1 Gbit/s as fast as the processors can seal and copy', async () => {
  const rate = 1_000_000_000;
  const whole = await share({ rate });
  expect(whole).toBeGreaterThan(0.11);
  for (const seed of [1, 2, 3])
    expect(await share({ rate, lossPpm: LOSS_PPM, seed })).toBeGreaterThan(0.9 * whole);
});

it('cannot fill a wire of 1 Gbit/s: a byte that is copied once, or sealed, takes longer than on the wire', async () => {
  const { output } = await boot({ init: 'passes' });
  const [bytes, ...cycles] = answersOf(output).get('passes')!;
  const [read, copied, sealed] = cycles.map(spent => spent / bytes!);
  const onWire = (8 * CYCLES_PER_SECOND) / 1_000_000_000 / PAYLOAD_SHARE;
  expect(onWire).toBeCloseTo(0.854, 3);
  expect(read).toBeCloseTo(0.63, 1);
  expect(copied).toBeCloseTo(1.42, 1);
  expect(sealed).toBeCloseTo(2.7, 1);
});

it('carries two files at a time faster than one', async () => {
  const rate = 100_000_000;
  const whole = await share({ rate, readers: 2 });
  expect(whole).toBeGreaterThan(0.97);
  expect(await share({ rate, readers: 2, lossPpm: LOSS_PPM })).toBeGreaterThan(0.9 * whole);
});

/** In a frame, of a packet of the cluster: its kind and its payload's size; of that: its type. */
const [KIND, SIZE, TYPE] = [18, 20, 54];
const [KIND_DATA, TYPE_FRAGMENT, FRAGMENT_HEAD] = [3, 3, 20];

/** Bytes of a file in a frame. */
function bytesIn(frame: Uint8Array): number {
  if (frame[KIND] !== KIND_DATA || frame[TYPE] !== TYPE_FRAGMENT) return 0;
  return new DataView(frame.buffer, frame.byteOffset).getUint16(SIZE, true) - FRAGMENT_HEAD;
}

it(
  'carries to cat what it reads of another node’s files at 92 % of what 100 Mbit/s can carry',
  async () => {
    const rate = 100_000_000;
    const wire = topologyFromData({ boards: [{}, {}], links: [{ from: '0', to: '1', rate }] }, 'a wire');
    const consoles = await Consoles.boot(wire, ['cat'], { blob: BLOB });
    const { session } = consoles;
    await consoles.ask(0, 'cat /node/1/boot/blob > /dev/null');
    const start = session.now;
    await consoles.ask(0, 'cat /node/1/boot/blob > /dev/null');
    const frames = session.frames.between(start, session.now).filter(({ frame }) => bytesIn(frame) > 0);
    const bytes = frames.reduce((sum, { frame }) => sum + bytesIn(frame), 0);
    const seconds = (frames.at(-1)!.time - frames[0]!.time) / 1e9;
    expect((bytes * 8) / seconds / (rate * PAYLOAD_SHARE)).toBeGreaterThan(0.92);
    expect(bytes).toBe(BLOB.length - 1);
  },
  BUILD_MILLISECONDS,
);

const CALLS = 500;

/** Ticks of a call's mean, and of the longest. */
async function ping(lossPpm: number, seed = 1): Promise<{ mean: number; longest: number }> {
  const session = await bootCluster('line:2', {
    ...NODES,
    programs: { pinger: 'pinger' },
    files: { blob: BLOB },
    session: { run: '/boot/bin/pinger', arguments: ['pinger', String(CALLS)] },
    wire: { lossPpm },
    seed,
  });
  await session.expect(0, 'pinged', { within: '10s' });
  await session.run('1ms');
  const [ticks, longest] = answersOf(session.text(0)).get('pinged')!;
  return { mean: ticks! / CALLS, longest: longest! };
}

it('loses a few round trips by a lost request or answer, not more', async () => {
  const whole = await ping(0);
  const lossy = await ping(LOSS_PPM);
  expect(lossy.longest).toBeLessThan(5 * whole.mean);
  expect(lossy.mean).toBeLessThan(1.1 * whole.mean);
});
