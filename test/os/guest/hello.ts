/**
 * A first process: says that it lives, and switches the machine off.
 */
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { reset } from '../../../os/runtime/system.ts';
import { say } from './say.ts';

export function main(_argument: u32): i32 {
  say('hello from a process\n');
  return reset(INIT_CONTROL, 0, 0);
}
