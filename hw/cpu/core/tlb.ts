/**
 * The two TLBs as the model has them: rings of entries replaced first-in first-out, with address-space
 * ids, global pages and superpages of 4 MiB in one entry each.
 *
 *     entry  0 va page | TLB_VALID | TLB_GLOBAL | TLB_SUPERPAGE   4 asid   8 pa page   12 leaf flags
 *
 * Where several entries match, pages of 4 KiB come before superpages, and lower places before higher ones.
 * To find them fast there is a chain for each hash of a page number and one for superpages; all host.
 *
 *     chains  64 + 1 heads (place + 1, 0 = end), then the next of each place; one byte each
 */
import {
  CHAINS,
  CHAINS_SIZE,
  DATA_TLB,
  DATA_TLB_NEXT,
  INSTRUCTION_TLB,
  INSTRUCTION_TLB_NEXT,
  TLB_ENTRIES_MAX,
  TLB_ENTRY_COUNT,
  TLB_GLOBAL,
  TLB_SUPERPAGE,
  TLB_VALID,
} from '../../manual/core-layout.ts';
import { clearHitsOfTlbEntry } from './data-hit.ts';
import { clearFetchHitsOf } from './fetch.ts';
import { renewSerial } from './region.ts';

const PAGE_MASK: u32 = 0xffff_f000;
const SUPERPAGE_MASK: u32 = 0xffc0_0000;
const SUPERPAGES: u32 = 64;
const FIRST_NEXT: usize = 65;

/** The entry for an address in an address space, or 0. */
export function findEntry(tlb: usize, va: u32, asid: u32): usize {
  const entry = findIn(tlb, bucketOf(va), PAGE_MASK, va, asid);
  return entry !== 0 ? entry : findIn(tlb, SUPERPAGES, SUPERPAGE_MASK, va, asid);
}

/** The entry that is replaced next; the one behind it will be after that. */
export function oldestEntry(tlb: usize): usize {
  const next: usize = tlb === INSTRUCTION_TLB ? INSTRUCTION_TLB_NEXT : DATA_TLB_NEXT;
  const place = load<u32>(next);
  store<u32>(next, place + 1 === load<u32>(TLB_ENTRY_COUNT) ? 0 : place + 1);
  return tlb + (place << 4);
}

export function fillEntry(entry: usize, va: u32, asid: u32, pa: u32, flags: u32, leaf: u32): void {
  forgetEntry(entry);
  const mask = (flags & TLB_SUPERPAGE) !== 0 ? SUPERPAGE_MASK : PAGE_MASK;
  store<u32>(entry, (va & mask) | flags | TLB_VALID);
  store<u32>(entry, asid, 4);
  store<u32>(entry, pa & mask, 8);
  store<u32>(entry, leaf, 12);
  enchain(entry);
}

/** Where an address is by an entry that was found for it. */
//@inline
export function addressBy(entry: usize, va: u32): u32 {
  const mask = (load<u32>(entry) & TLB_SUPERPAGE) !== 0 ? SUPERPAGE_MASK : PAGE_MASK;
  return load<u32>(entry, 8) | (va & ~mask);
}

/** Where in CODE_SERIALS an entry of the instruction TLB has its own; 0 stands for code that is not translated. */
export function serialOf(entry: usize): usize {
  return entry === 0 ? TLB_ENTRIES_MAX << 2 : (entry - INSTRUCTION_TLB) >> 2;
}

/** Forgets entries of both TLBs: of one address or all, of one address space or all (then global ones too). */
export function forgetTranslations(byAddress: bool, va: u32, byAsid: bool, asid: u32): void {
  const size = load<u32>(TLB_ENTRY_COUNT) << 4;
  for (let at: usize = 0; at < size; at += 16) {
    const instruction = INSTRUCTION_TLB + at;
    const data = DATA_TLB + at;
    if (concerns(instruction, byAddress, va, byAsid, asid)) forgetEntry(instruction);
    if (concerns(data, byAddress, va, byAsid, asid)) forgetEntry(data);
  }
}

/** Makes the chains anew from the entries. */
export function enchainAll(): void {
  memory.fill(CHAINS, 0, 2 * CHAINS_SIZE);
  const size = load<u32>(TLB_ENTRY_COUNT) << 4;
  for (let at: usize = 0; at < size; at += 16) {
    if ((load<u32>(INSTRUCTION_TLB + at) & TLB_VALID) !== 0) enchain(INSTRUCTION_TLB + at);
    if ((load<u32>(DATA_TLB + at) & TLB_VALID) !== 0) enchain(DATA_TLB + at);
  }
}

function findIn(tlb: usize, bucket: u32, mask: u32, va: u32, asid: u32): usize {
  const chains = chainsOf(tlb);
  let found: usize = 0;
  let place = load<u8>(chains + bucket) as u32;
  while (place !== 0) {
    const entry = tlb + ((place - 1) << 4);
    const tag = load<u32>(entry);
    const matches = ((tag ^ va) & mask) === 0 && ((tag & TLB_GLOBAL) !== 0 || load<u32>(entry, 4) === asid);
    if (matches && (found === 0 || entry < found)) found = entry;
    place = load<u8>(chains + FIRST_NEXT + place);
  }
  return found;
}

function concerns(entry: usize, byAddress: bool, va: u32, byAsid: bool, asid: u32): bool {
  const tag = load<u32>(entry);
  if ((tag & TLB_VALID) === 0) return false;
  const mask = (tag & TLB_SUPERPAGE) !== 0 ? SUPERPAGE_MASK : PAGE_MASK;
  if (byAddress && ((tag ^ va) & mask) !== 0) return false;
  return !byAsid || ((tag & TLB_GLOBAL) === 0 && load<u32>(entry, 4) === asid);
}

/** Empties an entry and clears what the hit tables derived from it. */
function forgetEntry(entry: usize): void {
  if ((load<u32>(entry) & TLB_VALID) === 0) return;
  unchain(entry);
  if (entry >= DATA_TLB) {
    store<u32>(entry, 0);
    return clearHitsOfTlbEntry(entry);
  }
  clearFetchHitsOf(entry);
  store<u32>(entry, 0);
  renewSerial(serialOf(entry));
}

function enchain(entry: usize): void {
  const chains = chainsOf(entry);
  const head = chains + bucketOfEntry(entry);
  const place = placeOf(entry);
  store<u8>(chains + FIRST_NEXT + place, load<u8>(head));
  store<u8>(head, place as u8);
}

function unchain(entry: usize): void {
  const chains = chainsOf(entry);
  const place = placeOf(entry);
  let at = chains + bucketOfEntry(entry);
  while ((load<u8>(at) as u32) !== place) at = chains + FIRST_NEXT + load<u8>(at);
  store<u8>(at, load<u8>(chains + FIRST_NEXT + place));
}

/** Counted from 1. */
function placeOf(entry: usize): u32 {
  return (((entry - (entry >= DATA_TLB ? DATA_TLB : INSTRUCTION_TLB)) >> 4) + 1) as u32;
}

function chainsOf(entry: usize): usize {
  return entry >= DATA_TLB ? CHAINS + CHAINS_SIZE : CHAINS;
}

function bucketOfEntry(entry: usize): u32 {
  const tag = load<u32>(entry);
  return (tag & TLB_SUPERPAGE) !== 0 ? SUPERPAGES : bucketOf(tag);
}

function bucketOf(va: u32): u32 {
  return ((va >> 12) ^ (va >> 18)) & 63;
}
