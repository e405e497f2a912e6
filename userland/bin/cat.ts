/**
 * NAME
 *     cat: write files one after another
 * SYNOPSIS
 *     cat [-AbeEnstTuv] [FILE]…
 * DESCRIPTION
 *     Writes each FILE to standard output. Without one, and for a FILE that is -, reads standard input.
 *
 *     -n, --number            number all lines        -E, --show-ends   a $ at the end of each line
 *     -b, --number-nonblank   those that say anything -T, --show-tabs   a tab as ^I
 *     -s, --squeeze-blank     one empty line at most  -v, --show-nonprinting   the rest as ^X and M-x
 *     -A, --show-all as -vET     -e as -vE     -t as -vT     -u is ignored
 * SEE ALSO
 *     head, tail, tee
 */

import { complain, complainOf } from '../lib/complaint.ts';
import { readObject } from '../lib/object.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { type Output, standardOutput } from '../lib/output.ts';
import { openStatusOf } from '../lib/status.ts';

const CAPACITY: i32 = 65_536;
const NEWLINE: u8 = 10;
const TAB: u8 = 9;

let numbersAll: bool = false;
let numbersFilled: bool = false;
let squeezes: bool = false;
let showsEnds: bool = false;
let showsTabs: bool = false;
let showsOthers: bool = false;

export function main(): i32 {
  const options = new Options(
    'cat [OPTION]... [FILE]...',
    'AbeEnstTuv',
    'show-all=A,number-nonblank=b,show-ends=E,number=n,squeeze-blank=s,show-tabs=T,show-nonprinting=v',
  );
  while (options.next()) choose(options.letter);
  if (options.operands.length === 0) options.operands.push('-');
  const isPlain = !numbersAll && !numbersFilled && !squeezes && !showsEnds && !showsTabs && !showsOthers;
  const output = standardOutput();
  const target = openStatusOf(output.handle);
  const writer = new Writer(output);
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    const source = openStatusOf(handle);
    if (source.isFile() && source.size > 0 && source.isSame(target))
      complain(`${name}: input file is output file`);
    else copy(name, handle, writer, isPlain);
    closeOperand(name, handle);
  }
  return 0;
}

function choose(letter: string): void {
  if (letter === 'n') numbersAll = true;
  if (letter === 'b') numbersFilled = true;
  if (letter === 's') squeezes = true;
  if (letter === 'E' || letter === 'A' || letter === 'e') showsEnds = true;
  if (letter === 'T' || letter === 'A' || letter === 't') showsTabs = true;
  if (letter === 'v' || letter === 'A' || letter === 'e' || letter === 't') showsOthers = true;
}

function copy(name: string, handle: u32, writer: Writer, isPlain: bool): void {
  const buffer = heap.alloc(CAPACITY);
  let count = readObject(handle, buffer, CAPACITY);
  while (count > 0 && writer.output.error === 0) {
    if (isPlain) writer.output.writeBytes(buffer, count);
    else for (let at = 0; at < count; at++) writer.put(load<u8>(buffer + at));
    count = readObject(handle, buffer, CAPACITY);
  }
  if (count < 0) complainOf(name, count);
  heap.free(buffer);
}

/** Output with lines numbered and bytes shown as the options say; it goes on over the ends of files. */
class Writer {
  private line: i32 = 0;
  private isAtStart: bool = true;
  private emptyLines: i32 = 0;

  constructor(readonly output: Output) {}

  put(byte: u8): void {
    const isEmpty = this.isAtStart && byte === NEWLINE;
    this.emptyLines = isEmpty ? this.emptyLines + 1 : 0;
    if (squeezes && this.emptyLines > 1) return;
    if (this.isAtStart && (numbersFilled ? !isEmpty : numbersAll))
      this.output.write((++this.line).toString().padStart(6) + '\t');
    this.isAtStart = byte === NEWLINE;
    if (byte === NEWLINE) {
      if (showsEnds) this.output.writeByte(0x24);
      this.output.writeByte(byte);
    } else if (byte === TAB) this.output.write(showsTabs ? '^I' : '\t');
    else if (showsOthers) this.show(byte);
    else this.output.writeByte(byte);
  }

  private show(byte: u8): void {
    if (byte >= 0x80) this.output.write('M-');
    const low = byte & 0x7f;
    if (low < 0x20) this.output.write('^' + String.fromCharCode(low + 0x40));
    else if (low === 0x7f) this.output.write('^?');
    else this.output.writeByte(low);
  }
}
