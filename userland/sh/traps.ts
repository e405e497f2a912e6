/**
 * Traps: the commands to run when a signal comes, by its number; 0 is the shell's end.
 *
 * A signal that is trapped is caught by the process: the system keeps a bit for it, and `runTraps` looks for
 * bits between commands. An empty action ignores the signal. A subshell keeps what is ignored, nothing else.
 */

import { SIGNAL_INT } from '../../os/proto/process.ts';
import { SIGNALS } from '../lib/signal.ts';
import { evaluateText } from './run.ts';
import { FLOW_ABORT, FLOW_EXIT, FLOW_NEXT, type Shell } from './shell.ts';
import { catchSignal, defaultSignal, ignoreSignal, takeSignals } from './system.ts';

/** How many commands may run between two looks at the signals: one costs a call to another process. */
const COMMANDS_BETWEEN: i32 = 32;

export class Traps {
  actions: Map<i32, string> = new Map<i32, string>();
  private countdown: i32 = 0;

  set(signal: i32, action: string): void {
    this.actions.set(signal, action);
    if (signal === 0) return;
    if (action === '') ignoreSignal(signal);
    else catchSignal(signal);
  }

  /** An interactive shell catches SIGINT for itself. */
  reset(signal: i32, isInteractive: bool): void {
    this.actions.delete(signal);
    if (signal === 0) return;
    if (isInteractive && signal === SIGNAL_INT) catchSignal(signal);
    else defaultSignal(signal);
  }

  /** Whether it is time to look. */
  isDue(): bool {
    if (this.countdown-- > 0) return false;
    this.countdown = COMMANDS_BETWEEN;
    return true;
  }
}

/** Runs the actions of the signals that have come. */
export function runTraps(shell: Shell): void {
  const signals = takeSignals();
  for (let signal = 1; signals >> signal !== 0 && signal < SIGNALS; signal++) {
    if ((signals & (1 << signal)) !== 0) actOn(shell, signal);
  }
}

/** As if the signal had come to the shell. */
export function actOn(shell: Shell, signal: i32): void {
  if (shell.traps.actions.has(signal)) runAction(shell, shell.traps.actions.get(signal));
  else if (signal === SIGNAL_INT && shell.flow !== FLOW_EXIT) {
    shell.flow = FLOW_ABORT;
    shell.status = 128 + SIGNAL_INT;
  }
}

/** The commands of `trap … EXIT`, once. */
export function runExitTrap(shell: Shell): void {
  if (!shell.traps.actions.has(0)) return;
  const action = shell.traps.actions.get(0);
  shell.traps.actions.delete(0);
  const status = shell.status;
  shell.flow = FLOW_NEXT;
  evaluateText(shell, action, 1);
  if (shell.flow !== FLOW_EXIT) shell.status = status;
}

/** What was the status before is the status behind it. */
function runAction(shell: Shell, action: string): void {
  const status = shell.status;
  evaluateText(shell, action, 1);
  if (shell.flow === FLOW_NEXT) shell.status = status;
}
