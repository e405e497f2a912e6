/**
 * NAME
 *     cmp: compare two files byte by byte
 * SYNOPSIS
 *     cmp [-bls] [-n LIMIT] FILE1 [FILE2]
 * DESCRIPTION
 *     Says where FILE1 and FILE2 first differ; FILE2 is standard input if it is - or not given.
 *
 *     -b   show the bytes that differ     -n LIMIT   look at so many bytes only
 *     -l   list all that differ           -s         say nothing
 *
 *     The status is 0 where they are the same, 1 where they differ, 2 for trouble.
 * SEE ALSO
 *     diff, hexdump
 */

import { writeError } from '../lib/complaint.ts';
import { Input } from '../lib/input.ts';
import { openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

let showsBytes: bool = false;
let listsAll: bool = false;
let isSilent: bool = false;
let limit: i64 = i64.MAX_VALUE;

export function main(): i32 {
  const long = 'print-bytes=b,verbose=l,silent=s,quiet=s,bytes=n';
  const options = new Options('cmp [OPTION]... FILE1 [FILE2]', 'bln:s', long, 2);
  while (options.next()) {
    if (options.letter === 'b') showsBytes = true;
    if (options.letter === 'l') listsAll = true;
    if (options.letter === 's') isSilent = true;
    if (options.letter === 'n') limit = options.number('--bytes value');
  }
  options.need(1);
  options.allow(2);
  const names = options.operands;
  if (names.length === 1) names.push('-');
  const first = openOperand(names[0]);
  const second = openOperand(names[1]);
  return first < 0 || second < 0 ? 2 : compare(names, new Input(first), new Input(second));
}

function compare(names: string[], first: Input, second: Input): i32 {
  let status = 0;
  let line: i64 = 1;
  for (let count: i64 = 1; count <= limit; count++) {
    const one = first.readByte();
    const other = second.readByte();
    if (one < 0 || other < 0) {
      if (one === other) return status;
      tellEnd(names[one < 0 ? 0 : 1], count - 1, line);
      return 1;
    }
    if (one !== other) {
      status = 1;
      tellDifference(names, count, line, one, other);
      if (!listsAll) return 1;
    }
    if (one === 10) line++;
  }
  return status;
}

function tellEnd(name: string, count: i64, line: i64): void {
  if (isSilent) return;
  const where =
    count === 0 ? 'which is empty' : listsAll ? `after byte ${count}` : `after byte ${count}, line ${line}`;
  writeError(`cmp: EOF on ${name} ${where}\n`);
}

function tellDifference(names: string[], count: i64, line: i64, one: i32, other: i32): void {
  if (isSilent) return;
  const bytes = `${octal(one)} ${shown(one)} ${octal(other)} ${shown(other)}`;
  if (listsAll) print(`${count} ${showsBytes ? bytes : octal(one) + ' ' + octal(other)}\n`);
  else
    print(`${names[0]} ${names[1]} differ: byte ${count}, line ${line}${showsBytes ? ' is ' + bytes : ''}\n`);
}

function octal(byte: i32): string {
  return byte.toString(8).padStart(3);
}

function shown(byte: i32): string {
  const low = byte & 0x7f;
  const meta = byte > 0x7f ? 'M-' : '';
  if (low === 0x7f) return meta + '^?';
  return meta + (low < 0x20 ? '^' + String.fromCharCode(low + 0x40) : String.fromCharCode(low));
}
