/**
 * The end for a defect of the kernel's own, and for what it cannot start without: a report on the firmware's
 * console, and power off with a failure.
 *
 * Functions, files and lines come from the boot archive's file `kernel.symbols` (os/lib/places.ts). Without it the
 * report has addresses.
 */

import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../abi/archive.ts';
import { findInArchive } from '../lib/archive.ts';
import { type CodePlace, findPlace } from '../lib/places.ts';
import { logByte, logDecimal, logHex, logText, logZeroEnded, powerOffFailed } from './log.ts';

const STACK_WORDS_MAX: u32 = 256;
const NAMES_MAX: u32 = 12;

const SPACE: u32 = 32;
const COLON: u32 = 58;
/** A return address is behind its call. */
const CALL_SIZE: u32 = 2;

const found = memory.data(12, 4);

let symbols: u32 = 0;
let symbolsSize: u32 = 0;

//@external("entry", "stack_end")
declare function stack_end(): u32;
//@external("entry", "text_start")
declare function text_start(): u32;
//@external("entry", "text_end")
declare function text_end(): u32;

/** From an archive in order. */
export function setSymbols(archive: u32): void {
  const entry = findInArchive(archive, 'kernel.symbols');
  if (entry === 0) return;
  symbols = archive + load<u32>(entry, ARCHIVE_ENTRY_OFFSET);
  symbolsSize = load<u32>(entry, ARCHIVE_ENTRY_LENGTH);
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
  logPlace(pc, pc);
  logPlace(ra, ra - CALL_SIZE);
  logStack(sp);
  powerOffFailed();
  while (true) {}
}

/** What on the stack looks like a place that a call returns to, the innermost first. */
function logStack(sp: u32): void {
  const end = stack_end();
  if ((sp & 3) !== 0 || sp > end) return;
  const stop = min<u32>(end, sp + (STACK_WORDS_MAX << 2));
  let found: u32 = 0;
  for (let at = sp; at < stop && found < NAMES_MAX; at += 4) {
    const word = load<u32>(at);
    if (word < text_start() || word >= text_end()) continue;
    logPlace(word, word - CALL_SIZE);
    found += 1;
  }
}

/** `code` is in the instruction meant: that at the address, or the call that returns to it. */
function logPlace(address: u32, code: u32): void {
  logText('  at ');
  logHex(address);
  const place = changetype<CodePlace>(found);
  findPlace(symbols, symbolsSize, code, place);
  if (place.functionName !== 0) {
    logByte(SPACE);
    logZeroEnded(place.functionName);
  }
  if (place.fileName !== 0) {
    logText(' (');
    logZeroEnded(place.fileName);
    logByte(COLON);
    logDecimal(place.line);
    logText(')');
  }
  logText('\n');
}
