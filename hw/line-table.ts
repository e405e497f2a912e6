/**
 * From an address to the place in the sources: the line table of an ELF, DWARF versions 2 to 4, section
 * 6.2 of the standard. Tables of version 5 are passed over: our own tool chain makes version 4.
 *
 *     const lines = readLineTable(elf);
 *     lines.at(0x80001234)  →  { file: 'os/kernel/trap.ts', line: 41, column: 7 }
 *
 * The program of a table is a small machine: registers address, file, line, column; each opcode steps
 * them or makes a row. A row holds until the next; an end-of-sequence row holds nothing.
 */
import { type Elf, ElfError } from './elf.ts';

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LineTable {
  /** Undefined where no source is known. */
  at(address: number): SourcePlace | undefined;
}

interface Row extends SourcePlace {
  readonly address: number;
}

const STANDARD = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  constAddPc: 8,
  fixedAdvancePc: 9,
};
const EXTENDED = { endSequence: 1, setAddress: 2 };

/** Throws an ElfError for a table that is cut short or names a file that it does not list. */
export function readLineTable(elf: Elf): LineTable {
  const bytes = elf.sections.get('.debug_line')?.bytes ?? new Uint8Array(0);
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; ) {
    const unit = new Reader(bytes, at, bytes.length);
    const end = unit.u32() + unit.at;
    const version = unit.u16();
    if (version >= 2 && version <= 4) readUnit(new Reader(bytes, unit.at, end), version, rows);
    at = end;
  }
  rows.sort((a, b) => a.address - b.address);
  return { at: address => placeAt(rows, address) };
}

function placeAt(rows: readonly Row[], address: number): SourcePlace | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const row = rows[low - 1];
  return row === undefined || row.line === 0 ? undefined : row;
}

interface Header {
  readonly instructionSize: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: readonly number[];
  readonly files: readonly string[];
}

function readUnit(reader: Reader, version: number, rows: Row[]): void {
  const headerSize = reader.u32();
  const programAt = reader.at + headerSize;
  const instructionSize = reader.u8();
  if (version === 4) reader.u8();
  reader.u8();
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const operandCounts = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
  const files = readFiles(reader);
  reader.at = programAt;
  runProgram(reader, { instructionSize, lineBase, lineRange, opcodeBase, operandCounts, files }, rows);
}

/** Paths by file number, which counts from 1. */
function readFiles(reader: Reader): readonly string[] {
  const folders = [''];
  for (let folder = reader.text(); folder !== ''; folder = reader.text()) folders.push(folder);
  const files = [''];
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    const folder = listed(folders, reader.unsigned());
    reader.unsigned();
    reader.unsigned();
    files.push(folder === '' ? name : `${folder}/${name}`);
  }
  return files;
}

function runProgram(reader: Reader, header: Header, rows: Row[]): void {
  const { instructionSize, lineBase, lineRange, opcodeBase, operandCounts, files } = header;
  let [address, file, line, column] = [0, 1, 1, 0];
  const row = () => rows.push({ address, file: listed(files, file), line, column });
  while (!reader.done) {
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      address += Math.floor((opcode - opcodeBase) / lineRange) * instructionSize;
      line += lineBase + ((opcode - opcodeBase) % lineRange);
      row();
      continue;
    }
    switch (opcode) {
      case 0: {
        const next = reader.unsigned() + reader.at;
        const extended = reader.u8();
        if (extended === EXTENDED.setAddress) address = reader.u32();
        if (extended === EXTENDED.endSequence) {
          rows.push({ address, file: '', line: 0, column });
          [address, file, line, column] = [0, 1, 1, 0];
        }
        reader.at = next;
        break;
      }
      case STANDARD.copy:
        row();
        break;
      case STANDARD.advancePc:
        address += reader.unsigned() * instructionSize;
        break;
      case STANDARD.advanceLine:
        line += reader.signed();
        break;
      case STANDARD.setFile:
        file = reader.unsigned();
        break;
      case STANDARD.setColumn:
        column = reader.unsigned();
        break;
      case STANDARD.constAddPc:
        address += Math.floor((255 - opcodeBase) / lineRange) * instructionSize;
        break;
      case STANDARD.fixedAdvancePc:
        address += reader.u16();
        break;
      default:
        for (let count = operandCounts[opcode - 1]!; count > 0; count -= 1) reader.unsigned();
    }
  }
}

function listed(names: readonly string[], index: number): string {
  const name = names[index];
  if (name === undefined)
    throw new ElfError('the line table names a file or folder that it does not list: build the file again');
  return name;
}

/** Little-endian numbers and texts of a part of the section. */
class Reader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    if (end > bytes.length) throw new ElfError('the line table is cut short: build the file again');
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    if (this.done) throw new ElfError('the line table is cut short: build the file again');
    return this.bytes[this.at++]!;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
    }
  }

  text(): string {
    const start = this.at;
    while (this.u8() !== 0);
    return new TextDecoder().decode(this.bytes.subarray(start, this.at - 1));
  }
}
