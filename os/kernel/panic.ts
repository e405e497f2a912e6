/**
 * The end for a defect of the kernel's own, and for what it cannot start without: a report on the firmware's
 * console, and power off with a failure.
 *
 * Names come from the boot archive's file `kernel.symbols`: a count, then for each function its address and
 * the offset of its name in the file, in the order of addresses. Without it the report has addresses.
 */
import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../abi/archive.ts';
import { findInArchive } from '../lib/archive.ts';
import { logByte, logHex, logText, powerOffFailed } from './log.ts';

const STACK_WORDS_MAX: u32 = 256;
const NAMES_MAX: u32 = 12;

let symbols: u32 = 0;
let textStart: u32 = 0;
let textEnd: u32 = 0;

//@external("entry", "stack_end")
declare function stack_end(): u32;
//@external("entry", "text_end")
declare function text_end(): u32;

/** From an archive in order. */
export function setSymbols(archive: u32): void {
  const entry = findInArchive(archive, 'kernel.symbols');
  if (entry === 0 || load<u32>(entry, ARCHIVE_ENTRY_LENGTH) < 12) return;
  symbols = archive + load<u32>(entry, ARCHIVE_ENTRY_OFFSET);
  textStart = load<u32>(symbols, 4);
  textEnd = text_end();
}

/** Does not return. */
export function panic(reason: string): void {
  logText('\nkernel: ');
  logText(reason);
  logText('\n');
  powerOffFailed();
  while (true) {}
}

/** A trap in the kernel itself. Does not return. */
export function reportTrap(cause: u32, pc: u32, value: u32, ra: u32, sp: u32): void {
  logText('\nkernel: trap in the kernel, cause ');
  logHex(cause);
  logText(', value ');
  logHex(value);
  logText('\n');
  logPlace(pc);
  logPlace(ra);
  logStack(sp);
  powerOffFailed();
  while (true) {}
}

/** What on the stack looks like a place that a call returns to, the innermost first. */
function logStack(sp: u32): void {
  const end = stack_end();
  if (symbols === 0 || (sp & 3) !== 0 || sp > end) return;
  const stop = min<u32>(end, sp + (STACK_WORDS_MAX << 2));
  let found: u32 = 0;
  for (let at = sp; at < stop && found < NAMES_MAX; at += 4) {
    const word = load<u32>(at);
    if (word < textStart || word >= textEnd) continue;
    logPlace(word);
    found += 1;
  }
}

function logPlace(address: u32): void {
  logText('  at ');
  logHex(address);
  const entry = symbols === 0 ? 0 : symbolBefore(address);
  if (entry !== 0) {
    logByte(32);
    let name = symbols + load<u32>(entry, 4);
    while (load<u8>(name) !== 0) {
      logByte(load<u8>(name));
      name += 1;
    }
    logText(' + ');
    logHex(address - load<u32>(entry));
  }
  logText('\n');
}

/** The last entry whose address is not beyond; 0 where the first one is. */
function symbolBefore(address: u32): u32 {
  let low: u32 = 0;
  let high = load<u32>(symbols);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(symbols + 4 + (middle << 3)) <= address) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : symbols + 4 + ((low - 1) << 3);
}
