/**
 * What goes to the screen: bytes of programs and echo, processed (a newline goes out as return and newline)
 * and queued until the line takes them; and in which column the cursor is when they have got there.
 *
 *     put ─→ [queue] ─→ nextOutput, outputTaken
 *
 * Columns count what is shown: code points by their width (os/lib/width.ts), tabs to the next multiple of
 * eight; escape sequences and control characters have none. Where a line wraps is the screen's business.
 */
import { ONLCR, OPOST } from '../../abi/terminal.ts';
import { widthOf } from '../../lib/width.ts';
import { hasOutput } from './attributes.ts';

export const OUTPUT_SIZE: u32 = 4096;
/** A byte may become two. */
const ROOM_PER_BYTE: u32 = 2;
/** Kept free of programs' output, for echo. */
const ECHO_ROOM: u32 = 512;

const BACKSPACE: u32 = 0x08;
const TAB: u32 = 0x09;
const NEWLINE: u32 = 0x0a;
const RETURN: u32 = 0x0d;
const BELL: u32 = 0x07;
const ESCAPE: u32 = 0x1b;
const SPACE: u32 = 0x20;
const DELETE: u32 = 0x7f;
const TAB_STOP: u32 = 8;

/** What the bytes so far have begun. */
const PLAIN: u32 = 0;
const ESCAPED: u32 = 1;
/** ESC [ …, up to a byte from 0x40. */
const CONTROLS: u32 = 2;
/** ESC ] …, up to a bell or ESC \\. */
const TITLE: u32 = 3;

const queue = memory.data(4096);
/** Bytes ever put and taken. */
let putCount: u32 = 0;
let takenCount: u32 = 0;
/** Of those not taken, the ones that are on their way and cannot be called back. */
let underWay: u32 = 0;

let isHeld: bool = false;
let column: u32 = 0;
/** PLAIN at first. */
let state: u32 = 0;
/** Of a code point that is not complete: its bits, and how many bytes are missing. */
let codePoint: u32 = 0;
let missing: u32 = 0;

/** How many bytes of a program there is room for. */
export function outputRoom(): u32 {
  const free = OUTPUT_SIZE - (putCount - takenCount);
  return free <= ECHO_ROOM ? 0 : (free - ECHO_ROOM) / ROOM_PER_BYTE;
}

/** A byte, processed. What finds the queue full is dropped: only echo can. */
export function put(byte: u32): void {
  if (byte === NEWLINE && hasOutput(OPOST) && hasOutput(ONLCR)) putRaw(RETURN);
  putRaw(byte);
}

/** The same, as it is. */
export function putRaw(byte: u32): void {
  if (putCount - takenCount === OUTPUT_SIZE) return;
  store<u8>(queue + (putCount & (OUTPUT_SIZE - 1)), byte);
  putCount += 1;
  moveCursor(byte);
}

/** Nothing goes out until it is let go. */
export function holdOutput(isWanted: bool): void {
  isHeld = isWanted;
}

/** Copies at most `size` bytes to `to`, none while the output is held: they are on their way until `outputTaken`. */
export function nextOutput(to: u32, size: u32): u32 {
  const count: u32 = isHeld ? 0 : min<u32>(putCount - takenCount, size);
  for (let index: u32 = 0; index < count; index += 1) {
    store<u8>(to + index, load<u8>(queue + ((takenCount + index) & (OUTPUT_SIZE - 1))));
  }
  underWay = count;
  return count;
}

export function outputTaken(): void {
  takenCount += underWay;
  underWay = 0;
}

export function isOutputEmpty(): bool {
  return putCount === takenCount;
}

/** Drops what is not on its way yet. */
export function dropOutput(): void {
  putCount = takenCount + underWay;
}

export function cursorColumn(): u32 {
  return column;
}

export function columnAfterTab(from: u32): u32 {
  return (from | (TAB_STOP - 1)) + 1;
}

function moveCursor(byte: u32): void {
  if (state === PLAIN) {
    if (byte === ESCAPE) state = ESCAPED;
    else if (byte >= SPACE && byte !== DELETE) moveOver(byte);
    else moveBy(byte);
  } else if (state === ESCAPED) {
    state = byte === 0x5b ? CONTROLS : byte === 0x5d ? TITLE : PLAIN;
  } else if (state === CONTROLS) {
    if (byte >= 0x40) state = PLAIN;
  } else if (byte === BELL) {
    state = PLAIN;
  } else if (byte === ESCAPE) {
    state = ESCAPED;
  }
}

function moveBy(control: u32): void {
  missing = 0;
  if (control === RETURN) column = 0;
  else if (control === BACKSPACE && column > 0) column -= 1;
  else if (control === TAB) column = columnAfterTab(column);
}

/** A byte of UTF-8; a code point counts when its last byte is there. */
function moveOver(byte: u32): void {
  if (byte < 0x80) {
    missing = 0;
    column += 1;
  } else if ((byte & 0xc0) === 0x80) {
    if (missing === 0) return;
    codePoint = (codePoint << 6) | (byte & 0x3f);
    missing -= 1;
    if (missing === 0) column += widthOf(codePoint);
  } else {
    missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    codePoint = byte & (0x3f >> missing);
  }
}
