/**
 * Functions, files and lines for the system's own reports, as files of the boot archive that os/lib/places.ts
 * reads: `kernel.symbols` for the kernel, `symbols/<file>` for a program.
 *
 *     0  count    4  {address, offset of the name, offset of its rows}    offsets of the files' names
 *     names, each ended by 0    rows
 *
 * A function's rows tell which instructions belong to which line: each is the distance from the row before in
 * 16-bit units, doubled, plus 1 where the file changes, whose number follows then; and the line's distance from
 * the one before, folded (0, −1, 1, −2 …). All are LEB128, and a zero ends them; therefore the first row, which
 * counts from the function's address, file 0, line 0, has one unit more.
 */
import { type Elf, type ElfSymbol, readElf } from '../../hw/elf.ts';
import { readLineTable } from '../../hw/line-table.ts';
import { ByteWriter, StringTable } from '../link/bytes.ts';

export function placeFile(elf: Uint8Array): Uint8Array {
  const parsed = readElf(elf);
  const lines = readLineTable(parsed);
  const functions = functionsOf(parsed);
  const files = new Map<string, number>();
  const rows = functions.map(({ address, size }) => {
    const writer = new ByteWriter();
    let before = { address, file: 0, line: 0 };
    for (let at = address; at < address + size; at += 2) {
      const place = lines.at(at);
      if (place === undefined) continue;
      const file = numberOf(files, place.file);
      if (file === before.file && place.line === before.line) continue;
      const isOtherFile = file !== before.file;
      // what comes before the first line is part of it; a first row of no distance would be the end
      const distance = before.line === 0 ? 1 : (at - before.address) / 2;
      writer.unsigned(distance * 2 + (isOtherFile ? 1 : 0));
      if (isOtherFile) writer.unsigned(file);
      writer.unsigned(folded(place.line - before.line));
      before = { address: before.line === 0 ? address : at, file, line: place.line };
    }
    return writer.u8(0).taken();
  });
  return placed(functions, [...files.keys()], rows);
}

function placed(
  functions: readonly ElfSymbol[],
  files: readonly string[],
  rows: readonly Uint8Array[],
): Uint8Array {
  const names = new StringTable();
  const tableSize = 4 + functions.length * 12 + files.length * 4;
  const placesOfNames = functions.map(({ name }) => tableSize + names.offsetOf(name));
  const placesOfFiles = files.map(name => tableSize + names.offsetOf(name));
  const strings = names.taken();
  const writer = new ByteWriter().u32(functions.length);
  let at = tableSize + strings.length;
  functions.forEach(({ address }, index) => {
    writer.u32(address).u32(placesOfNames[index]!).u32(at);
    at += rows[index]!.length;
  });
  for (const place of placesOfFiles) writer.u32(place);
  writer.bytes(strings);
  for (const each of rows) writer.bytes(each);
  return writer.taken();
}

function functionsOf(elf: Elf): readonly ElfSymbol[] {
  return elf.symbols
    .filter(symbol => symbol.kind === 'function' && symbol.size > 0)
    .sort((a, b) => a.address - b.address);
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

function folded(distance: number): number {
  return distance < 0 ? -distance * 2 - 1 : distance * 2;
}
