/**
 * NAME
 *     passwd: change a password
 * SYNOPSIS
 *     passwd [USER]
 * DESCRIPTION
 *     Asks for the present password, and twice for the new one. Root may change anybody's, and is not asked for the
 *     present one.
 * FILES
 *     /etc/shadow
 * SEE ALSO
 *     login, adduser
 */

import { ERROR_ACCESS } from '../../os/abi/errors.ts';
import { isUser, uidOf } from '../../os/lib/user.ts';
import { accountNamed, accountOf, nobodyBecause, secretOf, setSecret } from '../lib/account.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { ownUser } from '../lib/process.ts';
import { askSilently, isRight, secretFor } from '../lib/secret.ts';

const SIZE_MIN: i32 = 4;

export function main(): i32 {
  const options = new Options('passwd [USER]', '');
  while (options.next()) {}
  options.allow(1);
  const caller = accountOf(uidOf(ownUser()));
  const own = caller === null ? '' : caller.name;
  const name = options.operands.length > 0 ? options.operands[0] : own;
  if (accountNamed(name) === null) return refused(nobodyBecause(`user ${name} does not exist`));
  if (isUser(ownUser()) && name !== own) return refused(`${name}: ${errorText(ERROR_ACCESS)}`);
  if (isUser(ownUser()) && !knowsPresent(name)) return refused('Authentication failure');
  const password = askSilently('New password: ');
  if (password === null || password.length < SIZE_MIN)
    return refused(`at least ${SIZE_MIN} characters, please`);
  if (askSilently('New password again: ') !== password) return refused('they differ: nothing is changed');
  const secret = secretFor(password);
  if (secret === '') return refused('/dev/random gives nothing to make a secret of');
  const error = setSecret(name, secret);
  if (error < 0) return refused(`/etc/shadow: ${errorText(error)}`);
  print('Password changed.\n');
  return 0;
}

function knowsPresent(name: string): bool {
  const secret = secretOf(name);
  if (secret !== null && secret === '') return true;
  const password = askSilently('Password: ');
  return secret !== null && password !== null && isRight(password, secret);
}

function refused(why: string): i32 {
  complain(why);
  return 1;
}
