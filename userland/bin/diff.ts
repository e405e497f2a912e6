/**
 * NAME
 *     diff: say how files differ, line by line
 * SYNOPSIS
 *     diff [-biNqrsuw] [-U LINES] [--label NAME]… OLD NEW
 * DESCRIPTION
 *     What has to be done to OLD to make NEW of it: lines to take out behind <, lines to put in behind >, with
 *     their numbers and whether it is a change, an addition or a deletion (2,3c5). One may be - for standard input;
 *     one may be a directory, where the other's name is looked for in it; where both are, all that is in them
 *     is compared.
 *
 *     -u   unified: + and -, with 3 lines around    -U LINES   with so many
 *     -q   only whether                             -s         also which are the same
 *     -i   upper and lower case are the same        -b         any blanks are one; none at a line's end
 *     -w   blanks do not count                      -r         directories in directories too
 *     -N   what is missing in one is empty          --label    names for the head of -u
 *
 *     The status is 0 where they are the same, 1 where they differ, 2 for trouble.
 * SEE ALSO
 *     cmp, sed, edit
 */

import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import { OPEN_READ } from '../../os/abi/file.ts';
import { formatDate } from '../lib/calendar.ts';
import { timeNow } from '../lib/clock.ts';
import { complainOf } from '../lib/complaint.ts';
import { changesOf } from '../lib/difference.ts';
import { Lines, showPlainly, showUnified } from '../lib/difference-report.ts';
import { type Entry, joined, listDirectory } from '../lib/directory.ts';
import { closeFile, openFile, standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { kindText } from '../lib/kind.ts';
import { Options } from '../lib/options.ts';
import { orderOf } from '../lib/order.ts';
import { print } from '../lib/output.ts';
import { baseName } from '../lib/path.ts';
import { openStatusOf, type Status, statusOf } from '../lib/status.ts';

const SAME: i32 = 0;
const DIFFERENT: i32 = 1;
const TROUBLE: i32 = 2;
const UNIFIED_AROUND: i32 = 3;
const LONG =
  'unified=U,brief=q,report-identical-files=s,ignore-case=i,ignore-space-change=b,ignore-all-space=w,recursive=r,' +
  'new-file=N,label=L';

/** Below 0: not unified. */
let around: i32 = -1;
let isBrief: bool = false;
let tellsSame: bool = false;
let ignoresCase: bool = false;
let ignoresAmount: bool = false;
let ignoresBlanks: bool = false;
let isRecursive: bool = false;
let hasEmpty: bool = false;
/** The options as they were given, for the lines between files of directories. */
let given: string = '';
const labels: string[] = [];

export function main(): i32 {
  const options = new Options('diff [OPTION]... OLD NEW', 'biNqrsuU:wL:', LONG, TROUBLE);
  while (options.next()) choose(options);
  options.need(2);
  options.allow(2);
  const names = options.operands;
  const first = names[0] === '-' ? openStatusOf(standardInput()) : statusOf(names[0]);
  const second = names[1] === '-' ? openStatusOf(standardInput()) : statusOf(names[1]);
  if (!isUsable(names[0], first, second) || !isUsable(names[1], second, first)) return TROUBLE;
  if (first.isDirectory() && second.isDirectory()) return compareFolders(names[0], names[1]);
  if (first.isDirectory()) return compareFiles(joined(names[0], baseName(names[1])), names[1]);
  if (second.isDirectory()) return compareFiles(names[0], joined(names[1], baseName(names[0])));
  return compareFiles(names[0], names[1]);
}

function choose(options: Options): void {
  const letter = options.letter;
  if (letter === 'u') around = max(around, UNIFIED_AROUND);
  if (letter === 'U') around = <i32>options.number('context length');
  if (letter === 'L') labels.push(options.value);
  if (letter === 'q') isBrief = true;
  if (letter === 's') tellsSame = true;
  if (letter === 'i') ignoresCase = true;
  if (letter === 'b') ignoresAmount = true;
  if (letter === 'w') ignoresBlanks = true;
  if (letter === 'r') isRecursive = true;
  if (letter === 'N') hasEmpty = true;
  given += letter === 'U' ? ` -U ${options.value}` : letter === 'L' ? '' : ` -${letter}`;
}

function isUsable(name: string, status: Status, other: Status): bool {
  if (status.isThere() || (hasEmpty && status.error === ERROR_NOT_FOUND && other.isThere())) return true;
  complainOf(name, status.error);
  return false;
}

/** What is being put in order. */
let unsorted: Entry[] = [];

/** By name; null where the folder cannot be read. */
function entriesOf(folder: string): Entry[] | null {
  const listing = listDirectory(folder);
  if (listing.error < 0) {
    complainOf(folder, listing.error);
    return null;
  }
  unsorted = listing.entries;
  const places = orderOf(unsorted.length, (i, j) => (unsorted[i].name < unsorted[j].name ? -1 : 1));
  const entries: Entry[] = [];
  for (let index = 0; index < places.length; index++) entries.push(unsorted[places[index]]);
  return entries;
}

function compareFolders(old: string, fresh: string): i32 {
  const oldEntries = entriesOf(old);
  const newEntries = entriesOf(fresh);
  if (oldEntries === null || newEntries === null) return TROUBLE;
  let result = SAME;
  let left = 0;
  let right = 0;
  while (left < oldEntries.length || right < newEntries.length) {
    const isRightOver = right === newEntries.length;
    const isLeftOver = left === oldEntries.length;
    const isOld = isRightOver || (!isLeftOver && oldEntries[left].name <= newEntries[right].name);
    const isNew = isLeftOver || (!isRightOver && newEntries[right].name <= oldEntries[left].name);
    const name = isOld ? oldEntries[left].name : newEntries[right].name;
    if ((isOld && isNew) || hasEmpty)
      result = max(result, compareEntries(joined(old, name), joined(fresh, name)));
    else {
      print(`Only in ${isOld ? old : fresh}: ${name}\n`);
      result = max(result, DIFFERENT);
    }
    if (isOld) left++;
    if (isNew) right++;
  }
  return result;
}

/** Of the same name in two directories. */
function compareEntries(old: string, fresh: string): i32 {
  const first = statusOf(old);
  const second = statusOf(fresh);
  if (first.isDirectory() && second.isDirectory()) {
    if (isRecursive) return compareFolders(old, fresh);
    print(`Common subdirectories: ${old} and ${fresh}\n`);
    return SAME;
  }
  if (!first.isDirectory() && !second.isDirectory()) return compareFiles(old, fresh, true);
  if (!first.isThere() || !second.isThere()) {
    const place = first.isThere() ? old : fresh;
    print(`Only in ${place.substring(0, place.lastIndexOf('/'))}: ${baseName(place)}\n`);
    return DIFFERENT;
  }
  print(`File ${old} is a ${kindText(first.kind)} while file ${fresh} is a ${kindText(second.kind)}\n`);
  return DIFFERENT;
}

/** `isEntry`: the files are named before their differences. */
function compareFiles(old: string, fresh: string, isEntry: bool = false): i32 {
  const first = linesOf(old);
  const second = linesOf(fresh);
  if (first === null || second === null) return TROUBLE;
  const isBinary = hasNull(first) || hasNull(second);
  const numbers = new Map<string, i32>();
  const changes = changesOf(numbered(first, numbers), numbered(second, numbers));
  if (changes.length === 0) {
    if (tellsSame) print(`Files ${old} and ${fresh} are identical\n`);
    return SAME;
  }
  if (isBrief || isBinary) {
    print(`${isBrief ? 'Files' : 'Binary files'} ${old} and ${fresh} differ\n`);
    return isBrief ? DIFFERENT : TROUBLE;
  }
  if (isEntry) print(`diff${given} ${old} ${fresh}\n`);
  if (around < 0) showPlainly(first, second, changes);
  else {
    print(`--- ${labels.length > 0 ? labels[0] : headOf(old)}\n`);
    print(`+++ ${labels.length > 1 ? labels[1] : headOf(fresh)}\n`);
    showUnified(first, second, changes, around);
  }
  return DIFFERENT;
}

function headOf(name: string): string {
  const time = name === '-' ? timeNow() : statusOf(name).modified;
  return `${name}\t${formatDate('%Y-%m-%d %H:%M:%S.%N %z', time)}`;
}

/** null where it cannot be read; with -N what is missing is empty. */
function linesOf(name: string): Lines | null {
  const lines = new Lines();
  const handle = name === '-' ? <i32>standardInput() : openFile(name, OPEN_READ, 0);
  if (handle === ERROR_NOT_FOUND && hasEmpty) return lines;
  const input = new Input(handle);
  if (handle < 0) input.error = handle;
  for (let line = input.readLine(); line !== null; line = input.readLine()) {
    lines.texts.push(line);
    lines.isEnded = input.endedLine;
  }
  if (name !== '-' && handle > 0) closeFile(handle);
  if (input.error === 0) return lines;
  complainOf(name, input.error);
  return null;
}

function hasNull(lines: Lines): bool {
  for (let index = 0; index < lines.texts.length; index++)
    if (lines.texts[index].indexOf('\0') >= 0) return true;
  return false;
}

/** A number for each line: the same for those that count as equal. */
function numbered(lines: Lines, numbers: Map<string, i32>): i32[] {
  const result: i32[] = [];
  const hasBlanks = !ignoresBlanks && !ignoresAmount;
  for (let index = 0; index < lines.texts.length; index++) {
    let key = keyOf(lines.texts[index]);
    if (hasBlanks && !lines.isEnded && index === lines.texts.length - 1) key += '\n';
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    result.push(numbers.get(key));
  }
  return result;
}

function keyOf(line: string): string {
  const text = ignoresCase ? line.toLowerCase() : line;
  if (!ignoresBlanks && !ignoresAmount) return text;
  let key = '';
  let isBehindBlank = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isBlank = code === 0x20 || (code >= 9 && code <= 13);
    if (!isBlank) {
      if (isBehindBlank && !ignoresBlanks) key += ' ';
      key += text.charAt(at);
    }
    isBehindBlank = isBlank;
  }
  return key;
}
