/**
 * NAME
 *     printf: write arguments in a format
 * SYNOPSIS
 *     printf FORMAT [ARGUMENT]…
 * DESCRIPTION
 *     %s text, %b text with escapes, %c its first character, %d %i %u %o %x %X numbers, %f a number with a point,
 *     %% a percent sign; between, flags - + blank 0 #, a width, and a .precision. Escapes are those of C. The
 *     FORMAT is used again while arguments are left; an absent one is empty or 0.
 * SEE ALSO
 *     echo
 */
import { programArguments } from '../lib/arguments.ts';
import { complain, writeError } from '../lib/complaint.ts';
import { print } from '../lib/output.ts';
import { Format } from '../lib/printf.ts';

export function main(): i32 {
  const args = programArguments();
  if (args.length < 2) {
    complain('missing operand');
    writeError("Try 'printf --help' for more information.\n");
    return 1;
  }
  const format = new Format(args, 1);
  print(format.whole());
  for (let index = 0; index < format.faults.length; index++) complain(format.faults[index]);
  return 0;
}
