/**
 * The disk medium: what is durable, what survives a power loss, what faults do, and that snapshots share.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openDriveFile } from '../../hw/lab/drive-file.ts';
import { Medium, type MediumOptions } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { DISK_CACHE_SECTORS, DISK_SECTOR_SIZE } from '../../hw/manual/disk.ts';
import { hashState, restoreState, saveState } from '../../hw/state.ts';

const makeMedium = (sectors: number, options: Partial<MediumOptions> = {}) =>
  new Medium({ random: new Random(1), size: sectors * DISK_SECTOR_SIZE, ...options });

/** Sectors that are filled with one byte each. */
const sectorsOf = (...bytes: number[]) =>
  Uint8Array.from(
    { length: bytes.length * DISK_SECTOR_SIZE },
    (_, at) => bytes[Math.floor(at / DISK_SECTOR_SIZE)]!,
  );

/** The first byte of each sector. */
const firstBytes = (medium: Medium, sector: number, count: number) => {
  const bytes = medium.read(sector, count)!;
  return Array.from({ length: count }, (_, index) => bytes[index * DISK_SECTOR_SIZE]!);
};

describe('medium', () => {
  it('reads zeros where nothing was written, and what was written across pages', () => {
    const medium = makeMedium(1000);
    medium.write(6, sectorsOf(1, 2, 3, 4));
    expect(firstBytes(medium, 5, 6)).toEqual([0, 1, 2, 3, 4, 0]);
    medium.flush();
    expect(firstBytes(medium, 5, 6)).toEqual([0, 1, 2, 3, 4, 0]);
  });

  it('loses no flushed sector with the power, and keeps each other one or its past by chance', () => {
    const survivors = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const medium = makeMedium(100, { random: new Random(seed) });
      medium.write(0, sectorsOf(1, 1));
      medium.flush();
      medium.write(1, sectorsOf(2, 2));
      medium.write(1, sectorsOf(3));
      medium.losePower();
      survivors.add(firstBytes(medium, 0, 3).join());
    }
    expect([...survivors].sort()).toEqual(['1,1,0', '1,1,2', '1,2,0', '1,2,2', '1,3,0', '1,3,2']);
  });

  it('repeats a power loss from its seed', () => {
    const lose = () => {
      const medium = makeMedium(100);
      medium.write(0, sectorsOf(...Array.from({ length: 64 }, (_, n) => n + 1)));
      medium.losePower();
      return firstBytes(medium, 0, 64);
    };
    expect(lose()).toEqual(lose());
    expect(lose()).toContain(0);
  });

  it('makes the oldest sectors durable when the cache overflows', () => {
    const medium = makeMedium(DISK_CACHE_SECTORS + 10);
    medium.write(0, sectorsOf(9, 9));
    expect(medium.overflow(DISK_CACHE_SECTORS)).toBe(2);
    medium.write(2, new Uint8Array(DISK_CACHE_SECTORS * DISK_SECTOR_SIZE).fill(7));
    expect(medium.cached).toBe(DISK_CACHE_SECTORS);
    medium.losePower();
    expect(firstBytes(medium, 0, 2)).toEqual([9, 9]);
  });

  it('shows in every read the last write, whatever is cached, against a plain array', () => {
    const operation = fc.record({
      kind: fc.nat(9),
      sector: fc.nat(39),
      count: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), operations => {
        const medium = makeMedium(48);
        const model = new Array(48).fill(0);
        operations.forEach(({ kind, sector, count }, step) => {
          if (kind === 0) medium.flush();
          else if (kind < 5)
            expect(firstBytes(medium, sector, count)).toEqual(model.slice(sector, sector + count));
          else {
            medium.write(sector, new Uint8Array(count * DISK_SECTOR_SIZE).fill(step));
            model.fill(step, sector, sector + count);
          }
        });
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('medium snapshots', () => {
  it('hold what was, whatever is written later, and can be gone back to again and again', () => {
    const medium = makeMedium(100_000);
    medium.write(5, sectorsOf(1));
    medium.write(90_000, sectorsOf(2));
    medium.flush();
    medium.write(6, sectorsOf(3));
    const snapshot = medium.snapshot();
    const hash = hashState(medium);
    for (let time = 0; time < 2; time += 1) {
      medium.write(5, sectorsOf(8, 8));
      medium.flush();
      medium.write(90_000, sectorsOf(8));
      medium.losePower();
      expect(firstBytes(medium, 5, 2)).toEqual([8, 8]);
      medium.restore(snapshot);
      expect(hashState(medium)).toBe(hash);
      expect([...firstBytes(medium, 5, 2), ...firstBytes(medium, 90_000, 1)]).toEqual([1, 3, 2]);
    }
  });

  it('make a fork that neither side disturbs', () => {
    const medium = makeMedium(100);
    medium.write(0, sectorsOf(1));
    medium.flush();
    const fork = makeMedium(100);
    fork.restore(medium.snapshot());
    medium.write(0, sectorsOf(2));
    fork.write(1, sectorsOf(3));
    medium.flush();
    fork.flush();
    expect([firstBytes(medium, 0, 2), firstBytes(fork, 0, 2)]).toEqual([
      [2, 0],
      [1, 3],
    ]);
  });

  it('are the same as what is saved as bytes', () => {
    const medium = makeMedium(100);
    medium.write(3, sectorsOf(1, 2));
    medium.flush();
    medium.write(4, sectorsOf(5));
    medium.fault({ kind: 'latent', sector: 9, count: 1 });
    medium.fault({ kind: 'misdirected', by: -3 });
    const other = makeMedium(100, { random: new Random(99) });
    other.write(50, sectorsOf(7));
    other.flush();
    restoreState(other, saveState(medium));
    expect(hashState(other)).toBe(hashState(medium));
    for (const each of [medium, other]) {
      each.write(10, sectorsOf(6));
      each.losePower();
    }
    expect(hashState(other)).toBe(hashState(medium));
    expect(firstBytes(other, 50, 1)).toEqual([0]);
  });
});

describe('medium faults', () => {
  it('fail reads of a latent sector until it is durable anew', () => {
    const medium = makeMedium(100);
    medium.fault({ kind: 'latent', sector: 10, count: 2 });
    expect([medium.read(9, 2), medium.read(11, 1)]).toEqual([undefined, undefined]);
    expect(firstBytes(medium, 8, 2)).toEqual([0, 0]);
    medium.write(10, sectorsOf(1));
    expect(firstBytes(medium, 10, 1)).toEqual([1]);
    medium.flush();
    expect([firstBytes(medium, 10, 1), medium.read(11, 1)]).toEqual([[1], undefined]);
  });

  it('flip one durable bit in silence', () => {
    const medium = makeMedium(100);
    medium.fault({ kind: 'corrupt', sector: 42 });
    const ones = [...medium.read(42, 1)!].filter(byte => byte !== 0);
    expect(ones).toHaveLength(1);
    expect(Math.log2(ones[0]!) % 1).toBe(0);
    expect(medium.read(41, 1)!.every(byte => byte === 0)).toBe(true);
  });

  it('lose, misdirect and tear a write that the cache still shows', () => {
    const medium = makeMedium(100);
    medium.fault({ kind: 'lost' });
    medium.fault({ kind: 'misdirected', by: 98 });
    medium.fault({ kind: 'torn' });
    medium.write(0, sectorsOf(1));
    medium.write(3, sectorsOf(2));
    medium.write(10, sectorsOf(3));
    medium.write(20, sectorsOf(4, 4, 4));
    expect([firstBytes(medium, 0, 4), firstBytes(medium, 20, 3)]).toEqual([
      [1, 0, 0, 2],
      [4, 4, 4],
    ]);
    medium.flush();
    expect(firstBytes(medium, 0, 4)).toEqual([0, 2, 0, 0]);
    expect(firstBytes(medium, 10, 1)).toEqual([3]);
    const torn = firstBytes(medium, 20, 3);
    expect([torn[0], torn[2], torn.join() === '4,4,4']).toEqual([4, 0, false]);
  });
});

describe('drive file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drive-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function makeFile(name: string, bytes: Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  it('under an overlay is never written, and is read beyond its end as zeros', () => {
    const path = makeFile('overlay', new Uint8Array(700).fill(5));
    const base = openDriveFile(path, 'read');
    const medium = new Medium({ random: new Random(1), base });
    expect([medium.sectors, ...firstBytes(medium, 0, 2)]).toEqual([2, 5, 5]);
    expect(medium.read(1, 1)!.filter(byte => byte === 5)).toHaveLength(188);
    medium.write(0, sectorsOf(9));
    medium.flush();
    expect(firstBytes(medium, 0, 2)).toEqual([9, 5]);
    base.close();
    expect(readFileSync(path)).toEqual(Buffer.alloc(700, 5));
  });

  it('opened for writing holds what is durable and nothing else, also after going back', () => {
    const path = makeFile('raw', sectorsOf(1, 2, 3, 4));
    const base = openDriveFile(path, 'write');
    const medium = new Medium({ random: new Random(1), base });
    const inFile = () => [0, 512, 1024, 1536].map(at => readFileSync(path)[at]);
    const snapshot = medium.snapshot();
    const saved = saveState(medium);
    medium.write(1, sectorsOf(7));
    expect(inFile()).toEqual([1, 2, 3, 4]);
    medium.flush();
    expect(inFile()).toEqual([1, 7, 3, 4]);
    medium.restore(snapshot);
    expect(inFile()).toEqual([1, 2, 3, 4]);
    medium.write(2, sectorsOf(8));
    medium.flush();
    expect(inFile()).toEqual([1, 2, 8, 4]);
    restoreState(medium, saved);
    expect([inFile(), firstBytes(medium, 0, 4)]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    base.close();
  });

  it('that cannot be used is refused in one line that says how to mend it', () => {
    const missing = join(folder, 'missing');
    expect(() => openDriveFile(missing, 'read')).toThrow(`drive ${missing} does not exist: create it`);
    expect(() => openDriveFile(folder, 'read')).toThrow('is not a file: give a raw image');
    expect(() => openDriveFile(folder, 'write')).toThrow('is a directory: give a raw image');
    expect(() => openDriveFile(makeFile('empty', new Uint8Array(0)), 'read')).toThrow(
      'is empty: give it a size',
    );
  });
});
