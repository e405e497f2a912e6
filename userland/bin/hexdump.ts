/**
 * NAME
 *     hexdump: show bytes as numbers
 * SYNOPSIS
 *     hexdump [-Cbcdovx] [-n LENGTH] [-s OFFSET] [FILE]…
 * DESCRIPTION
 *     Sixteen bytes a line, behind their offset; a line like the one before is a *, unless -v is given.
 *
 *     -x  two-byte hexadecimal (as without)   -d  two-byte decimal      -o  two-byte octal
 *     -b  one-byte octal                      -c  characters            -C  one-byte hexadecimal and characters
 *     -n LENGTH  so many bytes only           -s OFFSET  skip so many   LENGTH and OFFSET may be 0x…
 * SEE ALSO
 *     cmp, od
 */

import { Input } from '../lib/input.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options, parseNumber } from '../lib/options.ts';
import { print } from '../lib/output.ts';

const ROW: i32 = 16;

let form: string = 'x';
let showsAll: bool = false;

export function main(): i32 {
  const options = new Options(
    'hexdump [OPTION]... [FILE]...',
    'Cbcdovxn:s:',
    'canonical=C,length=n,skip=s,no-squeezing=v',
  );
  let length: i64 = i64.MAX_VALUE;
  let skip: i64 = 0;
  while (options.next()) {
    if (options.letter === 'v') showsAll = true;
    else if (options.letter === 'n') length = sizeOf(options, 'length');
    else if (options.letter === 's') skip = sizeOf(options, 'offset');
    else form = options.letter;
  }
  if (options.operands.length === 0) options.operands.push('-');
  const dump = new Dump(skip, length);
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    dump.read(new Input(handle));
    closeOperand(name, handle);
  }
  dump.finish();
  return 0;
}

function sizeOf(options: Options, what: string): i64 {
  const text = options.value;
  const value = text.startsWith('0x') ? I64.parseInt(text, 16) : parseNumber(text);
  if (value < 0) options.fail(`invalid ${what}: ${text}`);
  return value;
}

/** Rows of bytes, over the ends of files. */
class Dump {
  private offset: i64 = 0;
  private row: u8[] = [];
  private last: u8[] = [];
  private isSame: bool = false;
  private hasRows: bool = false;

  constructor(
    private skip: i64,
    private length: i64,
  ) {}

  read(input: Input): void {
    while (this.length > 0) {
      const byte = input.readByte();
      if (byte < 0) return;
      if (this.skip > 0) {
        this.skip--;
        this.offset++;
        continue;
      }
      this.length--;
      this.row.push(<u8>byte);
      if (this.row.length === ROW) this.put();
    }
  }

  /** The last row, and the offset of the end. */
  finish(): void {
    if (this.row.length > 0) this.put();
    if (this.hasRows) print(this.place + '\n');
  }

  private get place(): string {
    return this.offset.toString(16).padStart(form === 'C' ? 8 : 7, '0');
  }

  private put(): void {
    const isRepeated = !showsAll && this.hasRows && this.row.length === ROW && this.isLikeLast();
    if (!isRepeated) print(this.place + (form === 'C' ? canonical(this.row) : cells(this.row)) + '\n');
    else if (!this.isSame) print('*\n');
    this.isSame = isRepeated;
    this.hasRows = true;
    this.offset += this.row.length;
    this.last = this.row;
    this.row = [];
  }

  private isLikeLast(): bool {
    for (let index = 0; index < ROW; index++) if (this.row[index] !== this.last[index]) return false;
    return true;
  }
}

/** `  68 65 …  6f …  |he…|` */
function canonical(row: u8[]): string {
  let text = ' ';
  for (let index = 0; index < ROW; index++) {
    if (index === 8) text += ' ';
    text += index < row.length ? ' ' + row[index].toString(16).padStart(2, '0') : '   ';
  }
  text += '  |';
  for (let index = 0; index < row.length; index++) {
    const byte = row[index];
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return text + '|';
}

function cells(row: u8[]): string {
  let text = '';
  if (form === 'b' || form === 'c') {
    for (let index = 0; index < row.length; index++) {
      text +=
        ' ' + (form === 'b' ? row[index].toString(8).padStart(3, '0') : character(row[index]).padStart(3));
    }
    return text;
  }
  for (let index = 0; index < row.length; index += 2) {
    const high: u32 = index + 1 < row.length ? row[index + 1] : 0;
    const word = row[index] + (high << 8);
    if (form === 'd') text += '   ' + word.toString().padStart(5, '0');
    else if (form === 'o') text += '  ' + word.toString(8).padStart(6, '0');
    else text += ' ' + word.toString(16).padStart(4, '0');
  }
  return text;
}

function character(byte: u8): string {
  const known = '\0\x07\b\f\n\r\t\v'.indexOf(String.fromCharCode(byte));
  if (known >= 0) return '\\' + '0abfnrtv'.charAt(known);
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0');
}
