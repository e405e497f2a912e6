/**
 * Time: ticks of `time` (10 MHz), and the one timer interrupt, by stimecmp where S mode has it, by the
 * firmware's TIME call elsewhere.
 *
 * The interrupt is due at the earliest deadline, or at the end of the running thread's slice, whichever comes
 * first. There is a slice only while somebody wants one: an equal of the running thread that is ready, or work in
 * the background. So a thread that is alone costs nothing but its deadlines.
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
let hasSlice = false;
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

/** Whether the running thread's turn has an end. */
//@inline
export function isSliced(): bool {
  return hasSlice;
}

/** A turn with an end, a near one while work in the background wants its share. */
export function startSlice(): void {
  hasSlice = true;
  sliceEnd = now() + (hasReaping() ? REAPING_TICKS : SLICE_TICKS);
  renew();
}

/** Nobody waits for the turn's end. */
export function endSlice(): void {
  hasSlice = false;
  renew();
}

export function isSliceOver(): bool {
  return hasSlice && now() >= sliceEnd;
}

/** After deadlines have gone: the interrupt is due at what comes first now. */
export function renew(): void {
  let low = NEVER;
  let high = NEVER;
  if (hasDeadline()) {
    low = earliest().low;
    high = earliest().high;
  }
  const endLow = <u32>sliceEnd;
  const endHigh = <u32>(sliceEnd >> 32);
  if (hasSlice && (endHigh < high || (endHigh === high && endLow < low))) {
    low = endLow;
    high = endHigh;
  }
  dueAt(low, high);
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
