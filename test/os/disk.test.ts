/**
 * The disk's driver as a process with its own registers and interrupt only: transfers of any length, what it
 * refuses, and clients that notice nothing when it is killed a thousand times under them.
 */
import { expect, it } from 'vitest';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { hasQemu } from './firmware-rig.ts';
import { answersOf, boot, bootOnQemu, type Sources } from './kernel-rig.ts';

const STORY: Sources = { init: 'disk-story', disk: 'os/driver/disk.ts' };
const SECOND = 1_000_000_000;
const STORY_ANSWERS = new Map([
  ['geometry', [0, 2048, 0]],
  ['first', [1, 88]],
  ['transfers', [1, 300, 0, 300, 0, 2, 0]],
  ['refusals', [-5, -5, -5, -5, -5, -6, -6, 1]],
]);

it('reads and writes whole sectors of any number, and refuses what is no such thing', async () => {
  const { output, status } = await boot(STORY, { parts: { drives: [drive(2048)] } });
  expect(status).toBe(0);
  expect(answersOf(output)).toEqual(STORY_ANSWERS);
});

it.skipIf(!hasQemu)('does the same under QEMU by the same files', async () => {
  const devices = '-drive file=disk.img,if=none,format=raw,id=d -device virtio-blk-device,drive=d';
  const output = await bootOnQemu(STORY, { devices, files: { 'disk.img': IMAGE } });
  expect(answersOf(output)).toEqual(STORY_ANSWERS);
});

it('loses and doubles nothing for three clients whose driver is killed a thousand times', async () => {
  const sources = { init: 'disk-killer', load: 'disk-load', disk: 'os/driver/disk.ts' };
  const { output, status } = await boot(sources, { parts: { drives: [drive(2048)] }, seconds: 20 });
  expect(status).toBe(0);
  expect(answersOf(output).get('ended')).toEqual([1, 0, 1, 0, 1, 0]);
  expect(answersOf(output).get('kills')![0]).toBeGreaterThan(1000);
});

it('gives up a disk that does nothing for ten seconds, and goes on when it has come back', async () => {
  const sources = { init: 'disk-hang', load: 'disk-load', disk: 'os/driver/disk.ts' };
  const { board } = await boot(sources, { parts: { drives: [drive(2048)] }, seconds: 0.02 });
  let said = '';
  board.onSerial(byte => {
    said += String.fromCharCode(byte);
  });
  board.disks[0]!.hang();
  board.runUntil(15 * SECOND);
  expect(said).toBe('driver -24 \n');
  board.disks[0]!.resume();
  board.runUntil(20 * SECOND);
  expect(said).toBe('driver -24 \nclient 0 ');
});

/** Every disk of these stories begins with an X. */
const IMAGE = Uint8Array.from({ length: 2048 * 512 }, (_, at) => (at === 0 ? 88 : 0));

function drive(sectors: number) {
  const base = {
    size: sectors * 512,
    read: (offset: number, count: number) => IMAGE.slice(offset, offset + count),
  };
  return { medium: new Medium({ random: new Random(1).stream('disk'), base }), serial: 'story' };
}
