/**
 * NAME
 *     uniq: leave out lines that repeat the one before
 * SYNOPSIS
 *     uniq [-cdDiuz] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [INPUT [OUTPUT]]
 * DESCRIPTION
 *     Of lines that are equal and follow each other, the first.
 *
 *     -c, --count      with how many there were    -d, --repeated   only where there were several, -D all of them
 *     -u, --unique     only where there was one    -i, --ignore-case   capitals as small letters
 *     -f, --skip-fields=N   without the first N fields     -s, --skip-chars=N   and then N characters
 *     -w, --check-chars=N   no more than N characters      -z, --zero-terminated   lines end with a zero byte
 * SEE ALSO
 *     sort
 */

import { OPEN_CREATE, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import { complainOf } from '../lib/complaint.ts';
import { openFile } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { Output, standardOutput } from '../lib/output.ts';

const MODE: u32 = 0o666;
const COUNT_WIDTH: i32 = 7;

let counts: bool = false;
let showsSingle: bool = true;
let showsRepeated: bool = true;
let showsAll: bool = false;
let ignoresCase: bool = false;
let fields: i32 = 0;
let skipped: i32 = 0;
let width: i32 = i32.MAX_VALUE;
let newline: string = '\n';

export function main(): i32 {
  const options = new Options(
    'uniq [OPTION]... [INPUT [OUTPUT]]',
    'cdDf:is:uw:z',
    'count=c,repeated=d,all-repeated=D,skip-fields=f,ignore-case=i,skip-chars=s,unique=u,check-chars=w,zero-terminated=z',
  );
  while (options.next()) choose(options);
  options.allow(2);
  const operands = options.operands;
  const name = operands.length > 0 ? operands[0] : '-';
  const handle = openOperand(name);
  if (handle < 0) return 1;
  let output = standardOutput();
  if (operands.length > 1 && operands[1] !== '-') {
    const target = openFile(operands[1], OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, MODE);
    if (target < 0) {
      complainOf(operands[1], target);
      return 1;
    }
    output = new Output(target);
  }
  const input = new Input(handle);
  filter(input, output);
  if (input.error < 0) complainOf(name, input.error);
  if (output.flush() < 0) complainOf('write error', output.error);
  closeOperand(name, handle);
  return 0;
}

function choose(options: Options): void {
  const letter = options.letter;
  if (letter === 'c') counts = true;
  if (letter === 'd' || letter === 'D') showsSingle = false;
  if (letter === 'D') showsAll = true;
  if (letter === 'u') showsRepeated = false;
  if (letter === 'i') ignoresCase = true;
  if (letter === 'z') newline = '\0';
  if (letter === 'f') fields = <i32>options.number('number of fields to skip');
  if (letter === 's') skipped = <i32>options.number('number of bytes to skip');
  if (letter === 'w') width = <i32>options.number('number of bytes to compare');
}

function filter(input: Input, output: Output): void {
  const last = <u8>newline.charCodeAt(0);
  let first: string | null = null;
  let key = '';
  let group: string[] = [];
  let count = 0;
  for (let line = input.readUntil(last); line !== null; line = input.readUntil(last)) {
    const own = keyOf(line);
    if (first !== null && own === key) {
      count++;
      if (showsAll) group.push(line);
      continue;
    }
    if (first !== null) show(output, first, group, count);
    first = line;
    key = own;
    group = [line];
    count = 1;
  }
  if (first !== null) show(output, first, group, count);
}

function keyOf(line: string): string {
  let at = 0;
  for (let field = 0; field < fields; field++) {
    while (at < line.length && ' \t'.indexOf(line.charAt(at)) >= 0) at++;
    while (at < line.length && ' \t'.indexOf(line.charAt(at)) < 0) at++;
  }
  const start = min(at + skipped, line.length);
  const key = line.substring(start, width > line.length - start ? line.length : start + width);
  return ignoresCase ? key.toLowerCase() : key;
}

function show(output: Output, first: string, group: string[], count: i32): void {
  if (count === 1 ? !showsSingle : !showsRepeated) return;
  if (showsAll) {
    for (let index = 0; index < group.length; index++) output.write(group[index] + newline);
    return;
  }
  if (counts) output.write(count.toString().padStart(COUNT_WIDTH) + ' ');
  output.write(first + newline);
}
