/**
 * Timers by how long from now: deadlines are absolute, in ticks of `time`.
 */

import { csr_read } from 'rv';
import { TIME, TIMEH } from '../lib/csr.ts';
import { setTimer } from './system.ts';

/** The port gets the bits in so many ticks, at most 2^31. What was set before is forgotten. */
export function setTimerIn(timer: u32, port: u32, bits: u32, ticks: u32): i32 {
  const deadline = now() + (ticks as u64);
  return setTimer(timer, port, bits, deadline as u32, (deadline >> 32) as u32);
}

/** Ticks since the machine was started. */
export function now(): u64 {
  let high = csr_read(TIMEH);
  let low = csr_read(TIME);
  if (csr_read(TIMEH) !== high) {
    high = csr_read(TIMEH);
    low = csr_read(TIME);
  }
  return ((high as u64) << 32) | (low as u64);
}
