/**
 * The file service as a process with the disk's driver below it, on the board: what is written is there, also
 * after the power was off; what is refused; a disk that is not a volume stays as it is.
 */
import { expect, it } from 'vitest';
import { Medium } from '../../../hw/lab/medium.ts';
import { Random } from '../../../hw/lab/random.ts';
import { hasQemu } from '../firmware-rig.ts';
import { answersOf, boot, bootOnQemu, type Sources } from '../kernel-rig.ts';

const STORY: Sources = {
  init: 'file-story',
  disk: 'os/driver/disk.ts',
  file: 'os/service/file/file.ts',
};
const SIZE = 8 << 20;
const FORMATTED = 'file: the disk was blank; it is a volume of 8192 KiB now\n';

const FIRST = new Map([
  ['before', [-32]],
  ['contents', [100_001, 0, 0, 100_001, 0, 0, 8, 64, 5_000_000, 0, 0]],
  ['names', [0, 0, 0, 24, 0, 0, 0]],
  ['refusals', [-32, -35, -39, -4, -2, -6, 0]],
  ['endings', [100_001, 0, 0, 100_001, 0, 0, 0]],
]);

function medium(bytes?: Uint8Array): Medium {
  const base =
    bytes === undefined
      ? { size: SIZE }
      : { base: { size: SIZE, read: (at: number, count: number) => bytes.slice(at, at + count) } };
  return new Medium({ random: new Random(1).stream('disk'), ...base });
}

const told = (disk: Medium) =>
  boot(STORY, { seconds: 5, parts: { drives: [{ medium: disk, serial: 'story' }] } });

it('keeps what is written under its names, over a power loss', async () => {
  const disk = medium();
  const first = await told(disk);
  expect(first.output).toContain(FORMATTED);
  expect(answersOf(first.output.replace(FORMATTED, ''))).toEqual(FIRST);
  disk.losePower();
  const second = answersOf((await told(disk)).output);
  expect(second.get('before')).toEqual([3]);
  expect(second.get('names')).toEqual([-33, 0, -33, 24, 0, 0, 0]);
});

it('leaves a disk as it is that is not a volume, says so, and serves a tree in memory', async () => {
  const foreign = new Uint8Array(SIZE);
  foreign.set([0x55, 0xaa], 510);
  const disk = medium(foreign);
  const { output, status } = await told(disk);
  expect(output).toContain('file: the disk has something on it that is not a volume');
  expect(output).toContain('file: the tree is in memory');
  expect(output).toContain('contents 100001 0 0 100001 0 0 8');
  expect(status).toBe(0);
  expect(Buffer.compare(disk.read(0, SIZE / 512)!, foreign)).toBe(0);
});

it('answers many syncs by one flush', async () => {
  const disk = medium();
  let output = '';
  let flushes = 0;
  const flush = disk.flush.bind(disk);
  disk.flush = () => {
    if (output.includes('begun')) flushes += 1;
    flush();
  };
  const { status } = await boot(
    { ...STORY, init: 'file-together' },
    {
      seconds: 5,
      parts: { drives: [{ medium: disk, serial: 'many' }] },
      prepare: board =>
        board.onSerial(byte => {
          output += String.fromCharCode(byte);
        }),
    },
  );
  expect([output.slice(-'begun 32 '.length), status]).toEqual(['begun 32 ', 0]);
  expect(flushes).toBeLessThanOrEqual(16); // four threads, eight syncs each
});

it.skipIf(!hasQemu)('does the same under QEMU on a blank disk', async () => {
  const devices = '-drive file=disk.img,if=none,format=raw,id=d -device virtio-blk-device,drive=d';
  const output = await bootOnQemu(STORY, { devices, files: { 'disk.img': new Uint8Array(SIZE) } });
  expect(answersOf(output.replace(FORMATTED, ''))).toEqual(FIRST);
});
