/**
 * NAME
 *     ls: list files
 * SYNOPSIS
 *     ls [-1AaCdFghiklmnpqRrSstUX] [FILE]…
 * DESCRIPTION
 *     Lists what is in directories, and other files themselves; by default what is in the working directory.
 *
 *     -a   what begins with a point too   -A   but not . and ..    -d   directories themselves
 *     -l   a line each: mode, links, owner, group, size, time, name (-g without owner, -n the same)
 *     -h   sizes in K, M, …               -i   inode numbers       -s   the space they take, in KiB
 *     -F   a letter behind: / @ * |       -p   only /              -q   ? for what cannot be shown
 *     -C   in columns, as to a terminal   -1   one a line          -m   with commas between
 *     -R   what is in what is in them, too
 *     By name, or -t by time, -S by size, -X by ending, -U not at all, -v by numbers in names; -r the other way round
 * SEE ALSO
 *     find, du, stat
 */

import { complain } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { errorText } from '../lib/error.ts';
import { readLink } from '../lib/link.ts';
import { ItemText } from '../lib/list-item.ts';
import { Options } from '../lib/options.ts';
import { orderOf } from '../lib/order.ts';
import { isTerminal, print, standardOutput } from '../lib/output.ts';
import { quoted } from '../lib/quote.ts';
import { comparedVersions } from '../lib/sort-key.ts';
import { linkStatusOf, type Status, statusOf } from '../lib/status.ts';
import { outputColumns } from '../lib/terminal.ts';
import { columnsOf, padded } from '../lib/width.ts';

const COLUMNS_DEFAULT: i32 = 80;
const BY_NAME: i32 = 0;
const BY_TIME: i32 = 1;
const BY_SIZE: i32 = 2;
const BY_ENDING: i32 = 3;
const UNSORTED: i32 = 4;
const BY_VERSION: i32 = 5;

class Item {
  constructor(
    readonly name: string,
    readonly path: string,
    readonly status: Status,
  ) {}
}

let order: i32 = BY_NAME;
let isReversed: bool = false;
let showsHidden: bool = false;
let showsDots: bool = false;
let isRecursive: bool = false;
let isLong: bool = false;
let inColumns: bool = false;
let withCommas: bool = false;
const text = new ItemText();

export function main(): i32 {
  const options = new Options(
    'ls [OPTION]... [FILE]...',
    '1AaCdFghiklmnpqRrSstUvX',
    'all=a,almost-all=A,directory=d,human-readable=h,inode=i,recursive=R,reverse=r,size=s,classify=F',
    2,
  );
  let ownNames = false;
  inColumns = isTerminal(standardOutput().handle);
  while (options.next()) {
    if (options.letter === 'd') ownNames = true;
    else choose(options.letter);
  }
  if (options.operands.length === 0) options.operands.push('.');
  const files: Item[] = [];
  const folders: Item[] = [];
  let status = 0;
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const found = isLong || ownNames ? linkStatusOf(name) : statusOf(name);
    if (found.isThere())
      (found.isDirectory() && !ownNames ? folders : files).push(new Item(name, name, found));
    else {
      complain(`cannot access ${quoted(name)}: ${errorText(found.error)}`);
      status = 2;
    }
  }
  showItems(sorted(files), false);
  const inOrder = sorted(folders);
  const withHeads = isRecursive || options.operands.length > 1;
  for (let index = 0; index < folders.length; index++) {
    const isFirst = index === 0 && files.length === 0;
    if (!showFolder(inOrder[index].path, withHeads, isFirst)) status = 2;
  }
  return status;
}

function choose(letter: string): void {
  if (letter === '1' || letter === 'C') inColumns = letter === 'C';
  if (letter === 'm') withCommas = true;
  if (letter === 'a') showsDots = true;
  if (letter === 'a' || letter === 'A') showsHidden = true;
  if (letter === 'l' || letter === 'g' || letter === 'n') isLong = true;
  if (letter === 'g') text.withOwner = false;
  if (letter === 'h') text.isHuman = true;
  if (letter === 'i') text.withInode = true;
  if (letter === 's') text.withSpace = true;
  if (letter === 'F' || letter === 'p') text.marks = letter === 'F' ? '/@*|' : '/';
  if (letter === 'q') text.hidesControls = true;
  if (letter === 'R') isRecursive = true;
  if (letter === 'r') isReversed = true;
  if (letter === 't') order = BY_TIME;
  if (letter === 'S') order = BY_SIZE;
  if (letter === 'X') order = BY_ENDING;
  if (letter === 'U') order = UNSORTED;
  if (letter === 'v') order = BY_VERSION;
}

function showFolder(path: string, withHead: bool, isFirst: bool): bool {
  const listing = listDirectory(path);
  if (listing.error < 0) {
    complain(`cannot open directory ${quoted(path)}: ${errorText(listing.error)}`);
    return false;
  }
  const found: Item[] = [];
  if (showsDots) {
    found.push(new Item('.', path, statusOf(path)));
    found.push(new Item('..', joined(path, '..'), statusOf(joined(path, '..'))));
  }
  for (let index = 0; index < listing.entries.length; index++) {
    const name = listing.entries[index].name;
    if (!showsHidden && name.startsWith('.')) continue;
    found.push(new Item(name, joined(path, name), linkStatusOf(joined(path, name))));
  }
  const items = sorted(found);
  if (withHead) print(`${isFirst ? '' : '\n'}${path}:\n`);
  showItems(items, true);
  let isWhole = true;
  for (let index = 0; isRecursive && index < items.length; index++) {
    const item = items[index];
    if (item.name === '.' || item.name === '..' || !item.status.isDirectory()) continue;
    if (!showFolder(item.path, true, false)) isWhole = false;
  }
  return isWhole;
}

/** What is being sorted. */
let unsorted: Item[] = [];

function sorted(items: Item[]): Item[] {
  if (order === UNSORTED) return isReversed ? items.reverse() : items;
  unsorted = items;
  const places = orderOf(items.length, (i, j) =>
    isReversed ? compared(unsorted[j], unsorted[i]) : compared(unsorted[i], unsorted[j]),
  );
  const result: Item[] = [];
  for (let index = 0; index < places.length; index++) result.push(items[places[index]]);
  return result;
}

function compared(a: Item, b: Item): i32 {
  let result = 0;
  if (order === BY_TIME)
    result = a.status.modified < b.status.modified ? 1 : a.status.modified > b.status.modified ? -1 : 0;
  if (order === BY_SIZE) result = a.status.size < b.status.size ? 1 : a.status.size > b.status.size ? -1 : 0;
  if (order === BY_ENDING) result = byText(endingOf(a.name), endingOf(b.name));
  if (order === BY_VERSION) result = comparedVersions(a.name, b.name);
  return result === 0 ? byText(a.name, b.name) : result;
}

function byText(a: string, b: string): i32 {
  return a < b ? -1 : a > b ? 1 : 0;
}

function endingOf(name: string): string {
  const point = name.lastIndexOf('.');
  return point <= 0 ? '' : name.substring(point);
}

function showItems(items: Item[], isFolder: bool): void {
  if (isLong) {
    showLong(items, isFolder);
    return;
  }
  const texts: string[] = [];
  text.measure();
  for (let index = 0; index < items.length; index++) text.measureOne(items[index].status);
  if (isFolder && text.withSpace) print(`total ${text.totalText()}\n`);
  for (let index = 0; index < items.length; index++)
    texts.push(text.short(items[index].name, items[index].status));
  if (texts.length === 0) return;
  if (withCommas) print(texts.join(', ') + '\n');
  else if (inColumns) showColumns(texts);
  else print(texts.join('\n') + '\n');
}

function showLong(items: Item[], isFolder: bool): void {
  text.measure();
  for (let index = 0; index < items.length; index++) text.measureOne(items[index].status);
  if (isFolder) print(`total ${text.totalText()}\n`);
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    let line = text.long(item.name, item.status);
    if (item.status.isLink()) line += ` -> ${readLink(item.path)}`;
    print(line + '\n');
  }
}

/** As many columns as there is room for, filled downwards; two blanks between. */
function showColumns(texts: string[]): void {
  const known = outputColumns();
  const width = known > 0 ? known : COLUMNS_DEFAULT;
  for (let rows = 1; ; rows++) {
    const widths = columnWidths(texts, rows);
    let total = -2;
    for (let column = 0; column < widths.length; column++) total += widths[column] + 2;
    if (total >= width && rows < texts.length) continue;
    for (let row = 0; row < rows; row++) {
      let line = '';
      for (let column = 0; column * rows + row < texts.length; column++) {
        const cell = texts[column * rows + row];
        const isLast = (column + 1) * rows + row >= texts.length;
        line += isLast ? cell : padded(cell, widths[column] + 2);
      }
      print(line + '\n');
    }
    return;
  }
}

function columnWidths(texts: string[], rows: i32): i32[] {
  const widths: i32[] = [];
  for (let index = 0; index < texts.length; index++) {
    const column = index / rows;
    if (column === widths.length) widths.push(0);
    widths[column] = max(widths[column], columnsOf(texts[index]));
  }
  return widths;
}
