/**
 * NAME
 *     tail: write the end of files
 * SYNOPSIS
 *     tail [-c [+]BYTES | -n [+]LINES | -LINES] [-fqvz] [-s SECONDS] [FILE]…
 * DESCRIPTION
 *     Ten lines of each FILE, or of standard input.
 *
 *     -n, --lines=LINES   so many; with a + from line LINES on
 *     -c, --bytes=BYTES   bytes instead of lines
 *     -f, --follow        go on with what is written to the last FILE; -s: look every so many seconds
 *     -q, --quiet         never a line with the name before   -v, --verbose   always
 *     -z, --zero-terminated   lines end with a zero byte
 * SEE ALSO
 *     head, cat
 */

import { waitFor } from '../lib/clock.ts';
import { complainOf } from '../lib/complaint.ts';
import { Heading } from '../lib/heading.ts';
import { readObject } from '../lib/object.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { flushOutput, standardOutput } from '../lib/output.ts';

const CAPACITY: i32 = 4096;
const SECOND: u64 = 1_000_000_000;

let countsBytes: bool = false;
let fromStart: bool = false;
let count: i64 = 10;
let newline: u8 = 10;

export function main(): i32 {
  const options = new Options(
    'tail [OPTION]... [FILE]...',
    '#c:fn:qs:vz',
    'bytes=c,follow=f,lines=n,quiet=q,silent=q,sleep-interval=s,verbose=v,zero-terminated=z',
  );
  const heading = new Heading();
  let follows = false;
  let interval: u64 = SECOND;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 'z') newline = 0;
    else if (letter === 'f') follows = true;
    else if (letter === 's') interval = <u64>(max(parseFloat(options.value), 0.01) * <f64>SECOND);
    else if (letter === 'q' || letter === 'v') heading.choose(letter === 'v');
    else choose(options);
  }
  if (options.operands.length === 0) options.operands.push('-');
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    heading.show(name, options.operands.length);
    const error = fromStart ? writeFrom(handle, max<i64>(count, 1)) : writeLast(handle, count);
    if (error < 0) complainOf(name, error);
    else if (follows && index === options.operands.length - 1) follow(handle, interval);
    closeOperand(name, handle);
  }
  return 0;
}

function choose(options: Options): void {
  countsBytes = options.letter === 'c';
  fromStart = options.value.startsWith('+');
  const value = options.number(countsBytes ? 'number of bytes' : 'number of lines', i64.MIN_VALUE + 1);
  count = value < 0 ? -value : value;
}

function writeFrom(handle: u32, first: i64): i32 {
  const output = standardOutput();
  const buffer = heap.alloc(CAPACITY);
  let skipped = first - 1;
  let size = readObject(handle, buffer, CAPACITY);
  while (size > 0 && output.error === 0) {
    let at = 0;
    if (countsBytes) {
      at = <i32>min<i64>(skipped, size);
      skipped -= at;
    } else for (; skipped > 0 && at < size; at++) if (load<u8>(buffer + at) === newline) skipped--;
    output.writeBytes(buffer + at, size - at);
    size = readObject(handle, buffer, CAPACITY);
  }
  heap.free(buffer);
  return size;
}

/** Keeps what can still be among the last; the rest is dropped as it goes. */
function writeLast(handle: u32, wanted: i64): i32 {
  let room = CAPACITY * 2;
  let kept = heap.alloc(room);
  let size = 0;
  let read = readObject(handle, kept, CAPACITY);
  while (read > 0) {
    size += read;
    if (size + CAPACITY > room) {
      const start = startOfLast(kept, size, wanted);
      memory.copy(kept, kept + start, size - start);
      size -= start;
      if (size + CAPACITY > room) {
        room *= 2;
        kept = heap.realloc(kept, room);
      }
    }
    read = readObject(handle, kept + size, CAPACITY);
  }
  const start = startOfLast(kept, size, wanted);
  standardOutput().writeBytes(kept + start, size - start);
  heap.free(kept);
  return read;
}

function startOfLast(buffer: usize, size: i32, wanted: i64): i32 {
  if (countsBytes) return <i32>max<i64>(0, <i64>size - wanted);
  if (wanted === 0) return size;
  let lines: i64 = 0;
  for (let at = size - 1; at > 0; at--) {
    if (load<u8>(buffer + at - 1) === newline && ++lines === wanted) return at;
  }
  return 0;
}

/** Until a signal ends it. */
function follow(handle: u32, interval: u64): void {
  const output = standardOutput();
  const buffer = heap.alloc(CAPACITY);
  while (output.error === 0) {
    const size = readObject(handle, buffer, CAPACITY);
    if (size < 0) return;
    output.writeBytes(buffer, size);
    if (size > 0) continue;
    flushOutput();
    waitFor(interval);
  }
}
