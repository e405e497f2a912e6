/**
 * The fsck command on the board: what it says of a volume in order, of one with faults, and of one that could not
 * be mounted; and what a repair leaves.
 */
import { expect, it } from 'vitest';
import { diskWith, runWith } from './disk-rig.ts';

const DATA = new Uint8Array(20_000).map((_, at) => Math.imul(at, 2_654_435_761) >>> 24);
const FILES = new Map([['/d/a', { bytes: DATA }]]);

const fsck = (medium: Parameters<typeof runWith>[0], ...options: readonly string[]) =>
  runWith(medium, ['fsck', ...options], ['fsck']);

it('says that a volume is in order', async () => {
  const disk = await diskWith(FILES, () => {});
  expect(await fsck(disk)).toEqual(['/: in order: 1 files, 4 directories, 8 blocks\n', 0]);
});

it('finds damaged data, which a repair cannot bring back', async () => {
  const disk = await diskWith(FILES, bytes => bytes.writeUInt8(1, bytes.indexOf(DATA.subarray(5000, 5100))));
  const told = '/: 1 damaged blocks\n';
  expect(await fsck(disk)).toEqual([told, 1]);
  expect(await fsck(disk, '-r')).toEqual([`${told}/: repaired but for 1 faults\n`, 1]);
});

it('recovers a volume whose maps are damaged, and mounts it', async () => {
  const disk = await diskWith(FILES, bytes => {
    const map = bytes.readUInt32LE(60) * 4096;
    for (const copy of [0, 2]) bytes.writeUInt8(0x77, map + copy * 4096 + 4096 + 9);
  });
  const refused = 'file: the volume is damaged: have it checked with fsck; nothing was written to it\n';
  const [output, status] = await fsck(disk, '-r', '-v');
  expect(output).toContain(refused);
  expect(output).toContain('/: repaired\n/: in order: 1 files, 2 directories, 8 blocks\n');
  expect(status).toBe(1);
  expect(await fsck(disk)).toEqual(['/: in order: 1 files, 4 directories, 8 blocks\n', 0]);
});
