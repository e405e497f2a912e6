/**
 * Stories of one volume: what stays while it is open, a full disk, sizes beyond 32 bits, many names, failing
 * requests.
 */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Random } from '../../../hw/lab/random.ts';
import { Volume } from '../../../images/disk/volume.ts';
import {
  ERROR_CROSS_DEVICE,
  ERROR_INPUT_OUTPUT,
  ERROR_IS_DIRECTORY,
  ERROR_LOOP,
  ERROR_NO_SPACE,
  ERROR_NOT_FOUND,
  ERROR_READ_ONLY,
  ERROR_TOO_LARGE,
} from '../../../os/abi/errors.ts';
import {
  OPEN_CREATE,
  OPEN_NO_FOLLOW,
  OPEN_READ,
  OPEN_WRITE,
  STAT_BLOCKS,
  STAT_FILE_SIZE,
} from '../../../os/abi/file.ts';
import { losses, RamDisk } from './ram-disk.ts';
import { VolumeTree } from './tree.ts';

const READ_WRITE = OPEN_READ | OPEN_WRITE;
let volume: Volume;
let tree: VolumeTree;
let disk: RamDisk;

beforeAll(async () => {
  volume = await Volume.load({ memorySize: 4 << 20 });
  tree = new VolumeTree(volume);
});

beforeEach(() => {
  disk = RamDisk.blank(512);
  volume.attach(disk).format(1n);
});

const filled = (size: number, byte: number) => new Uint8Array(size).fill(byte);

it('a file without a name lasts while it is open, and its blocks come back, also by a power loss', () => {
  const free = volume.freeBlocks;
  tree.create('/a');
  tree.write('/a', 0, filled(30_000, 1));
  const object = volume.open('/a', READ_WRITE);
  expect(tree.remove('/a')).toBe(0);
  expect(volume.read(object, 0)).toEqual(filled(4096, 1));
  expect(volume.write(object, 0, filled(10, 2))).toBe(0);
  volume.sync();
  const image = disk.image();
  expect(volume.freeBlocks).toBeLessThan(free);
  volume.close(object);
  expect(volume.freeBlocks).toBe(free - 1); // the directory has a block now
  volume.attach(new RamDisk(image)).mount();
  expect([volume.freeBlocks, volume.check()]).toEqual([free - 1, 0]);
});

it('a full disk refuses what has no room, keeps what it has, and has room again', () => {
  tree.create('/a');
  let size = 0;
  while (tree.write('/a', size, filled(4096, 3)) === 0) size += 4096;
  expect(tree.write('/a', size, filled(4096, 3))).toBe(ERROR_NO_SPACE);
  expect(size).toBeGreaterThan(350 * 4096);
  expect(tree.write('/a', 8192, filled(4096, 4))).toBe(0); // what is there can be written over
  let names = 0;
  while (tree.create(`/a name of a file that takes room in the directory, number ${names}`) === 0) names += 1;
  expect(volume.sync()).toBe(0);
  expect(volume.check()).toBe(0);
  volume.attach(new RamDisk(disk.image())).mount();
  expect(tree.remove('/a')).toBe(0);
  expect(tree.create('/b')).toBe(0);
  expect(tree.write('/b', 0, filled(32_768, 5))).toBe(0);
  expect(volume.check()).toBe(0);
});

it('offsets go beyond 32 bits, and holes take no blocks', () => {
  tree.create('/a');
  const far = 5_497_558_138_880 - 100;
  expect(tree.write('/a', far, filled(100, 6))).toBe(0);
  expect(tree.write('/a', far + 100, filled(1, 6))).toBe(ERROR_TOO_LARGE);
  const stat = volume.stat('/a') as DataView;
  expect(Number(stat.getBigUint64(STAT_FILE_SIZE, true))).toBe(far + 100);
  expect(stat.getUint32(STAT_BLOCKS, true)).toBe(4);
  const object = volume.open('/a', OPEN_READ);
  expect(volume.read(object, far)).toEqual(filled(100, 6));
  expect(volume.read(object, 5_000_000_000)).toEqual(filled(4096 - (5_000_000_000 % 4096), 0));
  volume.close(object);
  volume.checkpoint();
  expect(volume.check()).toBe(0);
  expect(tree.truncate('/a', 10)).toBe(0);
  expect((volume.stat('/a') as DataView).getUint32(STAT_BLOCKS, true)).toBe(0);
});

it('a directory holds thousands of names', () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `/${index} ${'n'.repeat(index % 40)}`);
  for (const name of names) expect(tree.create(name)).toBe(0);
  for (const name of names.filter((_, index) => index % 3 !== 0)) expect(tree.remove(name)).toBe(0);
  volume.checkpoint();
  volume.attach(new RamDisk(disk.image())).mount();
  expect(tree.dump().split('\n')).toHaveLength(1 + Math.ceil(2_000 / 3));
  expect(volume.check()).toBe(0);
});

it('symbolic links lead on, up and in circles', () => {
  for (const path of ['/d', '/d/e', '/d/e/f']) tree.makeDirectory(path);
  tree.create('/d/e/a');
  tree.makeSymbolicLink('../e/a', '/d/e/up');
  tree.makeSymbolicLink('e', '/d/on');
  tree.makeSymbolicLink('y', '/d/x');
  tree.makeSymbolicLink('x', '/d/y');
  expect(volume.open('/d/on/up', OPEN_READ)).toBeGreaterThan(0);
  expect(volume.open('/d/on/./../e//a', OPEN_READ)).toBeGreaterThan(0);
  expect(volume.open('/d/x', OPEN_READ)).toBe(ERROR_LOOP);
  expect(volume.open('/d/e/up', OPEN_READ | OPEN_NO_FOLLOW)).toBe(ERROR_LOOP);
  tree.makeSymbolicLink('f/new', '/d/e/made');
  expect(volume.open('/d/e/made', READ_WRITE | OPEN_CREATE)).toBeGreaterThan(0);
  expect(volume.open('/d/e/f/new', OPEN_READ)).toBeGreaterThan(0);
  expect(volume.open('/d/on', READ_WRITE)).toBe(ERROR_IS_DIRECTORY);
});

it('does not follow a symbolic link to its root or to an absolute path', () => {
  tree.makeDirectory('/d');
  tree.makeSymbolicLink('/boot', '/d/boot');
  tree.makeSymbolicLink('../dev', '/d/dev');
  tree.makeSymbolicLink('d', '/d2');
  const paths = ['/d/boot/bin/ls', '/d/dev/null', '/d2', '/d2/x'];
  for (const path of paths) expect(volume.open(path, READ_WRITE | OPEN_CREATE)).toBe(ERROR_CROSS_DEVICE);
  expect(tree.remove('/d/boot')).toBe(0);
});

it('a directory that was removed while it was open takes no names and has no parent', () => {
  tree.makeDirectory('/d');
  const object = volume.open('/d', OPEN_READ);
  expect(tree.removeDirectory('/d')).toBe(0);
  expect(volume.list(object)).toEqual(new Uint8Array(0));
  expect(volume.open('/d/a', READ_WRITE | OPEN_CREATE)).toBe(ERROR_NOT_FOUND);
  volume.close(object);
  expect(volume.check()).toBe(0);
});

it('whichever request fails, what was synced before is there and nothing false is', () => {
  tree.create('/a');
  volume.sync();
  const before = tree.dump();
  const base = disk.image();
  for (let request = 1; request < 60; request += 1) {
    const failing = new RamDisk(base);
    volume.attach(failing);
    failing.failing = new Set([request]);
    const mounted = volume.mount() === 0;
    const written = mounted ? tree.write('/a', 0, filled(20_000, 7)) : ERROR_INPUT_OUTPUT;
    const synced = mounted ? volume.checkpoint() : ERROR_INPUT_OUTPUT;
    const after = new RamDisk(failing.image());
    volume.attach(after);
    expect(volume.mount()).toBe(0);
    expect(volume.check()).toBe(0);
    if (written < 0) expect(tree.dump()).toBe(before);
    if (written === 0 && synced === 0) expect(tree.dump()).not.toBe(before);
  }
});

it('a read-only disk shows what its log has, and is not written', () => {
  tree.create('/a');
  volume.sync();
  const whole = tree.dump();
  const locked = new RamDisk(disk.image());
  expect(volume.attach(locked).mount({ readOnly: true })).toBe(0);
  expect(tree.dump()).toBe(whole);
  expect([tree.create('/b'), volume.sync(), locked.trace.length]).toEqual([ERROR_READ_ONLY, 0, 0]);
});

it('a long log is replayed in little memory, by roots in between, also if the power fails meanwhile', async () => {
  const [large, small] = [await Volume.load({ memorySize: 8 << 20 }), await Volume.load()];
  const long = RamDisk.blank(8_192);
  large.attach(long).format(1n);
  const writer = new VolumeTree(large);
  for (let index = 0; index < 28; index += 1) {
    writer.create(`/${index}`);
    writer.write(`/${index}`, 0, filled(32_768, index));
    expect(large.sync()).toBe(0);
  }
  const image = long.image();
  const recovering = new RamDisk(image);
  expect(small.attach(recovering).mount()).toBe(0);
  const reader = new VolumeTree(small);
  expect(reader.dump()).toBe(writer.dump());
  const roots = recovering.trace.filter(event => event.kind === 'flush').length / 2;
  expect(roots).toBeGreaterThanOrEqual(3);
  let count = 0;
  for (const loss of losses(image, recovering.trace, new Random(1), 0)) {
    if (count++ % 90 !== 0) continue;
    expect(small.attach(loss.disk).mount()).toBe(0);
    expect([reader.dump() === writer.dump(), small.check()]).toEqual([true, 0]);
  }
});
