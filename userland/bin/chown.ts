/**
 * NAME
 *     chown, chgrp: change whose files are
 * SYNOPSIS
 *     chown [-R] OWNER[:GROUP] FILE…
 *     chown [-R] :GROUP FILE…
 *     chgrp [-R] GROUP FILE…
 * DESCRIPTION
 *     OWNER and GROUP are names or numbers. Only root may give files away; the owner may give them to groups of his.
 *
 *     -R   with all that is in directories
 * SEE ALSO
 *     chmod, groups, ls
 */
import { accountNamed, groupNamed } from '../lib/account.ts';
import { programName } from '../lib/arguments.ts';
import { complain } from '../lib/complaint.ts';
import { joined, listDirectory } from '../lib/directory.ts';
import { errorText } from '../lib/error.ts';
import { setOwner } from '../lib/file.ts';
import { Options } from '../lib/options.ts';
import { marked, quoted } from '../lib/quote.ts';
import { linkStatusOf } from '../lib/status.ts';

/** As owner or group: stays as it is. */
const SAME: u32 = 0xffff_ffff;
const NONE: i32 = -1;

let status: i32 = 0;
let isRecursive: bool = false;

export function main(): i32 {
  const isOfGroup = programName() === 'chgrp';
  const usage = isOfGroup ? 'chgrp [-R] GROUP FILE...' : 'chown [-R] OWNER[:GROUP] FILE...';
  const options = new Options(usage, 'R', 'recursive=R');
  while (options.next()) isRecursive = true;
  options.need(2);
  const operands = options.operands;
  const parts = isOfGroup ? ['', operands[0]] : operands[0].split(':');
  let owner = SAME;
  let group = SAME;
  if (parts[0] !== '') {
    const account = accountNamed(parts[0]);
    owner = account === null ? <u32>numberOf(parts[0]) : account.uid;
    if (owner === SAME) options.fail(`invalid user: ${marked(parts[0])}`);
  }
  if (parts.length > 1 && parts[1] !== '') {
    const known = groupNamed(parts[1]);
    group = <u32>(known < 0 ? numberOf(parts[1]) : known);
    if (group === SAME) options.fail(`invalid group: ${marked(parts[1])}`);
  }
  for (let index = 1; index < operands.length; index++) change(operands[index], owner, group);
  return status;
}

function numberOf(text: string): i32 {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x30 || text.charCodeAt(at) > 0x39) return NONE;
  }
  return text === '' || text.length > 5 ? NONE : <i32>parseInt(text, 10);
}

function change(path: string, owner: u32, group: u32): void {
  if (isRecursive && linkStatusOf(path).isDirectory()) {
    const entries = listDirectory(path).entries;
    for (let index = 0; index < entries.length; index++)
      change(joined(path, entries[index].name), owner, group);
  }
  const error = setOwner(path, owner, group);
  if (error === 0) return;
  const what = programName() === 'chgrp' ? 'group' : 'ownership';
  complain(`changing ${what} of ${quoted(path)}: ${errorText(error)}`);
  status = 1;
}
