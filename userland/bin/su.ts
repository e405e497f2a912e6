/**
 * NAME
 *     su: be another user for a while
 * SYNOPSIS
 *     su [-] [-c COMMANDS] [USER]
 * DESCRIPTION
 *     Starts USER's shell, root's by default, when the USER's password is given; root is asked for none. What `bind`
 *     has made of paths is not so in it, unless root asks.
 *
 *     -            as if USER had logged in: in the home directory, with a profile
 *     -c COMMANDS  runs these instead of reading what is typed
 * EXIT STATUS
 *     The shell's; 1 where it was not started
 * SEE ALSO
 *     login, passwd, id
 */
import { isUser, uidOf } from '../../os/lib/user.ts';
import { accountNamed, accountOf, nobodyBecause, secretOf } from '../lib/account.ts';
import { complain } from '../lib/complaint.ts';
import { setWorkingDirectory } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { baseName } from '../lib/path.ts';
import { ownUser } from '../lib/process.ts';
import { askSilently, isRight } from '../lib/secret.ts';
import { statusOf } from '../lib/status.ts';
import { environmentOf, runCommands, runShell } from '../lib/user-shell.ts';

export function main(): i32 {
  const options = new Options('su [-] [-c COMMANDS] [USER]', 'c:l', 'command=c,login=l');
  let commands = '';
  let isLogin = false;
  while (options.next()) {
    if (options.letter === 'c') commands = options.value;
    else isLogin = true;
  }
  const operands = options.operands;
  if (operands.length > 0 && operands[0] === '-') {
    isLogin = true;
    operands.shift();
  }
  options.allow(1);
  const name = operands.length > 0 ? operands[0] : 'root';
  const account = accountNamed(name);
  if (account === null) {
    complain(nobodyBecause(`user ${name} does not exist`));
    return 1;
  }
  if (isUser(ownUser()) && !isConfirmed(name)) {
    complain('Authentication failure');
    return 1;
  }
  if (isLogin) setWorkingDirectory(statusOf(account.home).isDirectory() ? account.home : '/');
  const args: string[] = [(isLogin ? '-' : '') + baseName(account.shell)];
  if (commands === '') return runShell(account, args, environmentOf(account));
  args.push('-c');
  args.push(commands);
  return runCommands(account, args, environmentOf(account));
}

/** Whether whoever asks knows the password; a user may always be himself. */
function isConfirmed(name: string): bool {
  const caller = accountOf(uidOf(ownUser()));
  if (caller !== null && caller.name === name) return true;
  const secret = secretOf(name);
  if (secret !== null && secret === '') return true;
  const password = askSilently('Password: ');
  return secret !== null && password !== null && isRight(password, secret);
}
