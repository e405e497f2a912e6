/**
 * Sv32: TLBs and page walks (Privileged 4.3).
 *
 * Each TLB is a ring of entries replaced first-in first-out; a superpage is one entry. A miss walks the
 * tables through the D$ at WALK_READ a step, and fills the TLB only where a leaf was found that permits the
 * access. A store to a page whose entry says "not dirty" walks again and renews the entry in place. The
 * bits A and D are set in the table by the walker, at no cost beyond making its line dirty, or cause a
 * page fault, as AD_HARDWARE says.
 */
import {
  AD_HARDWARE,
  COUNT_D_TLB_MISS,
  COUNT_I_TLB_MISS,
  COUNT_WALK_READ,
  DATA_TLB,
  DATA_TLB_NEXT,
  FETCH_HIT_COUNT,
  FETCH_HITS,
  INSTRUCTION_TLB,
  INSTRUCTION_TLB_NEXT,
  MSTATUS,
  TLB_ENTRY_COUNT,
  TLB_GLOBAL,
  TLB_SUPERPAGE,
  TLB_VALID,
} from '../../manual/core-layout.ts';
import {
  CAUSE_FETCH_ACCESS,
  CAUSE_FETCH_PAGE,
  CAUSE_LOAD_ACCESS,
  CAUSE_LOAD_PAGE,
  CAUSE_STORE_ACCESS,
  CAUSE_STORE_PAGE,
  MSTATUS_MXR,
  MSTATUS_SUM,
  PMP_READ,
  PMP_WRITE,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_EXECUTE,
  PTE_GLOBAL,
  PTE_READ,
  PTE_USER,
  PTE_VALID,
  PTE_WRITE,
  SATP_ASID_MASK,
  SATP_ASID_SHIFT,
  SATP_PPN_MASK,
} from '../../manual/csr.ts';
import { WALK_READ } from '../../manual/timing.ts';
import { accessData, setDirty } from './cache.ts';
import { translatedBy } from './context.ts';
import { clearHitsOfTlbEntry } from './data-hit.ts';
import { charge, count } from './entry.ts';
import { permissions } from './pmp.ts';
import { hostOf, inRam, storeWord } from './ram.ts';
import { fault } from './trap.ts';

export const FETCH: u32 = 0;
export const LOAD: u32 = 1;
export const STORE: u32 = 2;

const PAGE_MASK: u32 = 0xffff_f000;
const SUPERPAGE_MASK: u32 = 0xffc0_0000;
const SUPERVISOR: u32 = 1;

/** The TLB entry that the last translation used; 0 where there was none to use. */
export let usedEntry: usize = 0;

/** The physical address; where FAULT_CAUSE says so, there is none. */
export function translate(va: u32, access: u32, privilege: u32): u32 {
  const satp = translatedBy(privilege);
  usedEntry = 0;
  if (satp === 0) return va;
  const tlb: usize = access === FETCH ? INSTRUCTION_TLB : DATA_TLB;
  let entry = find(tlb, va, asidOf(satp));
  const known = entry !== 0;
  if (known) {
    const leaf = load<u32>(entry, 12);
    if (!permitted(leaf, access, privilege)) return pageFault(va, access);
    if (access !== STORE || (leaf & PTE_DIRTY) !== 0) return reach(entry, va);
  }
  if (!known) count(access === FETCH ? COUNT_I_TLB_MISS : COUNT_D_TLB_MISS);
  const leafAt = walk(va, access, privilege, satp);
  if (leafAt === 0) return 0;
  entry = known ? entry : victim(tlb);
  fill(entry, va, asidOf(satp));
  return reach(entry, va);
}

/** Forgets entries of both TLBs: of one address or all, of one address space or all (then global ones too). */
export function forgetTranslations(byAddress: bool, va: u32, byAsid: bool, asid: u32): void {
  const size = load<u32>(TLB_ENTRY_COUNT) << 4;
  for (let at: usize = 0; at < size; at += 16) {
    const instruction = INSTRUCTION_TLB + at;
    const data = DATA_TLB + at;
    if (concerns(instruction, byAddress, va, byAsid, asid)) forget(instruction);
    if (concerns(data, byAddress, va, byAsid, asid)) forget(data);
  }
}

/** Without cost or effect, for debuggers: the leaf's address is taken whatever it permits; false = not mapped. */
export function probe(va: u32, satp: u32): bool {
  let table = satp & SATP_PPN_MASK;
  for (let level: u32 = 1; ; level--) {
    const at = (table << 12) + (indexOf(va, level) << 2);
    if (table >= 0x10_0000 || !inRam(at, 4)) return false;
    const pte = load<u32>(hostOf(at));
    if ((pte & PTE_VALID) === 0) return false;
    if ((pte & (PTE_READ | PTE_WRITE | PTE_EXECUTE)) === 0) {
      if (level === 0) return false;
      table = pte >> 10;
      continue;
    }
    leafEntry = pte;
    leafSuper = level === 1;
    return pte >> 30 === 0;
  }
}

/** What `probe` or the last walk found. */
export let leafEntry: u32 = 0;
export let leafSuper: bool = false;

export function leafAddress(va: u32): u32 {
  const mask = leafSuper ? SUPERPAGE_MASK : PAGE_MASK;
  return (((leafEntry >> 10) << 12) & mask) | (va & ~mask);
}

//@inline
function asidOf(satp: u32): u32 {
  return (satp >> SATP_ASID_SHIFT) & SATP_ASID_MASK;
}

function indexOf(va: u32, level: u32): u32 {
  return level === 1 ? va >> 22 : (va >> 12) & 0x3ff;
}

/** Entries with bits of the page's address that do not count are made so that the comparison is exact. */
function find(tlb: usize, va: u32, asid: u32): usize {
  const end = tlb + (load<u32>(TLB_ENTRY_COUNT) << 4);
  for (let entry = tlb; entry < end; entry += 16) {
    const tag = load<u32>(entry);
    if (((tag ^ va) & SUPERPAGE_MASK) !== 0 || (tag & TLB_VALID) === 0) continue;
    if ((tag & TLB_SUPERPAGE) === 0 && ((tag ^ va) & PAGE_MASK) !== 0) continue;
    if ((tag & TLB_GLOBAL) !== 0 || load<u32>(entry, 4) === asid) return entry;
  }
  return 0;
}

function reach(entry: usize, va: u32): u32 {
  usedEntry = entry;
  const mask = (load<u32>(entry) & TLB_SUPERPAGE) !== 0 ? SUPERPAGE_MASK : PAGE_MASK;
  return load<u32>(entry, 8) | (va & ~mask);
}

function permitted(leaf: u32, access: u32, privilege: u32): bool {
  const status = load<u32>(MSTATUS);
  const user = (leaf & PTE_USER) !== 0;
  if (privilege === 0 && !user) return false;
  if (privilege === SUPERVISOR && user && (access === FETCH || (status & MSTATUS_SUM) === 0)) return false;
  if (access === FETCH) return (leaf & PTE_EXECUTE) !== 0;
  if (access === STORE) return (leaf & PTE_WRITE) !== 0;
  if ((leaf & PTE_READ) !== 0) return true;
  return (status & MSTATUS_MXR) !== 0 && (leaf & PTE_EXECUTE) !== 0;
}

/** Leaves what it found in leafEntry, leafSuper; false = faulted. */
function walk(va: u32, access: u32, privilege: u32, satp: u32): bool {
  let table = satp & SATP_PPN_MASK;
  for (let level: u32 = 1; ; level--) {
    const at = (table << 12) + (indexOf(va, level) << 2);
    if (table >= 0x10_0000 || !readable(at)) return accessFault(va, access);
    count(COUNT_WALK_READ);
    charge(WALK_READ);
    const way = accessData(at >> 6);
    const pte = load<u32>(hostOf(at));
    if ((pte & PTE_VALID) === 0 || (pte & (PTE_READ | PTE_WRITE)) === PTE_WRITE) return leafFault(va, access);
    if ((pte & (PTE_READ | PTE_EXECUTE)) === 0) {
      // A pointer to the next table; its A, D and U bits are reserved.
      if (level === 0 || (pte & (PTE_ACCESSED | PTE_DIRTY | PTE_USER)) !== 0) return leafFault(va, access);
      table = pte >> 10;
      continue;
    }
    if (!permitted(pte, access, privilege)) return leafFault(va, access);
    if (level === 1 && ((pte >> 10) & 0x3ff) !== 0) return leafFault(va, access);
    leafEntry = pte;
    leafSuper = level === 1;
    if (!setAccessed(at, way, access)) return leafFaultOr(va, access, at);
    // Physical addresses beyond 32 bits have nothing at them.
    return pte >> 30 === 0 ? true : accessFault(va, access);
  }
}

/** A, and D for a store. */
function setAccessed(at: u32, way: u32, access: u32): bool {
  const wanted: u32 = access === STORE ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED;
  if ((leafEntry & wanted) === wanted) return true;
  if (load<u32>(AD_HARDWARE) === 0) return false;
  if ((permissions(at, 4, SUPERVISOR) & PMP_WRITE) === 0) return false;
  leafEntry |= wanted;
  setDirty(way);
  storeWord(at, leafEntry);
  return true;
}

function leafFaultOr(va: u32, access: u32, at: u32): bool {
  const protectedTable = load<u32>(AD_HARDWARE) !== 0 && (permissions(at, 4, SUPERVISOR) & PMP_WRITE) === 0;
  return protectedTable ? accessFault(va, access) : leafFault(va, access);
}

function readable(at: u32): bool {
  return inRam(at, 4) && (permissions(at, 4, SUPERVISOR) & PMP_READ) !== 0;
}

function fill(entry: usize, va: u32, asid: u32): void {
  forget(entry);
  const mask = leafSuper ? SUPERPAGE_MASK : PAGE_MASK;
  let flags: u32 = TLB_VALID;
  if (leafSuper) flags |= TLB_SUPERPAGE;
  if ((leafEntry & PTE_GLOBAL) !== 0) flags |= TLB_GLOBAL;
  store<u32>(entry, (va & mask) | flags);
  store<u32>(entry, asid, 4);
  store<u32>(entry, ((leafEntry >> 10) << 12) & mask, 8);
  store<u32>(entry, leafEntry & 0xff, 12);
}

function victim(tlb: usize): usize {
  const next: usize = tlb === INSTRUCTION_TLB ? INSTRUCTION_TLB_NEXT : DATA_TLB_NEXT;
  const index = load<u32>(next);
  store<u32>(next, index + 1 === load<u32>(TLB_ENTRY_COUNT) ? 0 : index + 1);
  return tlb + (index << 4);
}

function concerns(entry: usize, byAddress: bool, va: u32, byAsid: bool, asid: u32): bool {
  const tag = load<u32>(entry);
  if ((tag & TLB_VALID) === 0) return false;
  const mask = (tag & TLB_SUPERPAGE) !== 0 ? SUPERPAGE_MASK : PAGE_MASK;
  if (byAddress && ((tag ^ va) & mask) !== 0) return false;
  return !byAsid || ((tag & TLB_GLOBAL) === 0 && load<u32>(entry, 4) === asid);
}

/** Empties an entry and clears what the hit tables derived from it. */
function forget(entry: usize): void {
  if ((load<u32>(entry) & TLB_VALID) === 0) return;
  store<u32>(entry, 0);
  if (entry >= DATA_TLB) return clearHitsOfTlbEntry(entry);
  for (let hit: usize = FETCH_HITS; hit < FETCH_HITS + FETCH_HIT_COUNT * 16; hit += 16) {
    if (load<usize>(hit, 12) === entry) store<u32>(hit, 0);
  }
}

function pageFault(va: u32, access: u32): u32 {
  fault(access === FETCH ? CAUSE_FETCH_PAGE : access === LOAD ? CAUSE_LOAD_PAGE : CAUSE_STORE_PAGE, va);
  return 0;
}

function leafFault(va: u32, access: u32): bool {
  pageFault(va, access);
  return false;
}

export function accessFault(va: u32, access: u32): bool {
  fault(access === FETCH ? CAUSE_FETCH_ACCESS : access === LOAD ? CAUSE_LOAD_ACCESS : CAUSE_STORE_ACCESS, va);
  return false;
}
