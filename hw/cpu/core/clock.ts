/**
 * Time: from cycles to the 10 MHz count of `time`, and the cycle at which stimecmp is reached.
 *
 *     ns   = anchorNs + floor((cycle - anchorCycle) · numerator / denominator)
 *     time = floor(ns / 100) + offset
 *
 * Quotient and remainder are multiplied apart, so that nothing overflows within a run of 2^53 ns.
 */
import {
  ANCHOR_CYCLE,
  ANCHOR_NS,
  ATTENTION,
  ATTENTION_INTERRUPT,
  CLOCK_DENOMINATOR,
  CLOCK_NUMERATOR,
  MENVCFGH,
  STIMECMP,
  TIME_OFFSET,
  TIMER_CYCLE,
} from '../../manual/core-layout.ts';
import { MENVCFGH_STCE } from '../../manual/csr.ts';
import { TIME_BASE_HZ } from '../../manual/memory-map.ts';

/** A cycle that no run reaches; the host reads it as Infinity. */
export const NEVER: u64 = 0x4000_0000_0000_0000;
const NS_PER_TICK: u64 = 1_000_000_000 / TIME_BASE_HZ;
/** Ticks beyond which a time is not reached in any run. */
const TICKS_MAX: u64 = 1 << 50;

export function timeAt(cycle: u64): u64 {
  const numerator = load<u64>(CLOCK_NUMERATOR);
  const denominator = load<u64>(CLOCK_DENOMINATOR);
  const since = cycle - load<u64>(ANCHOR_CYCLE);
  const ns = (since / denominator) * numerator + ((since % denominator) * numerator) / denominator;
  return (load<u64>(ANCHOR_NS) + ns) / NS_PER_TICK + load<u64>(TIME_OFFSET);
}

/** After a change of stimecmp, STCE, the clock or the offset. */
export function setTimer(): void {
  store<u64>(TIMER_CYCLE, timerCycle());
  store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_INTERRUPT);
}

function timerCycle(): u64 {
  if ((load<u32>(MENVCFGH) & MENVCFGH_STCE) === 0) return NEVER;
  const offset = load<i64>(TIME_OFFSET);
  const compare = load<u64>(STIMECMP);
  if (offset >= 0 && compare <= (offset as u64)) return 0;
  const ticks = compare - (offset as u64);
  if (ticks > TICKS_MAX) return NEVER;
  const due = ticks * NS_PER_TICK;
  const anchor = load<u64>(ANCHOR_NS);
  if (due <= anchor) return 0;
  const numerator = load<u64>(CLOCK_NUMERATOR);
  const denominator = load<u64>(CLOCK_DENOMINATOR);
  const whole = (due - anchor) / numerator;
  const rest = (due - anchor) % numerator;
  if (whole > NEVER / 2 / denominator) return NEVER;
  return load<u64>(ANCHOR_CYCLE) + whole * denominator + (rest * denominator + numerator - 1) / numerator;
}
