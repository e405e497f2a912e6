/**
 * Notifies, with the cycle as bits, a port at which a better thread waits; and then runs on.
 */

import { csr_read } from 'rv';
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { notify } from '../../../os/runtime/system.ts';

const CYCLE: u32 = 0xc00;
const ROUNDS: u32 = 20;

export function main(_argument: u32): i32 {
  for (let round: u32 = 0; round < ROUNDS; round += 1) notify(FIRST_HANDLE, csr_read(CYCLE));
  while (csr_read(CYCLE) !== 0) {}
  return 0;
}
