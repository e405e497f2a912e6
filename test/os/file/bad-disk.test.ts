/**
 * Disks that are not a volume in order: each is told for what it is, and nothing is written to it. Damage is
 * reported where it is and nowhere else. What the numbers mean is in os/service/file/root.ts.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { Volume } from '../../../images/disk/volume.ts';
import { ERROR_DAMAGED } from '../../../os/abi/errors.ts';
import { RamDisk } from './ram-disk.ts';
import { rootPlaces, seal, withRoots } from './seal.ts';
import { VolumeTree } from './tree.ts';

const [READY, BLANK, FOREIGN, TOO_NEW, DAMAGED] = [0, 1, 2, 3, 4];
const [UNREADABLE, TOO_LARGE, TOO_SMALL, UNFINISHED, PRESENT] = [5, 6, 7, 8, 9];
const BLOCKS = 256;
let volume: Volume;
let tree: VolumeTree;
/** A volume with a file and a directory, of generation 2; and the same with a batch in its log. */
let image: Uint8Array;
let logged: Uint8Array;

beforeAll(async () => {
  volume = await Volume.load();
  tree = new VolumeTree(volume);
  const disk = RamDisk.blank(BLOCKS);
  volume.attach(disk).format(1n);
  tree.makeDirectory('/d');
  tree.create('/d/a');
  tree.write('/d/a', 0, new Uint8Array(30_000).fill(7));
  tree.create('/b');
  volume.checkpoint();
  image = disk.image();
  for (const name of ['/c', '/e', '/f']) {
    tree.create(name);
    volume.sync();
  }
  logged = disk.image();
});

/** What it is taken for. Neither mounting nor formatting writes to what is not in order. */
function taken(bytes: Uint8Array): number {
  const disk = new RamDisk(bytes);
  const found = volume.attach(disk).mount();
  const isOurs = found === READY || found === BLANK;
  if (isOurs) return found;
  expect(volume.format(2n)).not.toBe(READY);
  expect(disk.trace).toEqual([]);
  return found;
}

const with_ = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};

it('a blank disk is blank, and any byte where others have their marks makes it foreign', () => {
  const blank = new Uint8Array(BLOCKS * 4096);
  expect(taken(blank)).toBe(BLANK);
  for (const at of [0, 510, 1080, 32_769, 65_600, 1_000_000, blank.length - 512]) {
    expect(taken(with_(blank, at, 1))).toBe(FOREIGN);
  }
});

it('a disk that is too small, too large or cannot be read is told so', () => {
  expect(taken(new Uint8Array(127 * 4096))).toBe(TOO_SMALL);
  const broken = new RamDisk(image);
  broken.failing = new Set(Array.from({ length: 99 }, (_, index) => index));
  expect(volume.attach(broken).mount()).toBe(UNREADABLE);
  const huge = {
    sectors: 0xffff_fff8,
    read: (_: number, into: Uint8Array) => into.fill(0).length * 0,
    write: () => expect.unreachable('it is written to'),
    flush: () => 0,
  };
  expect([volume.attach(huge).mount(), volume.format(1n)]).toEqual([BLANK, TOO_LARGE]);
});

it('a format that was cut is begun anew, and a volume is not formatted', () => {
  const disk = RamDisk.blank(BLOCKS);
  volume.attach(disk).format(1n);
  expect(volume.format(2n)).toBe(PRESENT);
  const mark = disk.trace.findIndex(event => event.kind === 'flush');
  const cut = RamDisk.blank(BLOCKS);
  for (const event of disk.trace.slice(0, mark))
    if (event.kind === 'write') cut.put(event.sector, event.bytes);
  expect([volume.attach(cut).mount(), volume.format(1n), volume.mount()]).toEqual([UNFINISHED, READY, READY]);
});

it('a volume of a newer format is told so', () => {
  expect(taken(withRoots(image, root => root.setUint32(8, 2, true)))).toBe(TOO_NEW);
});

it('one bad copy of a root does not matter, two of the same do', () => {
  const places = rootPlaces(image);
  for (const place of places) expect(taken(with_(image, place + 100, 0xff))).toBe(READY);
  for (const [first, second] of [
    [places[0]!, places[2]!],
    [places[1]!, places[3]!],
  ] as const) {
    expect(taken(with_(with_(image, first + 100, 0xff), second + 100, 0xff))).toBe(DAMAGED);
  }
});

it('a damaged map, and a log with a hole in it, are told', () => {
  const root = new DataView(image.buffer, 0, 512);
  expect(root.getBigUint64(16, true)).toBe(2n);
  const map = root.getUint32(60, true) * 4096;
  expect(taken(with_(image, map + 4096 + 9, 0xff))).toBe(DAMAGED);
  expect(taken(with_(logged, 2 * 4096 + 60, 0xff))).toBe(DAMAGED);
  expect(taken(with_(logged, 2 * 4096 + 2 * 512 + 60, 0xff))).toBe(READY);
});

it('every flipped byte of data and directories is reported, and never given back', () => {
  volume.attach(new RamDisk(image)).mount();
  const whole = tree.dump();
  const dataStart = new DataView(image.buffer, 0, 512).getUint32(68, true);
  const dumps = [];
  for (let block = dataStart; block < dataStart + 24; block += 1) {
    volume.attach(new RamDisk(with_(image, block * 4096 + 1234, 0x99))).mount();
    const dump = tree.dump();
    const faults = volume.check();
    if (dump === whole) expect(faults).toBe(0);
    else dumps.push([dump.includes(` ${ERROR_DAMAGED}`), faults > 0]);
  }
  expect(dumps.length).toBeGreaterThan(10);
  expect(dumps.every(([isTold, isFound]) => isTold && isFound)).toBe(true);
});

/** Mounts, looks at everything, changes something, and looks again. */
function exercise(bytes: Uint8Array): number {
  const found = volume.attach(new RamDisk(bytes)).mount();
  if (found !== READY) return found;
  tree.dump();
  volume.check();
  for (const name of ['/b', '/c', '/d/a', '/d/b']) tree.remove(name);
  for (const name of ['/d', '/x', '/y']) tree.rename(name, '/d/z');
  tree.create('/new');
  tree.write('/new', 0, new Uint8Array(20_000));
  tree.truncate('/new', 100);
  volume.checkpoint();
  tree.dump();
  return found;
}

it('no image whatever makes it stop', () => {
  const places = fc.array(fc.tuple(fc.nat(image.length / 4 - 1), fc.nat(0xffff_ffff)), { maxLength: 30 });
  fc.assert(
    fc.property(places, fc.boolean(), (changes, isLogged) => {
      const bytes = (isLogged ? logged : image).slice();
      for (const [word, value] of changes) new DataView(bytes.buffer).setUint32(word * 4, value, true);
      exercise(bytes);
    }),
    { numRuns: 300, seed: 3 },
  );
});

it('nor does one that is wrong under right checksums', () => {
  const structure = seal(image.slice());
  const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 3, 4, 0xff, 0x7f, 0x80));
  const place = fc.tuple(fc.nat(structure.length - 1), fc.nat(1500), value);
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 12 }), changes => {
      const bytes = image.slice();
      for (const [index, offset, byte] of changes) bytes[structure[index]! * 4096 + offset] = byte;
      seal(bytes);
      expect(exercise(bytes)).toBe(READY);
    }),
    { numRuns: 400, seed: 3 },
  );
});
