/**
 * NAME
 *     disassemble: an executable's code as text, with its symbols and source lines
 * SYNOPSIS
 *     npm run --silent disassemble -- FILE [SYMBOL…]
 * DESCRIPTION
 *     Prints every executable section of an ELF32 RISC-V file, or only the functions named. A line with the
 *     address and name begins each symbol; a line with file and line number, and the source's text where
 *     the file is there, comes before the code it became.
 * EXIT STATUS
 *     0, or 1 with one line on standard error for a file that cannot be read or has no such symbol.
 * SEE ALSO
 *     images/guest/compile-command.ts, hw/cpu/disassemble.ts, hw/line-table.ts
 */
import { existsSync, readFileSync } from 'node:fs';
import { disassemble, instructionSize } from '../hw/cpu/disassemble.ts';
import type { Elf, ElfSection } from '../hw/elf.ts';
import { SymbolTable } from '../hw/lab/symbols.ts';
import { readLineTable } from '../hw/line-table.ts';

/** The listing's lines. `wanted` are names of symbols; none: everything. Throws for an unknown one. */
export function* listing(elf: Elf, wanted: readonly string[]): Generator<string> {
  const ranges = wanted.map(name => rangeOf(elf, name));
  const sections = [...elf.sections.values()].filter(
    ({ access, bytes }) => access.execute && bytes.length > 0,
  );
  for (const section of sections) yield* sectionListing(elf, section, ranges);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangeOf(elf: Elf, name: string): Range {
  const symbol = elf.symbols.find(each => each.name === name);
  if (symbol === undefined)
    throw new Error(`there is no symbol ${name}: run without names to see those there are`);
  if (symbol.size > 0) return { start: symbol.address, end: symbol.address + symbol.size };
  const behind = elf.symbols.map(each => each.address).filter(address => address > symbol.address);
  return { start: symbol.address, end: Math.min(...behind) };
}

function* sectionListing(elf: Elf, section: ElfSection, ranges: readonly Range[]): Generator<string> {
  const symbols = new SymbolTable(elf.symbols);
  const lines = readLineTable(elf);
  const names = namesByAddress(elf);
  const sources = new SourceTexts();
  const view = new DataView(section.bytes.buffer, section.bytes.byteOffset, section.bytes.byteLength);
  let shown = '';
  for (let offset = 0; offset + 2 <= section.bytes.length; ) {
    const address = section.address + offset;
    const first = view.getUint16(offset, true);
    const size = instructionSize(first);
    const whole = size === 4 && offset + 4 <= section.bytes.length;
    const word = whole ? view.getUint32(offset, true) : first;
    offset += size;
    if (ranges.length > 0 && !ranges.some(({ start, end }) => address >= start && address < end)) continue;
    for (const name of names.get(address) ?? []) yield `\n${hex(address)} <${name}>:`;
    const place = lines.at(address);
    const where = place === undefined ? '' : `${place.file}:${place.line}`;
    if (where !== shown && place !== undefined) yield `; ${where}${sources.line(place.file, place.line)}`;
    shown = where;
    const bits =
      size === 4 ? word.toString(16).padStart(8, '0') : `    ${word.toString(16).padStart(4, '0')}`;
    yield `${hex(address)}:  ${bits}  ${disassemble(word, address, target => symbols.nearest(target))}`;
  }
}

function namesByAddress(elf: Elf): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const { name, address } of elf.symbols) names.set(address, [...(names.get(address) ?? []), name]);
  return names;
}

function hex(address: number): string {
  return address.toString(16).padStart(8, '0');
}

/** Sources, read once each; a file that is not there has no text. */
class SourceTexts {
  private readonly files = new Map<string, readonly string[]>();

  line(file: string, line: number): string {
    if (!this.files.has(file)) {
      this.files.set(file, existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
    }
    const text = this.files.get(file)![line - 1];
    return text === undefined ? '' : `  ${text.trim()}`;
  }
}
