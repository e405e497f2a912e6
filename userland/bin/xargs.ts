/**
 * NAME
 *     xargs: make command lines of standard input
 * SYNOPSIS
 *     xargs [-0rtx] [-d CHARACTER] [-I TEXT | -L LINES | -n WORDS] [COMMAND [ARGUMENT]…]
 * DESCRIPTION
 *     Runs COMMAND, by default echo, with ARGUMENTs and then the words that it reads; several times if they are
 *     many. Words are divided by blanks and newlines; quotes and backslashes keep them together.
 *
 *     -n, --max-args=WORDS   so many a time        -L, --max-lines=LINES   the words of so many lines
 *     -I TEXT   once for each line, which takes TEXT's place in the ARGUMENTs
 *     -0, --null   words end with a zero byte      -d, --delimiter=CHARACTER   with that
 *     -r, --no-run-if-empty   nothing for no words -t, --verbose   say what is run
 *     The exit status is 123 where a COMMAND failed, 124 where one ended with 255, 127 where it is not there.
 * SEE ALSO
 *     find
 */
import { complain, writeError } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { failureStatus, runProgram } from '../lib/run.ts';

const WORDS_MAX: i32 = 256;
const BYTES_MAX: i32 = 16_384;
const FAILED: i32 = 123;
const STOPPED: i32 = 124;

let wordsMax: i32 = WORDS_MAX;
let linesMax: i32 = i32.MAX_VALUE;
let place: string = '';
let delimiter: i32 = -1;
let isVerbose: bool = false;
let runsEmpty: bool = true;
let status: i32 = 0;
let isOver: bool = false;
let command: string[] = [];
let hasRun: bool = false;

export function main(): i32 {
  const options = new Options(
    'xargs [OPTION]... [COMMAND [INITIAL-ARGS]...]',
    '+0d:I:L:n:rtx',
    'null=0,delimiter=d,replace=I,max-lines=L,max-args=n,no-run-if-empty=r,verbose=t,exit=x',
  );
  while (options.next()) {
    const letter = options.letter;
    if (letter === '0') delimiter = 0;
    if (letter === 'd')
      delimiter = options.value === '\\n' ? 10 : options.value === '\\t' ? 9 : options.value.charCodeAt(0);
    if (letter === 'I') place = options.value;
    if (letter === 'L') linesMax = <i32>options.number('number', 1);
    if (letter === 'n') wordsMax = <i32>options.number('number', 1);
    if (letter === 'r') runsEmpty = false;
    if (letter === 't') isVerbose = true;
  }
  command = options.operands.length > 0 ? options.operands : ['echo'];
  const input = new Input(standardInput());
  if (place !== '') eachLine(input);
  else if (delimiter >= 0) gatherDelimited(input);
  else gatherWords(input);
  return status;
}

function eachLine(input: Input): void {
  const last = delimiter < 0 ? 10 : delimiter;
  for (let line = input.readUntil(<u8>last); line !== null && !isOver; line = input.readUntil(<u8>last)) {
    const text = delimiter < 0 ? line.trimStart() : line;
    if (text === '') continue;
    const words: string[] = [];
    for (let index = 0; index < command.length; index++) words.push(command[index].replaceAll(place, text));
    run(words);
  }
}

function gatherDelimited(input: Input): void {
  let words: string[] = [];
  let size = 0;
  for (let word = input.readUntil(<u8>delimiter); word !== null; word = input.readUntil(<u8>delimiter)) {
    words.push(word);
    size += word.length + 1;
    if (words.length < wordsMax && size < BYTES_MAX) continue;
    runWith(words);
    words = [];
    size = 0;
  }
  if (words.length > 0 || (!hasRun && runsEmpty)) runWith(words);
}

function gatherWords(input: Input): void {
  let words: string[] = [];
  let size = 0;
  let lines = 0;
  for (let line = input.readLine(); line !== null && !isOver; line = input.readLine()) {
    const found = wordsOf(line);
    if (found === null) {
      status = 1;
      return;
    }
    for (let index = 0; index < found.length; index++) {
      words.push(found[index]);
      size += found[index].length + 1;
      if (words.length < wordsMax && size < BYTES_MAX) continue;
      runWith(words);
      words = [];
      size = 0;
    }
    if (found.length === 0 || ++lines % linesMax !== 0 || words.length === 0) continue;
    runWith(words);
    words = [];
    size = 0;
  }
  if (words.length > 0 || (!hasRun && runsEmpty)) runWith(words);
}

/** Null where a quote has no end. */
function wordsOf(line: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let isWord = false;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (quote !== '') {
      if (letter === quote) quote = '';
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      isWord = true;
    } else if (letter === '\\' && at + 1 < line.length) {
      word += line.charAt(++at);
      isWord = true;
    } else if (letter === ' ' || letter === '\t') {
      if (isWord) words.push(word);
      word = '';
      isWord = false;
    } else {
      word += letter;
      isWord = true;
    }
  }
  if (isWord) words.push(word);
  if (quote === '') return words;
  const kind = quote === '"' ? 'double' : 'single';
  complain(`unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`);
  return null;
}

function runWith(words: string[]): void {
  if (!isOver) run(command.concat(words));
}

function run(words: string[]): void {
  hasRun = true;
  if (isVerbose) writeError(words.join(' ') + '\n');
  const result = runProgram(words);
  if (result < 0) {
    complain(`${words[0]}: ${errorText(result)}`);
    status = failureStatus(result);
    isOver = true;
  } else if (result === 255) {
    complain(`${words[0]}: exited with status 255; aborting`);
    status = STOPPED;
    isOver = true;
  } else if (result > 0) status = FAILED;
}
