/**
 * What the file service costs, in cycles of the board from a client's call to its answer: bounds a little above
 * what was measured, so that a change for the worse is seen.
 *
 *     cold     4 KiB in sequence from the disk       durable  create, write 4 KiB, sync, rename, remove
 *     cached   4 KiB from the cache                  write    4 KiB into memory
 *     long     a block of a read of 64 KiB           bulk     a block of writes of 64 KiB, synced at the end
 */
import { expect, it } from 'vitest';
import { Medium } from '../../../hw/lab/medium.ts';
import { Random } from '../../../hw/lab/random.ts';
import { buildVolume } from '../../../images/disk/build.ts';
import { boot } from '../kernel-rig.ts';

const SIZE = 8 << 20;
const BOUNDS = {
  cold: 56_000,
  cached: 10_000,
  long: 9_000,
  stat: 8_500,
  open: 15_000,
  durable: 135_000,
  write: 23_000,
  bulk: 68_000,
};

it('keeps its figures', async () => {
  const big = new Uint8Array(512 << 10).map((_, at) => at * 31);
  const image = await buildVolume(new Map([['/big', { bytes: big }]]), { size: SIZE });
  const base = { size: SIZE, read: (at: number, count: number) => image.slice(at, at + count) };
  const medium = new Medium({ random: new Random(1).stream('disk'), base });
  const sources = { init: 'file-figures', disk: 'os/driver/disk.ts', file: 'os/service/file/file.ts' };
  const parts = { drives: [{ medium, serial: 'figures' }] };
  const { output, status } = await boot(sources, { seconds: 20, parts });
  expect(status).toBe(0);
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const cycles = Number(new RegExp(`${name} (\\d+)`).exec(output)?.[1]);
    expect([name, cycles, cycles <= bound]).toEqual([name, cycles, true]);
  }
});
