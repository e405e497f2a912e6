/**
 * The counters a program sees: mcycle, minstret, mhpmcounter3 … 31 (Privileged 3.1.10 – 3.1.12).
 *
 * Each has a source that only grows and a base: the value is source - base, or the base itself while
 * mcountinhibit stops it. Reading gives the state before the instruction; writing or stopping takes effect
 * behind it, so that what was written is what the next instruction reads.
 */
import { COUNTER_BASE, COUNTERS, MCOUNTINHIBIT, MHPMEVENT } from '../../manual/core-layout.ts';
import { BASE, CSR_ACCESS } from '../../manual/timing.ts';
import { cycleNow, instructionsNow } from './boundary.ts';
import { suffix } from './entry.ts';

const CYCLES: u32 = 0;
const INSTRUCTIONS: u32 = 2;
/** Counter 1 would be `time`, which is not stopped. */
export const INHIBIT_MASK: u32 = 0xffff_fffd;

/** The counter before the CSR instruction at the entry. */
export function counterValue(index: u32, entry: usize): u64 {
  const base = load<u64>(baseOf(index));
  return isInhibited(index) ? base : source(index, entry) - base;
}

export function setCounter(index: u32, value: u64, entry: usize): void {
  store<u64>(baseOf(index), isInhibited(index) ? value : sourceBehind(index, entry) - value);
}

export function setInhibit(value: u32, entry: usize): void {
  const next = value & INHIBIT_MASK;
  const changed = load<u32>(MCOUNTINHIBIT) ^ next;
  for (let index: u32 = 0; index < 32; index++) {
    if (((changed >> index) & 1) === 0) continue;
    // source - base is its own inverse: it turns a base into the value, and the value into a base.
    store<u64>(baseOf(index), sourceBehind(index, entry) - load<u64>(baseOf(index)));
  }
  store<u32>(MCOUNTINHIBIT, next);
}

/** What a counter counts; its value stays. */
export function setEvent(index: u32, event: u32, entry: usize): void {
  const value = isInhibited(index)
    ? load<u64>(baseOf(index))
    : sourceBehind(index, entry) - load<u64>(baseOf(index));
  store<u32>(MHPMEVENT + (index << 2), event);
  setCounter(index, value, entry);
}

//@inline
function baseOf(index: u32): usize {
  return COUNTER_BASE + (index << 3);
}

//@inline
function isInhibited(index: u32): bool {
  return ((load<u32>(MCOUNTINHIBIT) >> index) & 1) !== 0;
}

/** An entry of 0 stands for a boundary: nothing is to be refunded. */
function source(index: u32, entry: usize): u64 {
  const refund = entry === 0 ? 0 : suffix(entry);
  if (index === CYCLES) return cycleNow(refund);
  if (index === INSTRUCTIONS) return instructionsNow(refund);
  const event = load<u32>(MHPMEVENT + (index << 2));
  return event === 0 ? 0 : load<u64>(COUNTERS + ((event - 1) << 3));
}

function sourceBehind(index: u32, entry: usize): u64 {
  const before = source(index, entry);
  if (entry === 0) return before;
  if (index === CYCLES) return before + BASE + CSR_ACCESS;
  return index === INSTRUCTIONS ? before + 1 : before;
}
