/**
 * NAME
 *     cut: write parts of lines
 * SYNOPSIS
 *     cut -b LIST [-z] [FILE]…
 *     cut -c LIST [-z] [FILE]…
 *     cut -f LIST [-sz] [-d CHARACTER] [FILE]…
 * DESCRIPTION
 *     LIST is numbers and ranges: 1,3-5,7- and -2, counted from 1.
 *
 *     -b, --bytes    -c, --characters    -f, --fields
 *     -d, --delimiter   what fields are divided by, else a tab
 *     -s, --only-delimited   no lines without it           --complement   all but those
 *     --output-delimiter=TEXT   what stands between them   -z   lines end with a zero byte
 * SEE ALSO
 *     sort, tr, sed
 */
import { complainOf } from '../lib/complaint.ts';
import { Input } from '../lib/input.ts';
import { NumberList } from '../lib/list.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { print, standardOutput } from '../lib/output.ts';
import { decodeText, encodeText } from '../lib/utf8.ts';

let what: string = '';
let delimiter: string = '\t';
let between: string | null = null;
let onlyDivided: bool = false;
let isComplement: bool = false;
let newline: string = '\n';
let list: NumberList = new NumberList('1');

export function main(): i32 {
  const options = new Options(
    'cut OPTION... [FILE]...',
    'b:c:d:f:nszCO:',
    'bytes=b,characters=c,delimiter=d,fields=f,only-delimited=s,zero-terminated=z,complement=C,output-delimiter=O',
  );
  while (options.next()) choose(options);
  if (what === '') options.fail('you must specify a list of bytes, characters, or fields');
  if (options.operands.length === 0) options.operands.push('-');
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const handle = openOperand(name);
    if (handle < 0) continue;
    const input = new Input(handle);
    const last = <u8>newline.charCodeAt(0);
    for (let line = input.readUntil(last); line !== null; line = input.readUntil(last)) {
      if (standardOutput().error !== 0) break;
      if (what === 'f') cutFields(line);
      else if (what === 'c') print(characters(line) + newline);
      else print(bytes(line) + newline);
    }
    if (input.error < 0) complainOf(name, input.error);
    closeOperand(name, handle);
  }
  return 0;
}

function choose(options: Options): void {
  const letter = options.letter;
  if (letter === 's') onlyDivided = true;
  if (letter === 'z') newline = '\0';
  if (letter === 'C') isComplement = true;
  if (letter === 'O') between = options.value;
  if (letter === 'd') {
    delimiter = options.value === '' ? '\0' : options.value;
    if (delimiter.length !== 1) options.fail('the delimiter must be a single character');
  }
  if (letter !== 'b' && letter !== 'c' && letter !== 'f') return;
  if (what !== '') options.fail('only one list may be specified');
  what = letter;
  list = new NumberList(options.value);
  if (list.isRight) return;
  const kind = letter === 'f' ? 'field' : 'byte/character position';
  options.fail(`invalid ${kind} ‘${options.value}’`);
}

function isWanted(number: i32): bool {
  return list.has(number) !== isComplement;
}

function cutFields(line: string): void {
  if (line.indexOf(delimiter) < 0) {
    if (!onlyDivided) print(line + newline);
    return;
  }
  const all = line.split(delimiter);
  const wanted: string[] = [];
  for (let index = 0; index < all.length; index++) if (isWanted(index + 1)) wanted.push(all[index]);
  const joint = between;
  print(wanted.join(joint === null ? delimiter : joint) + newline);
}

function characters(line: string): string {
  let text = '';
  let number = 0;
  for (let at = 0; at < line.length; at++) {
    const start = at;
    if (<u32>line.codePointAt(at) >= 0x1_0000) at++;
    if (isWanted(++number)) text += line.substring(start, at + 1);
  }
  return text;
}

function bytes(line: string): string {
  const buffer = heap.alloc(line.length * 3 + 1);
  const size = encodeText(line, buffer);
  let kept = 0;
  for (let at = 0; at < size; at++) {
    if (isWanted(at + 1)) store<u8>(buffer + kept++, load<u8>(buffer + at));
  }
  const text = decodeText(buffer, kept);
  heap.free(buffer);
  return text;
}
