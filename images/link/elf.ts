/**
 * The executable as bytes: ELF32, little-endian, RISC-V (System V gABI, RISC-V ELF psABI 1.0).
 *
 *     ELF header │ program headers │ segments on file pages │ debug sections │ symtab strtab shstrtab │ section headers
 *
 * One PT_LOAD per protection and run of memory; file offset and address agree modulo the page size.
 * Nothing in it depends on time, folder or host.
 */
import { ByteWriter, StringTable } from './bytes.ts';
import { PAGE_SIZE } from './description.ts';
import type { OutputSection } from './layout.ts';

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly binding: 'local' | 'global';
  readonly kind: 'function' | 'object' | 'none';
  /** The output section it lies in; undefined for a plain value. */
  readonly section: OutputSection | undefined;
}

export interface ElfInput {
  readonly entry: number;
  readonly sections: readonly OutputSection[];
  readonly contents: ReadonlyMap<OutputSection, Uint8Array>;
  readonly symbols: readonly ElfSymbol[];
  readonly debug: ReadonlyMap<string, Uint8Array>;
  /** The ISA string of the RISC-V attributes section, for disassemblers. */
  readonly architecture: string;
}

const HEADER_SIZE = 52;
const PROGRAM_HEADER_SIZE = 32;
const SECTION_HEADER_SIZE = 40;
const SYMBOL_SIZE = 16;
const EXECUTABLE = 2;
const MACHINE_RISCV = 243;
const FLAGS_RVC = 1;
const TYPE = { progbits: 1, symtab: 2, strtab: 3, nobits: 8, attributes: 0x7000_0003 };
const FLAG = { write: 1, alloc: 2, execute: 4 };
const SEGMENT = { execute: 1, write: 2, read: 4, load: 1, stack: 0x6474_e551 };
const INDEX_ABSOLUTE = 0xfff1;

interface Segment {
  readonly sections: readonly OutputSection[];
  readonly fileOffset: number;
}

interface SectionHeader {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

export function writeElf(input: ElfInput): Uint8Array {
  const groups = segmentGroups(input.sections);
  const writer = new ByteWriter();
  const programHeaderCount = groups.length + 1;
  writer.bytes(new Uint8Array(HEADER_SIZE + programHeaderCount * PROGRAM_HEADER_SIZE));
  const headers: SectionHeader[] = [plainHeader('', 0, 0, 0)];
  const segments = groups.map(sections => writeSegment(writer, sections, input.contents, headers));
  const indexOf = new Map(
    input.sections.map(section => [section, headers.findIndex(h => h.name === section.name)]),
  );

  const append = (header: Partial<SectionHeader> & { name: string; type: number }, bytes: Uint8Array) => {
    writer.alignTo(header.alignment ?? 1);
    headers.push({ ...plainHeader(header.name, header.type, writer.size, bytes.length), ...header });
    writer.bytes(bytes);
  };
  for (const [name, bytes] of input.debug) append({ name, type: TYPE.progbits }, bytes);
  append({ name: '.riscv.attributes', type: TYPE.attributes }, attributes(input.architecture));
  const names = new StringTable();
  const { bytes, localCount } = symbolBytes(input.symbols, names, indexOf);
  const link = headers.length + 1;
  append(
    { name: '.symtab', type: TYPE.symtab, link, info: localCount, alignment: 4, entrySize: SYMBOL_SIZE },
    bytes,
  );
  append({ name: '.strtab', type: TYPE.strtab }, names.taken());
  const sectionNames = new StringTable();
  for (const { name } of headers) sectionNames.offsetOf(name);
  sectionNames.offsetOf('.shstrtab');
  append({ name: '.shstrtab', type: TYPE.strtab }, sectionNames.taken());

  writer.alignTo(4);
  const sectionHeadersAt = writer.size;
  for (const header of headers) writeSectionHeader(writer, header, sectionNames);
  const file = writer.taken();
  file.set(elfHeader(input.entry, sectionHeadersAt, headers.length, programHeaderCount));
  const programs = new ByteWriter();
  for (const segment of segments) writeProgramHeader(programs, segment);
  programs
    .u32(SEGMENT.stack)
    .u32(0)
    .u32(0)
    .u32(0)
    .u32(0)
    .u32(0)
    .u32(SEGMENT.read | SEGMENT.write)
    .u32(16);
  file.set(programs.taken(), HEADER_SIZE);
  return file;
}

function plainHeader(name: string, type: number, offset: number, size: number): SectionHeader {
  const alignment = name === '' ? 0 : 1;
  return { name, type, flags: 0, address: 0, offset, size, link: 0, info: 0, alignment, entrySize: 0 };
}

/** Neighbouring sections of one protection share a segment: .data and .bss. */
function segmentGroups(sections: readonly OutputSection[]): readonly (readonly OutputSection[])[] {
  const groups: OutputSection[][] = [];
  for (const section of [...sections].sort((a, b) => a.address - b.address)) {
    const before = groups.at(-1)?.at(-1);
    const joins =
      before !== undefined &&
      before.access === section.access &&
      before.physicalOffset === section.physicalOffset &&
      (before.loaded || !section.loaded) &&
      section.address - (before.address + before.size) < PAGE_SIZE;
    if (joins) groups.at(-1)!.push(section);
    else groups.push([section]);
  }
  return groups;
}

function writeSegment(
  writer: ByteWriter,
  sections: readonly OutputSection[],
  contents: ReadonlyMap<OutputSection, Uint8Array>,
  headers: SectionHeader[],
): Segment {
  const start = sections[0]!.address;
  while (writer.size % PAGE_SIZE !== start % PAGE_SIZE) writer.u8(0);
  const fileOffset = writer.size;
  for (const section of sections) {
    const bytes = section.loaded ? contents.get(section)! : new Uint8Array(0);
    if (bytes.length > 0) {
      while (writer.size - fileOffset < section.address - start) writer.u8(0);
    }
    const access = section.access === 'rx' ? FLAG.execute : section.access === 'rw' ? FLAG.write : 0;
    headers.push({
      ...plainHeader(section.name, section.loaded ? TYPE.progbits : TYPE.nobits, writer.size, section.size),
      flags: FLAG.alloc | access,
      address: section.address,
      alignment: alignmentOf(section),
    });
    writer.bytes(bytes);
  }
  return { sections, fileOffset };
}

function alignmentOf(section: OutputSection): number {
  const wanted = Math.max(1, ...section.parts.map(part => part.section.alignment));
  return section.address % wanted === 0 ? wanted : 1;
}

function writeProgramHeader(writer: ByteWriter, { sections, fileOffset }: Segment): void {
  const first = sections[0]!;
  const last = sections.at(-1)!;
  const lastLoaded = sections.findLast(section => section.loaded);
  const fileSize = lastLoaded === undefined ? 0 : lastLoaded.address + lastLoaded.size - first.address;
  const access = first.access === 'rx' ? SEGMENT.execute : first.access === 'rw' ? SEGMENT.write : 0;
  writer.u32(SEGMENT.load).u32(fileOffset);
  writer.u32(first.address).u32(first.address + first.physicalOffset);
  writer.u32(fileSize).u32(last.address + last.size - first.address);
  writer.u32(SEGMENT.read | access).u32(PAGE_SIZE);
}

/** Section 8 of the psABI: vendor "riscv", one file subsection, the ISA string (tag 5). */
function attributes(architecture: string): Uint8Array {
  const tags = new ByteWriter().unsigned(5).text(architecture).taken();
  const file = new ByteWriter()
    .u8(1)
    .u32(tags.length + 5)
    .bytes(tags)
    .taken();
  const vendor = new ByteWriter().text('riscv').bytes(file).taken();
  return new ByteWriter()
    .u8(0x41)
    .u32(vendor.length + 4)
    .bytes(vendor)
    .taken();
}

function symbolBytes(
  symbols: readonly ElfSymbol[],
  names: StringTable,
  indexOf: ReadonlyMap<OutputSection, number>,
): { bytes: Uint8Array; localCount: number } {
  const writer = new ByteWriter().bytes(new Uint8Array(SYMBOL_SIZE));
  const ordered = [
    ...symbols.filter(symbol => symbol.binding === 'local'),
    ...symbols.filter(symbol => symbol.binding === 'global'),
  ];
  for (const { name, address, size, binding, kind, section } of ordered) {
    const type = kind === 'function' ? 2 : kind === 'object' ? 1 : 0;
    writer.u32(names.offsetOf(name)).u32(address).u32(size);
    writer.u8((binding === 'global' ? 0x10 : 0) | type).u8(0);
    writer.u16(section === undefined ? INDEX_ABSOLUTE : indexOf.get(section)!);
  }
  return {
    bytes: writer.taken(),
    localCount: 1 + symbols.filter(symbol => symbol.binding === 'local').length,
  };
}

function writeSectionHeader(writer: ByteWriter, header: SectionHeader, names: StringTable): void {
  writer.u32(names.offsetOf(header.name)).u32(header.type).u32(header.flags).u32(header.address);
  writer.u32(header.offset).u32(header.size).u32(header.link).u32(header.info);
  writer.u32(header.alignment).u32(header.entrySize);
}

function elfHeader(
  entry: number,
  sectionHeadersAt: number,
  sectionCount: number,
  programCount: number,
): Uint8Array {
  const writer = new ByteWriter();
  writer
    .bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0))
    .u32(0)
    .u32(0);
  writer.u16(EXECUTABLE).u16(MACHINE_RISCV).u32(1).u32(entry).u32(HEADER_SIZE).u32(sectionHeadersAt);
  writer.u32(FLAGS_RVC).u16(HEADER_SIZE).u16(PROGRAM_HEADER_SIZE).u16(programCount);
  writer
    .u16(SECTION_HEADER_SIZE)
    .u16(sectionCount)
    .u16(sectionCount - 1);
  return writer.taken();
}
