/**
 * NAME
 *     mkdir: make directories
 * SYNOPSIS
 *     mkdir [-pv] [-m MODE] DIRECTORY…
 * DESCRIPTION
 *     -p, --parents     with those above them; one that is there already is no fault
 *     -m, --mode=MODE   what they allow, as chmod has it: 755 or u=rwx,go=rx
 *     -v, --verbose     say what is made
 * SEE ALSO
 *     rmdir, chmod
 */

import { ERROR_EXISTS } from '../../os/abi/errors.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { makeDirectory, setMode } from '../lib/file.ts';
import { changedMode, isMode } from '../lib/mode.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { marked, quoted } from '../lib/quote.ts';
import { statusOf } from '../lib/status.ts';

const MODE: u32 = 0o777;

let mode: string = '';
let isVerbose: bool = false;

export function main(): i32 {
  const options = new Options('mkdir [OPTION]... DIRECTORY...', 'pm:v', 'parents=p,mode=m,verbose=v');
  let withParents = false;
  while (options.next()) {
    if (options.letter === 'p') withParents = true;
    if (options.letter === 'v') isVerbose = true;
    if (options.letter === 'm') mode = options.value;
  }
  if (mode !== '' && !isMode(mode)) {
    complain(`invalid mode ${marked(mode)}`);
    return 1;
  }
  options.need(1);
  for (let index = 0; index < options.operands.length; index++) {
    if (withParents) makeAll(options.operands[index]);
    else make(options.operands[index], true);
  }
  return 0;
}

function makeAll(path: string): void {
  for (let slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.substring(0, slash);
    if (slash + 1 < path.length && !statusOf(folder).isDirectory() && !make(folder, false)) return;
  }
  if (!statusOf(path).isDirectory()) make(path, true);
}

function make(path: string, isLast: bool): bool {
  const error = makeDirectory(path, MODE);
  if (error < 0 && (isLast || error !== ERROR_EXISTS || !statusOf(path).isDirectory())) {
    complain(`cannot create directory ${marked(path)}: ${errorText(error)}`);
    return false;
  }
  if (isLast && mode !== '') setMode(path, changedMode(MODE, mode, true));
  if (isVerbose) print(`mkdir: created directory ${quoted(path)}\n`);
  return true;
}
