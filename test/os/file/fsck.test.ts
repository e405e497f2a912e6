/**
 * The fsck command on the board: what it says of a volume in order, of one with faults, and of one that could not
 * be mounted; and what a repair leaves.
 */
import { expect, it } from 'vitest';
import { Medium } from '../../../hw/lab/medium.ts';
import { Random } from '../../../hw/lab/random.ts';
import { buildVolume } from '../../../images/disk/build.ts';
import { bootSystem, systemManifest } from '../system-rig.ts';

const SIZE = 2 << 20;
const DATA = new Uint8Array(20_000).map((_, at) => Math.imul(at, 2_654_435_761) >>> 24);
const image = buildVolume(new Map([['/d/a', { bytes: DATA }]]), { size: SIZE });

const services = {
  disk: { priority: 27, device: { virtio: 'block' }, kept: 66 },
  file: {
    priority: 21,
    uses: ['disk'],
    authority: ['control'],
    limits: { pages: 1250, handles: 300, memories: 8, timers: 80 },
  },
};

/** A disk with the volume, but for what `spoil` does to it. */
async function diskWith(spoil: (bytes: Buffer) => void): Promise<Medium> {
  const bytes = Buffer.from(await image);
  spoil(bytes);
  const base = {
    size: SIZE,
    read: (at: number, count: number) => new Uint8Array(bytes.subarray(at, at + count)),
  };
  return new Medium({ random: new Random(1).stream('disk'), base });
}

/** What a boot prints whose only program is fsck, and whether it ended well: the machine's status is 0 or 1. */
async function fsck(
  medium: Medium,
  ...options: readonly string[]
): Promise<readonly [string, number | undefined]> {
  const session = {
    run: '/boot/bin/fsck',
    arguments: ['fsck', ...options],
    console: '/dev/console',
    atEnd: 'off',
  };
  const manifest = {
    ...systemManifest({ services, mounts: { '/': 'file' }, sessions: [session] }),
    programs: ['fsck'],
  };
  const parts = { drives: [{ medium, serial: 'fsck' }] };
  const { output, status } = await bootSystem(manifest, {
    parts,
  });
  return [output.replace(/^init: .*\n/gm, ''), status];
}

it('says that a volume is in order', async () => {
  const disk = await diskWith(() => {});
  expect(await fsck(disk)).toEqual(['/: in order: 1 files, 4 directories, 8 blocks\n', 0]);
});

it('finds damaged data, which a repair cannot bring back', async () => {
  const disk = await diskWith(bytes => bytes.writeUInt8(1, bytes.indexOf(DATA.subarray(5000, 5100))));
  const told = '/: 1 damaged blocks\n';
  expect(await fsck(disk)).toEqual([told, 1]);
  expect(await fsck(disk, '-r')).toEqual([`${told}/: repaired but for 1 faults\n`, 1]);
});

it('recovers a volume whose maps are damaged, and mounts it', async () => {
  const disk = await diskWith(bytes => {
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
