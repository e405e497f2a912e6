/**
 * The service's clock: steps of 12.8 µs for remote calls, which wrap, and milliseconds for net; both count from the
 * machine's start, milliseconds from 1.
 */
import { csr_read, unlikely } from 'rv';
import { TIME } from '../../lib/csr.ts';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';

const STEP_SHIFT: u64 = 7;
const STEP_BITS: u32 = 7;
/** While the clock's low word goes round once. */
const STEPS_PER_TURN: u32 = 1 << 25;
const STEP_TICKS: u64 = 128;

/** The tick (low word) that was last seen, and the steps of all the low word's turns before. */
let lastTick: u32 = 0;
let stepsBefore: u32 = 0;
/** The millisecond that was last asked for, and the tick (low word) at which it began; 0 before the first. */
let millisecond: u32 = 0;
let beganAt: u32 = 0;

/** The clock's low word is all that is read: to be asked more often than every seven minutes. */
//@inline
export function steps(): u32 {
  const tick = csr_read(TIME);
  if (tick < lastTick) {
    unlikely();
    stepsBefore += STEPS_PER_TURN;
  }
  lastTick = tick;
  return stepsBefore + (tick >> STEP_BITS);
}

/** Until that millisecond begins, which is near. */
export function stepsUntil(time: u32): u32 {
  const left = ((time - 1) as u64) * (TICKS_PER_MILLISECOND as u64) - now();
  return (left as i64) > 0 ? (((left + STEP_TICKS - 1) >> STEP_SHIFT) as u32) : 0;
}

/** The tick with which the step in so many begins. */
export function tickIn(wait: u32): u64 {
  return ((now() >> STEP_SHIFT) + (wait as u64)) << STEP_SHIFT;
}

/** To be asked more often than every seven minutes. */
export function milliseconds(): u32 {
  if (millisecond === 0) {
    const whole = now() / (TICKS_PER_MILLISECOND as u64);
    millisecond = 1 + (whole as u32);
    beganAt = (whole * (TICKS_PER_MILLISECOND as u64)) as u32;
  }
  const passed: u32 = (csr_read(TIME) - beganAt) / TICKS_PER_MILLISECOND;
  millisecond += passed;
  beganAt += passed * TICKS_PER_MILLISECOND;
  return millisecond;
}
