/**
 * NAME
 *     echo: write its arguments
 * SYNOPSIS
 *     echo [-n] [TEXT]…
 * DESCRIPTION
 *     With blanks between them and a newline behind, unless -n is the first. Escapes: \a \b \f \n \r \t \v \\,
 *     \0nnn for the byte nnn in octal, and \c: nothing more, not even the newline.
 * SEE ALSO
 *     printf
 */
import { programArguments } from '../lib/arguments.ts';
import { echoText } from '../lib/echo.ts';
import { print } from '../lib/output.ts';

export function main(): i32 {
  print(echoText(programArguments()));
  return 0;
}
