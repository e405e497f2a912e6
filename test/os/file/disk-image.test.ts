/**
 * Disk images made on the host: what a folder has is on the volume, bit for bit the same each time.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildVolume, contentsOfFolder } from '../../../images/disk/build.ts';
import { Volume } from '../../../images/disk/volume.ts';
import { RamDisk } from './ram-disk.ts';
import { digest, VolumeTree } from './tree.ts';

const SIZE = 1 << 20;
const LARGE = new Uint8Array(200_000).map((_, at) => at * 7);

function withFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'bin', 'program'), LARGE, { mode: 0o755 });
    writeFileSync(join(folder, 'note'), 'hello');
    symlinkSync('bin/program', join(folder, 'short'));
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('a folder becomes a volume with all that is in it', async () => {
  const image = await buildVolume(withFolder(contentsOfFolder), { size: SIZE, time: 5n });
  const volume = (await Volume.load()).attach(new RamDisk(image));
  expect([volume.mount(), volume.check()]).toEqual([0, 0]);
  expect(new VolumeTree(volume).dump().split('\n')).toEqual([
    '/ 2 755 4 5 ',
    '/bin 2 755 2 5 ',
    `/bin/program 1 755 1 5 200000 ${digest(LARGE)}`,
    '/empty 2 755 2 5 ',
    `/note 1 644 1 5 5 ${digest(new TextEncoder().encode('hello'))}`,
    '/short 3 777 1 5 →bin/program',
  ]);
});

it('the same contents give the same bytes', async () => {
  const contents = withFolder(contentsOfFolder);
  const [a, b] = [await buildVolume(contents, { size: SIZE }), await buildVolume(contents, { size: SIZE })];
  expect(Buffer.compare(a, b)).toBe(0);
});

it('contents that do not fit, sizes and paths that are none are refused', async () => {
  const one = (path: string, size: number) => new Map([[path, { bytes: new Uint8Array(size) }]]);
  await expect(buildVolume(one('/a', SIZE), { size: SIZE })).rejects.toThrow(
    '/a cannot be written: is the disk',
  );
  await expect(buildVolume(one('a', 1), { size: SIZE })).rejects.toThrow('a: write an absolute path');
  await expect(buildVolume(one('/a', 1), { size: 1000 })).rejects.toThrow('take a multiple of 4,096');
});
