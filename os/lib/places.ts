/**
 * From an address in a program to its function, file and line, by the program's symbols (placeFile in
 * images/boot/symbols.ts says how they are laid out). The symbols come from a disk, maybe: what they say is
 * checked against their size, and where they make no sense nothing is found.
 */

/** Addresses of texts ended by a zero; 0 where it is not known. */
//@unmanaged
export class CodePlace {
  functionName: u32 = 0;
  fileName: u32 = 0;
  line: u32 = 0;
}

const ENTRY_SIZE: u32 = 12;
const HALFWORD_SHIFT: u32 = 1;

/** Where the numbers of a function's rows are read, and where they must end. */
let at: u32 = 0;
let end: u32 = 0;

/** What is at `pc`, by the `size` bytes of symbols at `symbols`. */
export function findPlace(symbols: u32, size: u32, pc: u32, place: CodePlace): void {
  place.functionName = place.fileName = place.line = 0;
  if (size < 4 || load<u8>(symbols + size - 1) !== 0) return;
  const count = load<u32>(symbols);
  if (count === 0 || count > (size - 4) / ENTRY_SIZE) return;
  const entry = entryBefore(symbols, count, pc);
  if (entry === 0) return;
  const name = load<u32>(entry, 4);
  const rows = load<u32>(entry, 8);
  if (name >= size || rows >= size) return;
  place.functionName = symbols + name;
  at = symbols + rows;
  end = symbols + size;
  const file = walk(pc - load<u32>(entry), place);
  const names: u32 = 4 + count * ENTRY_SIZE + (file << 2);
  if (place.line === 0 || names > size - 4 || load<u32>(symbols + names) >= size) return;
  place.fileName = symbols + load<u32>(symbols + names);
}

/** The last function that begins at `pc` or before; 0 for none. */
function entryBefore(symbols: u32, count: u32, pc: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(symbols + 4 + middle * ENTRY_SIZE) <= pc) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : symbols + 4 + (low - 1) * ENTRY_SIZE;
}

/** The line of the row that covers `distance`; its file's number. */
function walk(distance: u32, place: CodePlace): u32 {
  let reached: u32 = 0;
  let line: u32 = 0;
  let file: u32 = 0;
  let known: u32 = 0;
  let isFirst: u32 = 1;
  while (at < end) {
    const step = unsigned();
    if (step === 0) break;
    reached += ((step >> 1) - isFirst) << HALFWORD_SHIFT;
    isFirst = 0;
    if (reached > distance) break;
    if ((step & 1) !== 0) file = unsigned();
    const folded = unsigned();
    line += (folded & 1) !== 0 ? ~(folded >> 1) : folded >> 1;
    place.line = line;
    known = file;
  }
  return known;
}

/** LEB128. */
function unsigned(): u32 {
  let value: u32 = 0;
  for (let shift: u32 = 0; shift < 32 && at < end; shift += 7) {
    const byte: u32 = load<u8>(at);
    at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return value;
}
