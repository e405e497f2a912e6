/**
 * NAME
 *     sort: write lines in order
 * SYNOPSIS
 *     sort [-bcCdfghiMmnrRsuVz] [-k FIELD[,FIELD]]… [-o FILE] [-t CHARACTER] [FILE]…
 * DESCRIPTION
 *     All lines of all FILEs, or of standard input, by their code points.
 *
 *     -n   by numbers   -g   with exponents   -h   with K, M, …   -V   by numbers in text   -M   by months
 *     -f   capitals as small letters   -d   letters, digits, blanks   -i   what can be seen   -b   no blanks first
 *     -r   the other way round   -u   one of those that are equal   -s   equal ones stay as they are
 *     -k F[.C][OPTIONS][,F[.C][OPTIONS]]   from field F, character C to another, with options of their own
 *     -t   what fields are divided by, else by the blanks between   -z   lines end with a zero byte
 *     -o   where to write, once all is read   -c, -C   only check; -C says nothing   -m   is taken
 * SEE ALSO
 *     uniq, cut
 */

import { OPEN_CREATE, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { openFile } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { closeOperand, openOperand } from '../lib/operand.ts';
import { Options } from '../lib/options.ts';
import { orderOf } from '../lib/order.ts';
import { Output, standardOutput } from '../lib/output.ts';
import { SortKey, SortRules } from '../lib/sort-key.ts';

const MODE: u32 = 0o666;
const FAILED: i32 = 2;

const lines: string[] = [];
const rules = new SortRules();
let newline: string = '\n';
let target: string = '';
let isUnique: bool = false;
let checks: string = '';

export function main(): i32 {
  const options = new Options(
    'sort [OPTION]... [FILE]...',
    'bcCdfghiMmnrRsuVzk:o:t:',
    'ignore-leading-blanks=b,check=c,dictionary-order=d,ignore-case=f,general-numeric-sort=g,human-numeric-sort=h,key=k,numeric-sort=n,output=o,reverse=r,stable=s,field-separator=t,unique=u,version-sort=V,zero-terminated=z',
    FAILED,
  );
  while (options.next()) choose(options);
  if (options.operands.length === 0) options.operands.push('-');
  for (let index = 0; index < options.operands.length; index++) {
    if (!readLines(options.operands[index])) return FAILED;
  }
  rules.prepare(lines);
  return checks === ''
    ? write(orderOf(lines.length, (i, j) => rules.compare(i, j)))
    : check(options.operands[0]);
}

function choose(options: Options): void {
  const letter = options.letter;
  if (letter === 'k') {
    const key = SortKey.parse(options.value);
    if (key === null) options.fail(`invalid key ‘${options.value}’`);
    else rules.keys.push(key);
  } else if (letter === 't') {
    rules.separator = options.value === '\\0' ? '\0' : options.value;
    if (rules.separator.length !== 1) options.fail(`multi-character tab ‘${options.value}’`);
  } else if (letter === 'o') target = options.value;
  else if (letter === 'u' || letter === 's') {
    rules.isStable = true;
    if (letter === 'u') isUnique = true;
  } else if (letter === 'z') newline = '\0';
  else if (letter === 'c' || letter === 'C') checks = letter;
  else rules.flags += letter;
}

function readLines(name: string): bool {
  const handle = openOperand(name);
  if (handle < 0) return false;
  const input = new Input(handle);
  const last = <u8>newline.charCodeAt(0);
  for (let line = input.readUntil(last); line !== null; line = input.readUntil(last)) lines.push(line);
  closeOperand(name, handle);
  if (input.error < 0) complainOf(name, input.error);
  return input.error === 0;
}

function check(name: string): i32 {
  for (let index = 1; index < lines.length; index++) {
    const order = rules.compareKeys(index - 1, index);
    const isRight = isUnique ? order < 0 : rules.compare(index - 1, index) <= 0;
    if (isRight) continue;
    if (checks === 'c') complain(`${name}:${index + 1}: disorder: ${lines[index]}`);
    return 1;
  }
  return 0;
}

function write(order: i32[]): i32 {
  let output = standardOutput();
  if (target !== '') {
    const handle = openFile(target, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, MODE);
    if (handle < 0) {
      complain(`open failed: ${target}: ${errorText(handle)}`);
      return FAILED;
    }
    output = new Output(handle);
  }
  let last = -1;
  for (let index = 0; index < order.length; index++) {
    const line = order[index];
    if (isUnique && last >= 0 && rules.compareKeys(last, line) === 0) continue;
    output.write(lines[line]);
    output.write(newline);
    last = line;
  }
  if (output.flush() === 0) return 0;
  complain(`write failed: ${target === '' ? "'standard output'" : target}: ${errorText(output.error)}`);
  return FAILED;
}
