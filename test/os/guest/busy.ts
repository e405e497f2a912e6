/**
 * A process that waits for nothing, for a fifth of a second.
 */

import { csr_read } from 'rv';
import { CYCLE } from '../../../os/lib/csr.ts';

const CYCLES: u32 = 20_000_000;

export function main(_argument: u32): i32 {
  const start = csr_read(CYCLE);
  while (csr_read(CYCLE) - start < CYCLES) {}
  return 0;
}
