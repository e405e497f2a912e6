/**
 * How large the screen is: as somebody has said, or as the terminal itself says when it is asked. It is asked
 * where its cursor is when that has been sent beyond the last row and column:
 *
 *     ESC 7   ESC [ 999 ; 999 H   ESC [ 6 n   ESC 8          answer: ESC [ row ; column R
 *
 * While an answer is awaited, what is typed goes through here, and out again if it is none.
 */
import { putRaw } from './output.ts';

const ESCAPE: u32 = 0x1b;
const BRACKET: u32 = 0x5b;
const SEMICOLON: u32 = 0x3b;
const REPORT: u32 = 0x52;
const ZERO: u32 = 0x30;

/** "\x1b7\x1b[999;999H\x1b[6n\x1b8" */
const question = memory.data<u8>([
  0x1b, 0x37, 0x1b, 0x5b, 0x39, 0x39, 0x39, 0x3b, 0x39, 0x39, 0x39, 0x48, 0x1b, 0x5b, 0x36, 0x6e, 0x1b, 0x38,
]);
const QUESTION_SIZE: u32 = 18;
/** The beginning of what may be the answer. */
const held = memory.data(16);
const HELD_MAX: u32 = 16;

/** What filter has to say. */
export const NOT_MINE: u32 = 0;
export const HELD_BACK: u32 = 1;
export const ANSWERED: u32 = 2;

let rows: u32 = 24;
let columns: u32 = 80;
let isAsking: bool = false;
let heldCount: u32 = 0;

/** Rows in the low half, columns in the high one. */
export function windowSize(): u32 {
  return rows | (columns << 16);
}

/** Whether it is another one than before. */
export function setWindowSize(size: u32): bool {
  const isNew = size !== windowSize();
  rows = size & 0xffff;
  columns = size >> 16;
  return isNew;
}

export function askForWindow(): void {
  isAsking = true;
  for (let at: u32 = 0; at < QUESTION_SIZE; at += 1) putRaw(load<u8>(question + at));
}

export function isAskingForWindow(): bool {
  return isAsking;
}

/** A byte on its way in. Where it is NOT_MINE, what was held back before it comes first: heldBack. */
export function filter(byte: u32): u32 {
  if (!isAsking) return NOT_MINE;
  if (!continues(byte)) return NOT_MINE;
  if (byte !== REPORT || heldCount < 2) {
    store<u8>(held + heldCount, byte);
    heldCount += 1;
    return HELD_BACK;
  }
  const answer = answered();
  heldCount = 0;
  if (answer === 0) return HELD_BACK;
  isAsking = false;
  setWindowSize(answer);
  return ANSWERED;
}

/** Bytes that were held back and are no answer: they are the caller's now, oldest first at `heldAt`. */
export function heldBack(): u32 {
  const count = heldCount;
  heldCount = 0;
  return count;
}

export function heldAt(index: u32): u32 {
  return load<u8>(held + index);
}

export function giveUpAsking(): void {
  isAsking = false;
}

/** Whether the byte can follow what is held. */
function continues(byte: u32): bool {
  if (heldCount === 0) return byte === ESCAPE;
  if (heldCount === 1) return byte === BRACKET;
  if (heldCount === HELD_MAX) return false;
  return (byte >= ZERO && byte < ZERO + 10) || byte === SEMICOLON || byte === REPORT;
}

/** The size that is held, 0 where it makes no sense. */
function answered(): u32 {
  let first: u32 = 0;
  let number: u32 = 0;
  for (let at: u32 = 2; at < heldCount; at += 1) {
    const byte = heldAt(at);
    if (byte === SEMICOLON) {
      first = number;
      number = 0;
    } else {
      number = number * 10 + byte - ZERO;
    }
  }
  if (first === 0 || number === 0 || first > 0x7fff || number > 0x7fff) return 0;
  return first | (number << 16);
}
