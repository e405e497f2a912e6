/**
 * Cycles and nanoseconds: one board's clock between two anchors.
 *
 *     ns    = anchorNs + floor((cycle - anchorCycle) · numerator / denominator)
 *     cycle = the first one whose ns is not before the asked-for ns
 *
 * All arithmetic is on integers below 2^53. To keep it there a frequency is a multiple of 100 Hz, and the
 * anchor moves up now and then, by whole multiples of the denominator, which changes no result.
 */
import type { BoardClock } from './cpu/hart.ts';

const NS_PER_SECOND = 1_000_000_000;
/** Where products are still far from 2^53. */
const PRODUCT_MAX = 2 ** 50;
const HERTZ_MIN = 1_000_000;
const HERTZ_MAX = 4_000_000_000;
const HERTZ_STEP = 100;

/** What is wrong with a frequency, or undefined. */
export function clockFault(hertz: number): string | undefined {
  if (hertz >= HERTZ_MIN && hertz <= HERTZ_MAX && hertz % HERTZ_STEP === 0) return undefined;
  return `a clock of ${hertz} Hz is not possible: give a multiple of 100 Hz from 1 MHz to 4 GHz`;
}

/** A clock of that frequency, of which the cycle falls on the nanosecond. */
export function clockOf(hertz: number, anchorCycle: number, anchorNs: number): BoardClock {
  const divisor = greatestCommonDivisor(NS_PER_SECOND, hertz);
  return {
    anchorCycle,
    anchorNs,
    numerator: NS_PER_SECOND / divisor,
    denominator: hertz / divisor,
  };
}

export function nsOfCycle(clock: BoardClock, cycle: number): number {
  return clock.anchorNs + Math.floor(((cycle - clock.anchorCycle) * clock.numerator) / clock.denominator);
}

/** The first cycle at or after `ns`; where that is too far to be said exactly, an earlier one. */
export function cycleOfNs(clock: BoardClock, ns: number): number {
  const span = Math.min(ns - clock.anchorNs, Math.floor(PRODUCT_MAX / clock.denominator));
  return clock.anchorCycle + Math.ceil((span * clock.denominator) / clock.numerator);
}

/** Whether the anchor should move up before the clock is used beyond this cycle. */
export function isStretched(clock: BoardClock, cycle: number): boolean {
  return (cycle - clock.anchorCycle) * clock.numerator > PRODUCT_MAX / 4;
}

/** The same clock anchored as late as it can be at this cycle: the same for every way of getting here. */
export function reanchored(clock: BoardClock, cycle: number): BoardClock {
  const periods = Math.floor((cycle - clock.anchorCycle) / clock.denominator);
  return {
    ...clock,
    anchorCycle: clock.anchorCycle + periods * clock.denominator,
    anchorNs: clock.anchorNs + periods * clock.numerator,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
