/**
 * How soon remote calls are to be looked at again, at the latest, for what has happened since they were looked at
 * last: whoever makes something due says so here, and each look (remote.ts, tickRemote) reckons for all of them when
 * the next is to be. What has become due later since then is found out by looking.
 */
import { unlikely } from 'rv';

export const NEVER_STEPS: u32 = 0x7fff_ffff;

let soonest: u32 = 0x7fff_ffff;

/** Something is to be looked at within so many steps. */
//@inline
export function hurry(steps: u32): void {
  if (steps < soonest) soonest = steps;
}

/** Within how many steps there is to be a look, for what was said since this was asked last; NEVER_STEPS for nothing. */
//@inline
export function takeHurry(): u32 {
  const steps = soonest;
  if (steps !== NEVER_STEPS) {
    unlikely();
    soonest = NEVER_STEPS;
  }
  return steps;
}
