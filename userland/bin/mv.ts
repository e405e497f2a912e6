/**
 * NAME
 *     mv: give files other names, or other places
 * SYNOPSIS
 *     mv [-finTuv] SOURCE TARGET
 *     mv [OPTION]… SOURCE… DIRECTORY
 *     mv [OPTION]… -t DIRECTORY SOURCE…
 * DESCRIPTION
 *     What has the new name is replaced in one step. To another tree a file is copied, and then removed.
 *
 *     -f   never ask                     -i   ask before something is replaced
 *     -n   replace nothing               -u   replace only what is older
 *     -v   say what is done              -T   TARGET is no directory to move into
 *     -t   the DIRECTORY comes first
 * SEE ALSO
 *     cp, ln, rm
 */

import { ERROR_BAD_ARGUMENT, ERROR_CROSS_DEVICE } from '../../os/abi/errors.ts';
import { complain } from '../lib/complaint.ts';
import { Copying } from '../lib/copy.ts';
import { Destination } from '../lib/destination.ts';
import { errorText } from '../lib/error.ts';
import { renameFile } from '../lib/link.ts';
import { absolutePath } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { isConfirmed } from '../lib/question.ts';
import { quoted } from '../lib/quote.ts';
import { Removal } from '../lib/removal.ts';
import { linkStatusOf } from '../lib/status.ts';

let asks: bool = false;
let neverReplaces: bool = false;
let onlyNewer: bool = false;
let isVerbose: bool = false;

export function main(): i32 {
  const options = new Options(
    'mv [OPTION]... SOURCE... DIRECTORY',
    'fint:Tuv',
    'force=f,interactive=i,no-clobber=n,target-directory=t,no-target-directory=T,update=u,verbose=v',
  );
  let folder = '';
  let isFile = false;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 't') folder = options.value;
    else if (letter === 'T') isFile = true;
    else if (letter === 'u') onlyNewer = true;
    else if (letter === 'v') isVerbose = true;
    else {
      asks = letter === 'i';
      neverReplaces = letter === 'n';
    }
  }
  const destination = new Destination(options, folder, isFile);
  for (let index = 0; index < destination.sources.length; index++) {
    move(destination.sources[index], destination.targetOf(destination.sources[index]));
  }
  return 0;
}

function move(source: string, target: string): void {
  if (!mayMove(source, target)) return;
  let error = renameFile(source, target);
  if (error === ERROR_CROSS_DEVICE) error = carry(source, target) ? 0 : 1;
  if (error === ERROR_BAD_ARGUMENT && absolutePath(target).startsWith(absolutePath(source) + '/'))
    complain(`cannot move ${quoted(source)} to a subdirectory of itself, ${quoted(target)}`);
  else if (error < 0) complain(`cannot move ${quoted(source)} to ${quoted(target)}: ${errorText(error)}`);
  else if (error === 0 && isVerbose) print(`renamed ${quoted(source)} -> ${quoted(target)}\n`);
}

function mayMove(source: string, target: string): bool {
  const from = linkStatusOf(source);
  if (!from.isThere()) return refused(`cannot stat ${quoted(source)}: ${errorText(from.error)}`);
  const to = linkStatusOf(target);
  if (!to.isThere()) return true;
  if (from.isSame(to)) return refused(`${quoted(source)} and ${quoted(target)} are the same file`);
  if (neverReplaces || (onlyNewer && from.modified <= to.modified)) return false;
  if (to.isDirectory() && !from.isDirectory())
    return refused(`cannot overwrite directory ${quoted(target)} with non-directory ${quoted(source)}`);
  if (from.isDirectory() && !to.isDirectory())
    return refused(`cannot overwrite non-directory ${quoted(target)} with directory ${quoted(source)}`);
  return !asks || isConfirmed(`overwrite ${quoted(target)}`);
}

function refused(text: string): bool {
  complain(text);
  return false;
}

/** To another tree. What could not be copied stays. */
function carry(source: string, target: string): bool {
  const copying = new Copying();
  copying.isRecursive = true;
  copying.keepsLinks = true;
  copying.keepsAttributes = true;
  copying.isForced = true;
  if (!copying.copy(source, target)) return false;
  const removal = new Removal();
  removal.isRecursive = true;
  return removal.remove(source);
}
