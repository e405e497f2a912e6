/**
 * Starting a shell for a user, which only root may, and waiting until it has ended: what login and su do.
 *
 *     runShell(account, ['-sh'], environment)      a person's; its status, as a shell would have it
 *     runCommands(account, ['sh', '-c', …], environment)      in the caller's group, so that it may read what is typed
 */
import { ERROR_CANCELLED } from '../../os/abi/errors.ts';
import {
  ACTION_CATCH,
  ACTION_IGNORE,
  HOW_EXITED,
  SIGNAL_CONT,
  SIGNAL_HUP,
  SIGNAL_TERM,
} from '../../os/proto/process.ts';
import { handleNamed } from '../../os/runtime/start.ts';
import type { Account } from './account.ts';
import { environment } from './arguments.ts';
import { complainOf } from './complaint.ts';
import { standardOutput } from './output.ts';
import {
  OWN_GROUP,
  ownGroup,
  SAME_GROUP,
  sendSignal,
  setSignal,
  spawn,
  startAs,
  takeSignals,
  waitFor,
} from './process.ts';
import { attributesOf, setAttributes, setForeground } from './terminal.ts';

const SIGNALLED: i32 = 128;
const NOT_STARTED: i32 = 126;
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
  const terminal = handleNamed('fd0');
  const before = attributesOf(terminal);
  const pid = startShell(account, args, environment, OWN_GROUP);
  if (pid < 0) return NOT_STARTED;
  const status = statusOfShell(pid);
  if (before !== null) {
    setForeground(terminal, ownGroup());
    setAttributes(terminal, before);
  }
  return status;
}

/** The same for commands. Whoever may signal this process, but not them, has it done. */
export function runCommands(account: Account, args: string[], environment: string[]): i32 {
  const pid = startShell(account, args, environment, SAME_GROUP);
  if (pid < 0) return NOT_STARTED;
  setSignal(SIGNAL_HUP, ACTION_CATCH);
  setSignal(SIGNAL_TERM, ACTION_CATCH);
  setSignal(SIGNAL_CONT, ACTION_CATCH);
  return statusOfShell(pid);
}

/** Its number, or an error that has been told. */
function startShell(account: Account, args: string[], environment: string[], group: i32): i32 {
  standardOutput().flush();
  const descriptors: i32[] = [handleNamed('fd0'), handleNamed('fd1'), handleNamed('fd2')];
  let pid = startAs(account.uid, account.gid);
  if (pid === 0) pid = spawn(account.shell, args, environment, group, descriptors);
  if (pid < 0) complainOf(account.shell, pid);
  return pid;
}

function statusOfShell(pid: i32): i32 {
  while (true) {
    const child = waitFor(pid, 0);
    if (child.pid === ERROR_CANCELLED) {
      passOn(pid, takeSignals());
      continue;
    }
    if (child.pid < 0) return 1;
    return child.how === HOW_EXITED ? child.value : SIGNALLED + child.value;
  }
}

/** What was stopped goes on together. */
function passOn(pid: i32, signals: u32): void {
  if ((signals & (1 << SIGNAL_HUP)) !== 0) sendSignal(pid, SIGNAL_HUP);
  if ((signals & (1 << SIGNAL_TERM)) !== 0) sendSignal(pid, SIGNAL_TERM);
  if ((signals & (1 << SIGNAL_CONT)) === 0) return;
  setSignal(SIGNAL_CONT, ACTION_IGNORE);
  sendSignal(-ownGroup(), SIGNAL_CONT);
  setSignal(SIGNAL_CONT, ACTION_CATCH);
}
