/**
 * NAME
 *     rmdir: remove empty directories
 * SYNOPSIS
 *     rmdir [-pv] [--ignore-fail-on-non-empty] DIRECTORY…
 * DESCRIPTION
 *     -p, --parents   with those above them, as they are written: `a/b` removes a/b and a
 *     -v, --verbose   say what is done
 *     --ignore-fail-on-non-empty   one with something in it is no fault
 * SEE ALSO
 *     mkdir, rm
 */

import { ERROR_NOT_EMPTY } from '../../os/abi/errors.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { removeDirectory } from '../lib/file.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { folderOf } from '../lib/path.ts';
import { quoted } from '../lib/quote.ts';

let isVerbose: bool = false;
let isPatient: bool = false;

export function main(): i32 {
  const options = new Options(
    'rmdir [OPTION]... DIRECTORY...',
    'pvi',
    'parents=p,verbose=v,ignore-fail-on-non-empty=i',
  );
  let withParents = false;
  while (options.next()) {
    if (options.letter === 'p') withParents = true;
    if (options.letter === 'v') isVerbose = true;
    if (options.letter === 'i') isPatient = true;
  }
  options.need(1);
  for (let index = 0; index < options.operands.length; index++) {
    let path = options.operands[index];
    while (remove(path) && withParents) {
      const above = folderOf(path);
      if (above === '.' || above === '/') break;
      path = above;
    }
  }
  return 0;
}

function remove(path: string): bool {
  if (isVerbose) print(`rmdir: removing directory, ${quoted(path)}\n`);
  const error = removeDirectory(path);
  if (error < 0 && !(isPatient && error === ERROR_NOT_EMPTY))
    complain(`failed to remove ${quoted(path)}: ${errorText(error)}`);
  return error === 0;
}
