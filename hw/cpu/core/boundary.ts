/**
 * Instruction boundaries: where a run stops, interrupts are taken and the accumulator is settled.
 *
 * A run must stop at the first boundary whose cycle is at or after its limit, though the interpreter looks
 * at the accumulator only where it enters a block. So when a block cannot be paid for in full, the entry
 * before which the cycles run out is found by its suffix and patched to STOP; the code before it runs as
 * ever. Costs that are found out on the way (misses, walks, devices) go through slow paths, which look
 * again. A stale STOP is harmless: it looks and goes on.
 *
 * Fetching belongs to the instruction that is fetched: the limit is looked at before, and once an
 * instruction has been fetched at a cost it is executed.
 */
import {
  ACCUMULATOR,
  ASLEEP,
  ATTENTION,
  ATTENTION_STOP,
  ATTENTION_WATCHPOINT,
  BREAKPOINT_COUNT,
  BREAKPOINT_PASSED,
  BREAKPOINTS,
  CHUNK_END,
  CHUNK_IN_REGION,
  CHUNK_LENGTH,
  CYCLE,
  INSTRET,
  MIE,
  NEXT_ENTRY,
  PATCH_ENTRY,
  PATCH_OPERATION,
  PC,
  REGION_SHORT,
  SAMPLE_CREDIT,
  SAMPLE_PERIOD,
  STOP_BREAKPOINT,
  STOP_LIMIT,
  STOP_REASON,
  STOP_REQUESTED,
  STOP_WATCHPOINT,
  STOP_WFI,
  TIMER_CYCLE,
  UNTIL,
} from '../../manual/core-layout.ts';
import { CROSS_LINE, REGION, STOP, UNDECODED } from '../../manual/operations.ts';
import { endsBlock, INSTRUCTION_MASK, ONE_CYCLE, step, suffix } from './entry.ts';
import { fetch, fetchInKnownPage, isolate } from './fetch.ts';
import { sample } from './host.ts';
import { addressOf, bitsOf, decodeBlock } from './line.ts';
import { pendingInterrupts, takeException, takeInterrupt } from './trap.ts';

/** The most cycles between two looks at the accumulator's parts: the instruction count must fit below. */
const CHUNK_MAX: u32 = 1 << 19;

/** Goes on at an entry of a block that is charged; the accumulator is in memory. */
export function continueAt(entry: usize): void {
  const accumulator = load<i64>(ACCUMULATOR);
  if (accumulator >= 0 && load<u32>(ATTENTION) === 0) {
    store<usize>(NEXT_ENTRY, entry);
    return;
  }
  if (load<u32>(ATTENTION) !== 0) {
    store<i64>(ACCUMULATOR, accumulator + suffix(entry));
    return jump(addressOf(entry));
  }
  arrangeStop(entry, false);
}

/** Goes on at an entry of a charged block whose instruction has just been fetched at a cost. */
export function continueFetched(entry: usize): void {
  if (load<i64>(ACCUMULATOR) < 0) return arrangeStop(entry, true);
  store<usize>(NEXT_ENTRY, entry);
}

/** The block at the entry was charged and cannot be paid in full. */
export function edge(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  continueAt(entry);
}

/** A STOP was reached: where it is stale, the entry under it is executed. */
export function reachStop(entry: usize, accumulator: i64): void {
  unpatch();
  edge(entry, accumulator);
}

/** Decodes the block at an entry that was entered, charges it and goes on. */
export function decodeAndEnter(entry: usize, accumulator: i64): void {
  decodeBlock(entry);
  store<i64>(ACCUMULATOR, accumulator - suffix(entry));
  continueAt(entry);
}

/** Goes on at a virtual address; everything so far is charged, nothing beyond. Looks at limit and interrupts. */
export function jump(target: u32): void {
  let pc = target;
  for (;;) {
    if (load<i64>(ACCUMULATOR) >> 20 <= 0 || load<u32>(ATTENTION) !== 0) {
      store<u32>(PC, pc);
      if (!boundary()) return;
      pc = load<u32>(PC);
    }
    let entry = fetchInKnownPage(pc);
    if (entry === 0) entry = fetch(pc);
    if (entry !== 0) return enterFetched(entry);
    pc = takeException(pc);
  }
}

/** Puts back the entry that was patched to STOP. */
export function unpatch(): void {
  const patched = load<usize>(PATCH_ENTRY);
  if (patched === 0) return;
  store<u8>(patched, load<u8>(PATCH_OPERATION));
  store<usize>(PATCH_ENTRY, 0);
}

/** The cycle now, `refund` being the part of the charged block that is not executed. */
export function cycleNow(refund: i64): u64 {
  return load<u64>(CHUNK_END) - (((load<i64>(ACCUMULATOR) + refund) >> 20) as u64);
}

/** Instructions retired, with the same refund. */
export function instructionsNow(refund: i64): u64 {
  return load<u64>(INSTRET) + (((load<i64>(ACCUMULATOR) + refund) & INSTRUCTION_MASK) as u64);
}

/** Ends the run: everything is written back, and the interpreter returns. */
export function leave(reason: u32): bool {
  store<u32>(STOP_REASON, reason);
  store<usize>(NEXT_ENTRY, 0);
  return false;
}

function enterFetched(entry: usize): void {
  if (load<u8>(entry) === UNDECODED) decodeBlock(entry);
  const accumulator = load<i64>(ACCUMULATOR) - suffix(entry);
  if (load<u8>(entry) === REGION && (accumulator < 0 || load<u32>(REGION_SHORT) !== 0))
    return enterAlone(entry);
  store<i64>(ACCUMULATOR, accumulator);
  continueFetched(entry);
}

/** Executes the instruction under a region's entry, which has just been fetched, by itself. */
function enterAlone(entry: usize): void {
  let cost = suffix(entry);
  if (!endsBlock(entry)) cost -= suffix(entry + step(entry));
  const alone = isolate(addressOf(entry) & 0xfff, bitsOf(entry));
  store<u32>(alone, cost as u32, 8);
  store<i64>(ACCUMULATOR, load<i64>(ACCUMULATOR) - cost);
  continueFetched(alone);
}

/** `fetched`: the instruction at the entry is executed whatever its cycle. */
function arrangeStop(entry: usize, fetched: bool): void {
  unpatch();
  const accumulator = load<i64>(ACCUMULATOR);
  if (!fetched && (accumulator + suffix(entry)) >> 20 <= 0) {
    store<i64>(ACCUMULATOR, accumulator + suffix(entry));
    return jump(addressOf(entry));
  }
  store<usize>(NEXT_ENTRY, entry);
  // The entry that sees to an instruction's second line is one with the instruction.
  let at = load<u8>(entry) === CROSS_LINE ? entry + step(entry) : entry;
  while (!endsBlock(at)) {
    at += step(at);
    if ((accumulator + suffix(at)) >> 20 > 0) continue;
    store<usize>(PATCH_ENTRY, at);
    store<u8>(PATCH_OPERATION, load<u8>(at));
    store<u8>(at, STOP);
    return;
  }
}

/** At a boundary with the pc in PC: true = go on from PC with a new chunk, false = the run has ended. */
function boundary(): bool {
  const spent = settle();
  if (load<u32>(SAMPLE_PERIOD) !== 0) store<u32>(SAMPLE_CREDIT, load<u32>(SAMPLE_CREDIT) + spent);
  for (;;) {
    const attention = load<u32>(ATTENTION);
    store<u32>(ATTENTION, 0);
    if ((attention & ATTENTION_WATCHPOINT) !== 0) return leave(STOP_WATCHPOINT);
    if ((attention & ATTENTION_STOP) !== 0) return leave(STOP_REQUESTED);
    if (load<u32>(ASLEEP) !== 0) {
      if ((pendingInterrupts() & load<u32>(MIE)) === 0) return leave(STOP_WFI);
      store<u32>(ASLEEP, 0);
    }
    if (load<u64>(CYCLE) >= load<u64>(UNTIL)) return leave(STOP_LIMIT);
    if (!takeInterrupt()) break;
  }
  if (load<u32>(BREAKPOINT_COUNT) !== 0 && atBreakpoint()) return leave(STOP_BREAKPOINT);
  if (load<u32>(SAMPLE_PERIOD) !== 0) considerSample();
  openChunk();
  return true;
}

/** The cycles since it was last done. */
function settle(): u32 {
  const before = load<u64>(CYCLE);
  store<u64>(CYCLE, cycleNow(0));
  store<u64>(INSTRET, instructionsNow(0));
  store<u64>(CHUNK_END, load<u64>(CYCLE));
  store<i64>(ACCUMULATOR, 0);
  return (load<u64>(CYCLE) - before) as u32;
}

/**
 * A chunk that ran out in the interpreter is a sample of its work, and the next one is short; one that ran out
 * in a region is followed by one twice as long. SAMPLE_CREDIT is what a chunk has had of its cycles, however
 * often it was interrupted and runs came to their ends.
 */
function considerSample(): void {
  const inRegion = load<u32>(CHUNK_IN_REGION) !== 0;
  store<u32>(CHUNK_IN_REGION, 0);
  const length = load<u32>(CHUNK_LENGTH);
  if (load<u32>(SAMPLE_CREDIT) < length) return;
  store<u32>(SAMPLE_CREDIT, 0);
  store<u32>(CHUNK_LENGTH, inRegion ? min<u32>(CHUNK_MAX, length << 1) : load<u32>(SAMPLE_PERIOD));
  if (!inRegion) sample(load<u32>(PC));
}

function openChunk(): void {
  const now = load<u64>(CYCLE);
  const samples = load<u32>(SAMPLE_PERIOD) !== 0;
  const length = samples ? load<u32>(CHUNK_LENGTH) - load<u32>(SAMPLE_CREDIT) : CHUNK_MAX;
  let end = min<u64>(load<u64>(UNTIL), now + length);
  const timer = load<u64>(TIMER_CYCLE);
  if (timer > now) end = min<u64>(end, timer);
  if (load<u32>(BREAKPOINT_COUNT) !== 0) end = now + 1;
  store<u64>(CHUNK_END, end);
  store<i64>(ACCUMULATOR, ((end - now) as i64) * ONE_CYCLE);
}

function atBreakpoint(): bool {
  const now = load<u64>(CYCLE);
  if (load<u64>(BREAKPOINT_PASSED) === now) return false;
  const pc = load<u32>(PC);
  for (let i: u32 = 0; i < load<u32>(BREAKPOINT_COUNT); i++) {
    if (load<u32>(BREAKPOINTS + (i << 2)) !== pc) continue;
    store<u64>(BREAKPOINT_PASSED, now);
    return true;
  }
  return false;
}
