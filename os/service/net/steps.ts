/**
 * The service's clock: steps of 10 µs for remote calls, milliseconds for net; both count from 1 at the machine's
 * start, and steps wrap.
 */
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';

const TICKS_PER_STEP: u32 = 100;

export function steps(): u32 {
  return (now() / (TICKS_PER_STEP as u64)) as u32;
}

export function milliseconds(): u32 {
  return 1 + ((now() / (TICKS_PER_MILLISECOND as u64)) as u32);
}
