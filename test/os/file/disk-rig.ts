/**
 * A small node with a disk that holds a volume, and one program that is run there.
 *
 *     const disk = await diskWith(files, bytes => …);
 *     const [output, status] = await runWith(disk, ['fsck', '-r'], ['fsck']);
 */
import { Medium } from '../../../hw/lab/medium.ts';
import { Random } from '../../../hw/lab/random.ts';
import { buildVolume } from '../../../images/disk/build.ts';
import { bootSystem, systemManifest } from '../system-rig.ts';

const SIZE = 2 << 20;

const services = {
  disk: { priority: 27, device: { virtio: 'block' }, kept: 66 },
  file: {
    priority: 21,
    uses: ['disk'],
    authority: ['control'],
    limits: { pages: 1250, handles: 300, memories: 8, timers: 80 },
  },
};

/** A disk with a volume of these files, but for what `spoil` does to it. */
export async function diskWith(
  files: Parameters<typeof buildVolume>[0],
  spoil: (bytes: Buffer) => void = () => {},
): Promise<Medium> {
  const bytes = Buffer.from(await buildVolume(files, { size: SIZE }));
  spoil(bytes);
  const base = {
    size: SIZE,
    read: (at: number, count: number) => new Uint8Array(bytes.subarray(at, at + count)),
  };
  return new Medium({ random: new Random(1).stream('disk'), base });
}

/** What a boot prints whose only session is these words, and the machine's status: 0 or 1. */
export async function runWith(
  medium: Medium,
  words: readonly string[],
  programs: readonly string[],
): Promise<readonly [string, number | undefined]> {
  const session = { run: `/boot/bin/${words[0]}`, arguments: words, console: '/dev/console', atEnd: 'off' };
  const manifest = {
    ...systemManifest({ services, mounts: { '/': 'file' }, sessions: [session] }),
    programs,
  };
  const { output, status } = await bootSystem(manifest, {
    parts: { drives: [{ medium, serial: 'disk' }] },
    seconds: 5,
  });
  return [output.replace(/^init: .*\n/gm, ''), status];
}
