/**
 * NAME
 *     pwd: print the working directory
 * SYNOPSIS
 *     pwd [-LP]
 * DESCRIPTION
 *     Writes its absolute path. -L and -P mean the same here: paths have no links left in them.
 * SEE ALSO
 *     cd, ls
 */
import { workingDirectory } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

export function main(): i32 {
  const options = new Options('pwd [OPTION]...', 'LP', 'logical=L,physical=P');
  while (options.next()) {}
  print(workingDirectory() + '\n');
  return 0;
}
