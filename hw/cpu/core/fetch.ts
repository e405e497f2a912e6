/**
 * Instruction fetch: from a virtual address to an entry to execute, with all its costs and faults.
 *
 * A page of RAM that translation and PMP permit as a whole gets a fetch hit, by which jumps between pages
 * stay in the interpreter; inside it the line table alone decides. The host-only table repeats the
 * instruction TLB: replacing an entry there clears its hits. Everything else is decoded by itself in
 * SCRATCH each time: code of the boot ROM (UNCACHED for every 16 bits), an instruction that crosses into
 * another page, one on a page of which PMP permits only a part.
 */
import {
  ACCUMULATOR,
  COUNT_DEVICE,
  CYCLE,
  FAULT_CAUSE,
  FETCH_HIT_COUNT,
  FETCH_HITS,
  FETCH_MODE,
  FETCH_SATP,
  LINE_TABLE,
  NO_LINES,
  PAGE_LINES,
  PAGE_VA,
  PRIVILEGE,
  SCRATCH,
  SCRATCH_NEXT,
  SCRATCH_OFFSET,
  TLB_SUPERPAGE,
} from '../../manual/core-layout.ts';
import { PMP_EXECUTE } from '../../manual/csr.ts';
import { BOOT_ROM_BASE, BOOT_ROM_SIZE, RAM_BASE } from '../../manual/memory-map.ts';
import { SCRATCH_END } from '../../manual/operations.ts';
import { UNCACHED } from '../../manual/timing.ts';
import { continueFetched, cycleNow, jump } from './boundary.ts';
import { accessInstruction } from './cache.ts';
import { decode, ISOLATED } from './decode.ts';
import { charge, count, ENTRY_SIZE, step } from './entry.ts';
import { busRead } from './host.ts';
import { addressOf, lineOf, provideLine } from './line.ts';
import { accessFault, FETCH, translate, usedEntry } from './mmu.ts';
import { MIXED, permissions } from './pmp.ts';
import { hostOf, inRam, lineSlot } from './ram.ts';
import { forgetJumps } from './region.ts';
import { NO_FAULT } from './trap.ts';

const PAGE_BYTES: u32 = 0x1000;
const PAGE_MASK: u32 = 0xffff_f000;
/** Of FETCH_MODE, where code is translated. */
const USER_MODE: u32 = 1;
const SUPERVISOR_MODE: u32 = 2;

/** The entry for the instruction at pc, or 0 with the fault noted. */
export function fetch(pc: u32): usize {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const pa = translate(pc, FETCH, load<u32>(PRIVILEGE));
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  store<u32>(PAGE_VA, pc & PAGE_MASK);
  if (!inRam(pa, 2)) return fetchAlone(pc, pa);
  const allowed = permissions(pa & PAGE_MASK, PAGE_BYTES, load<u32>(PRIVILEGE));
  if (allowed === MIXED || isCrossingPage(pa)) return fetchAlone(pc, pa);
  if ((allowed & PMP_EXECUTE) === 0) return accessFault(pc, FETCH) as usize;
  setFetchHit(pc, pa);
  accessInstruction(pa >> 6);
  return provideLine(lineSlot(pa), 0) + ((pa & 62) >> 1) * ENTRY_SIZE;
}

/** The entry at pc where its page is known, its line fetched if need be; otherwise 0. */
export function fetchInKnownPage(pc: u32): usize {
  const hit = fetchHitOf(pc);
  if (!isFetchHit(hit, pc) || (pc & 0xffe) === 0xffe) return 0;
  const lines = load<usize>(hit, 8);
  store<u32>(PAGE_VA, pc & PAGE_MASK);
  store<usize>(PAGE_LINES, lines);
  const slot = lines + ((pc >> 4) & 0xfc);
  let line = load<i32>(slot);
  if (line <= 0) {
    accessInstruction(lineNumber(slot));
    line = provideLine(slot, 0) as i32;
  }
  return (line as usize) + ((pc & 62) << 3);
}

/** Where the fetch hit of an address would be: kernel and user code at equal offsets do not meet. */
//@inline
export function fetchHitOf(pc: u32): usize {
  return fetchHitIn(load<u32>(FETCH_MODE), pc);
}

//@inline
function fetchHitIn(mode: u32, pc: u32): usize {
  const hash = (pc >> 8) ^ (pc >> 16) ^ (mode << 7);
  return FETCH_HITS + (hash & ((FETCH_HIT_COUNT - 1) << 4));
}

//@inline
export function isFetchHit(hit: usize, pc: u32): bool {
  return (
    load<u32>(hit) === ((pc & PAGE_MASK) | load<u32>(FETCH_MODE)) &&
    load<u32>(hit, 4) === load<u32>(FETCH_SATP)
  );
}

export function clearFetchHits(): void {
  forgetJumps();
  memory.fill(FETCH_HITS, 0, FETCH_HIT_COUNT << 4);
}

/** Those that were made through an entry of the TLB: of any address in a superpage, of its own in another. */
export function clearFetchHitsOf(entry: usize): void {
  const tag = load<u32>(entry);
  if ((tag & TLB_SUPERPAGE) === 0) {
    clearFetchHitOf(entry, fetchHitIn(USER_MODE, tag));
    clearFetchHitOf(entry, fetchHitIn(SUPERVISOR_MODE, tag));
    return;
  }
  for (let hit: usize = FETCH_HITS; hit < FETCH_HITS + (FETCH_HIT_COUNT << 4); hit += 16) {
    clearFetchHitOf(entry, hit);
  }
}

/** The end of a line or of SCRATCH where the next one is not ready, or is on another page; the crossing of a page. */
export function leaveLine(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  jump(addressOf(entry));
}

/** CROSS_LINE whose next line is not ready: fetches it for the second half of the instruction. */
export function crossLine(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  const slot = load<usize>(PAGE_LINES) + load<u16>(entry, 6);
  accessInstruction(lineNumber(slot));
  provideLine(slot, lineOf(entry));
  continueFetched(entry + step(entry));
}

/**
 * Translates the address of an instruction, at its cost: the lines of its page, or 0 where there was a fault, or
 * where it is not a page that may be executed as a whole.
 */
export function openPage(pc: u32): usize {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const pa = translate(pc, FETCH, load<u32>(PRIVILEGE));
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT || !inRam(pa, 2)) return 0;
  const allowed = permissions(pa & PAGE_MASK, PAGE_BYTES, load<u32>(PRIVILEGE));
  if (allowed === MIXED || (allowed & PMP_EXECUTE) === 0) return 0;
  setFetchHit(pc, pa);
  return lineSlot(pa & PAGE_MASK);
}

function setFetchHit(pc: u32, pa: u32): void {
  const lines = lineSlot(pa & PAGE_MASK);
  store<usize>(PAGE_LINES, lines);
  const hit = fetchHitOf(pc);
  store<u32>(hit, (pc & PAGE_MASK) | load<u32>(FETCH_MODE));
  store<u32>(hit, load<u32>(FETCH_SATP), 4);
  store<usize>(hit, lines, 8);
  store<usize>(hit, usedEntry, 12);
}

//@inline
function clearFetchHitOf(entry: usize, hit: usize): void {
  if (load<usize>(hit, 12) === entry) store<u32>(hit, 0);
}

function isCrossingPage(pa: u32): bool {
  return (pa & 0xffe) === 0xffe && (load<u16>(hostOf(pa)) & 3) === 3;
}

export function lineNumber(slot: usize): u32 {
  return (RAM_BASE >> 6) + ((slot - LINE_TABLE) >> 2);
}

/** Decodes one instruction, wherever it is, into SCRATCH. */
function fetchAlone(pc: u32, pa: u32): usize {
  const low = fetchHalf(pc, pa);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  let bits = low;
  if ((low & 3) === 3) {
    const behind = pc + 2;
    const crossing = (behind & ~PAGE_MASK) === 0;
    const paBehind = crossing ? translate(behind, FETCH, load<u32>(PRIVILEGE)) : pa + 2;
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
    bits |= fetchHalf(behind, paBehind) << 16;
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  }
  return isolate(pc & ~PAGE_MASK, bits);
}

/** Decodes an instruction into SCRATCH, to be executed by itself. */
export function isolate(offset: u32, bits: u32): usize {
  store<usize>(PAGE_LINES, NO_LINES);
  decode(SCRATCH, bits, offset, ISOLATED);
  const end = SCRATCH + step(SCRATCH);
  store<u8>(end, SCRATCH_END);
  store<u32>(end, 0, 8);
  store<u8>(end, 1, 13);
  store<u32>(SCRATCH_OFFSET, offset);
  store<u32>(SCRATCH_NEXT, offset + ((step(SCRATCH) as u32) >> 3));
  return SCRATCH;
}

/** Sixteen bits of code; the fault is noted where there are none. */
function fetchHalf(va: u32, pa: u32): u32 {
  if ((permissions(pa, 2, load<u32>(PRIVILEGE)) & PMP_EXECUTE) === 0) return accessFault(va, FETCH) as u32;
  if (inRam(pa, 2)) {
    accessInstruction(pa >> 6);
    return load<u16>(hostOf(pa));
  }
  if (pa - BOOT_ROM_BASE >= BOOT_ROM_SIZE) return accessFault(va, FETCH) as u32;
  count(COUNT_DEVICE);
  charge(UNCACHED);
  store<u64>(CYCLE, cycleNow(0));
  const half = busRead(pa, 2);
  return half < 0 ? (accessFault(va, FETCH) as u32) : (half as u32);
}
