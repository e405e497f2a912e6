/**
 * NAME
 *     login: begin a session at a console
 * SYNOPSIS
 *     login [-f USER]
 * DESCRIPTION
 *     Asks for a name and a password, and starts the user's shell in the home directory. When that has ended it asks
 *     again. Only root may run it; init does, at each console.
 *
 *     -f USER   at first without asking for anything
 *
 *     While the node that has /etc cannot be reached nobody is let in, but for the USER at first.
 *
 *     While somebody is there the console is his: /dev/console has his name, and its mode lets the group write.
 *     A shell for a session reads /etc/profile and ~/.profile.
 * FILES
 *     /etc/passwd, /etc/shadow
 * SEE ALSO
 *     su, passwd, adduser, who, attach, id
 */
import { ERROR_NODE_LOST } from '../../os/abi/errors.ts';
import { ACTION_CATCH, SIGNAL_INT, SIGNAL_QUIT, SIGNAL_TSTP } from '../../os/proto/process.ts';
import { type Account, accountError, accountNamed, firstAccountNamed, secretOf } from '../lib/account.ts';
import { timeNow, waitFor } from '../lib/clock.ts';
import { errorText } from '../lib/error.ts';
import { setMode, setModified, setOwner, standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { setWorkingDirectory } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { print, standardOutput } from '../lib/output.ts';
import { baseName } from '../lib/path.ts';
import { setSignal } from '../lib/process.ts';
import { askSilently, isRight } from '../lib/secret.ts';
import { statusOf } from '../lib/status.ts';
import { environmentOf, runShell } from '../lib/user-shell.ts';

/** A guess more takes so long. */
const PAUSE_NANOSECONDS: u64 = 1_000_000_000;
/** How long the root of a cluster may take to be reached, and how often it is looked for. */
const PATIENCE: i32 = 100;
const PATIENCE_NANOSECONDS: u64 = 10_000_000;
const CONSOLE = '/dev/console';
const TAKEN: u32 = 0o620;
const FREE: u32 = 0o600;

export function main(): i32 {
  const options = new Options('login [-f USER]', 'f:');
  let first = '';
  while (options.next()) first = options.value;
  options.allow(0);
  setSignal(SIGNAL_INT, ACTION_CATCH);
  setSignal(SIGNAL_QUIT, ACTION_CATCH);
  setSignal(SIGNAL_TSTP, ACTION_CATCH);
  lookForRoot();
  let known = accountNamed(first);
  if (accountError < 0) known = firstAccountNamed(first);
  if (known !== null) begin(known);
  while (true) {
    const account = ask();
    if (account !== null) begin(account);
  }
}

/** Says at the console whose it is; the mode, whether somebody is there. */
function seat(uid: u32, gid: u32, mode: u32): void {
  setOwner(CONSOLE, uid, gid);
  setMode(CONSOLE, mode);
  setModified(CONSOLE, timeNow());
}

/** In a cluster it may be at a node that is not there: then somebody should know. */
function lookForRoot(): void {
  let error = statusOf('/').error;
  for (let count = 0; count < PATIENCE && error === ERROR_NODE_LOST; count++) {
    waitFor(PATIENCE_NANOSECONDS);
    error = statusOf('/').error;
  }
  if (error === ERROR_NODE_LOST)
    print(
      'The node that has the root cannot be reached: until it can, there is only what is in /boot and /dev.\n',
    );
}

/** Who it is, once the password is right. */
function ask(): Account | null {
  print('login: ');
  standardOutput().flush();
  const name = new Input(standardInput()).readLine();
  if (name === null || name === '') {
    print('\n');
    return null;
  }
  const account = accountNamed(name);
  const secret = secretOf(name);
  if (accountError < 0) {
    print(`Nobody can be let in now: /etc: ${errorText(accountError)}\n`);
    return null;
  }
  const isFree = account !== null && secret !== null && secret === '';
  if (isFree || isAnswered(secret)) return account;
  waitFor(PAUSE_NANOSECONDS);
  print('Login incorrect\n');
  return null;
}

/** It is asked for whatever the name is, so that nobody learns which there are. */
function isAnswered(secret: string | null): bool {
  const password = askSilently('Password: ');
  return secret !== null && password !== null && isRight(password, secret);
}

function begin(account: Account): void {
  const isThere = statusOf(account.home).isDirectory();
  if (!isThere && account.home !== '/') print(`No directory ${account.home}: beginning in /\n`);
  setWorkingDirectory(isThere ? account.home : '/');
  seat(account.uid, account.gid, TAKEN);
  runShell(account, ['-' + baseName(account.shell)], environmentOf(account));
  seat(0, 0, FREE);
  setWorkingDirectory('/');
}
