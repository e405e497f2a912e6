/**
 * NAME
 *     man: show the manual's page about a command
 * SYNOPSIS
 *     man NAME…
 *     man -k WORD…
 * DESCRIPTION
 *     The page of each NAME is written: every command comes with its own. To a terminal, or where COLUMNS says how
 *     wide one is, lines are as long as there is room for; else as they stand in the boot archive.
 *
 *     -k   instead the names of all pages whose first lines have a WORD in them
 *
 *     The status is 16 where there is no such page.
 * SEE ALSO
 *     help, the shell's own list
 */
import { KIND_FILE, OPEN_READ } from '../../os/abi/file.ts';
import { writeError } from '../lib/complaint.ts';
import { listDirectory } from '../lib/directory.ts';
import { closeFile, openFile } from '../lib/file.ts';
import { folded } from '../lib/fold.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { outputColumns } from '../lib/terminal.ts';
import { trimmed } from '../lib/text.ts';

const PAGES = '/boot/man/';
const NOT_FOUND: i32 = 16;

export function main(): i32 {
  const options = new Options('man [-k] NAME...', 'k', 'apropos=k');
  let isSearch = false;
  while (options.next()) isSearch = true;
  if (options.operands.length === 0) options.fail('What manual page do you want?');
  let status = 0;
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    if (isSearch ? search(name) : show(name)) continue;
    writeError(isSearch ? `${name}: nothing appropriate.\n` : `No manual entry for ${name}\n`);
    status = NOT_FOUND;
  }
  return status;
}

/** '' where there is no such page. */
function pageOf(name: string): string {
  const handle = name.includes('/') ? -1 : openFile(PAGES + name, OPEN_READ, 0);
  if (handle < 0) return '';
  const text = new Input(handle).readAll();
  closeFile(handle);
  return text;
}

function show(name: string): bool {
  const page = pageOf(name);
  const width = outputColumns();
  print(width === 0 ? page : folded(page, width));
  return page !== '';
}

/** The line behind NAME says what a page is about. */
function search(word: string): bool {
  const entries = listDirectory(PAGES).entries;
  let isFound = false;
  for (let index = 0; index < entries.length; index++) {
    if (entries[index].kind !== KIND_FILE) continue;
    const lines = pageOf(entries[index].name).split('\n');
    const about = lines.length > 1 ? trimmed(lines[1]) : '';
    if (!about.includes(word)) continue;
    isFound = true;
    print(about + '\n');
  }
  return isFound;
}
