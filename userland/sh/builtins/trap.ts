/**
 * `trap [action signal …]`: commands for signals, and for the shell's end (EXIT or 0).
 *
 * The action `-`, or none before the first signal, takes the trap away; '' ignores the signal. Without
 * arguments the traps are written so that they can be read back.
 */
import { signalName, signalNumber } from '../../lib/signal.ts';
import { quoted } from '../print.ts';
import type { Shell } from '../shell.ts';
import { complain } from './arguments.ts';

export function trap(shell: Shell, args: string[]): i32 {
  const first = args.length > 1 && args[1] === '--' ? 2 : 1;
  if (first >= args.length) return list(shell);
  const isReset = args[first] === '-' || signalNumber(args[first]) >= 0;
  const signals = args[first] === '-' || !isReset ? first + 1 : first;
  for (let i = signals; i < args.length; i++) {
    const signal = signalNumber(args[i]);
    if (signal < 0) return complain(shell, args, `${args[i]}: bad trap`, 1);
    if (isReset) shell.traps.reset(signal, shell.isInteractive);
    else shell.traps.set(signal, args[first]);
  }
  return 0;
}

function list(shell: Shell): i32 {
  const signals = shell.traps.actions.keys().sort();
  for (let i = 0; i < signals.length; i++) {
    shell.out(`trap -- ${quoted(shell.traps.actions.get(signals[i]))} ${signalName(signals[i])}\n`);
  }
  return 0;
}
