/**
 * Starting a shell for a user, which only root may, and waiting until it has ended: what login and su do.
 *
 *     runShell(account, ['-sh'], environment, home)      its status, as a shell would have it
 */
import { ERROR_CANCELLED } from '../../os/abi/errors.ts';
import { HOW_EXITED } from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import type { Account } from './account.ts';
import { environment } from './arguments.ts';
import { complainOf } from './complaint.ts';
import { standardOutput } from './output.ts';
import { OWN_GROUP, ownGroup, spawn, startAs, waitFor } from './process.ts';
import { attributesOf, setAttributes, setForeground } from './terminal.ts';

const SIGNALLED: i32 = 128;
/** Of what has to do with the user before: it is not handed on. */
const PERSONAL: StaticArray<string> = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'PWD',
  'OLDPWD',
  'ENV',
  'HISTFILE',
];

/** The caller's environment, but with the user's own variables. */
export function environmentOf(account: Account): string[] {
  const all = environment();
  const kept: string[] = [];
  for (let index = 0; index < all.length; index++) {
    const equals = all[index].indexOf('=');
    if (!PERSONAL.includes(all[index].substring(0, max(0, equals)))) kept.push(all[index]);
  }
  kept.push(`HOME=${account.home}`);
  kept.push(`USER=${account.name}`);
  kept.push(`LOGNAME=${account.name}`);
  kept.push(`SHELL=${account.shell}`);
  return kept;
}

/** In the working directory; the terminal is as it was, and the caller's, when it has ended. */
export function runShell(account: Account, args: string[], environment: string[]): i32 {
  standardOutput().flush();
  const terminal = handleNamed('fd0');
  const before = attributesOf(terminal);
  const descriptors: i32[] = [terminal, handleNamed('fd1'), handleNamed('fd2')];
  let pid = startAs(account.uid, account.gid);
  if (pid === 0) pid = spawn(account.shell, args, environment, OWN_GROUP, descriptors);
  if (pid < 0) {
    complainOf(account.shell, pid);
    return 126;
  }
  const status = statusOfShell(pid);
  if (before !== null) {
    setForeground(terminal, ownGroup());
    setAttributes(terminal, before);
  }
  return status;
}

function statusOfShell(pid: i32): i32 {
  while (true) {
    const child = waitFor(pid, 0);
    if (child.pid === ERROR_CANCELLED) continue;
    if (child.pid < 0) return 1;
    return child.how === HOW_EXITED ? child.value : SIGNALLED + child.value;
  }
}
