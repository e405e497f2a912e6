/**
 * Debugging information as gdb, addr2line and our own disassembler read it: DWARF version 4.
 *
 *     .debug_abbrev   two shapes of entry: the compile unit, a function
 *     .debug_info     one compile unit over the whole text, one entry a function
 *     .debug_line     the line table: address → file, line, column
 *     .debug_aranges  which addresses the unit covers
 *
 * File names are as the sources were named to the compiler: relative ones, so that the bytes do not
 * depend on the folder of the build.
 */
import { ByteWriter } from './bytes.ts';

export interface LineRow {
  readonly address: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface FunctionRange {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

export interface DebugInput {
  readonly textStart: number;
  readonly textEnd: number;
  /** Ascending addresses; a row with line 0 belongs to no source. */
  readonly rows: readonly LineRow[];
  readonly functions: readonly FunctionRange[];
}

const PRODUCER = 'Gossamer guest compiler';
const VERSION = 4;
const ADDRESS_SIZE = 4;
const LANGUAGE_C99 = 0x0c;

const TAG = { compileUnit: 0x11, subprogram: 0x2e };
const AT = {
  name: 0x03,
  stmtList: 0x10,
  lowPc: 0x11,
  highPc: 0x12,
  language: 0x13,
  compDir: 0x1b,
  producer: 0x25,
  declFile: 0x3a,
  declLine: 0x3b,
  external: 0x3f,
};
const FORM = {
  addr: 0x01,
  data2: 0x05,
  data4: 0x06,
  string: 0x08,
  secOffset: 0x17,
  flagPresent: 0x19,
  udata: 0x0f,
};
const ABBREVIATION = { unit: 1, function: 2, functionWithoutLine: 3 };

/** The debug sections' contents by name; empty where nothing has a source line or a name. */
export function debugSections(input: DebugInput): ReadonlyMap<string, Uint8Array> {
  const files = [...new Set(input.rows.map(row => row.file).filter(file => file !== ''))];
  const fileIndex = new Map(files.map((file, index) => [file, index + 1]));
  return new Map([
    ['.debug_abbrev', abbreviations()],
    ['.debug_info', information(input, fileIndex)],
    ['.debug_line', lineTable(input, files, fileIndex)],
    ['.debug_aranges', addressRanges(input)],
  ]);
}

function abbreviations(): Uint8Array {
  const writer = new ByteWriter();
  const shape = (code: number, tag: number, children: number, attributes: readonly [number, number][]) => {
    writer.unsigned(code).unsigned(tag).u8(children);
    for (const [attribute, form] of attributes) writer.unsigned(attribute).unsigned(form);
    writer.u8(0).u8(0);
  };
  shape(ABBREVIATION.unit, TAG.compileUnit, 1, [
    [AT.producer, FORM.string],
    [AT.language, FORM.data2],
    [AT.name, FORM.string],
    [AT.compDir, FORM.string],
    [AT.lowPc, FORM.addr],
    [AT.highPc, FORM.data4],
    [AT.stmtList, FORM.secOffset],
  ]);
  const range: [number, number][] = [
    [AT.name, FORM.string],
    [AT.external, FORM.flagPresent],
    [AT.lowPc, FORM.addr],
    [AT.highPc, FORM.data4],
  ];
  const declared: [number, number][] = [
    [AT.declFile, FORM.udata],
    [AT.declLine, FORM.udata],
  ];
  shape(ABBREVIATION.function, TAG.subprogram, 0, [...range, ...declared]);
  shape(ABBREVIATION.functionWithoutLine, TAG.subprogram, 0, range);
  return writer.u8(0).taken();
}

function information(input: DebugInput, fileIndex: ReadonlyMap<string, number>): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(0).u16(VERSION).u32(0).u8(ADDRESS_SIZE);
  writer.unsigned(ABBREVIATION.unit).text(PRODUCER).u16(LANGUAGE_C99);
  writer.text(input.rows.find(row => row.file !== '')?.file ?? 'assembly').text('.');
  writer
    .u32(input.textStart)
    .u32(input.textEnd - input.textStart)
    .u32(0);
  let next = 0;
  for (const { name, address, size } of input.functions) {
    while (next < input.rows.length && input.rows[next]!.address < address) next += 1;
    let first = next;
    while (first < input.rows.length && input.rows[first]!.line === 0) first += 1;
    const row = input.rows[first];
    const declared = row !== undefined && row.address < address + size;
    writer.unsigned(declared ? ABBREVIATION.function : ABBREVIATION.functionWithoutLine);
    writer.text(name).u32(address).u32(size);
    if (declared) writer.unsigned(fileIndex.get(row.file)!).unsigned(row.line);
  }
  writer.u8(0);
  writer.setU32(0, writer.size - 4);
  return writer.taken();
}

function addressRanges(input: DebugInput): Uint8Array {
  const writer = new ByteWriter();
  writer
    .u32(0)
    .u16(2)
    .u32(0)
    .u8(ADDRESS_SIZE)
    .u8(0)
    .alignTo(2 * ADDRESS_SIZE);
  writer
    .u32(input.textStart)
    .u32(input.textEnd - input.textStart)
    .u32(0)
    .u32(0);
  writer.setU32(0, writer.size - 4);
  return writer.taken();
}

const OPCODE = { copy: 1, advancePc: 2, advanceLine: 3, setFile: 4, setColumn: 5, constAddPc: 8 };
const EXTENDED = { endSequence: 1, setAddress: 2 };
const LINE_BASE = -5;
const LINE_RANGE = 14;
const OPCODE_BASE = 13;
const OPERAND_COUNTS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
/** Instructions begin at even addresses: the table counts in halfwords. */
const UNIT = 2;

/** Section 6.2 of the DWARF 4 standard: header, then the program that makes the rows. */
function lineTable(
  input: DebugInput,
  files: readonly string[],
  fileIndex: ReadonlyMap<string, number>,
): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(0).u16(VERSION).u32(0);
  writer
    .u8(UNIT)
    .u8(1)
    .u8(1)
    .u8(LINE_BASE & 0xff)
    .u8(LINE_RANGE)
    .u8(OPCODE_BASE);
  for (const count of OPERAND_COUNTS) writer.u8(count);
  const folders = [...new Set(files.map(folderOf).filter(folder => folder !== ''))];
  for (const folder of folders) writer.text(folder);
  writer.u8(0);
  for (const file of files) {
    const folder = folderOf(file);
    writer.text(folder === '' ? file : file.slice(folder.length + 1));
    writer
      .unsigned(folder === '' ? 0 : folders.indexOf(folder) + 1)
      .u8(0)
      .u8(0);
  }
  writer.u8(0);
  writer.setU32(6, writer.size - 10);
  lineProgram(writer, input, fileIndex);
  writer.setU32(0, writer.size - 4);
  return writer.taken();
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function lineProgram(writer: ByteWriter, input: DebugInput, fileIndex: ReadonlyMap<string, number>): void {
  let address = input.textStart;
  let line = 1;
  let file = 1;
  let column = 0;
  let open = false;
  const start = (at: number) => {
    writer
      .u8(0)
      .unsigned(1 + ADDRESS_SIZE)
      .u8(EXTENDED.setAddress)
      .u32(at);
    [address, line, file, column, open] = [at, 1, 1, 0, true];
  };
  const end = (at: number) => {
    writer.u8(OPCODE.advancePc).unsigned((at - address) / UNIT);
    writer.u8(0).unsigned(1).u8(EXTENDED.endSequence);
    open = false;
  };
  for (const row of input.rows) {
    if (row.line === 0) {
      if (open) end(row.address);
      continue;
    }
    if (!open) start(row.address);
    const rowFile = fileIndex.get(row.file)!;
    if (rowFile !== file) writer.u8(OPCODE.setFile).unsigned(rowFile);
    if (row.column !== column) writer.u8(OPCODE.setColumn).unsigned(row.column);
    writeRow(writer, row.line - line, (row.address - address) / UNIT);
    [address, line, file, column] = [row.address, row.line, rowFile, row.column];
  }
  if (open) end(input.textEnd);
}

/** One row: a special opcode where both steps are small, the long form otherwise. */
function writeRow(writer: ByteWriter, lineStep: number, addressStep: number): void {
  const lineFits = lineStep >= LINE_BASE && lineStep < LINE_BASE + LINE_RANGE;
  const special = lineStep - LINE_BASE + LINE_RANGE * addressStep + OPCODE_BASE;
  if (lineFits && special <= 255) {
    writer.u8(special);
    return;
  }
  if (lineStep !== 0) writer.u8(OPCODE.advanceLine).signed(lineStep);
  if (addressStep !== 0) writer.u8(OPCODE.advancePc).unsigned(addressStep);
  writer.u8(OPCODE.copy);
}
