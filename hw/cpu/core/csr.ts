/**
 * The CSR instructions and every CSR: who may, what is read, what writing does (Privileged 2 – 4, 1.12).
 *
 * `readCsr` and `writeCsr` leave FAULT_CAUSE at NO_FAULT where the CSR exists; the debugger uses them too,
 * with an entry of 0 and machine rights. WARL fields keep their old value where a write is not legal.
 */
import {
  ACCUMULATOR,
  ATTENTION,
  ATTENTION_REFETCH,
  COUNT_CSR,
  COUNTER_SLOTS,
  CYCLE,
  FAULT_CAUSE,
  HART_ID,
  MCAUSE,
  MCOUNTEREN,
  MCOUNTINHIBIT,
  MEDELEG,
  MENVCFG,
  MENVCFGH,
  MEPC,
  MHPMEVENT,
  MIDELEG,
  MIE,
  MIP_SOFT,
  MSCRATCH,
  MSTATUS,
  MTVAL,
  MTVEC,
  PMPADDR,
  PMPCFG,
  PRIVILEGE,
  SATP,
  SCAUSE,
  SCOUNTEREN,
  SENVCFG,
  SEPC,
  SSCRATCH,
  STIMECMP,
  STVAL,
  STVEC,
} from '../../manual/core-layout.ts';
import * as Csr from '../../manual/csr.ts';
import { continueAt, cycleNow } from './boundary.ts';
import { setTimer, timeAt } from './clock.ts';
import { privilegeChanged } from './context.ts';
import { counterValue, setCounter, setEvent, setInhibit } from './counters.ts';
import { clearAllHits } from './data-hit.ts';
import { count, immediate, link, rs1, setRd, step, suffix } from './entry.ts';
import { clearFetchHits } from './fetch.ts';
import { faulted } from './memory.ts';
import { noteRegions } from './pmp.ts';
import { attendToInterrupts, fault, NO_FAULT, pendingInterrupts } from './trap.ts';

const SSTATUS_MASK: u32 =
  Csr.MSTATUS_SIE | Csr.MSTATUS_SPIE | Csr.MSTATUS_SPP | Csr.MSTATUS_SUM | Csr.MSTATUS_MXR;
const MSTATUS_MASK: u32 =
  SSTATUS_MASK |
  Csr.MSTATUS_MIE |
  Csr.MSTATUS_MPIE |
  Csr.MSTATUS_MPRV |
  Csr.MSTATUS_TVM |
  Csr.MSTATUS_TW |
  Csr.MSTATUS_TSR;
/** All exceptions but the environment call from machine mode. */
const MEDELEG_MASK: u32 = 0xb3ff;
const SUPERVISOR_INTERRUPTS: u32 = Csr.MIP_SSIP | Csr.MIP_STIP | Csr.MIP_SEIP;
const INTERRUPTS: u32 = SUPERVISOR_INTERRUPTS | Csr.MIP_MSIP | Csr.MIP_MTIP | Csr.MIP_MEIP;
const MACHINE: u32 = 3;
const SUPERVISOR: u32 = 1;

/** CSRRW, CSRRS, CSRRC and their immediate forms. */
export function csrInstruction(entry: usize, accumulator: i64): void {
  store<i64>(ACCUMULATOR, accumulator);
  store<u32>(FAULT_CAUSE, NO_FAULT);
  const old = accessCsr(entry, rs1(entry) as u32);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return faulted(entry);
  setRd(entry, old as i32);
  continueAt(entry + step(entry));
}

/**
 * What a CSR instruction does, and the value before it; the entry's immediate has its bits, and its suffix what is
 * charged from it on. Where it is not permitted or there is no such CSR it is illegal.
 */
export function accessCsr(entry: usize, operandValue: u32): u32 {
  const raw = immediate(entry) as u32;
  const number = raw >> 20;
  const field = (raw >> 15) & 31;
  const kind = (raw >> 12) & 3;
  const operand = (raw & 0x4000) !== 0 ? field : operandValue;
  const writes = kind === 1 || field !== 0;
  if (!isPermitted(number, writes)) return refuse(raw);
  const old = readCsr(number, entry);
  if (load<u32>(FAULT_CAUSE) !== NO_FAULT) return refuse(raw);
  if (writes) {
    const base = number === Csr.CSR_MIP || number === Csr.CSR_SIP ? softwarePending(number) : old;
    const value = kind === 1 ? operand : kind === 2 ? base | operand : base & ~operand;
    writeCsr(number, value, entry);
  }
  count(COUNT_CSR);
  return old;
}

/**
 * For the decoder: where the value of a CSR is that needs nothing but its privilege, or 0. The registers of
 * exception addresses lose bit 0 when written.
 */
export function plainCell(number: u32): u32 {
  switch (number) {
    case Csr.CSR_SSCRATCH:
      return SSCRATCH;
    case Csr.CSR_SEPC:
      return SEPC;
    case Csr.CSR_SCAUSE:
      return SCAUSE;
    case Csr.CSR_STVAL:
      return STVAL;
    case Csr.CSR_MSCRATCH:
      return MSCRATCH;
    case Csr.CSR_MEPC:
      return MEPC;
    case Csr.CSR_MCAUSE:
      return MCAUSE;
    case Csr.CSR_MTVAL:
      return MTVAL;
    default:
      return 0;
  }
}

/** The common case of a CSR instruction on a plain cell: its privilege suffices. */
//@inline
export function isPlainPermitted(entry: usize): bool {
  return load<u32>(PRIVILEGE) >= (((immediate(entry) as u32) >> 28) & 3);
}

/** csrr of a plain cell. */
//@inline
export function readPlain(entry: usize): void {
  count(COUNT_CSR);
  setRd(entry, load<i32>(link(entry)));
}

/** csrrw of a plain cell. */
//@inline
export function swapPlain(entry: usize): void {
  count(COUNT_CSR);
  const cell: usize = link(entry);
  const value = rs1(entry);
  const old = load<i32>(cell);
  store<i32>(cell, cell === SEPC || cell === MEPC ? value & ~1 : value);
  setRd(entry, old);
}

/** The value as software sees it, with the rights of machine mode. */
export function readCsr(number: u32, entry: usize): u32 {
  if (isCounter(number)) return readCounter(number, entry);
  if (number >= Csr.CSR_PMPCFG0 && number <= Csr.CSR_PMPCFG3) {
    return load<u32>(PMPCFG + ((number - Csr.CSR_PMPCFG0) << 2));
  }
  if (number >= Csr.CSR_PMPADDR0 && number <= Csr.CSR_PMPADDR15) {
    return load<u32>(PMPADDR + ((number - Csr.CSR_PMPADDR0) << 2));
  }
  if (isEvent(number)) return load<u32>(MHPMEVENT + ((number - Csr.CSR_MHPMEVENT0) << 2));
  if (number >> 8 === 1) return readSupervisor(number, entry);
  return readMachine(number, entry);
}

/** Writes to read-only CSRs have been refused before. */
export function writeCsr(number: u32, value: u32, entry: usize): void {
  if (isCounter(number)) return writeCounter(number, value, entry);
  if (number >= Csr.CSR_PMPCFG0 && number <= Csr.CSR_PMPCFG3) {
    return writePmpConfig((number - Csr.CSR_PMPCFG0) << 2, value);
  }
  if (number >= Csr.CSR_PMPADDR0 && number <= Csr.CSR_PMPADDR15) {
    return writePmpAddress(number - Csr.CSR_PMPADDR0, value);
  }
  if (isEvent(number)) return setEvent(number - Csr.CSR_MHPMEVENT0, legalEvent(value), entry);
  if (number >> 8 === 1) return writeSupervisor(number, value);
  writeMachine(number, value, entry);
}

/** Privilege, read-only range, and what status and counter-enable bits withhold. */
function isPermitted(number: u32, writes: bool): bool {
  const privilege = load<u32>(PRIVILEGE);
  if (((number >> 8) & 3) > privilege) return false;
  if (writes && number >> 10 === 3) return false;
  if (privilege === MACHINE) return true;
  if (number === Csr.CSR_SATP) return (load<u32>(MSTATUS) & Csr.MSTATUS_TVM) === 0;
  if (number === Csr.CSR_STIMECMP || number === Csr.CSR_STIMECMPH) {
    return (load<u32>(MCOUNTEREN) & 2) !== 0 && (load<u32>(MENVCFGH) & Csr.MENVCFGH_STCE) !== 0;
  }
  if (number >> 8 !== 0xc) return true;
  const bit: u32 = 1 << (number & 31);
  if ((load<u32>(MCOUNTEREN) & bit) === 0) return false;
  return privilege === SUPERVISOR || (load<u32>(SCOUNTEREN) & bit) !== 0;
}

function refuse(raw: u32): u32 {
  fault(Csr.CAUSE_ILLEGAL, raw);
  return 0;
}

function absent(): u32 {
  fault(Csr.CAUSE_ILLEGAL, 0);
  return 0;
}

function readSupervisor(number: u32, entry: usize): u32 {
  switch (number) {
    case Csr.CSR_SSTATUS:
      return load<u32>(MSTATUS) & SSTATUS_MASK;
    case Csr.CSR_SIE:
      return load<u32>(MIE) & load<u32>(MIDELEG);
    case Csr.CSR_STVEC:
      return load<u32>(STVEC);
    case Csr.CSR_SCOUNTEREN:
      return load<u32>(SCOUNTEREN);
    case Csr.CSR_SENVCFG:
      return load<u32>(SENVCFG);
    case Csr.CSR_SSCRATCH:
      return load<u32>(SSCRATCH);
    case Csr.CSR_SEPC:
      return load<u32>(SEPC);
    case Csr.CSR_SCAUSE:
      return load<u32>(SCAUSE);
    case Csr.CSR_STVAL:
      return load<u32>(STVAL);
    case Csr.CSR_SIP:
      return pendingNow(entry) & load<u32>(MIDELEG);
    case Csr.CSR_STIMECMP:
      return load<u32>(STIMECMP);
    case Csr.CSR_STIMECMPH:
      return load<u32>(STIMECMP, 4);
    case Csr.CSR_SATP:
      return load<u32>(SATP);
    default:
      return absent();
  }
}

/** mip at the CSR instruction. */
function pendingNow(entry: usize): u32 {
  store<u64>(CYCLE, cycleNow(entry === 0 ? 0 : suffix(entry)));
  return pendingInterrupts();
}

function readMachine(number: u32, entry: usize): u32 {
  switch (number) {
    case Csr.CSR_MSTATUS:
      return load<u32>(MSTATUS);
    case Csr.CSR_MISA:
      return Csr.MISA;
    case Csr.CSR_MEDELEG:
      return load<u32>(MEDELEG);
    case Csr.CSR_MIDELEG:
      return load<u32>(MIDELEG);
    case Csr.CSR_MIE:
      return load<u32>(MIE);
    case Csr.CSR_MTVEC:
      return load<u32>(MTVEC);
    case Csr.CSR_MCOUNTEREN:
      return load<u32>(MCOUNTEREN);
    case Csr.CSR_MCOUNTINHIBIT:
      return load<u32>(MCOUNTINHIBIT);
    case Csr.CSR_MENVCFG:
      return load<u32>(MENVCFG);
    case Csr.CSR_MENVCFGH:
      return load<u32>(MENVCFGH);
    case Csr.CSR_MSCRATCH:
      return load<u32>(MSCRATCH);
    case Csr.CSR_MEPC:
      return load<u32>(MEPC);
    case Csr.CSR_MCAUSE:
      return load<u32>(MCAUSE);
    case Csr.CSR_MTVAL:
      return load<u32>(MTVAL);
    case Csr.CSR_MIP:
      return pendingNow(entry);
    case Csr.CSR_MHARTID:
      return load<u32>(HART_ID);
    case Csr.CSR_MSTATUSH: // little-endian only
    case Csr.CSR_MVENDORID:
    case Csr.CSR_MARCHID:
    case Csr.CSR_MIMPID:
    case Csr.CSR_MCONFIGPTR:
    case Csr.CSR_TSELECT: // no triggers: tdata1 says type 0
    case Csr.CSR_TDATA1:
    case Csr.CSR_TDATA2:
    case Csr.CSR_TDATA3:
      return 0;
    default:
      return absent();
  }
}

function writeSupervisor(number: u32, value: u32): void {
  switch (number) {
    case Csr.CSR_SSTATUS:
      return writeStatus((load<u32>(MSTATUS) & ~SSTATUS_MASK) | (value & SSTATUS_MASK));
    case Csr.CSR_SIE: {
      const mask = load<u32>(MIDELEG);
      return writeEnabled((load<u32>(MIE) & ~mask) | (value & mask));
    }
    case Csr.CSR_STVEC:
      return store<u32>(STVEC, legalVector(load<u32>(STVEC), value));
    case Csr.CSR_SCOUNTEREN:
      return store<u32>(SCOUNTEREN, value);
    case Csr.CSR_SENVCFG:
      return store<u32>(SENVCFG, value & Csr.ENVCFG_FIOM);
    case Csr.CSR_SSCRATCH:
      return store<u32>(SSCRATCH, value);
    case Csr.CSR_SEPC:
      return store<u32>(SEPC, value & ~1);
    case Csr.CSR_SCAUSE:
      return store<u32>(SCAUSE, value);
    case Csr.CSR_STVAL:
      return store<u32>(STVAL, value);
    case Csr.CSR_SIP: {
      const mask = load<u32>(MIDELEG) & Csr.MIP_SSIP;
      return writePending((load<u32>(MIP_SOFT) & ~mask) | (value & mask));
    }
    case Csr.CSR_STIMECMP:
      store<u32>(STIMECMP, value);
      return setTimer();
    case Csr.CSR_STIMECMPH:
      store<u32>(STIMECMP, value, 4);
      return setTimer();
    case Csr.CSR_SATP:
      store<u32>(SATP, value);
      privilegeChanged();
      return attend(ATTENTION_REFETCH);
    default:
      return;
  }
}

function writeMachine(number: u32, value: u32, entry: usize): void {
  switch (number) {
    case Csr.CSR_MSTATUS:
      return writeStatus(value);
    case Csr.CSR_MEDELEG:
      return store<u32>(MEDELEG, value & MEDELEG_MASK);
    case Csr.CSR_MIDELEG:
      store<u32>(MIDELEG, value & SUPERVISOR_INTERRUPTS);
      return attendToInterrupts();
    case Csr.CSR_MIE:
      return writeEnabled(value);
    case Csr.CSR_MTVEC:
      return store<u32>(MTVEC, legalVector(load<u32>(MTVEC), value));
    case Csr.CSR_MCOUNTEREN:
      return store<u32>(MCOUNTEREN, value);
    case Csr.CSR_MCOUNTINHIBIT:
      return setInhibit(value, entry);
    case Csr.CSR_MENVCFG:
      return store<u32>(MENVCFG, value & Csr.ENVCFG_FIOM);
    case Csr.CSR_MENVCFGH:
      store<u32>(MENVCFGH, value & Csr.MENVCFGH_STCE);
      return setTimer();
    case Csr.CSR_MSCRATCH:
      return store<u32>(MSCRATCH, value);
    case Csr.CSR_MEPC:
      return store<u32>(MEPC, value & ~1);
    case Csr.CSR_MCAUSE:
      return store<u32>(MCAUSE, value);
    case Csr.CSR_MTVAL:
      return store<u32>(MTVAL, value);
    case Csr.CSR_MIP: {
      const mask =
        (load<u32>(MENVCFGH) & Csr.MENVCFGH_STCE) === 0 ? SUPERVISOR_INTERRUPTS : Csr.MIP_SSIP | Csr.MIP_SEIP;
      return writePending((load<u32>(MIP_SOFT) & ~mask) | (value & mask));
    }
    default: // misa, mstatush and the triggers' registers have no field that can change
      return;
  }
}

function writeStatus(value: u32): void {
  const old = load<u32>(MSTATUS);
  let next = value & MSTATUS_MASK;
  const previous = (value & Csr.MSTATUS_MPP) >> Csr.MSTATUS_MPP_SHIFT;
  next |= previous === 2 ? old & Csr.MSTATUS_MPP : value & Csr.MSTATUS_MPP;
  store<u32>(MSTATUS, next);
  privilegeChanged();
  attendToInterrupts();
}

function writeEnabled(value: u32): void {
  store<u32>(MIE, value & INTERRUPTS);
  attendToInterrupts();
}

function writePending(value: u32): void {
  store<u32>(MIP_SOFT, value);
  attendToInterrupts();
}

/** What CSRRS and CSRRC on mip and sip start from: SEIP without the line from outside (3.1.9). */
function softwarePending(number: u32): u32 {
  return load<u32>(MIP_SOFT) & (number === Csr.CSR_MIP ? INTERRUPTS : load<u32>(MIDELEG));
}

/** Modes direct and vectored; others are not taken. */
function legalVector(old: u32, value: u32): u32 {
  return (value & 2) !== 0 ? (value & ~3) | (old & 3) : value;
}

function legalEvent(value: u32): u32 {
  return value <= COUNTER_SLOTS ? value : 0;
}

/** mcycle, minstret, mhpmcounters, their user-mode views and high halves, and time. */
function isCounter(number: u32): bool {
  const range = number & ~0x9f;
  if (range === 0xc00) return true;
  return range === 0xb00 && (number & 0x1f) !== 1;
}

/** mhpmevent3 … 31; 0x320 is mcountinhibit, the two behind it are nothing. */
function isEvent(number: u32): bool {
  return number >= Csr.CSR_MHPMEVENT0 + 3 && number < Csr.CSR_MHPMEVENT0 + 32;
}

function readCounter(number: u32, entry: usize): u32 {
  const index = number & 0x1f;
  const value = index === 1 ? timeAt(cycleNow(entry === 0 ? 0 : suffix(entry))) : counterValue(index, entry);
  return ((number & 0x80) !== 0 ? value >> 32 : value) as u32;
}

function writeCounter(number: u32, value: u32, entry: usize): void {
  const index = number & 0x1f;
  const old = counterValue(index, entry);
  const next =
    (number & 0x80) !== 0
      ? (old & 0xffff_ffff) | ((value as u64) << 32)
      : (old & 0xffff_ffff_0000_0000) | (value as u64);
  setCounter(index, next, entry);
}

/** `first`: the entry in the lowest byte. */
function writePmpConfig(first: u32, value: u32): void {
  for (let i: u32 = 0; i < 4; i++) {
    const at: usize = PMPCFG + first + i;
    if ((load<u8>(at) & Csr.PMP_LOCK) !== 0) continue;
    let config = (value >> (i << 3)) & (Csr.PMP_LOCK | Csr.PMP_MATCH | 7);
    // Write without read is reserved.
    if ((config & (Csr.PMP_READ | Csr.PMP_WRITE)) === Csr.PMP_WRITE) config &= ~Csr.PMP_WRITE;
    store<u8>(at, config as u8);
  }
  protectionChanged();
}

/** A locked region keeps its address, and as top of a range the one below it too. */
function writePmpAddress(index: u32, value: u32): void {
  if ((load<u8>(PMPCFG + index) & Csr.PMP_LOCK) !== 0) return;
  if (index + 1 < Csr.PMP_COUNT) {
    const above = load<u8>(PMPCFG + index + 1) as u32;
    if ((above & Csr.PMP_LOCK) !== 0 && (above & Csr.PMP_MATCH) === Csr.PMP_TOR) return;
  }
  store<u32>(PMPADDR + (index << 2), value);
  protectionChanged();
}

function protectionChanged(): void {
  noteRegions();
  clearAllHits();
  clearFetchHits();
  attend(ATTENTION_REFETCH);
}

function attend(bits: u32): void {
  store<u32>(ATTENTION, load<u32>(ATTENTION) | bits);
}
