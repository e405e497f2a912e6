/**
 * The line discipline: what is typed, on its way to those who read. Pure: bytes in, bytes and signals out.
 *
 *     typeByte ─→ signal, hold, edit, echo ─→ [read … committed … end] ─→ copyTyped, consumeTyped
 *
 * With ICANON the bytes from `committed` to `end` are the line that is being edited; a newline, an end of file
 * or an end-of-line character commits it. A mark stands with the last byte of a line; the mark of an end of
 * file has a byte of its own, which nobody gets. Without ICANON every byte is committed at once.
 *
 * Erasing takes a whole code point, and from the screen as many columns as it has there: `startColumn` is
 * where the line began. A word is what lies between blanks.
 */
import {
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  ECHONL,
  ICANON,
  ICRNL,
  IEXTEN,
  IGNCR,
  IMAXBEL,
  INLCR,
  ISIG,
  IUTF8,
  IXON,
  NOFLSH,
  VEOF,
  VEOL,
  VEOL2,
  VERASE,
  VERASE2,
  VINTR,
  VKILL,
  VLNEXT,
  VQUIT,
  VREPRINT,
  VSTART,
  VSTOP,
  VSUSP,
  VWERASE,
} from '../../abi/terminal.ts';
import { widthOf } from '../../lib/width.ts';
import { SIGNAL_INT, SIGNAL_QUIT, SIGNAL_TSTP } from '../../proto/process.ts';
import { characterAt, hasInput, hasLocal, isCharacter } from './attributes.ts';
import { columnAfterTab, cursorColumn, dropOutput, holdOutput, put, putRaw } from './output.ts';

export const TYPED_SIZE: u32 = 4096;
/** What copyTyped gives where a read has to wait. */
export const NOTHING_YET: i32 = -1;

const BELL: u32 = 0x07;
const BACKSPACE: u32 = 0x08;
const TAB: u32 = 0x09;
const NEWLINE: u32 = 0x0a;
const RETURN: u32 = 0x0d;
const SPACE: u32 = 0x20;
const CARET: u32 = 0x5e;
const DELETE: u32 = 0x7f;
const CONTROL_BIT: u32 = 0x40;

const NO_MARK: u32 = 0;
/** The last byte of a line. */
const MARK_LINE: u32 = 1;
/** The end of file: no byte that anybody gets. */
const MARK_END: u32 = 2;

const bytes = memory.data(4096);
const marks = memory.data(4096);
/** Counts of bytes, modulo 2^32. */
let read: u32 = 0;
let committed: u32 = 0;
let end: u32 = 0;
/** Marks between `read` and `committed`. */
let lines: u32 = 0;
let startColumn: u32 = 0;
/** The next byte is no control character, whatever it is. */
let isLiteral: bool = false;
/** Signals that were typed and nobody has asked for: bit n for signal n. */
let signals: u32 = 0;
/** What the last copyTyped has gone over, and the marks in it. */
let copiedSpan: u32 = 0;
let copiedLines: u32 = 0;

/** Whether a byte more has to wait until somebody has read. A line without end does not wait: it is cut. */
export function isTypedFull(): bool {
  return end - read === TYPED_SIZE && (lines > 0 || !hasLocal(ICANON));
}

/** Whether the byte does something at once, and takes no room. */
export function isUrgent(byte: u32): bool {
  if (isLiteral) return false;
  if (hasInput(IXON) && (isCharacter(byte, VSTOP) || isCharacter(byte, VSTART))) return true;
  if (!hasLocal(ISIG)) return false;
  return isCharacter(byte, VINTR) || isCharacter(byte, VQUIT) || isCharacter(byte, VSUSP);
}

export function typeByte(typed: u32): void {
  if (isLiteral) {
    isLiteral = false;
    insert(typed, NO_MARK);
    return;
  }
  if (typed === RETURN && hasInput(IGNCR)) return;
  let byte = typed;
  if (typed === RETURN && hasInput(ICRNL)) byte = NEWLINE;
  else if (typed === NEWLINE && hasInput(INLCR)) byte = RETURN;
  if (hasInput(IXON) && isFlowControl(byte)) return;
  if (hasLocal(ISIG) && isSignal(byte)) return;
  if (!hasLocal(ICANON)) insert(byte, NO_MARK);
  else if (!isEditing(byte)) typeInLine(byte);
}

/** Signals since it was last asked: bit n for signal n. */
export function takeSignals(): u32 {
  const taken = signals;
  signals = 0;
  return taken;
}

export function dropTyped(): void {
  read = end;
  committed = end;
  lines = 0;
  isLiteral = false;
}

/** ICANON has been switched: what is there can be read, as it is, or as a line. */
export function canonicalChanged(): void {
  lines = 0;
  for (let at = read; at !== end; at += 1) if (markAt(at) === MARK_LINE) setMark(at, NO_MARK);
  committed = end;
  if (!hasLocal(ICANON) || read === end) return;
  if (markAt(end - 1) === NO_MARK) setMark(end - 1, MARK_LINE);
  for (let at = read; at !== end; at += 1) if (markAt(at) !== NO_MARK) lines += 1;
}

/** Bytes that can be read now without waiting for a line to be ended. */
export function typedCount(): u32 {
  return committed - read;
}

/** Copies what a read of `size` bytes gets: a line at most. → its size, 0 at an end of file, NOTHING_YET. */
export function copyTyped(to: u32, size: u32): i32 {
  const isLine = hasLocal(ICANON);
  if (isLine ? lines === 0 : read === committed) return NOTHING_YET;
  let count: u32 = 0;
  let at = read;
  copiedLines = 0;
  while (at !== committed && copiedLines === 0) {
    const mark = markAt(at);
    if (mark !== MARK_END) {
      if (count === size) break;
      store<u8>(to + count, byteAt(at));
      count += 1;
    }
    at += 1;
    if (isLine && mark !== NO_MARK) copiedLines = 1;
  }
  copiedSpan = at - read;
  return count;
}

/** What the last copyTyped gave is the reader's now. */
export function consumeTyped(): void {
  read += copiedSpan;
  lines -= copiedLines;
  copiedSpan = 0;
  copiedLines = 0;
}

function isFlowControl(byte: u32): bool {
  if (!isCharacter(byte, VSTOP) && !isCharacter(byte, VSTART)) return false;
  holdOutput(isCharacter(byte, VSTOP));
  return true;
}

function isSignal(byte: u32): bool {
  if (isCharacter(byte, VINTR)) signal(byte, SIGNAL_INT);
  else if (isCharacter(byte, VQUIT)) signal(byte, SIGNAL_QUIT);
  else if (isCharacter(byte, VSUSP)) signal(byte, SIGNAL_TSTP);
  else return false;
  return true;
}

function signal(byte: u32, number: u32): void {
  if (!hasLocal(NOFLSH)) {
    dropTyped();
    dropOutput();
  }
  holdOutput(false);
  show(byte);
  signals |= 1 << number;
}

/** Whether the byte changes the line that is being typed, instead of being part of it. */
function isEditing(byte: u32): bool {
  if (isCharacter(byte, VERASE) || isCharacter(byte, VERASE2)) eraseLast();
  else if (isCharacter(byte, VKILL)) kill();
  else if (!hasLocal(IEXTEN)) return false;
  else if (isCharacter(byte, VWERASE)) eraseWord();
  else if (isCharacter(byte, VREPRINT)) reprint();
  else if (isCharacter(byte, VLNEXT)) expectLiteral();
  else return false;
  return true;
}

function typeInLine(byte: u32): void {
  if (isCharacter(byte, VEOF)) {
    append(0, MARK_END);
    commit();
  } else if (byte === NEWLINE || isCharacter(byte, VEOL) || isCharacter(byte, VEOL2)) {
    if (byte === NEWLINE && hasLocal(ECHONL) && !hasLocal(ECHO)) put(NEWLINE);
    insert(byte, MARK_LINE);
    commit();
  } else {
    insert(byte, NO_MARK);
  }
}

function commit(): void {
  committed = end;
  lines += 1;
}

/** A byte of the text, and on the screen. The last place is the end of the line's. */
function insert(byte: u32, mark: u32): void {
  const room = TYPED_SIZE - (end - read);
  if (room === 0 || (room === 1 && mark === NO_MARK && hasLocal(ICANON))) {
    if (hasInput(IMAXBEL)) putRaw(BELL);
    return;
  }
  if (end === committed) startColumn = cursorColumn();
  append(byte, mark);
  if (!hasLocal(ICANON)) committed = end;
  if (byte === NEWLINE && mark === MARK_LINE) showNewline();
  else show(byte);
}

/** Where not even the mark has room, it takes the last byte's place. */
function append(byte: u32, mark: u32): void {
  if (end - read === TYPED_SIZE) end -= 1;
  store<u8>(bytes + (end & (TYPED_SIZE - 1)), byte);
  setMark(end, mark);
  end += 1;
}

function showNewline(): void {
  if (hasLocal(ECHO)) put(NEWLINE);
}

/** Echo. Control characters show as ^X, but for the tab; without ICANON also newlines are as they are. */
function show(byte: u32): void {
  if (!hasLocal(ECHO)) return;
  if (isShownAsControl(byte)) {
    put(CARET);
    put(byte ^ CONTROL_BIT);
  } else {
    put(byte);
  }
}

function isShownAsControl(byte: u32): bool {
  if (!hasLocal(ECHOCTL) || byte === TAB) return false;
  if (byte === NEWLINE && !hasLocal(ICANON)) return false;
  return byte < SPACE || byte === DELETE;
}

function eraseLast(): void {
  if (end === committed) return;
  const from = startOfLast(end);
  if (hasLocal(ECHOE)) eraseShown(from);
  else show(characterAt(VERASE));
  end = from;
}

function eraseWord(): void {
  let from = end;
  while (from !== committed && isBlank(byteAt(from - 1))) from -= 1;
  while (from !== committed && !isBlank(byteAt(from - 1))) from -= 1;
  if (hasLocal(ECHOE)) eraseShown(from);
  end = from;
}

function kill(): void {
  if (hasLocal(ECHOE) && hasLocal(ECHOKE)) {
    eraseShown(committed);
  } else {
    show(characterAt(VKILL));
    if (hasLocal(ECHOK)) showNewline();
  }
  end = committed;
}

function reprint(): void {
  if (!hasLocal(ECHO)) return;
  show(characterAt(VREPRINT));
  put(NEWLINE);
  startColumn = cursorColumn();
  for (let at = committed; at !== end; at += 1) show(byteAt(at));
}

/** A caret shows that the next one is literal; it is overwritten by it. */
function expectLiteral(): void {
  isLiteral = true;
  if (!hasLocal(ECHO) || !hasLocal(ECHOCTL)) return;
  if (end === committed) startColumn = cursorColumn();
  put(CARET);
  put(BACKSPACE);
}

/** Takes what the line shows from `from` on off the screen. */
function eraseShown(from: u32): void {
  if (!hasLocal(ECHO)) return;
  const columns = columnOf(end) - columnOf(from);
  if (columns === 0 && from !== end) redraw(from);
  for (let column: u32 = 0; column < columns; column += 1) putRaw(BACKSPACE);
  for (let column: u32 = 0; column < columns; column += 1) putRaw(SPACE);
  for (let column: u32 = 0; column < columns; column += 1) putRaw(BACKSPACE);
}

/** What was combined with the code point before `from` goes when that is shown again. */
function redraw(from: u32): void {
  if (from === committed) return;
  const start = startOfLast(from);
  const columns = columnOf(from) - columnOf(start);
  for (let column: u32 = 0; column < columns; column += 1) putRaw(BACKSPACE);
  for (let at = start; at !== from; at += 1) show(byteAt(at));
}

/** Where the code point begins that ends before `after`. */
function startOfLast(after: u32): u32 {
  let at = after - 1;
  if (!hasInput(IUTF8)) return at;
  while (at !== committed && after - at < 4 && isContinuation(byteAt(at))) at -= 1;
  return at;
}

/** In which column the cursor is behind the line's bytes before `to`. */
function columnOf(to: u32): u32 {
  let column = startColumn;
  let at = committed;
  while (at !== to) {
    const byte = byteAt(at);
    at += 1;
    if (byte === TAB) column = columnAfterTab(column);
    else if (byte < SPACE || byte === DELETE) column += isShownAsControl(byte) ? 2 : 0;
    else if (byte < 0x80 || !hasInput(IUTF8)) column += 1;
    else {
      let codePoint = byte & (byte >= 0xf0 ? 0x07 : byte >= 0xe0 ? 0x0f : 0x1f);
      while (at !== to && isContinuation(byteAt(at))) {
        codePoint = (codePoint << 6) | (byteAt(at) & 0x3f);
        at += 1;
      }
      column += widthOf(codePoint);
    }
  }
  return column;
}

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) === 0x80;
}

function isBlank(byte: u32): bool {
  return byte === SPACE || byte === TAB;
}

function byteAt(at: u32): u32 {
  return load<u8>(bytes + (at & (TYPED_SIZE - 1)));
}

function markAt(at: u32): u32 {
  return load<u8>(marks + (at & (TYPED_SIZE - 1)));
}

function setMark(at: u32, mark: u32): void {
  store<u8>(marks + (at & (TYPED_SIZE - 1)), mark);
}
