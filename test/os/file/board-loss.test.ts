/**
 * The power fails on the board, before every write and every flush that the disk gets while a process uses the
 * file service: what is on the disk then is a volume in order, with every operation whose sync was answered.
 * Mounted by the host for each, and by the board again for some.
 */
import { beforeAll, expect, it } from 'vitest';
import { Medium, type MediumSnapshot } from '../../../hw/lab/medium.ts';
import { Random } from '../../../hw/lab/random.ts';
import { type BlockDevice, Volume } from '../../../images/disk/volume.ts';
import { boot, type Sources } from '../kernel-rig.ts';
import { Model } from './model.ts';
import { type Tree, VolumeTree } from './tree.ts';

const LOAD: Sources = { init: 'file-load', disk: 'os/driver/disk.ts', file: 'os/service/file/file.ts' };
const SECTORS = 2048;
const LOSSES = 25;

/** What file-load does, one operation each. */
const OPERATIONS: readonly ((tree: Tree) => number)[] = [
  tree => tree.create('/a'),
  tree => tree.write('/a', 0, new TextEncoder().encode('one')),
  tree => tree.makeDirectory('/d'),
  tree => tree.rename('/a', '/d/x'),
  tree => tree.create('/b'),
  tree => tree.write('/b', 0, new Uint8Array(30_000).fill(0x62)),
  tree => tree.remove('/d/x'),
  tree => tree.link('/b', '/c'),
  tree => tree.truncate('/b', 5_000),
  tree => tree.rename('/d', '/e'),
];

interface Moment {
  readonly medium: MediumSnapshot;
  /** Operations whose sync had been answered. */
  readonly synced: number;
}

const moments: Moment[] = [];
/** The tree after each number of operations. */
const states: string[] = [];
let volume: Volume;

const medium = (seed: number) => new Medium({ random: new Random(seed).stream('loss'), size: SECTORS * 512 });
const withoutTimes = (dump: string) => dump.replace(/^((?:\S+ ){4})\d+/gm, '$1');
const drives = (disk: Medium) => ({ drives: [{ medium: disk, serial: 'loss' }] });

beforeAll(async () => {
  volume = await Volume.load();
  const model = new Model();
  states.push(withoutTimes(model.dump()));
  for (const operation of OPERATIONS) {
    expect(operation(model)).toBe(0);
    states.push(withoutTimes(model.dump()));
  }
  const disk = medium(1);
  let output = '';
  const note = () =>
    moments.push({ medium: disk.snapshot(), synced: Number(/(\d+) $/.exec(output)?.[1] ?? -1) });
  const [write, flush] = [disk.write.bind(disk), disk.flush.bind(disk)];
  disk.write = (sector, bytes) => {
    note();
    write(sector, bytes);
  };
  disk.flush = () => {
    note();
    flush();
  };
  const prepare = (board: { onSerial(listener: (byte: number) => void): void }) =>
    board.onSerial(byte => {
      output += String.fromCharCode(byte);
    });
  const run = await boot(LOAD, { seconds: 5, parts: drives(disk), prepare });
  expect(run.output).toMatch(/0 1 3 4 6 8 10 $/);
  note();
});

/** The disk after the power failed at the moment, one of the ways that chance has. */
function lost(moment: Moment, seed: number): Medium {
  const disk = medium(seed);
  disk.restore({ ...moment.medium, rest: disk.snapshot().rest });
  disk.losePower();
  return disk;
}

function deviceOf(disk: Medium): BlockDevice {
  return {
    sectors: SECTORS,
    read: (sector, into) => {
      into.set(disk.read(sector, into.length / 512)!);
      return 0;
    },
    write: (sector, bytes) => {
      disk.write(sector, bytes);
      return 0;
    },
    flush: () => {
      disk.flush();
      return 0;
    },
  };
}

/** How many operations are left of those that were done; the check must find nothing. */
function left(disk: Medium): number {
  expect(volume.attach(deviceOf(disk)).mount()).toBe(0);
  const dump = withoutTimes(new VolumeTree(volume).dump());
  expect(volume.check()).toBe(0);
  expect(states).toContain(dump);
  return states.indexOf(dump);
}

it('loses no synced operation, and no order, whenever the power fails', () => {
  const formatted = moments.filter(({ synced }) => synced >= 0);
  expect(formatted.length).toBeGreaterThan(12);
  for (const moment of formatted) {
    for (let seed = 0; seed < LOSSES; seed += 1)
      expect(left(lost(moment, seed))).toBeGreaterThanOrEqual(moment.synced);
  }
  expect(left(lost(formatted.at(-1)!, 9))).toBe(OPERATIONS.length);
});

it('a format that was cut leaves a disk that can be formatted, or a volume', () => {
  const cut = moments.filter(({ synced }) => synced < 0);
  expect(cut.length).toBeGreaterThan(3);
  for (const moment of cut) {
    const found = volume.attach(deviceOf(lost(moment, 5))).mount();
    const made = found === 0 ? 0 : volume.format(7n);
    expect([made, volume.mount(), volume.check()]).toEqual([0, 0, 0]);
  }
});

it('the board mounts what its own power loss has left, and goes on', async () => {
  for (const index of [moments.length >> 2, moments.length >> 1, moments.length - 2]) {
    const disk = lost(moments[index]!, index);
    const { output, status } = await boot(LOAD, { seconds: 5, parts: drives(disk) });
    expect(output).toMatch(/10 $/);
    expect(status).toBe(0);
  }
});
