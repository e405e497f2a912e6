/**
 * Loads and stores: the common case by the data hit table, everything else by the slow path, which
 * is the model itself: translation, PMP, the D$, misaligned accesses, devices, watchpoints.
 *
 * A misaligned access to RAM costs MISALIGNED and is otherwise one access to each line it touches; both
 * pages are translated before anything is read or written. Outside RAM it is an access fault, not a
 * misaligned one, lest software emulate it by parts that have effects. A device is accessed with UNCACHED
 * charged, so that it sees the cycle at which it answers.
 */
import {
  ACCUMULATOR,
  ATTENTION,
  ATTENTION_WATCHPOINT,
  COUNT_DEVICE,
  COUNT_MISALIGNED,
  CYCLE,
  DATA_KEY,
  DATA_PRIVILEGE,
  FAULT_CAUSE,
  WATCHED_ADDRESS,
  WATCHPOINT_COUNT,
  WATCHPOINTS,
} from '../../manual/core-layout.ts';
import {
  CAUSE_LOAD_MISALIGNED,
  CAUSE_STORE_MISALIGNED,
  PMP_READ,
  PMP_WRITE,
  PTE_DIRTY,
  PTE_WRITE,
} from '../../manual/csr.ts';
import { MISALIGNED, UNCACHED } from '../../manual/timing.ts';
import { continueAt, cycleNow, jump } from './boundary.ts';
import { accessData, isDirty, setDirty } from './cache.ts';
import { BYTE, setHit, tagOf } from './data-hit.ts';
import { charge, count, immediate, rs1, rs2, setRd, step, suffix } from './entry.ts';
import { busRead, busWrite } from './host.ts';
import { addressOf } from './line.ts';
import { accessFault, LOAD, STORE, translate, usedEntry } from './mmu.ts';
import { permissions } from './pmp.ts';
import { hostOf, inRam, isFreeOfCode, pageIsMarked, written } from './ram.ts';
import { fault, NO_FAULT, takeException } from './trap.ts';

/** Kinds of loads: bytes, and SIGNED where the value is sign-extended. */
export const SIGNED: u32 = 0x10;

const LINE_MASK: u32 = 63;
const PAGE_MASK: u32 = 0xffff_f000;

//@inline
export function address(entry: usize): u32 {
  return (rs1(entry) + immediate(entry)) as u32;
}

/** A load that is not a hit; the accumulator covers the whole block. */
export function loadSlowly(entry: usize, accumulator: i64, kind: u32): void {
  store<i64>(ACCUMULATOR, accumulator);
  const size = kind & 7;
  const value = read(suffix(entry), address(entry), size);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  setRd(entry, (kind & SIGNED) !== 0 ? extend(value, size) : (value as i32));
  continueAt(entry + step(entry));
}

export function storeSlowly(entry: usize, accumulator: i64, size: u32): void {
  store<i64>(ACCUMULATOR, accumulator);
  write(suffix(entry), address(entry), size, rs2(entry) as u32);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  continueAt(entry + step(entry));
}

/** The instruction at the entry has faulted: nothing of it and of what follows is executed. */
export function faulted(entry: usize): void {
  store<i64>(ACCUMULATOR, load<i64>(ACCUMULATOR) + suffix(entry));
  jump(takeException(addressOf(entry)));
}

/** The address in RAM of an aligned word for LR, SC and AMO; 0 with the fault noted. */
export function atomicAddress(va: u32, access: u32): u32 {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  watch(va, 4, access === LOAD ? 1 : 3);
  if ((va & 3) !== 0) {
    fault(access === LOAD ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, va);
    return 0;
  }
  const pa = translate(va, access, load<u32>(DATA_PRIVILEGE));
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  const wanted: u32 = access === LOAD ? PMP_READ : PMP_READ | PMP_WRITE;
  const allowed = permissions(pa, 4, load<u32>(DATA_PRIVILEGE));
  if ((allowed & wanted) === wanted && inRam(pa, 4)) return pa;
  return accessFault(va, access) as u32;
}

export function extend(value: u32, size: u32): i32 {
  const unused = 32 - (size << 3);
  return ((value << unused) as i32) >> unused;
}

/** `refund`: what is charged already from this instruction on. The fault is noted where there is one. */
export function read(refund: i64, va: u32, size: u32): u32 {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  watch(va, size, 1);
  const pa = translate(va, LOAD, load<u32>(DATA_PRIVILEGE));
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  if ((va & (size - 1)) !== 0) return readMisaligned(va, pa, size);
  if (!isAllowed(pa, size, PMP_READ)) return accessFault(va, LOAD) as u32;
  if (!inRam(pa, size)) return readDevice(refund, va, pa, size);
  touch(va, pa, LOAD);
  const host = hostOf(pa);
  return size === 4 ? load<u32>(host) : size === 2 ? (load<u16>(host) as u32) : (load<u8>(host) as u32);
}

export function write(refund: i64, va: u32, size: u32, value: u32): void {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  watch(va, size, 2);
  const pa = translate(va, STORE, load<u32>(DATA_PRIVILEGE));
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return;
  if ((va & (size - 1)) !== 0) return writeMisaligned(va, pa, size, value);
  if (!isAllowed(pa, size, PMP_WRITE)) {
    accessFault(va, STORE);
    return;
  }
  if (!inRam(pa, size)) return writeDevice(refund, va, pa, size, value);
  touch(va, pa, STORE);
  const host = hostOf(pa);
  if (size === 4) store<u32>(host, value);
  else if (size === 2) store<u16>(host, value as u16);
  else store<u8>(host, value as u8);
}

/** Brings the line of a permitted access into the D$ and makes its hit. */
export function touch(va: u32, pa: u32, access: u32): void {
  const way = accessData(pa >> 6);
  if (access === STORE) {
    setDirty(way);
    written(pa);
  }
  if (load<u32>(WATCHPOINT_COUNT) !== 0) return;
  const allowed = permissions(pa & ~LINE_MASK, 64, load<u32>(DATA_PRIVILEGE));
  if ((allowed & PMP_READ) === 0) return;
  const leaf: u32 = usedEntry === 0 ? PTE_WRITE | PTE_DIRTY : load<u32>(usedEntry, 12);
  const writable =
    (leaf & (PTE_WRITE | PTE_DIRTY)) === (PTE_WRITE | PTE_DIRTY) &&
    (allowed & PMP_WRITE) !== 0 &&
    isDirty(way) &&
    pageIsMarked(pa) &&
    isFreeOfCode(pa);
  const lineVa = va & ~LINE_MASK;
  setHit(tagOf(va, BYTE, load<u32>(DATA_KEY)), writable, hostOf(pa & ~LINE_MASK), lineVa, way, usedEntry);
}

//@inline
function isAllowed(pa: u32, size: u32, wanted: u32): bool {
  return (permissions(pa, size, load<u32>(DATA_PRIVILEGE)) & wanted) !== 0;
}

function readMisaligned(va: u32, pa: u32, size: u32): u32 {
  const behind = addressBehind(va, pa, size, LOAD);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  let value: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    value |= (load<u8>(hostOf(byteAddress(va, pa, behind, i))) as u32) << (i << 3);
  }
  return value;
}

function writeMisaligned(va: u32, pa: u32, size: u32, value: u32): void {
  const behind = addressBehind(va, pa, size, STORE);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return;
  for (let i: u32 = 0; i < size; i++) {
    store<u8>(hostOf(byteAddress(va, pa, behind, i)), (value >> (i << 3)) as u8);
  }
}

/** Where byte `i` is; `behind` is the physical address of the first byte on the next page. */
function byteAddress(va: u32, pa: u32, behind: u32, i: u32): u32 {
  return ((va ^ (va + i)) & PAGE_MASK) === 0 ? pa + i : behind + ((va + i) & ~PAGE_MASK);
}

/**
 * Checks and charges a misaligned access; the physical address of the part on the next page, if there is
 * one. The line of a part is brought in only when both parts are known to be permitted.
 */
function addressBehind(va: u32, pa: u32, size: u32, access: u32): u32 {
  const last = va + size - 1;
  const split = ((va ^ last) & PAGE_MASK) !== 0;
  const vaBehind = last & PAGE_MASK;
  let behind: u32 = 0;
  if (split) {
    behind = translate(vaBehind, access, load<u32>(DATA_PRIVILEGE));
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  }
  const sizeHere = split ? vaBehind - va : size;
  if (!inRam(pa, sizeHere) || (split && !inRam(behind, size - sizeHere))) {
    return accessFault(va, access) as u32;
  }
  const wanted: u32 = access === LOAD ? PMP_READ : PMP_WRITE;
  if (!isAllowed(pa, sizeHere, wanted)) accessFault(va, access);
  else if (split && !isAllowed(behind, size - sizeHere, wanted)) accessFault(vaBehind, access);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return 0;
  count(COUNT_MISALIGNED);
  charge(MISALIGNED);
  bring(pa, access);
  if (((va ^ last) & ~LINE_MASK) !== 0) bring(byteAddress(va, pa, behind, size - 1), access);
  return behind;
}

function bring(pa: u32, access: u32): void {
  const way = accessData(pa >> 6);
  if (access !== STORE) return;
  setDirty(way);
  written(pa);
}

function readDevice(refund: i64, va: u32, pa: u32, size: u32): u32 {
  reachDevice(refund);
  const value = busRead(pa, size);
  return value < 0 ? (accessFault(va, LOAD) as u32) : (value as u32);
}

function writeDevice(refund: i64, va: u32, pa: u32, size: u32, value: u32): void {
  reachDevice(refund);
  const narrow = size === 4 ? value : value & ((1 << (size << 3)) - 1);
  if (busWrite(pa, size, narrow) === 0) accessFault(va, STORE);
}

function reachDevice(refund: i64): void {
  count(COUNT_DEVICE);
  charge(UNCACHED);
  store<u64>(CYCLE, cycleNow(refund));
}

/** `kind`: 1 read, 2 write, 3 both. */
function watch(va: u32, size: u32, kind: u32): void {
  const end = load<u32>(WATCHPOINT_COUNT);
  for (let i: u32 = 0; i < end; i++) {
    const at: usize = WATCHPOINTS + i * 12;
    if ((load<u32>(at, 8) & kind) === 0) continue;
    const from = load<u32>(at);
    if (va - from >= load<u32>(at, 4) && from - va >= size) continue;
    store<u32>(WATCHED_ADDRESS, va);
    store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_WATCHPOINT);
  }
}
