/**
 * ELF files as strangers make them: whole ones are read, damaged and foreign ones refused in one line.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ElfError, readElf } from '../../hw/elf.ts';

const STRINGS = '\0.symtab\0.strtab\0start\0table\0';
const SEGMENTS_AT = 52;
const CODE_AT = 0x80;
const SYMBOLS_AT = 0x90;
const STRINGS_AT = SYMBOLS_AT + 48;
const SECTIONS_AT = 0x100;
const FILE_SIZE = SECTIONS_AT + 3 * 40;

/** An executable of one segment, linked at 0xc0000000, loaded at 0x80000000, with two symbols. */
function executable(): DataView {
  const file = new DataView(new ArrayBuffer(FILE_SIZE));
  const words = (at: number, values: readonly number[]) =>
    values.forEach((value, index) => {
      file.setUint32(at + 4 * index, value, true);
    });
  words(0, [0x464c457f, 0x0001_0101, 0, 0, (243 << 16) | 2, 1, 0xc000_0004, SEGMENTS_AT, SECTIONS_AT, 0]);
  words(40, [(32 << 16) | 52, (40 << 16) | 1, (2 << 16) | 3]);
  words(SEGMENTS_AT, [1, CODE_AT, 0xc000_0000, 0x8000_0000, 8, 0x1000, 5, 4]);
  words(CODE_AT, [0x13, 0x6f]);
  words(SYMBOLS_AT, [0, 0, 0, 0, 17, 0xc000_0004, 4, (1 << 16) | 0x12]);
  words(SYMBOLS_AT + 32, [23, 0x10, 4, (0xfff1 << 16) | 0x11]);
  words(SECTIONS_AT + 40, [1, 2, 0, 0, SYMBOLS_AT, 48, 2, 0, 4, 16]);
  words(SECTIONS_AT + 80, [9, 3, 0, 0, STRINGS_AT, STRINGS.length, 0, 0, 1, 0]);
  new Uint8Array(file.buffer).set(new TextEncoder().encode(STRINGS), STRINGS_AT);
  return file;
}

const bytesOf = (file: DataView) => new Uint8Array(file.buffer);

test('an executable gives its segments, its physical entry point, its symbols and sections', () => {
  const elf = readElf(bytesOf(executable()));
  expect(elf.entry).toBe(0x8000_0004);
  expect(elf.segments).toHaveLength(1);
  expect(elf.segments[0]).toMatchObject({ address: 0x8000_0000, virtualAddress: 0xc000_0000, size: 0x1000 });
  expect([...elf.segments[0]!.bytes]).toEqual([0x13, 0, 0, 0, 0x6f, 0, 0, 0]);
  expect(elf.segments[0]!.access).toEqual({ read: true, write: false, execute: true });
  expect(elf.symbols).toEqual([
    { name: 'start', address: 0xc000_0004, size: 4, kind: 'function' },
    { name: 'table', address: 0x10, size: 4, kind: 'object' },
  ]);
  expect([...elf.sections.keys()]).toEqual(['.symtab', '.strtab']);
});

describe('a file that cannot be loaded is refused with what is wrong and the mend', () => {
  const refusals: readonly (readonly [string, (file: DataView) => void, RegExp])[] = [
    ['no ELF file', file => file.setUint8(1, 0), /^not an ELF file: give/],
    ['64 bits', file => file.setUint8(4, 2), /ELF64.*build it for rv32/],
    ['an unknown class', file => file.setUint8(4, 3), /class 3 is unknown/],
    ['big-endian', file => file.setUint8(5, 2), /big-endian/],
    ['another machine', file => file.setUint16(18, 62, true), /machine 62, not for RISC-V/],
    ['an object', file => file.setUint16(16, 1, true), /not linked: link it/],
    ['RV32E', file => file.setUint32(36, 8, true), /RV32E/],
    ['no segment', file => file.setUint32(SEGMENTS_AT, 4, true), /nothing in it is to be loaded/],
    ['odd segment entries', file => file.setUint16(42, 56, true), /segment table has entries of 56 bytes/],
    ['a segment beyond the file', file => file.setUint32(SEGMENTS_AT + 4, 0xffff_fff0, true), /cut short/],
    ['more contents than memory', file => file.setUint32(SEGMENTS_AT + 20, 4, true), /8 bytes for 4 bytes/],
    ['a wrap', file => file.setUint32(SEGMENTS_AT + 20, 0xffff_ffff, true), /past the end of memory/],
    [
      'a wild entry point',
      file => file.setUint32(24, 0x1234, true),
      /entry point 0x00001234 lies in no segment/,
    ],
    ['no section names', file => file.setUint16(50, 9, true), /section names are missing/],
    [
      'wild symbol strings',
      file => file.setUint32(SECTIONS_AT + 64, 99, true),
      /symbol table makes no sense/,
    ],
  ];
  test.each(refusals)('%s', (_name, damage, message) => {
    const file = executable();
    damage(file);
    expect(() => readElf(bytesOf(file))).toThrow(message);
    expect(() => readElf(bytesOf(file))).toThrow(ElfError);
  });

  test('overlapping segments', () => {
    const file = executable();
    file.setUint16(44, 2, true);
    for (let at = 0; at < 32; at += 4) {
      file.setUint32(SEGMENTS_AT + 32 + at, file.getUint32(SEGMENTS_AT + at, true), true);
    }
    expect(() => readElf(bytesOf(file))).toThrow(/0x80000000 and 0x80000000 overlap/);
  });
});

test('a file cut short anywhere is refused', () => {
  const whole = bytesOf(executable());
  for (let size = 0; size < whole.length; size += 1) {
    expect(() => readElf(whole.subarray(0, size))).toThrow(ElfError);
  }
});

test('no damage to a file makes the reader do anything but read or refuse it', () => {
  const edit = fc.tuple(fc.nat(FILE_SIZE - 1), fc.nat(255));
  const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), edits => {
    const bytes = bytesOf(executable());
    for (const [at, value] of edits) bytes[at] = value;
    try {
      for (const { bytes: contents, size } of readElf(bytes).segments)
        expect(contents.length <= size).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(ElfError);
      expect((error as Error).message).not.toContain('\n');
    }
  });
  fc.assert(property, { seed: 11, numRuns: 5000 });
});
