/**
 * Builtins that write: echo, which knows escapes as dash's does, and printf.
 *
 *     echo [-n] [argument …]        printf format [argument …]
 */
import { echoText } from '../../lib/echo.ts';
import { Format } from '../../lib/printf.ts';
import type { Shell } from '../shell.ts';
import { complain } from './arguments.ts';

export function echo(shell: Shell, args: string[]): i32 {
  return shell.out(echoText(args));
}

export function printf(shell: Shell, args: string[]): i32 {
  if (args.length < 2) return complain(shell, args, 'usage: printf format [arg ...]', 2);
  const format = new Format(args, 1);
  const status = shell.out(format.whole());
  for (let i = 0; i < format.faults.length; i++) complain(shell, args, format.faults[i], 1);
  return format.faults.length > 0 ? 1 : status;
}
