/**
 * Timers by how long from now; the kernel's deadlines are absolute (os/runtime/clock.ts).
 */
import { now } from './clock.ts';
import { setTimer } from './system.ts';

/** The port gets the bits in so many ticks. What was set before is forgotten. */
export function setTimerIn(timer: u32, port: u32, bits: u32, ticks: u32): i32 {
  const deadline = now() + (ticks as u64);
  return setTimer(timer, port, bits, deadline as u32, (deadline >> 32) as u32);
}
