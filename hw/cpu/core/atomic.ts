/**
 * LR, SC and AMO on aligned words of RAM; anywhere else they trap.
 *
 * The reservation is one 64-byte line of physical memory. It ends with any SC, with a write to the line
 * by another bus master, and with a return from a trap; the hart's own stores leave it. An SC that fails
 * translates and checks its address, but touches neither cache nor memory.
 */
import { ACCUMULATOR, DATA_KEY, FAULT_CAUSE, RESERVATION } from '../../manual/core-layout.ts';
import { continueAt } from './boundary.ts';
import { addend, hitOf, tagOf, WORD, writeTag } from './data-hit.ts';
import { link, rs1, rs2, setRd, step } from './entry.ts';
import { atomicAddress, faulted, touch } from './memory.ts';
import { LOAD, STORE } from './mmu.ts';
import { hostOf } from './ram.ts';
import { NO_FAULT } from './trap.ts';

const LINE_MASK: u32 = 63;

export function loadReserved(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  const va = rs1(entry) as u32;
  const pa = atomicAddress(va, LOAD);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  touch(va, pa, LOAD);
  store<u32>(RESERVATION, pa & ~LINE_MASK);
  setRd(entry, load<i32>(hostOf(pa)));
  continueAt(entry + step(entry));
}

export function storeConditional(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  const va = rs1(entry) as u32;
  const pa = atomicAddress(va, STORE);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  const succeeds = load<u32>(RESERVATION) === (pa & ~LINE_MASK);
  store<u32>(RESERVATION, 0);
  if (succeeds) {
    touch(va, pa, STORE);
    store<i32>(hostOf(pa), rs2(entry));
  }
  setRd(entry, succeeds ? 0 : 1);
  continueAt(entry + step(entry));
}

export function atomicOperation(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  const va = rs1(entry) as u32;
  const tag = tagOf(va, WORD, load<u32>(DATA_KEY));
  const hit = hitOf(tag);
  let host: usize = va + addend(hit);
  if (writeTag(hit) !== tag) {
    const pa = atomicAddress(va, STORE);
    if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
    touch(va, pa, STORE);
    host = hostOf(pa);
  }
  const before = load<i32>(host);
  store<i32>(host, combine(link(entry), before, rs2(entry)));
  setRd(entry, before);
  continueAt(entry + step(entry));
}

/** What an AMO makes of the word before, by funct5. */
export function combine(operation: u32, a: i32, b: i32): i32 {
  switch (operation) {
    case 0x00:
      return a + b;
    case 0x01:
      return b;
    case 0x04:
      return a ^ b;
    case 0x08:
      return a | b;
    case 0x0c:
      return a & b;
    case 0x10:
      return min<i32>(a, b);
    case 0x14:
      return max<i32>(a, b);
    case 0x18:
      return min<u32>(a as u32, b as u32) as i32;
    default:
      return max<u32>(a as u32, b as u32) as i32;
  }
}
