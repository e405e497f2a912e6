/**
 * NAME
 *     grep: write lines that match a pattern
 * SYNOPSIS
 *     grep [OPTION]… PATTERN [FILE]…
 *     grep [OPTION]… [-e PATTERN]… [-f FILE]… [FILE]…
 * DESCRIPTION
 *     PATTERN is a basic regular expression, several where it has several lines; see regex in sed(1).
 *
 *     -E extended ones   -F plain text      -i ignore case        -v lines that do not match
 *     -w whole words     -x whole lines     -c only how many      -l, -L only names of files with, without
 *     -o only what matches   -n with line numbers   -b with byte offsets
 *     -h, -H without, with the file's name   -q nothing at all    -s nothing about files that are not there
 *     -m N no more than N lines   -A, -B, -C N with lines behind, before, around   -r, -R directories too
 *     --include, --exclude=GLOB   with -r, which files
 *     The exit status is 0 where something matched, 1 where nothing did, 2 where something was wrong.
 * SEE ALSO
 *     sed, find, sort
 */

import { ERROR_IS_DIRECTORY } from '../../os/abi/errors.ts';
import { OPEN_READ } from '../../os/abi/file.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { closeFile, openFile, standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { flushOutput, standardOutput } from '../lib/output.ts';
import { baseName } from '../lib/path.ts';
import { matches } from '../lib/pattern.ts';
import { LineReport, Wanted } from '../lib/search.ts';
import { statusOf } from '../lib/status.ts';

const FAULT: i32 = 2;
const LONG =
  'extended-regexp=E,fixed-strings=F,basic-regexp=G,regexp=e,file=f,ignore-case=i,invert-match=v,word-regexp=w,' +
  'line-regexp=x,count=c,files-without-match=L,files-with-matches=l,max-count=m,only-matching=o,quiet=q,silent=q,' +
  'no-messages=s,byte-offset=b,no-filename=h,with-filename=H,line-number=n,after-context=A,before-context=B,' +
  'context=C,recursive=r,include=I,exclude=X';

const wanted = new Wanted();
const report = new LineReport();
const patterns: string[] = [];
let hasPatterns: bool = false;
let isRecursive: bool = false;
let isQuiet: bool = false;
let isPatient: bool = false;
let names: string = '';
let include: string = '';
let exclude: string = '';
let hasMatched: bool = false;
let hasFailed: bool = false;

export function main(): i32 {
  const options = new Options(
    'grep [OPTION]... PATTERNS [FILE]...',
    'EFGe:f:ivwxycLlm:oqsbhHnA:B:C:rRI:X:#',
    LONG,
    FAULT,
  );
  while (options.next()) choose(options);
  const operands = options.operands;
  if (!hasPatterns) {
    if (operands.length === 0) options.fail('no pattern given');
    addPatterns(operands.shift());
  }
  const fault = wanted.prepare(patterns);
  if (fault !== '') {
    complain(fault);
    return FAULT;
  }
  if (operands.length === 0) operands.push(isRecursive ? '.' : '-');
  if (names === '') names = operands.length > 1 || isRecursive ? 'H' : 'h';
  for (let index = 0; index < operands.length && !(isQuiet && hasMatched); index++)
    search(operands[index], true);
  if (flushOutput() < 0) return FAULT;
  if (isQuiet && hasMatched) return 0;
  return hasFailed ? FAULT : hasMatched ? 0 : 1;
}

function choose(options: Options): void {
  const letter = options.letter;
  if (letter === 'e') addPatterns(options.value);
  else if (letter === 'f') addPatternsOf(options.value);
  else if (letter === 'r' || letter === 'R') isRecursive = true;
  else if (letter === 'q') isQuiet = true;
  else if (letter === 's') isPatient = true;
  else if (letter === 'h' || letter === 'H') names = letter;
  else if (letter === 'I') include = options.value;
  else if (letter === 'X') exclude = options.value;
  else if (letter === 'm') report.linesMax = options.number('max count');
  else if (letter === 'A' || letter === 'B' || letter === 'C' || letter === '#') {
    const count = <i32>options.number('context length argument');
    if (letter !== 'B') report.behind = count;
    if (letter !== 'A') report.before = count;
  } else if ('cLlonb'.indexOf(letter) >= 0) report.choose(letter);
  else wanted.choose(letter);
}

function addPatterns(text: string): void {
  hasPatterns = true;
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) patterns.push(lines[index]);
}

function addPatternsOf(name: string): void {
  hasPatterns = true;
  const handle = name === '-' ? <i32>standardInput() : openFile(name, OPEN_READ, 0);
  if (handle < 0) {
    failed(name, handle);
    return;
  }
  const input = new Input(handle);
  for (let line = input.readLine(); line !== null; line = input.readLine()) patterns.push(line);
}

function failed(name: string, error: i32): void {
  hasFailed = true;
  if (!isPatient) complainOf(name, error);
}

function search(name: string, isOperand: bool): void {
  if (name !== '-' && statusOf(name).isDirectory()) {
    if (isRecursive) searchFolder(name);
    else failed(name, ERROR_IS_DIRECTORY);
    return;
  }
  const last = baseName(name);
  if (!isOperand && include !== '' && !matches(include, last)) return;
  if (!isOperand && exclude !== '' && matches(exclude, last)) return;
  const handle = name === '-' ? <i32>standardInput() : openFile(name, OPEN_READ, 0);
  if (handle < 0) {
    failed(name, handle);
    return;
  }
  const input = new Input(handle);
  const title = name === '-' ? '(standard input)' : name;
  report.begin(title, names === 'H', isQuiet);
  for (let line = input.readLine(); line !== null; line = input.readLine()) {
    if (!report.take(line, wanted) || standardOutput().error !== 0) break;
  }
  if (input.error < 0) failed(name, input.error);
  if (report.finish()) hasMatched = true;
  if (name !== '-') closeFile(handle);
}

function searchFolder(path: string): void {
  const listing = listDirectory(path);
  if (listing.error < 0) failed(path, listing.error);
  for (let index = 0; index < listing.entries.length; index++) {
    search(path === '.' ? listing.entries[index].name : joined(path, listing.entries[index].name), false);
  }
}
