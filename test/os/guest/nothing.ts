/**
 * The smallest program: it ends with its argument as its status.
 */
import { numberArgument } from './program.ts';

export function main(_argument: u32): i32 {
  return numberArgument(1);
}
