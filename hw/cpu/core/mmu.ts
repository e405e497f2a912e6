/**
 * Sv32: translation and page walks (Privileged 4.3).
 *
 * What the TLBs (tlb.ts) do not know is walked for in the tables, through the D$, at WALK_READ a step. The
 * TLB is filled only where a leaf was found that permits the access. A store to a page whose entry says
 * "not dirty" walks again and renews the entry in place. The bits A and D are set in the table by the
 * walker, at no cost beyond making its line dirty, or cause a page fault, as AD_HARDWARE says.
 */
import {
  AD_HARDWARE,
  COUNT_D_TLB_MISS,
  COUNT_I_TLB_MISS,
  COUNT_WALK_READ,
  DATA_TLB,
  INSTRUCTION_TLB,
  MSTATUS,
  TLB_GLOBAL,
  TLB_SUPERPAGE,
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
import { charge, count } from './entry.ts';
import { permissions } from './pmp.ts';
import { hostOf, inRam, storeWord } from './ram.ts';
import { addressBy, fillEntry, findEntry, oldestEntry } from './tlb.ts';
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
  let entry = findEntry(tlb, va, asidOf(satp));
  const known = entry !== 0;
  if (known) {
    const leaf = load<u32>(entry, 12);
    if (!permitted(leaf, access, privilege)) return pageFault(va, access);
    if (access !== STORE || (leaf & PTE_DIRTY) !== 0) return use(entry, va);
  }
  if (!known) count(access === FETCH ? COUNT_I_TLB_MISS : COUNT_D_TLB_MISS);
  if (!walk(va, access, privilege, satp)) return 0;
  if (!known) entry = oldestEntry(tlb);
  let flags: u32 = leafSuper ? TLB_SUPERPAGE : 0;
  if ((leafEntry & PTE_GLOBAL) !== 0) flags |= TLB_GLOBAL;
  fillEntry(entry, va, asidOf(satp), (leafEntry >> 10) << 12, flags, leafEntry & 0xff);
  return use(entry, va);
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

function use(entry: usize, va: u32): u32 {
  usedEntry = entry;
  return addressBy(entry, va);
}

function indexOf(va: u32, level: u32): u32 {
  return level === 1 ? va >> 22 : (va >> 12) & 0x3ff;
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
