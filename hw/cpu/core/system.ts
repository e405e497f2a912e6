/**
 * Instructions that change the hart's course: environment calls, returns from traps, wfi, fences of
 * instructions and translations, and illegal ones.
 */
import {
  ACCUMULATOR,
  ASLEEP,
  ATTENTION,
  ATTENTION_INTERRUPT,
  FAULT_CAUSE,
  MSTATUS,
  PRIVILEGE,
  RESERVATION,
} from '../../manual/core-layout.ts';
import {
  CAUSE_BREAKPOINT,
  CAUSE_ECALL,
  CAUSE_ILLEGAL,
  MSTATUS_TSR,
  MSTATUS_TVM,
  MSTATUS_TW,
  SATP_ASID_MASK,
} from '../../manual/csr.ts';
import { jump } from './boundary.ts';
import { emptyInstructionCache } from './cache.ts';
import { immediate, rs1, rs2, step } from './entry.ts';
import { addressOf } from './line.ts';
import { faulted } from './memory.ts';
import { forgetTranslations } from './tlb.ts';
import { fault, NO_FAULT, returnFromMachine, returnFromSupervisor } from './trap.ts';

const ECALL: u32 = 0x0000_0073;
const EBREAK: u32 = 0x0010_0073;
const EBREAK_COMPRESSED: u32 = 0x9002;
const SRET: u32 = 0x1020_0073;
const MRET: u32 = 0x3020_0073;
const WFI: u32 = 0x1050_0073;
const SFENCE_VMA: u32 = 0x1200_0073;
const SFENCE_VMA_MASK: u32 = 0xfe00_7fff;
const FENCE_I: u32 = 0x100f;
const FENCE_I_MASK: u32 = 0x707f;
const USER: u32 = 0;
const SUPERVISOR: u32 = 1;
const MACHINE: u32 = 3;

/** An entry that ends its block, so that the accumulator is exact behind it. */
export function systemInstruction(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const next = execute(entry, immediate(entry) as u32);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  jump(next);
}

export function illegalInstruction(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  illegal(immediate(entry) as u32);
  faulted(entry);
}

/** The address to go on at. */
function execute(entry: usize, raw: u32): u32 {
  const next = addressOf(entry) + ((step(entry) as u32) >> 3);
  if ((raw & FENCE_I_MASK) === FENCE_I) return fenceInstructions(next);
  if ((raw & SFENCE_VMA_MASK) === SFENCE_VMA) return fenceTranslations(entry, raw, next);
  switch (raw) {
    case EBREAK:
    case EBREAK_COMPRESSED:
      fault(CAUSE_BREAKPOINT, addressOf(entry));
      return 0;
    case WFI:
      if (isWithheld(MSTATUS_TW)) return illegal(raw);
      store<u32>(ASLEEP, 1);
      store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_INTERRUPT);
      return next;
    default:
      return callOrReturn(raw);
  }
}

/** ecall, mret and sret: where to go on, or a fault. */
export function callOrReturn(raw: u32): u32 {
  const privilege = load<u32>(PRIVILEGE);
  switch (raw) {
    case ECALL:
      fault(CAUSE_ECALL + privilege, 0);
      return 0;
    case MRET:
      if (privilege !== MACHINE) return illegal(raw);
      store<u32>(RESERVATION, 0);
      return returnFromMachine();
    case SRET:
      if (isWithheld(MSTATUS_TSR)) return illegal(raw);
      store<u32>(RESERVATION, 0);
      return returnFromSupervisor();
    default:
      return illegal(raw);
  }
}

/** The I$ is emptied; what is executed next is fetched anew. */
function fenceInstructions(next: u32): u32 {
  emptyInstructionCache();
  return next;
}

function fenceTranslations(entry: usize, raw: u32, next: u32): u32 {
  if (isWithheld(MSTATUS_TVM)) return illegal(raw);
  const byAddress = ((raw >> 15) & 31) !== 0;
  const byAsid = ((raw >> 20) & 31) !== 0;
  forgetTranslations(byAddress, rs1(entry) as u32, byAsid, (rs2(entry) as u32) & SATP_ASID_MASK);
  return next;
}

/** User mode never may; supervisor mode may unless the bit of mstatus is set. */
function isWithheld(bit: u32): bool {
  const privilege = load<u32>(PRIVILEGE);
  return privilege === USER || (privilege === SUPERVISOR && (load<u32>(MSTATUS) & bit) !== 0);
}

function illegal(raw: u32): u32 {
  fault(CAUSE_ILLEGAL, raw);
  return 0;
}
