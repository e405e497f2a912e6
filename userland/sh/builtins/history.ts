/**
 * `history [-c] [n]`: the last lines typed, numbered; `-c` forgets them. `help [name]`: what builtins there are.
 */
import type { Shell } from '../shell.ts';
import { complain, wholeNumber } from './arguments.ts';
import { builtinNamed, builtinNames, builtinSummary } from './table.ts';

export function history(shell: Shell, args: string[]): i32 {
  if (args.length > 1 && args[1] === '-c') {
    shell.history.clear();
    return 0;
  }
  const count = args.length > 1 ? wholeNumber(args[1]) : shell.history.lines.length;
  if (count < 0) return complain(shell, args, `Illegal number: ${args[1]}`, 2);
  for (let i = max(0, shell.history.lines.length - count); i < shell.history.lines.length; i++) {
    shell.out(`${(i + 1).toString().padStart(5)}  ${shell.history.lines[i]}\n`);
  }
  return 0;
}

export function help(shell: Shell, args: string[]): i32 {
  if (args.length > 1) {
    if (builtinNamed(args[1]) === null) return complain(shell, args, `no help topics match '${args[1]}'`, 1);
    return shell.out(builtinSummary(args[1]) + '\n');
  }
  const names = builtinNames();
  for (let i = 0; i < names.length; i++) shell.out(builtinSummary(names[i]) + '\n');
  return 0;
}
