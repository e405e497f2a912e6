/**
 * Repairs: whatever is wrong with a volume, afterwards its check finds nothing but data that nobody can bring
 * back, and what was not damaged is there.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { Volume } from '../../../images/disk/volume.ts';
import { RamDisk } from './ram-disk.ts';
import { rootPlaces, seal } from './seal.ts';
import { VolumeTree } from './tree.ts';

const BLOCKS = 256;
const DATA = new Uint8Array(30_000).map((_, at) => Math.imul(at, 2_654_435_761) >>> 24);
let volume: Volume;
let tree: VolumeTree;
/** `/b`, `/d/a`, `/d/e/c`; generation 2. With three files more, each in a batch of its own. */
let image: Uint8Array;
let logged: Uint8Array;
let whole: string;

beforeAll(async () => {
  volume = await Volume.load();
  tree = new VolumeTree(volume);
  const disk = RamDisk.blank(BLOCKS);
  volume.attach(disk).format(1n);
  for (const path of ['/d', '/d/e']) tree.makeDirectory(path);
  for (const path of ['/b', '/d/a', '/d/e/c']) tree.create(path);
  tree.write('/d/a', 0, DATA);
  volume.checkpoint();
  image = disk.image();
  whole = tree.dump();
  for (const name of ['/1', '/2', '/3']) {
    tree.create(name);
    volume.sync();
  }
  logged = disk.image();
});

function flipped(bytes: Uint8Array, ...places: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  for (const at of places) copy[at]! ^= 0x10;
  return copy;
}

/** Where in the image a text is. */
const placeOf = (text: string) => Buffer.from(image).lastIndexOf(text);
const mounted = (bytes: Uint8Array) => volume.attach(new RamDisk(bytes)).mount();

it('a directory that cannot be read loses its names, not what they meant', () => {
  const names = Math.floor(placeOf('a\0\0\0') / 4096);
  expect(mounted(flipped(image, names * 4096 + 2000))).toBe(0);
  expect(volume.check()).toBeGreaterThan(0);
  expect(volume.repair()).toBe(0);
  const dump = tree.dump();
  const [, file] = whole.match(/\/d\/a (.*)/)!;
  expect(dump).toContain('/b 1 644 1');
  expect(dump).toMatch(new RegExp(`^/lost\\+found/#\\d+ ${file}$`, 'm'));
  expect(dump).toMatch(/^\/lost\+found\/#\d+\/c 1 644/m);
  expect([volume.mount(), volume.check(), tree.dump()]).toEqual([0, 0, dump]);
});

it('damaged data stay refused, and nothing else is lost', () => {
  const at = Buffer.from(image).indexOf(Buffer.from(DATA.subarray(4096, 4200)));
  expect(mounted(flipped(image, at))).toBe(0);
  expect(volume.repair()).toBe(1);
  expect(volume.findings['damaged']).toBe(1);
  expect(tree.dump()).toContain('30000 error -42 at 4096');
  expect(tree.remove('/d/a')).toBe(0);
  expect(volume.check()).toBe(0);
});

it('a damaged inode table gives up inodes, and their names', () => {
  const table = new DataView(image.buffer, 0, 512).getUint32(256 + 48, true);
  expect(mounted(flipped(image, table * 4096 + 70))).toBe(0);
  expect(volume.repair()).toBe(0);
  expect(tree.dump()).toMatch(/^\/ 2 755 2 /);
  expect(tree.create('/new')).toBe(0);
});

it('damaged maps are made anew from the tree', () => {
  const map = new DataView(image.buffer, 0, 512).getUint32(60, true) * 4096;
  expect(mounted(flipped(image, map + 4096 + 9))).toBe(4);
  expect(volume.recover()).toBe(0);
  expect([tree.dump(), volume.check(), volume.mount(), tree.dump()]).toEqual([whole, 0, 0, whole]);
});

it('of a log with a hole what was before the hole is kept', () => {
  expect(mounted(flipped(logged, 2 * 4096 + 512 + 60))).toBe(4);
  expect(volume.recover()).toBe(0);
  expect(tree.dump().match(/^\/\d /gm)).toEqual(['/1 ']);
  expect([volume.mount(), volume.check()]).toEqual([0, 0]);
});

it('where the newest root is gone, the one before it serves', () => {
  const places = rootPlaces(image);
  expect(mounted(flipped(image, places[0]! + 100, places[2]! + 100))).toBe(4);
  expect(volume.recover()).toBe(0);
  expect([volume.mount(), volume.check()]).toEqual([0, 0]);
});

it('whatever is wrong under right checksums is made consistent', () => {
  const structure = seal(image.slice());
  const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 4, 0xff, 0x7f, 0x80));
  const place = fc.tuple(fc.nat(structure.length - 1), fc.nat(1500), value);
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 12 }), changes => {
      const bytes = image.slice();
      for (const [index, offset, byte] of changes) bytes[structure[index]! * 4096 + offset] = byte;
      seal(bytes);
      expect(mounted(bytes)).toBe(0);
      const left = volume.repair();
      expect([left - volume.findings['damaged']!, volume.findings]).toEqual([0, volume.findings]);
      expect([volume.mount(), volume.check()]).toEqual([0, left]);
    }),
    { numRuns: 300, seed: 3 },
  );
});
