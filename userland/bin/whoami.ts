/**
 * NAME
 *     whoami: say who one is
 * SYNOPSIS
 *     whoami
 * SEE ALSO
 *     id, who
 */
import { uidOf } from '../../os/lib/user.ts';
import { userName } from '../lib/account.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownUser } from '../lib/process.ts';

export function main(): i32 {
  const options = new Options('whoami', '');
  while (options.next()) {}
  options.allow(0);
  print(userName(uidOf(ownUser())) + '\n');
  return 0;
}
