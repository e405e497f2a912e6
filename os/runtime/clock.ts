/**
 * What time it is: ticks of 0.1 µs since the machine was switched on, as deadlines are given.
 */

import { csr_read } from 'rv';

const TIME: u32 = 0xc01;
const TIMEH: u32 = 0xc81;

export const TICKS_PER_MILLISECOND: u32 = 10_000;
export const TICKS_PER_SECOND: u32 = 10_000_000;

export function now(): u64 {
  while (true) {
    const high = csr_read(TIMEH);
    const low = csr_read(TIME);
    if (csr_read(TIMEH) === high) return ((high as u64) << 32) | (low as u64);
  }
}
