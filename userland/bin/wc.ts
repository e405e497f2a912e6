/**
 * NAME
 *     wc: count lines, words and bytes
 * SYNOPSIS
 *     wc [-clLmw] [FILE]…
 * DESCRIPTION
 *     For each FILE, or standard input, a line with the counts and the name; a last one with their sums where
 *     there are several. By default lines, words and bytes.
 *
 *     -l, --lines   -w, --words   -m, --chars   -c, --bytes   -L, --max-line-length   in columns
 * SEE ALSO
 *     cat, grep
 */

import { complainOf } from '../lib/complaint.ts';
import { readObject } from '../lib/object.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { statusOf } from '../lib/status.ts';

const CAPACITY: i32 = 16_384;
const COLUMN: i32 = 7;

class Counts {
  lines: u64 = 0;
  words: u64 = 0;
  characters: u64 = 0;
  bytes: u64 = 0;
  longest: u64 = 0;
}

let shown: string = '';
let width: i32 = 1;

export function main(): i32 {
  const options = new Options(
    'wc [OPTION]... [FILE]...',
    'clLmw',
    'bytes=c,lines=l,max-line-length=L,chars=m,words=w',
  );
  while (options.next()) shown += options.letter;
  if (shown === '') shown = 'lwc';
  const operands = options.operands;
  const isInput = operands.length === 0;
  if (isInput) operands.push('-');
  const sum = new Counts();
  width = widthFor(operands);
  for (let index = 0; index < operands.length; index++) {
    const name = operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    const counts = new Counts();
    const error = count(handle, counts);
    if (error < 0) complainOf(name, error);
    add(sum, counts);
    show(counts, isInput ? '' : name);
    closeOperand(name, handle);
  }
  if (operands.length > 1) show(sum, 'total');
  return 0;
}

/** Wide enough for the sum of all bytes, which no count is above; a pipe's are not known before. */
function widthFor(operands: string[]): i32 {
  if (operands.length === 1 && shown.length === 1) return 1;
  let bytes: u64 = 0;
  for (let index = 0; index < operands.length; index++) {
    if (operands[index] === '-') return COLUMN;
    const status = statusOf(operands[index]);
    if (!status.isThere()) continue;
    if (!status.isFile()) return COLUMN;
    bytes += status.size;
  }
  return bytes.toString().length;
}

function count(handle: u32, counts: Counts): i32 {
  const buffer = heap.alloc(CAPACITY);
  let isInWord = false;
  let column: u64 = 0;
  let size = readObject(handle, buffer, CAPACITY);
  while (size > 0) {
    counts.bytes += size;
    for (let at = 0; at < size; at++) {
      const byte: u32 = load<u8>(buffer + at);
      const isCharacter = (byte & 0xc0) !== 0x80;
      if (isCharacter) counts.characters++;
      if (byte === 10) counts.lines++;
      const isBlank = byte === 32 || (byte >= 9 && byte <= 13);
      if (isBlank) isInWord = false;
      else if (!isInWord && byte > 32 && byte !== 127) {
        isInWord = true;
        counts.words++;
      }
      if (byte === 10 || byte === 12 || byte === 13) column = 0;
      else if (byte === 9) column = (column | 7) + 1;
      else if (isCharacter && byte >= 32 && byte !== 127) column++;
      counts.longest = max(counts.longest, column);
    }
    size = readObject(handle, buffer, CAPACITY);
  }
  heap.free(buffer);
  return size;
}

function add(sum: Counts, counts: Counts): void {
  sum.lines += counts.lines;
  sum.words += counts.words;
  sum.characters += counts.characters;
  sum.bytes += counts.bytes;
  sum.longest = max(sum.longest, counts.longest);
}

function show(counts: Counts, name: string): void {
  const numbers: string[] = [];
  if (shown.indexOf('l') >= 0) numbers.push(counts.lines.toString().padStart(width));
  if (shown.indexOf('w') >= 0) numbers.push(counts.words.toString().padStart(width));
  if (shown.indexOf('m') >= 0) numbers.push(counts.characters.toString().padStart(width));
  if (shown.indexOf('c') >= 0) numbers.push(counts.bytes.toString().padStart(width));
  if (shown.indexOf('L') >= 0) numbers.push(counts.longest.toString().padStart(width));
  if (name !== '') numbers.push(name);
  print(numbers.join(' ') + '\n');
}
