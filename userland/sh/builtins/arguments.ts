/**
 * How builtins read their arguments.
 *
 *     wholeNumber('12')    12; −1 for what is not a number from 0 up
 *     illegal(shell, args, 'x')    the complaint about an option that there is not; status 2
 */
import { isDigit } from '../lexer.ts';
import type { Shell } from '../shell.ts';

export function wholeNumber(text: string): i32 {
  if (text === '' || text.length > 9) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 0x30;
  }
  return value;
}

/** Tells what is wrong, after the builtin's name. */
export function complain(shell: Shell, args: string[], message: string, status: i32): i32 {
  shell.complain(`${args[0]}: ${message}`);
  return status;
}

export function illegal(shell: Shell, args: string[], option: string): i32 {
  return complain(shell, args, `Illegal option -${option}`, 2);
}
