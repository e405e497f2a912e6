/**
 * What regions need of the core: generated functions over the same memory (hw/cpu/translator), into which
 * the interpreter goes at entries with the operation REGION, and which go from one to the other by the
 * jump cache.
 *
 *     function    (parameter, accumulator, events) → nothing: NEXT_ENTRY says where to go on, as ever
 *     events      mispredictions, + jumps by register << 20, + multiplications << 40; since the region was entered
 *     slow paths  (x, y, z, place, accumulator) → accumulator and a value, as the halves of a vector. A type with
 *                 a vector in it is unknown to JavaScript: for others, an engine compiles in every module that imports
 *                 them what it would need to call a function of JavaScript, which takes longer than a small region
 *     place       where in the region the instruction is, as core-layout.ts has it
 *
 * A slow path after which the region must be left makes the accumulator less than any budget, and says where
 * to go on in REGION_PC and REGION_ACCUMULATOR, the latter settled: all before is charged, and nothing else.
 */
import {
  ACCUMULATOR,
  ATTENTION,
  ATTENTION_REFETCH,
  CHUNK_IN_REGION,
  CODE_SERIALS,
  COUNT_JUMP_REGISTER,
  COUNT_MISPREDICT,
  COUNT_MULTIPLY,
  COUNTERS,
  DATA_KEY,
  EXIT_COUNT_SLOTS,
  EXIT_COUNTS,
  EXIT_LIMIT,
  EXPLAINED,
  FAULT_CAUSE,
  JUMP_CACHE,
  JUMP_CACHE_COUNT,
  JUMP_TAG,
  LEFT_SHORT,
  NEXT_ENTRY,
  OUTCOME_FAULT,
  OUTCOME_JUMP,
  PLACE_AT,
  PLACE_BEHIND,
  PLACE_COST,
  PLACE_CYCLES,
  PLACE_INSTRUCTIONS,
  PLACE_KIND,
  PLACE_LONG,
  REGION_ACCUMULATOR,
  REGION_BASE,
  REGION_ENTERED,
  REGION_INSTRUCTIONS,
  REGION_OUTCOME,
  REGION_PC,
  REGION_SHORT,
  TLB_ENTRIES_MAX,
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
import { serialOf } from './tlb.ts';
import { NO_FAULT, takeException } from './trap.ts';

/** Two entries read of page tables, neither cached, both evicting dirty lines; and a line of code. */
const WALK_MAX: u32 = 2 * (WALK_READ + LINE_FILL + DIRTY_EVICTION) + LINE_FILL;
const JUMP_SIZE_SHIFT = 5;
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
export function leaveRegion(pc: u32, how: u32, _z: u32, events: i64, accumulator: i64): v128 {
  countEvents(events);
  if (how === LEFT_SHORT) return leaveShort(pc, accumulator);
  const outcome = load<u32>(REGION_OUTCOME);
  store<u32>(REGION_OUTCOME, 0);
  if (outcome === 0 && accumulator === load<i64>(REGION_ENTERED)) unreachable();
  store<i64>(ACCUMULATOR, outcome === 0 ? accumulator : load<i64>(REGION_ACCUMULATOR));
  countInstructions();
  if (outcome === OUTCOME_FAULT) jump(takeException(load<u32>(REGION_PC)));
  else if (outcome === OUTCOME_JUMP) jump(load<u32>(REGION_PC));
  else {
    jump(pc);
    remember(pc);
  }
  return answer(0, 0);
}

/** The cycles left may not suffice for the block at `pc` and what follows it: the interpreter takes over. */
function leaveShort(pc: u32, accumulator: i64): v128 {
  store<u32>(CHUNK_IN_REGION, 1);
  store<i64>(ACCUMULATOR, accumulator);
  countInstructions();
  store<u32>(REGION_SHORT, 1);
  jump(pc);
  store<u32>(REGION_SHORT, 0);
  return answer(0, 0);
}

/**
 * Makes the page of an instruction known, at the cost of a walk where the TLB does not know it. The value says
 * which of `pages` are known still.
 */
export function openInRegion(lines: u32, pages: u32, _z: u32, place: u64, accumulator: i64): v128 {
  const charge = chargeOf(place);
  const exact = accumulator + charge;
  const pc = pcOf(place);
  const hit = fetchHitOf(pc);
  if (isFetchHit(hit, pc)) {
    return load<u32>(hit, 8) === lines ? answer(accumulator, pages) : abandon(OUTCOME_JUMP, pc, exact);
  }
  // An instruction that was fetched must be executed: where the budget might not suffice, it is not fetched here.
  if (exact < needOf(place) + (WALK_MAX as i64) * ONE_CYCLE) return abandon(OUTCOME_JUMP, pc, exact);
  store<i64>(ACCUMULATOR, exact);
  const found = openPage(pc) as u32;
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return abandon(OUTCOME_FAULT, pc, load<i64>(ACCUMULATOR));
  if (found !== lines) return abandon(OUTCOME_JUMP, pc, load<i64>(ACCUMULATOR));
  return answer(load<i64>(ACCUMULATOR) - charge, 0);
}

/** Fetches a line for an instruction, at its cost. */
export function fetchInRegion(slot: u32, _y: u32, _z: u32, place: u64, accumulator: i64): v128 {
  const charge = chargeOf(place);
  const exact = accumulator + charge;
  if (exact < needOf(place) + (LINE_FILL as i64) * ONE_CYCLE)
    return abandon(OUTCOME_JUMP, pcOf(place), exact);
  store<i64>(ACCUMULATOR, exact);
  accessInstruction(lineNumber(slot));
  provideLine(slot, 0);
  return answer(load<i64>(ACCUMULATOR) - charge, 0);
}

/** A load that is not a hit: its value, or `old` where it faulted. */
export function loadInRegion(va: u32, old: u32, _z: u32, place: u64, accumulator: i64): v128 {
  store<i64>(ACCUMULATOR, accumulator + chargeOf(place));
  const kind = (place as u32) & PLACE_KIND;
  const size = kind & 7;
  const value = read(0, va, size);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return refuse(old, place);
  return complete((kind & SIGNED) !== 0 ? (extend(value, size) as u32) : value, place);
}

/** A store that is not a hit. */
export function storeInRegion(va: u32, value: u32, _z: u32, place: u64, accumulator: i64): v128 {
  store<i64>(ACCUMULATOR, accumulator + chargeOf(place));
  write(0, va, (place as u32) & PLACE_KIND, value);
  return load<u32>(FAULT_CAUSE) !== NO_FAULT ? refuse(0, place) : complete(0, place);
}

/** An AMO, whose kind is its funct5: the value before, or `old` where it faulted. */
export function atomicInRegion(va: u32, operand: u32, old: u32, place: u64, accumulator: i64): v128 {
  store<i64>(ACCUMULATOR, accumulator + chargeOf(place));
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const tag = tagOf(va, WORD, load<u32>(DATA_KEY));
  const hit = hitOf(tag);
  let host: usize = va + addend(hit);
  if (writeTag(hit) !== tag) {
    const pa = atomicAddress(va, STORE);
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return refuse(old, place);
    touch(va, pa, STORE);
    host = hostOf(pa);
  }
  const before = load<i32>(host);
  store<i32>(host, combine((place as u32) & PLACE_KIND, before, operand as i32));
  return complete(before as u32, place);
}

/** A CSR instruction: the value before, or `old` where it is illegal. */
export function csrInRegion(raw: u32, operand: u32, old: u32, place: u64, accumulator: i64): v128 {
  store<i64>(ACCUMULATOR, accumulator + chargeOf(place));
  const value = accessRaw(raw, operand);
  return load<u32>(FAULT_CAUSE) !== NO_FAULT ? refuse(old, place) : complete(value, place);
}

/**
 * ecall, mret, sret: where to go on is left in REGION_PC; the accumulator, settled to the instruction before and
 * after. The region's pages and its data key are no longer known.
 */
export function systemInRegion(raw: u32, _y: u32, _z: u32, place: u64, accumulator: i64): v128 {
  const exact = accumulator + chargeOf(place);
  store<i64>(ACCUMULATOR, exact - ONE_CYCLE * BASE + 1);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  let next = callOrReturn(raw);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) {
    store<i64>(ACCUMULATOR, exact);
    next = takeException(pcOf(place));
  }
  return goOn(next);
}

/** csrw satp, likewise. */
export function switchInRegion(raw: u32, operand: u32, _z: u32, place: u64, accumulator: i64): v128 {
  const exact = accumulator + chargeOf(place);
  store<i64>(ACCUMULATOR, exact);
  accessRaw(raw, operand);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return abandon(OUTCOME_FAULT, pcOf(place), exact);
  // A jump fetches anew in any case.
  store<u32>(ATTENTION, load<u32>(ATTENTION) & ~ATTENTION_REFETCH);
  store<i64>(ACCUMULATOR, exact - ONE_CYCLE * (BASE + CSR_ACCESS) + 1);
  return goOn(pcOf(place) + 4);
}

/** The value of a CSR before the instruction of these bits, that is executed. */
function accessRaw(raw: u32, operand: u32): u32 {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  store<u32>(EXPLAINED, raw, 4);
  store<u32>(EXPLAINED, 0, 8);
  return accessCsr(EXPLAINED, operand);
}

function goOn(next: u32): v128 {
  const accumulator = load<i64>(ACCUMULATOR);
  if (accumulator >> 20 <= 0 || load<u32>(ATTENTION) !== 0) return abandon(OUTCOME_JUMP, next, accumulator);
  store<u32>(REGION_PC, next);
  return answer(accumulator, 0);
}

/** Jumps must find their way anew: a region is gone, or what code may be executed has changed. */
export function forgetJumps(): void {
  for (let place: usize = 0; place <= TLB_ENTRIES_MAX; place++) renewSerial(place << 2);
}

/** Makes void what jumps have found by a translation. No serial is 0, as an empty entry of the jump cache has it. */
export function renewSerial(serial: usize): void {
  const next = load<u32>(CODE_SERIALS + serial) + 1;
  store<u32>(CODE_SERIALS + serial, next === 0 ? 1 : next);
  if (next === 0) memory.fill(JUMP_CACHE, 0, JUMP_CACHE_COUNT << JUMP_SIZE_SHIFT);
}

/** The end of a slow path of an instruction that has faulted. */
function refuse(value: u32, place: u64): v128 {
  return abandon(OUTCOME_FAULT, pcOf(place), load<i64>(ACCUMULATOR), value);
}

/**
 * The end of a slow path: what the region goes on with, or what makes it leave: for the instruction behind, where the
 * budget does not suffice for the way to the next checkpoint, or something is to be attended to.
 */
function complete(value: u32, place: u64): v128 {
  const exact = load<i64>(ACCUMULATOR);
  if (exact >= needOf(place) && load<u32>(ATTENTION) === 0) return answer(exact - chargeOf(place), value);
  const behind = pcOf(place) + (((place as u32) & PLACE_LONG) !== 0 ? 4 : 2);
  const cost = ((place >> PLACE_COST) & 31) * ONE_CYCLE - 1;
  return abandon(OUTCOME_JUMP, behind, exact - cost, value);
}

/** What is charged of the block from a place on. */
//@inline
function chargeOf(place: u64): i64 {
  return cyclesOf(place) * ONE_CYCLE - ((place >> PLACE_INSTRUCTIONS) as i64);
}

/** What is needed from a place to the next look at the budget, misses not counted. */
//@inline
function needOf(place: u64): i64 {
  return (cyclesOf(place) + (((place >> PLACE_BEHIND) & 0x1ff) as i64)) * ONE_CYCLE;
}

//@inline
function cyclesOf(place: u64): i64 {
  return ((place >> PLACE_CYCLES) & 0xffff) as i64;
}

//@inline
function pcOf(place: u64): u32 {
  return load<u32>(REGION_BASE) + (((place >> PLACE_AT) as u32) & 0x1_ffff);
}

function abandon(outcome: u32, pc: u32, exact: i64, value: u32 = 0): v128 {
  store<u32>(REGION_OUTCOME, outcome);
  store<u32>(REGION_PC, pc);
  store<i64>(REGION_ACCUMULATOR, exact);
  return answer(ABANDONED, value);
}

//@inline
function answer(accumulator: i64, value: u32): v128 {
  return i64x2.replace_lane(i64x2.splat(accumulator), 1, value as i64);
}

/**
 * The interpreter goes on at `pc`. If a region begins there, the jump cache leads there from now on; where the
 * interpreter often goes on, the host is told.
 */
function remember(pc: u32): void {
  const entry = load<usize>(NEXT_ENTRY);
  if (entry === 0 || addressOf(entry) !== pc) return;
  if (load<u8>(entry) !== REGION) return countExit(pc);
  const hit = fetchHitOf(pc);
  if (!isFetchHit(hit, pc)) return;
  const serial = serialOf(load<usize>(hit, 12));
  const at: usize =
    JUMP_CACHE + ((pc << (JUMP_SIZE_SHIFT - 1)) & ((JUMP_CACHE_COUNT - 1) << JUMP_SIZE_SHIFT));
  store<u64>(at, load<u64>(JUMP_TAG) | (pc as u64));
  store<u32>(at, link(entry), 8);
  store<u32>(at, immediate(entry) as u32, 12);
  store<usize>(at, serial, 16);
  store<u32>(at, load<u32>(CODE_SERIALS + serial), 20);
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
