/**
 * NAME
 *     chmod: say what files allow
 * SYNOPSIS
 *     chmod [-cfRv] MODE FILE…
 * DESCRIPTION
 *     MODE is 755, or who, what and which: u=rwx,g+w,o-rx; u the owner, g the group, o others, a all; X is x for
 *     directories and what somebody may execute already.
 *
 *     -R, --recursive   directories with all in them   -c, --changes   say what is changed
 *     -v, --verbose     say it of all                  -f, --silent    nothing about what cannot be
 * SEE ALSO
 *     ls, mkdir
 */
import { complain } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { errorText } from '../lib/error.ts';
import { setMode } from '../lib/file.ts';
import { modeText } from '../lib/kind.ts';
import { changedMode, isMode } from '../lib/mode.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { marked, quoted } from '../lib/quote.ts';
import { linkStatusOf, type Status, statusOf } from '../lib/status.ts';

const BITS: u32 = 0o7777;
/** Options that are modes: what they take away. */
const PERMISSIONS = 'rwxXst';

let isRecursive: bool = false;
let tells: string = '';
let isSilent: bool = false;
let hasFailed: bool = false;

export function main(): i32 {
  const options = new Options(
    'chmod [OPTION]... MODE[,MODE]... FILE...',
    'cfRvr?w?x?X?s?t?',
    'changes=c,quiet=f,silent=f,recursive=R,verbose=v',
  );
  let mode = '';
  while (options.next()) {
    const letter = options.letter;
    if (PERMISSIONS.indexOf(letter) >= 0) mode = `-${letter}${options.value}`;
    else if (letter === 'R') isRecursive = true;
    else if (letter === 'f') isSilent = true;
    else tells = letter;
  }
  options.need(1);
  if (mode === '') mode = options.operands.shift();
  if (!isMode(mode)) options.fail(`invalid mode: ${marked(mode)}`);
  options.need(1, `missing operand after ${marked(mode)}`);
  for (let index = 0; index < options.operands.length; index++) change(options.operands[index], mode, true);
  return hasFailed ? 1 : 0;
}

function change(path: string, mode: string, isOperand: bool): void {
  if (!isOperand && linkStatusOf(path).isLink()) return;
  const status = statusOf(path);
  if (!status.isThere()) {
    failed(`cannot access ${quoted(path)}: ${errorText(status.error)}`);
    return;
  }
  const after = changedMode(status.mode, mode, status.isDirectory());
  const error = setMode(path, after);
  if (error < 0) failed(`changing permissions of ${quoted(path)}: ${errorText(error)}`);
  else tell(path, status, after);
  if (!isRecursive || !status.isDirectory()) return;
  const listing = listDirectory(path);
  if (listing.error < 0) failed(`cannot read directory ${quoted(path)}: ${errorText(listing.error)}`);
  for (let index = 0; index < listing.entries.length; index++)
    change(joined(path, listing.entries[index].name), mode, false);
}

function failed(text: string): void {
  hasFailed = true;
  if (!isSilent) complain(text);
}

function tell(path: string, status: Status, after: u32): void {
  const before = status.mode & BITS;
  if (tells === '' || (tells === 'c' && before === after)) return;
  const now = shown(status.kind, after);
  if (before === after) print(`mode of ${quoted(path)} retained as ${now}\n`);
  else print(`mode of ${quoted(path)} changed from ${shown(status.kind, before)} to ${now}\n`);
}

/** 0644 (rw-r--r--) */
function shown(kind: u32, mode: u32): string {
  return `${mode.toString(8).padStart(4, '0')} (${modeText(kind, mode).substring(1)})`;
}
