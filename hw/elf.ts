/**
 * ELF32 RISC-V executables: what is loaded where, where it begins, what its symbols and sections are
 * (System V gABI chapter 4 and 5; RISC-V ELF psABI 1.0).
 *
 *     file header  at 0: 0x7f 'ELF', class 1, little-endian, machine 243, entry, the two tables below
 *     segments     32 bytes each: type, offset, virtual and physical address, size in file and memory
 *     sections     40 bytes each: name, type, flags, address, offset, size, link to strings
 *
 * Files are not trusted: whatever they say is checked against their length and the 32-bit address
 * space, and anything foreign, cut short or contradictory is an ElfError of one line. Contents are
 * views of the file's bytes, not copies.
 */

/** One line on what is wrong with the file and how to mend it. */
export class ElfError extends Error {}

export interface ElfSegment {
  /** Physical. */
  readonly address: number;
  readonly virtualAddress: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory; what is beyond the contents is zero. */
  readonly size: number;
  readonly access: ElfAccess;
}

export interface ElfAccess {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes, 0 where the file does not say. */
  readonly size: number;
  readonly kind: 'function' | 'object' | 'other';
}

export interface ElfSection {
  readonly name: string;
  readonly address: number;
  /** Empty for sections without contents (.bss). */
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly access: ElfAccess;
}

export interface Elf {
  /** Physical: of the virtual entry point. */
  readonly entry: number;
  /** With a size in memory, ascending by physical address, without overlap. */
  readonly segments: readonly ElfSegment[];
  /** In the file's order; sections, files and undefined ones are left out. */
  readonly symbols: readonly ElfSymbol[];
  readonly sections: ReadonlyMap<string, ElfSection>;
}

/** Offsets in the file header. A table is told by its place, and the size and count of its entries. */
const HEADER = {
  class: 4,
  byteOrder: 5,
  type: 16,
  machine: 18,
  entry: 24,
  flags: 36,
  sectionNames: 50,
  size: 52,
} as const;
const SEGMENT_TABLE = { place: 28, entrySize: 42, count: 44, name: 'segment' } as const;
const SECTION_TABLE = { place: 32, entrySize: 46, count: 48, name: 'section' } as const;

/** Offsets in a segment, section and symbol. */
const SEGMENT = {
  type: 0,
  offset: 4,
  virtual: 8,
  physical: 12,
  sizeInFile: 16,
  size: 20,
  flags: 24,
} as const;
const SECTION = { name: 0, type: 4, flags: 8, address: 12, offset: 16, size: 20, link: 24 } as const;
const SYMBOL = { name: 0, value: 4, size: 8, info: 12, section: 14 } as const;

const SEGMENT_SIZE = 32;
const SECTION_SIZE = 40;
const SYMBOL_SIZE = 16;
const ADDRESS_SPACE = 2 ** 32;
const MACHINE_RISCV = 243;
const TYPE_EXECUTABLE = 2;
const TYPE_SHARED = 3;
const SEGMENT_LOAD = 1;
const SECTION_NONE = 0;
const SECTION_SYMBOLS = 2;
const SECTION_NO_BITS = 8;
const SECTION_INDEX_RESERVED = 0xff00;
const SECTION_INDEX_ABSOLUTE = 0xfff1;
const FLAG_EMBEDDED = 8;
const TYPE_NAMES: Readonly<Record<number, string>> = { 1: 'an object that is not linked', 4: 'a core dump' };

/** Does the file begin as every ELF file does, of whatever machine? */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/** Reads an executable. Throws an ElfError for anything that is not one for this machine. */
export function readElf(bytes: Uint8Array): Elf {
  checkHeader(bytes);
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = readSegments(bytes, file);
  const sections = readSections(bytes, file);
  return {
    entry: physicalEntry(file.getUint32(HEADER.entry, true), segments),
    segments,
    symbols: readSymbols(bytes, file, sections),
    sections: new Map(sections.filter(({ name }) => name !== '').map(section => [section.name, section])),
  };
}

function checkHeader(bytes: Uint8Array): void {
  if (!isElf(bytes)) throw new ElfError('not an ELF file: give an ELF32 RISC-V executable');
  if (bytes[HEADER.class] === 2)
    throw new ElfError('an ELF64 file, but the machine has 32 bits: build it for rv32');
  if (bytes[HEADER.class] !== 1)
    throw new ElfError(`ELF class ${bytes[HEADER.class]} is unknown: the file is damaged, make it again`);
  if (bytes[HEADER.byteOrder] !== 1)
    throw new ElfError('a big-endian ELF file: build it for little-endian RISC-V');
  if (bytes.length < HEADER.size) throw truncated('its header', HEADER.size, bytes);
  const file = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const machine = file.getUint16(HEADER.machine, true);
  if (machine !== MACHINE_RISCV) {
    throw new ElfError(
      `an ELF file for machine ${machine}, not for RISC-V (${MACHINE_RISCV}): build it for rv32`,
    );
  }
  const type = file.getUint16(HEADER.type, true);
  if (type !== TYPE_EXECUTABLE && type !== TYPE_SHARED) {
    throw new ElfError(`${TYPE_NAMES[type] ?? `an ELF file of type ${type}`}: link it to an executable`);
  }
  if (file.getUint32(HEADER.flags, true) & FLAG_EMBEDDED) {
    throw new ElfError(
      'built for RV32E, with 16 registers and its own calling convention: build it for rv32i',
    );
  }
}

function readSegments(bytes: Uint8Array, file: DataView): ElfSegment[] {
  const segments: ElfSegment[] = [];
  for (const at of entries(bytes, file, SEGMENT_TABLE, SEGMENT_SIZE)) {
    if (file.getUint32(at + SEGMENT.type, true) !== SEGMENT_LOAD) continue;
    const offset = file.getUint32(at + SEGMENT.offset, true);
    const virtualAddress = file.getUint32(at + SEGMENT.virtual, true);
    const address = file.getUint32(at + SEGMENT.physical, true);
    const sizeInFile = file.getUint32(at + SEGMENT.sizeInFile, true);
    const size = file.getUint32(at + SEGMENT.size, true);
    const flags = file.getUint32(at + SEGMENT.flags, true);
    const name = `the segment at ${hex(address)}`;
    if (size === 0) continue;
    if (sizeInFile > size) {
      throw new ElfError(
        `${name} has ${sizeInFile} bytes for ${size} bytes of memory: the file is damaged, link it again`,
      );
    }
    if (Math.max(address, virtualAddress) + size > ADDRESS_SPACE) {
      throw new ElfError(
        `${name} has ${size} bytes and runs past the end of memory: correct the link addresses`,
      );
    }
    segments.push({
      address,
      virtualAddress,
      bytes: range(bytes, offset, sizeInFile, name),
      size,
      access: { read: (flags & 4) !== 0, write: (flags & 2) !== 0, execute: (flags & 1) !== 0 },
    });
  }
  if (segments.length === 0) throw new ElfError('nothing in it is to be loaded: link it to an executable');
  segments.sort((a, b) => a.address - b.address);
  checkApart(segments);
  return segments;
}

function checkApart(segments: readonly ElfSegment[]): void {
  for (let index = 1; index < segments.length; index += 1) {
    const before = segments[index - 1]!;
    const segment = segments[index]!;
    if (before.address + before.size <= segment.address) continue;
    throw new ElfError(
      `the segments at ${hex(before.address)} and ${hex(segment.address)} overlap: correct the link addresses`,
    );
  }
}

/** The entry point is virtual; boot code runs where the segment is loaded. */
function physicalEntry(entry: number, segments: readonly ElfSegment[]): number {
  const home = segments.find(
    ({ virtualAddress, size }) => entry >= virtualAddress && entry < virtualAddress + size,
  );
  if (home === undefined) {
    throw new ElfError(
      `the entry point ${hex(entry)} lies in no segment: name it with ENTRY or -e when linking`,
    );
  }
  return entry - home.virtualAddress + home.address;
}

interface RawSection extends ElfSection {
  readonly type: number;
  readonly link: number;
}

function readSections(bytes: Uint8Array, file: DataView): RawSection[] {
  const raw = [...entries(bytes, file, SECTION_TABLE, SECTION_SIZE)].map(at => {
    const type = file.getUint32(at + SECTION.type, true);
    const flags = file.getUint32(at + SECTION.flags, true);
    const size = file.getUint32(at + SECTION.size, true);
    const offset = file.getUint32(at + SECTION.offset, true);
    const hasContents = type !== SECTION_NONE && type !== SECTION_NO_BITS;
    return {
      nameAt: file.getUint32(at + SECTION.name, true),
      type,
      address: file.getUint32(at + SECTION.address, true),
      bytes: hasContents ? range(bytes, offset, size, 'a section') : bytes.subarray(0, 0),
      size,
      link: file.getUint32(at + SECTION.link, true),
      access: { read: (flags & 2) !== 0, write: (flags & 1) !== 0, execute: (flags & 4) !== 0 },
    };
  });
  const names = raw[file.getUint16(HEADER.sectionNames, true)]?.bytes;
  if (raw.length > 0 && names === undefined) {
    throw new ElfError('its section names are missing: the file is damaged, link it again');
  }
  return raw.map(({ nameAt, ...section }) => ({ ...section, name: text(names!, nameAt) }));
}

function readSymbols(bytes: Uint8Array, file: DataView, sections: readonly RawSection[]): ElfSymbol[] {
  const symbols: ElfSymbol[] = [];
  for (const section of sections) {
    if (section.type !== SECTION_SYMBOLS) continue;
    const names = sections[section.link]?.bytes;
    if (names === undefined || section.size % SYMBOL_SIZE !== 0) {
      throw new ElfError('its symbol table makes no sense: the file is damaged, link it again or strip it');
    }
    const start = section.bytes.byteOffset - bytes.byteOffset;
    for (let at = start; at < start + section.size; at += SYMBOL_SIZE) {
      const type = file.getUint8(at + SYMBOL.info) & 15;
      const index = file.getUint16(at + SYMBOL.section, true);
      const isPlaced = index !== 0 && (index < SECTION_INDEX_RESERVED || index === SECTION_INDEX_ABSOLUTE);
      if (!isPlaced || type > 2) continue;
      symbols.push({
        name: text(names, file.getUint32(at + SYMBOL.name, true)),
        address: file.getUint32(at + SYMBOL.value, true),
        size: file.getUint32(at + SYMBOL.size, true),
        kind: type === 2 ? 'function' : type === 1 ? 'object' : 'other',
      });
    }
  }
  return symbols;
}

/** Offsets of the entries of a table whose place, entry size and count the header states. */
function* entries(
  bytes: Uint8Array,
  file: DataView,
  table: typeof SEGMENT_TABLE | typeof SECTION_TABLE,
  entrySize: number,
): Generator<number> {
  const offset = file.getUint32(table.place, true);
  const count = file.getUint16(table.count, true);
  if (offset === 0 || count === 0) return;
  const stated = file.getUint16(table.entrySize, true);
  if (stated !== entrySize) {
    throw new ElfError(
      `its ${table.name} table has entries of ${stated} bytes, not ${entrySize}: the file is damaged, link it again`,
    );
  }
  range(bytes, offset, count * entrySize, `its ${table.name} table`);
  for (let index = 0; index < count; index += 1) yield offset + index * entrySize;
}

function range(bytes: Uint8Array, offset: number, size: number, what: string): Uint8Array {
  if (offset + size > bytes.length) throw truncated(what, offset + size, bytes);
  return bytes.subarray(offset, offset + size);
}

function truncated(what: string, end: number, bytes: Uint8Array): ElfError {
  return new ElfError(
    `${what} ends at byte ${end}, but the file has only ${bytes.length}: it is cut short, copy or build it again`,
  );
}

/** A zero-terminated string of a string table; names outside the table are empty. */
function text(strings: Uint8Array, at: number): string {
  if (at >= strings.length) return '';
  const end = strings.indexOf(0, at);
  return new TextDecoder().decode(strings.subarray(at, end < 0 ? strings.length : end));
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
