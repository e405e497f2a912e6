/**
 * NAME
 *     clear: clear the terminal's screen
 * SYNOPSIS
 *     clear
 * DESCRIPTION
 *     Clears the screen and what was scrolled out of it, and goes to its upper left corner.
 * SEE ALSO
 *     edit
 */
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';

export function main(): i32 {
  const options = new Options('clear', '');
  options.next();
  options.allow(0);
  print('\x1b[H\x1b[2J\x1b[3J');
  return 0;
}
