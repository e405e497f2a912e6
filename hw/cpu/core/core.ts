/**
 * The core's face: what the host calls (hw/cpu/hart.ts) and generated code may.
 *
 * `run` is the machine; everything else is called between runs, except `ramWritten`, `flushCaches` and
 * `setTimer`, which the bus may also call while it is being accessed.
 */
import {
  ACCUMULATOR,
  ASLEEP,
  ATTENTION,
  ATTENTION_REFETCH,
  BREAKPOINT_PASSED,
  CHUNK_END,
  CYCLE,
  DATA_PRIVILEGE,
  FAULT_CAUSE,
  MIE,
  PC,
  PRIVILEGE,
  STOP_REASON,
  STOP_WFI,
  UNTIL,
} from '../../manual/core-layout.ts';
import { jump } from './boundary.ts';
import { NEVER } from './clock.ts';
import { forgetContexts, privilegeChanged, translatedBy } from './context.ts';
import { readCsr, writeCsr } from './csr.ts';
import { clearAllHits, clearAllWrites } from './data-hit.ts';
import { clearFetchHits } from './fetch.ts';
import { interpret } from './interpreter.ts';
import { dropAllLines, followInstructionCache } from './line.ts';
import { leafAddress, leafEntry, probe } from './mmu.ts';
import { noteRegions } from './pmp.ts';
import { writtenByOther } from './ram.ts';
import { enchainAll } from './tlb.ts';
import { NO_FAULT, pendingInterrupts } from './trap.ts';

export { setTimer } from './clock.ts';
export { explain, forgetLine, setEntry, wasDecoded } from './line.ts';
export {
  atomicInRegion,
  csrInRegion,
  fetchInRegion,
  forgetJumps,
  leaveRegion,
  loadInRegion,
  openInRegion,
  storeInRegion,
  switchInRegion,
  systemInRegion,
} from './region.ts';

/** Runs until the cycle; the reason for its end is a STOP_ constant. */
export function run(until: f64): u32 {
  store<u64>(UNTIL, until >= (NEVER as f64) ? NEVER : (until as u64));
  store<u32>(ATTENTION, 0);
  if (load<u32>(ASLEEP) !== 0 && !hasInterrupt()) return STOP_WFI;
  store<u32>(ASLEEP, 0);
  store<u64>(CHUNK_END, load<u64>(CYCLE));
  store<i64>(ACCUMULATOR, 0);
  jump(load<u32>(PC));
  interpret();
  return load<u32>(STOP_REASON);
}

/** Something pending is enabled in mie, whatever mstatus says: a wfi ends. */
export function hasInterrupt(): bool {
  return (pendingInterrupts() & load<u32>(MIE)) !== 0;
}

/** A bus master wrote to RAM. */
export function ramWritten(pa: u32, size: u32): void {
  writtenByOther(pa, size);
}

/** The host took the page marks: the next store to each page must mark it again. */
export function pageMarksTaken(): void {
  clearAllWrites();
}

/** Empties all that only makes the host fast. */
export function flushCaches(): void {
  dropAllLines();
  forgetTranslations();
}

/** After state was put in place by the host. What was decoded depends on RAM alone, and stays. */
export function resume(): void {
  enchainAll();
  noteRegions();
  followInstructionCache();
  forgetTranslations();
  store<u64>(BREAKPOINT_PASSED, NEVER);
}

function forgetTranslations(): void {
  clearAllHits();
  clearFetchHits();
  forgetContexts();
  privilegeChanged();
  store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_REFETCH);
}

/** A CSR for the debugger, with machine rights: its value, or negative where there is none. */
export function debugReadCsr(number: u32): f64 {
  prepareDebug();
  const value = readCsr(number, 0);
  return load<u32>(FAULT_CAUSE) !== NO_FAULT ? -1 : (value as f64);
}

export function debugWriteCsr(number: u32, value: u32): bool {
  prepareDebug();
  readCsr(number, 0);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT || number >> 10 === 3) return false;
  writeCsr(number, value, 0);
  return true;
}

/** The debugger set the privilege. */
export function setPrivilege(privilege: u32): void {
  store<u32>(PRIVILEGE, privilege);
  privilegeChanged();
}

/** The physical address without costs or effects, or negative; `leaf` then has the page's flags. */
export function debugTranslate(va: u32, execute: bool): f64 {
  const satp = translatedBy(execute ? load<u32>(PRIVILEGE) : load<u32>(DATA_PRIVILEGE));
  if (satp === 0) {
    debugFlags = 0xff;
    return va as f64;
  }
  if (!probe(va, satp)) return -1;
  debugFlags = leafEntry & 0xff;
  return leafAddress(va) as f64;
}

let debugFlags: u32 = 0;

/** Flags of the page table entry that the last debugTranslate went by; all of them without translation. */
export function leaf(): u32 {
  return debugFlags;
}

function prepareDebug(): void {
  store<u32>(FAULT_CAUSE, NO_FAULT);
  store<u64>(CHUNK_END, load<u64>(CYCLE));
  store<i64>(ACCUMULATOR, 0);
}
