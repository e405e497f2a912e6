/**
 * What regions need of the core: generated functions over the same memory (hw/cpu/translator), into which
 * the interpreter goes at entries with the operation REGION, and which go from one to the other by the
 * jump cache.
 *
 *     function   (parameter, accumulator, events) → nothing: NEXT_ENTRY says where to go on, as ever
 *     events     mispredictions, + jumps by register << 20, + multiplications << 40; since the region was entered
 *     charge     what a region has charged of its block from the instruction in question on
 *     need       the cycles it needs from there to its next look at the budget, misses not counted
 *     facts      of a load or store: bytes, SIGNED, FACTS_LONG for an instruction of 32 bits, cost, need
 *
 * A slow path after which the region must be left makes the accumulator less than any budget, and says where
 * to go on in REGION_PC and REGION_ACCUMULATOR, the latter settled: all before is charged, and nothing else.
 */
import {
  ACCUMULATOR,
  ATTENTION,
  ATTENTION_REFETCH,
  CHUNK_IN_REGION,
  COUNT_JUMP_REGISTER,
  COUNT_MISPREDICT,
  COUNT_MULTIPLY,
  COUNTERS,
  DATA_KEY,
  EXIT_COUNT_SLOTS,
  EXIT_COUNTS,
  EXIT_LIMIT,
  EXPLAINED,
  FACTS_COST,
  FACTS_LONG,
  FACTS_NEED,
  FAULT_CAUSE,
  JUMP_CACHE,
  JUMP_CACHE_COUNT,
  JUMP_EPOCH,
  JUMP_TAG,
  NEXT_ENTRY,
  OUTCOME_FAULT,
  OUTCOME_JUMP,
  REGION_ACCUMULATOR,
  REGION_ENTERED,
  REGION_INSTRUCTIONS,
  REGION_OUTCOME,
  REGION_PAGES,
  REGION_PC,
  REGION_SHORT,
} from '../../manual/core-layout.ts';
import { REGION } from '../../manual/operations.ts';
import { BASE, CSR_ACCESS, DIRTY_EVICTION, LINE_FILL, WALK_READ } from '../../manual/timing.ts';
import { combine } from './atomic.ts';
import { jump } from './boundary.ts';
import { accessInstruction } from './cache.ts';
import { accessCsr } from './csr.ts';
import { addend, hitOf, tagOf, WORD, writeTag } from './data-hit.ts';
import { INSTRUCTION_MASK, immediate, link, ONE_CYCLE, suffix } from './entry.ts';
import { fetchHitOf, isFetchHit, lineNumber, openPage } from './fetch.ts';
import { exited } from './host.ts';
import { addressOf, provideLine } from './line.ts';
import { atomicAddress, extend, read, SIGNED, touch, write } from './memory.ts';
import { STORE } from './mmu.ts';
import { hostOf } from './ram.ts';
import { callOrReturn } from './system.ts';
import { NO_FAULT, takeException } from './trap.ts';

/** Two entries read of page tables, neither cached, both evicting dirty lines; and a line of code. */
const WALK_MAX: u32 = 2 * (WALK_READ + LINE_FILL + DIRTY_EVICTION) + LINE_FILL;
/** Of the jump cache; no entry is of the epoch 0. */
const NEXT_EPOCH: u32 = 0x1_0000;
/** What the accumulator is in a region that must be left: less than any budget. */
const ABANDONED: i64 = -(1 << 60);

/** The interpreter has reached an entry of a region, in a block that is charged. */
export function enterRegion(entry: usize, accumulator: i64): void {
  const exact = accumulator + suffix(entry);
  store<i64>(REGION_ENTERED, exact);
  call_indirect<void>(link(entry), immediate(entry), exact, 0 as i64);
}

/**
 * Goes on at an address outside the region, or where a slow path has said. A region that leaves of its own accord has
 * spent something: otherwise the interpreter might enter it again where it was entered, for ever.
 */
export function leaveRegion(pc: u32, accumulator: i64, events: i64): void {
  countEvents(events);
  const outcome = load<u32>(REGION_OUTCOME);
  store<u32>(REGION_OUTCOME, 0);
  if (outcome === 0 && accumulator === load<i64>(REGION_ENTERED)) unreachable();
  store<i64>(ACCUMULATOR, outcome === 0 ? accumulator : load<i64>(REGION_ACCUMULATOR));
  countInstructions();
  if (outcome === OUTCOME_FAULT) return jump(takeException(load<u32>(REGION_PC)));
  if (outcome === OUTCOME_JUMP) return jump(load<u32>(REGION_PC));
  jump(pc);
  remember(pc);
}

/** The cycles left may not suffice for the block at `pc` and what follows it: the interpreter takes over. */
export function leaveShort(pc: u32, accumulator: i64, events: i64): void {
  countEvents(events);
  store<u32>(CHUNK_IN_REGION, 1);
  store<i64>(ACCUMULATOR, accumulator);
  countInstructions();
  store<u32>(REGION_SHORT, 1);
  jump(pc);
  store<u32>(REGION_SHORT, 0);
}

/**
 * Makes the page of an instruction known, at the cost of a walk where the TLB does not know it. REGION_PAGES says
 * which of `pages` are known still.
 */
export function openInRegion(
  pc: u32,
  lines: usize,
  pages: u32,
  accumulator: i64,
  charge: i64,
  need: u32,
): i64 {
  const exact = accumulator + charge;
  store<u32>(REGION_PAGES, pages);
  const hit = fetchHitOf(pc);
  if (isFetchHit(hit, pc)) {
    return load<usize>(hit, 8) === lines ? accumulator : abandon(OUTCOME_JUMP, pc, exact);
  }
  // An instruction that was fetched must be executed: where the budget might not suffice, it is not fetched here.
  if (exact < ((need + WALK_MAX) as i64) * ONE_CYCLE) return abandon(OUTCOME_JUMP, pc, exact);
  store<i64>(ACCUMULATOR, exact);
  store<u32>(REGION_PAGES, 0);
  const found = openPage(pc);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return abandon(OUTCOME_FAULT, pc, load<i64>(ACCUMULATOR));
  if (found !== lines) return abandon(OUTCOME_JUMP, pc, load<i64>(ACCUMULATOR));
  return load<i64>(ACCUMULATOR) - charge;
}

/** Fetches a line for the instruction at `pc`, at its cost. */
export function fetchInRegion(slot: usize, pc: u32, accumulator: i64, charge: i64, need: u32): i64 {
  const exact = accumulator + charge;
  if (exact < ((need + LINE_FILL) as i64) * ONE_CYCLE) return abandon(OUTCOME_JUMP, pc, exact);
  store<i64>(ACCUMULATOR, exact);
  accessInstruction(lineNumber(slot));
  provideLine(slot, 0);
  return load<i64>(ACCUMULATOR) - charge;
}

/** A load that is not a hit: its value, or `old` where it faulted; the accumulator is in memory. */
export function loadInRegion(va: u32, facts: u32, pc: u32, accumulator: i64, charge: i64, old: i32): i32 {
  store<i64>(ACCUMULATOR, accumulator + charge);
  const size = facts & 7;
  const value = read(0, va, size);
  if (!complete(facts, pc, charge)) return old;
  return (facts & SIGNED) !== 0 ? extend(value, size) : (value as i32);
}

/** A store that is not a hit: the accumulator. */
export function storeInRegion(va: u32, facts: u32, value: u32, pc: u32, accumulator: i64, charge: i64): i64 {
  store<i64>(ACCUMULATOR, accumulator + charge);
  write(0, va, facts & 7, value);
  complete(facts, pc, charge);
  return load<i64>(ACCUMULATOR);
}

/** An AMO, by funct5: the value before, or `old` where it faulted; the accumulator is in memory. */
export function atomicInRegion(
  operation: u32,
  va: u32,
  facts: u32,
  operand: i32,
  pc: u32,
  accumulator: i64,
  charge: i64,
  old: i32,
): i32 {
  store<i64>(ACCUMULATOR, accumulator + charge);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const tag = tagOf(va, WORD, load<u32>(DATA_KEY));
  const hit = hitOf(tag);
  let host: usize = va + addend(hit);
  if (writeTag(hit) !== tag) {
    const pa = atomicAddress(va, STORE);
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) {
      complete(facts, pc, charge);
      return old;
    }
    touch(va, pa, STORE);
    host = hostOf(pa);
  }
  const before = load<i32>(host);
  store<i32>(host, combine(operation, before, operand));
  complete(facts, pc, charge);
  return before;
}

/** A CSR instruction: the value before, or `old` where it is illegal; the accumulator is in memory. */
export function csrInRegion(
  raw: u32,
  facts: u32,
  operand: u32,
  pc: u32,
  accumulator: i64,
  charge: i64,
  old: u32,
): u32 {
  store<i64>(ACCUMULATOR, accumulator + charge);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  store<u32>(EXPLAINED, raw, 4);
  store<u32>(EXPLAINED, 0, 8);
  const value = accessCsr(EXPLAINED, operand);
  return complete(facts, pc, charge) ? value : old;
}

/**
 * ecall, mret, sret: where to go on is left in REGION_PC; the accumulator, settled to the instruction before and
 * after. The region's pages and its data key are no longer known.
 */
export function systemInRegion(raw: u32, pc: u32, accumulator: i64): i64 {
  store<i64>(ACCUMULATOR, accumulator - ONE_CYCLE * BASE + 1);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  let next = callOrReturn(raw);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) {
    store<i64>(ACCUMULATOR, accumulator);
    next = takeException(pc);
  }
  return goOn(next);
}

/** csrw satp, likewise. */
export function switchInRegion(raw: u32, operand: u32, pc: u32, accumulator: i64): i64 {
  store<i64>(ACCUMULATOR, accumulator);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  store<u32>(EXPLAINED, raw, 4);
  store<u32>(EXPLAINED, 0, 8);
  accessCsr(EXPLAINED, operand);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return abandon(OUTCOME_FAULT, pc, accumulator);
  // A jump fetches anew in any case.
  store<u32>(ATTENTION, load<u32>(ATTENTION) & ~ATTENTION_REFETCH);
  store<i64>(ACCUMULATOR, accumulator - ONE_CYCLE * (BASE + CSR_ACCESS) + 1);
  return goOn(pc + 4);
}

function goOn(next: u32): i64 {
  const accumulator = load<i64>(ACCUMULATOR);
  if (accumulator >> 20 <= 0 || load<u32>(ATTENTION) !== 0) return abandon(OUTCOME_JUMP, next, accumulator);
  store<u32>(REGION_PC, next);
  return accumulator;
}

/** Jumps must find their way anew: a page is no longer where it was, or a region is gone. */
export function forgetJumps(): void {
  let epoch = load<u32>(JUMP_EPOCH) + NEXT_EPOCH;
  if (epoch === 0) {
    memory.fill(JUMP_CACHE, 0, JUMP_CACHE_COUNT << 4);
    epoch = NEXT_EPOCH;
  }
  store<u32>(JUMP_EPOCH, epoch);
}

/**
 * The end of a slow path of the instruction at `pc`: whether it did not fault. Leaves in ACCUMULATOR what the region
 * goes on with, or what makes it leave: for the instruction behind, where the budget does not suffice for the
 * way to the next checkpoint, or something is to be attended to.
 */
function complete(facts: u32, pc: u32, charge: i64): bool {
  const exact = load<i64>(ACCUMULATOR);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) {
    store<i64>(ACCUMULATOR, abandon(OUTCOME_FAULT, pc, exact));
    return false;
  }
  const need = ((facts >> FACTS_NEED) as i64) * ONE_CYCLE;
  if (exact >= need && load<u32>(ATTENTION) === 0) {
    store<i64>(ACCUMULATOR, exact - charge);
    return true;
  }
  const behind = pc + ((facts & FACTS_LONG) !== 0 ? 4 : 2);
  const cost = (((facts >> FACTS_COST) & 31) as i64) * ONE_CYCLE - 1;
  store<i64>(ACCUMULATOR, abandon(OUTCOME_JUMP, behind, exact - cost));
  return true;
}

function abandon(outcome: u32, pc: u32, exact: i64): i64 {
  store<u32>(REGION_OUTCOME, outcome);
  store<u32>(REGION_PC, pc);
  store<i64>(REGION_ACCUMULATOR, exact);
  return ABANDONED;
}

/**
 * The interpreter goes on at `pc`. If a region begins there, the jump cache leads there from now on; where the
 * interpreter often goes on, the host is told.
 */
function remember(pc: u32): void {
  const entry = load<usize>(NEXT_ENTRY);
  if (entry === 0 || addressOf(entry) !== pc) return;
  if (load<u8>(entry) !== REGION) return countExit(pc);
  const at: usize = JUMP_CACHE + ((pc << 3) & ((JUMP_CACHE_COUNT - 1) << 4));
  store<u64>(at, load<u64>(JUMP_TAG) | (pc as u64));
  store<u32>(at, link(entry) ^ load<u32>(JUMP_EPOCH), 8);
  store<u32>(at, immediate(entry) as u32, 12);
}

function countExit(pc: u32): void {
  const at: usize = EXIT_COUNTS + ((pc << 2) & ((EXIT_COUNT_SLOTS - 1) << 3));
  const exits = load<u32>(at) === pc ? load<u32>(at, 4) + 1 : 1;
  // An instruction that was fetched beyond the budget must not become an entry before it is executed.
  const isMany = exits >= load<u32>(EXIT_LIMIT) && load<i64>(ACCUMULATOR) >= 0;
  store<u32>(at, pc);
  store<u32>(at, isMany ? 0 : exits, 4);
  if (isMany) exited(pc);
}

/** Those since the interpreter went into a region. */
function countInstructions(): void {
  const done = (load<i64>(ACCUMULATOR) & INSTRUCTION_MASK) - (load<i64>(REGION_ENTERED) & INSTRUCTION_MASK);
  store<i64>(REGION_INSTRUCTIONS, load<i64>(REGION_INSTRUCTIONS) + done);
}

function countEvents(events: i64): void {
  if (events === 0) return;
  add(COUNT_MISPREDICT, events & INSTRUCTION_MASK);
  add(COUNT_JUMP_REGISTER, (events >> 20) & INSTRUCTION_MASK);
  add(COUNT_MULTIPLY, events >> 40);
}

function add(counter: i32, events: i64): void {
  const at: usize = COUNTERS + (counter << 3);
  store<i64>(at, load<i64>(at) + events);
}
