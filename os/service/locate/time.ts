/**
 * The time as this service counts it: in beats, which are had from the clock without a division.
 */
import { now } from '../../runtime/clock.ts';

/** Of 8,192 ticks: 0.8192 ms. */
const BEAT_SHIFT: u64 = 13;

/** Since the machine was switched on. */
export function beats(): u32 {
  return (now() >> BEAT_SHIFT) as u32;
}

/** When that is, in ticks. */
export function ticksOf(beat: u32): u64 {
  return (beat as u64) << BEAT_SHIFT;
}
