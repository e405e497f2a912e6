/**
 * Milliseconds for services' own clocks, from 1 at the machine's start.
 */
import { now, TICKS_PER_MILLISECOND } from './clock.ts';

export function milliseconds(): u32 {
  return 1 + ((now() / (TICKS_PER_MILLISECOND as u64)) as u32);
}

/** The tick at which that millisecond begins. */
export function ticksOf(time: u32): u64 {
  return ((time - 1) as u64) * (TICKS_PER_MILLISECOND as u64);
}
