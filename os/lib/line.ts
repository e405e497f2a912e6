/**
 * A line of text in the making, in memory that whoever makes it has: what does not fit is cut off.
 *
 *     const line = beginLine(buffer, 128);
 *     addText(line, 'init: '); addZeroEnded(line, name); addNumber(line, 7);
 *     log(control, line.start, line.at - line.start);
 */

/** It begins at `start` and ends before `at`; there is room up to `end`. */
//@unmanaged
export class Line {
  start: u32 = 0;
  at: u32 = 0;
  end: u32 = 0;
}

const HEADER_SIZE: u32 = 12;
const DIGITS_MAX: u32 = 10;

/** A line in the `size` bytes at `buffer`, of which it takes 12 for itself. */
export function beginLine(buffer: u32, size: u32): Line {
  const line = changetype<Line>(buffer);
  line.start = line.at = buffer + HEADER_SIZE;
  line.end = buffer + size;
  return line;
}

export function addByte(line: Line, byte: u32): void {
  if (line.at === line.end) return;
  store<u8>(line.at, byte);
  line.at += 1;
}

/** ASCII. */
export function addText(line: Line, text: string): void {
  const length: u32 = text.length;
  for (let index: u32 = 0; index < length; index += 1) {
    addByte(line, load<u16>(changetype<usize>(text) + (index << 1)));
  }
}

export function addBytes(line: Line, from: u32, size: u32): void {
  for (let index: u32 = 0; index < size; index += 1) addByte(line, load<u8>(from + index));
}

/** The bytes at `from` up to a zero. */
export function addZeroEnded(line: Line, from: u32): void {
  for (let at = from; load<u8>(at) !== 0; at += 1) addByte(line, load<u8>(at));
}

export function addNumber(line: Line, value: u32): void {
  let divisor: u32 = 1;
  for (let digits: u32 = 1; digits < DIGITS_MAX && value / divisor >= 10; digits += 1) divisor *= 10;
  for (let rest = divisor; rest > 0; rest /= 10) addByte(line, 48 + ((value / rest) % 10));
}

/** Eight digits behind 0x. */
export function addHex(line: Line, value: u32): void {
  addText(line, '0x');
  for (let shift: i32 = 28; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15;
    addByte(line, digit < 10 ? 48 + digit : 87 + digit);
  }
}
