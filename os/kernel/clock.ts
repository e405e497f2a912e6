/**
 * Time: ticks of `time` (10 MHz), and the one timer interrupt, by stimecmp where S mode has it, by the
 * firmware's TIME call elsewhere.
 *
 * While a thread runs the interrupt is due at the earliest deadline or at the end of the slice, whichever
 * comes first; while none does, at the earliest deadline alone.
 */

import { csr_read, csr_write, ecall7 } from 'rv';
import { SLICE_TICKS } from '../abi/limits.ts';
import { NEVER } from '../abi/message.ts';
import { STIMECMP, STIMECMPH, TIME, TIMEH } from '../lib/csr.ts';
import { earliest, hasDeadline } from './deadline.ts';
import { hasReaping } from './reaper.ts';

/** Ticks between two steps of background work beside a thread that does not rest. */
const REAPING_TICKS: u32 = 500;
const SBI_TIME: u32 = 0x5449_4d45;

let hasStimecmp = false;
let sliceEnd: u64 = 0;
/** When the interrupt is due. */
let dueLow: u32 = 0xffff_ffff;
let dueHigh: u32 = 0xffff_ffff;

//@external("entry", "has_stimecmp")
declare function has_stimecmp(): u32;

export function startClock(): void {
  hasStimecmp = has_stimecmp() !== 0;
  program(NEVER, NEVER);
}

export function now(): u64 {
  let high = csr_read(TIMEH);
  let low = csr_read(TIME);
  const after = csr_read(TIMEH);
  if (after !== high) {
    high = after;
    low = csr_read(TIME);
  }
  return ((<u64>high) << 32) | <u64>low;
}

export function isPast(low: u32, high: u32): bool {
  return ticks(low, high) <= now();
}

/** The interrupt must come no later than this deadline. */
export function noLaterThan(low: u32, high: u32): void {
  if (high < dueHigh || (high === dueHigh && low < dueLow)) program(low, high);
}

/** A thread is about to run: a new slice, shorter while work in the background wants its share. */
export function startSlice(): void {
  sliceEnd = now() + (hasReaping() ? REAPING_TICKS : SLICE_TICKS);
  renew();
}

export function isSliceOver(): bool {
  return now() >= sliceEnd;
}

/** After deadlines have gone: the interrupt is due at what comes first now. */
export function renew(): void {
  let low = <u32>sliceEnd;
  let high = <u32>(sliceEnd >> 32);
  if (hasDeadline()) {
    const first = earliest();
    if (first.high < high || (first.high === high && first.low < low)) {
      low = first.low;
      high = first.high;
    }
  }
  dueAt(low, high);
}

/** Nothing is about to run. */
export function sleepUntilDeadline(): void {
  if (hasDeadline()) dueAt(earliest().low, earliest().high);
  else dueAt(NEVER, NEVER);
}

/** The interrupt comes then, as it mostly was to anyhow. */
function dueAt(low: u32, high: u32): void {
  if (low !== dueLow || high !== dueHigh) program(low, high);
}

//@inline
export function ticks(low: u32, high: u32): u64 {
  return ((<u64>high) << 32) | <u64>low;
}

function program(low: u32, high: u32): void {
  dueLow = low;
  dueHigh = high;
  if (hasStimecmp) {
    csr_write(STIMECMPH, NEVER);
    csr_write(STIMECMP, low);
    csr_write(STIMECMPH, high);
  } else {
    ecall7(SBI_TIME, low, high, 0, 0, 0, 0, 0);
  }
}
