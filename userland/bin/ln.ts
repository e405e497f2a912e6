/**
 * NAME
 *     ln: give files further names
 * SYNOPSIS
 *     ln [-finsTv] TARGET [NAME]
 *     ln [OPTION]… TARGET… DIRECTORY
 *     ln [OPTION]… -t DIRECTORY TARGET…
 * DESCRIPTION
 *     A NAME is as good as the first; the file goes with its last. A symbolic link says another name instead.
 *
 *     -s, --symbolic   symbolic links        -f, --force         remove what has the NAME
 *     -i   ask before something is removed   -n, --no-dereference   a NAME that links to a directory is a link
 *     -T   the NAME is no directory          -t   the DIRECTORY comes first
 *     -v, --verbose    say what is done
 * SEE ALSO
 *     cp, mv, rm
 */
import { complain } from '../lib/complaint.ts';
import { Destination } from '../lib/destination.ts';
import { errorText } from '../lib/error.ts';
import { removeFile } from '../lib/file.ts';
import { linkFile, linkSymbolically } from '../lib/link.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { isConfirmed } from '../lib/question.ts';
import { quoted } from '../lib/quote.ts';
import { linkStatusOf } from '../lib/status.ts';

let isSymbolic: bool = false;
let isForced: bool = false;
let asks: bool = false;
let isVerbose: bool = false;

export function main(): i32 {
  const options = new Options(
    'ln [OPTION]... TARGET LINK_NAME',
    'finst:Tv',
    'force=f,interactive=i,no-dereference=n,symbolic=s,target-directory=t,no-target-directory=T,verbose=v',
  );
  let folder = '';
  let isFile = false;
  let isLink = false;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 's') isSymbolic = true;
    if (letter === 'f') isForced = true;
    if (letter === 'i') asks = true;
    if (letter === 'v') isVerbose = true;
    if (letter === 'n') isLink = true;
    if (letter === 'T') isFile = true;
    if (letter === 't') folder = options.value;
  }
  const operands = options.operands;
  if (operands.length === 1 && folder === '') folder = '.';
  if (isLink && operands.length === 2 && linkStatusOf(operands[1]).isLink()) isFile = true;
  const destination = new Destination(options, folder, isFile);
  for (let index = 0; index < destination.sources.length; index++) {
    link(destination.sources[index], destination.targetOf(destination.sources[index]));
  }
  return 0;
}

function link(target: string, name: string): void {
  if (!mayLink(target, name)) return;
  const error = isSymbolic ? linkSymbolically(target, name) : linkFile(target, name);
  if (error < 0) {
    const kind = isSymbolic ? 'symbolic' : 'hard';
    complain(`failed to create ${kind} link ${quoted(name)}: ${errorText(error)}`);
  } else if (isVerbose) print(`${quoted(name)} ${isSymbolic ? '->' : '=>'} ${quoted(target)}\n`);
}

/** What has the name is gone then, if that is wished. */
function mayLink(target: string, name: string): bool {
  const from = linkStatusOf(target);
  if (!isSymbolic && !from.isThere())
    return refused(`failed to access ${quoted(target)}: ${errorText(from.error)}`);
  if (!isSymbolic && from.isDirectory()) return refused(`${target}: hard link not allowed for directory`);
  const before = linkStatusOf(name);
  if (!before.isThere() || !(isForced || asks)) return true;
  if (!isSymbolic && before.isSame(from))
    return refused(`${quoted(target)} and ${quoted(name)} are the same file`);
  if (asks && !isConfirmed(`replace ${quoted(name)}`)) return false;
  removeFile(name);
  return true;
}

function refused(text: string): bool {
  complain(text);
  return false;
}
