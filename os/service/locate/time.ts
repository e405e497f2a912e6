/**
 * The time as this service counts it.
 */
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';

/** Since the machine was switched on. */
export function milliseconds(): u32 {
  return (now() / (TICKS_PER_MILLISECOND as u64)) as u32;
}
