/**
 * NAME
 *     head: write the beginning of files
 * SYNOPSIS
 *     head [-c [-]BYTES | -n [-]LINES | -LINES] [-qvz] [FILE]…
 * DESCRIPTION
 *     Ten lines of each FILE, or of standard input.
 *
 *     -n, --lines=LINES   so many; with a - all but the last LINES
 *     -c, --bytes=BYTES   bytes instead of lines
 *     -q, --quiet         never a line with the name before   -v, --verbose   always
 *     -z, --zero-terminated   lines end with a zero byte
 * SEE ALSO
 *     tail, cat
 */

import { complainOf } from '../lib/complaint.ts';
import { Heading } from '../lib/heading.ts';
import { readObject } from '../lib/object.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { standardOutput } from '../lib/output.ts';

const CAPACITY: i32 = 4096;

let countsBytes: bool = false;
let count: i64 = 10;
let newline: u8 = 10;

export function main(): i32 {
  const options = new Options(
    'head [OPTION]... [FILE]...',
    '#c:n:qvz',
    'bytes=c,lines=n,quiet=q,silent=q,verbose=v,zero-terminated=z',
  );
  const heading = new Heading();
  while (options.next()) {
    const letter = options.letter;
    if (letter === 'z') newline = 0;
    else if (letter === 'q' || letter === 'v') heading.choose(letter === 'v');
    else {
      countsBytes = letter === 'c';
      count = options.number(countsBytes ? 'number of bytes' : 'number of lines', i64.MIN_VALUE + 1);
    }
  }
  if (options.operands.length === 0) options.operands.push('-');
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    heading.show(name, options.operands.length);
    const error = count < 0 ? writeAllBut(handle, -count) : writeFirst(handle, count);
    if (error < 0) complainOf(name, error);
    closeOperand(name, handle);
  }
  return 0;
}

/** How many of the bytes belong to the next `left` units; they are taken off `left`. */
function firstOf(buffer: usize, size: i32, left: i64): i32 {
  if (countsBytes) return <i32>min<i64>(size, left);
  let at = 0;
  for (let lines = left; lines > 0 && at < size; at++) if (load<u8>(buffer + at) === newline) lines--;
  return at;
}

function unitsIn(buffer: usize, size: i32): i64 {
  if (countsBytes) return size;
  let lines: i64 = 0;
  for (let at = 0; at < size; at++) if (load<u8>(buffer + at) === newline) lines++;
  return lines;
}

function writeFirst(handle: u32, wanted: i64): i32 {
  const output = standardOutput();
  const buffer = heap.alloc(CAPACITY);
  let left = wanted;
  let size = 1;
  while (left > 0 && output.error === 0) {
    size = readObject(handle, buffer, CAPACITY);
    if (size <= 0) break;
    const used = firstOf(buffer, size, left);
    left -= unitsIn(buffer, used);
    output.writeBytes(buffer, used);
  }
  heap.free(buffer);
  return min(size, 0);
}

/** Everything is kept until it is known what the last units are. */
function writeAllBut(handle: u32, last: i64): i32 {
  let room = CAPACITY;
  let kept = heap.alloc(room);
  let size = 0;
  let read = readObject(handle, kept, room);
  while (read > 0) {
    size += read;
    if (size === room) {
      room *= 2;
      kept = heap.realloc(kept, room);
    }
    read = readObject(handle, kept + size, room - size);
  }
  let units = unitsIn(kept, size);
  if (!countsBytes && size > 0 && load<u8>(kept + size - 1) !== newline) units++;
  if (units > last) standardOutput().writeBytes(kept, firstOf(kept, size, units - last));
  heap.free(kept);
  return read;
}
