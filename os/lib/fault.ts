/**
 * How a process ended, in words: "store page fault at 0x00000010, in program.main (userland/bin/x.ts:12)".
 */
import {
  CAUSE_BREAKPOINT,
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE,
  CAUSE_ILLEGAL,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_MISALIGNED,
  CAUSE_LOAD_PAGE,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_MISALIGNED,
  CAUSE_STORE_PAGE,
} from './csr.ts';
import { addHex, addNumber, addText, addZeroEnded, type Line } from './line.ts';
import { type CodePlace, findPlace } from './places.ts';

const place = memory.data(12, 4);

/** What the exception was, where, and at which address; `symbols` of the program, if `size` is not 0. */
export function addFault(line: Line, cause: u32, pc: u32, value: u32, symbols: u32, size: u32): void {
  addText(line, causeName(cause));
  if (cause !== CAUSE_ILLEGAL && cause !== CAUSE_BREAKPOINT) {
    addText(line, ' at ');
    addHex(line, value);
  }
  addText(line, ', in ');
  const found = changetype<CodePlace>(place);
  findPlace(symbols, size, pc, found);
  if (found.functionName === 0) addHex(line, pc);
  else addZeroEnded(line, found.functionName);
  if (found.fileName === 0) return;
  addText(line, ' (');
  addZeroEnded(line, found.fileName);
  addText(line, ':');
  addNumber(line, found.line);
  addText(line, ')');
}

function causeName(cause: u32): string {
  switch (cause) {
    case CAUSE_FETCH_ACCESS:
      return 'instruction access fault';
    case CAUSE_ILLEGAL:
      return 'illegal instruction or failed check';
    case CAUSE_BREAKPOINT:
      return 'breakpoint';
    case CAUSE_LOAD_MISALIGNED:
      return 'misaligned load';
    case CAUSE_LOAD_ACCESS:
      return 'load access fault';
    case CAUSE_STORE_MISALIGNED:
      return 'misaligned store';
    case CAUSE_STORE_ACCESS:
      return 'store access fault';
    case CAUSE_FETCH_PAGE:
      return 'instruction page fault';
    case CAUSE_LOAD_PAGE:
      return 'load page fault';
    case CAUSE_STORE_PAGE:
      return 'store page fault';
    default:
      return 'exception';
  }
}
