/**
 * Traps: which interrupt is due, entry to the handler, return from it (Privileged 3.1.6, 3.3.2, 4.1).
 *
 * A slow path that finds a fault leaves it in FAULT_CAUSE and FAULT_VALUE; the trap is taken with the
 * accumulator settled to the instruction that faulted. An exception costs BASE + TRAP_ENTRY and what was
 * already spent on translation; its instruction does not retire. An interrupt costs TRAP_ENTRY.
 */
import {
  ATTENTION,
  ATTENTION_INTERRUPT,
  COUNT_EXCEPTION,
  COUNT_INTERRUPT,
  COUNT_TRAP_RETURN,
  CYCLE,
  FAULT_CAUSE,
  FAULT_VALUE,
  LAST_TRAP_CAUSE,
  LAST_TRAP_CYCLE,
  LAST_TRAP_FROM,
  LAST_TRAP_PC,
  LAST_TRAP_TO,
  LAST_TRAP_VALUE,
  MCAUSE,
  MEDELEG,
  MENVCFGH,
  MEPC,
  MIDELEG,
  MIE,
  MIP_LINES,
  MIP_SOFT,
  MSTATUS,
  MTVAL,
  MTVEC,
  PC,
  PRIVILEGE,
  SCAUSE,
  SEPC,
  STVAL,
  STVEC,
  TIMER_CYCLE,
} from '../../manual/core-layout.ts';
import {
  CAUSE_INTERRUPT,
  INTERRUPT_MEI,
  INTERRUPT_MSI,
  INTERRUPT_MTI,
  INTERRUPT_SEI,
  INTERRUPT_SSI,
  INTERRUPT_STI,
  MENVCFGH_STCE,
  MIP_STIP,
  MSTATUS_MIE,
  MSTATUS_MPIE,
  MSTATUS_MPP,
  MSTATUS_MPP_SHIFT,
  MSTATUS_MPRV,
  MSTATUS_SIE,
  MSTATUS_SPIE,
  MSTATUS_SPP,
} from '../../manual/csr.ts';
import { BASE, TRAP_ENTRY, TRAP_RETURN } from '../../manual/timing.ts';
import { cycleNow } from './boundary.ts';
import { privilegeChanged } from './context.ts';
import { charge, count } from './entry.ts';

export const NO_FAULT = 0xffff_ffff;

/** mip as a whole, CYCLE being up to date. */
export function pendingInterrupts(): u32 {
  const software = load<u32>(MIP_SOFT);
  const lines = load<u32>(MIP_LINES);
  if ((load<u32>(MENVCFGH) & MENVCFGH_STCE) === 0) return lines | software;
  const timer: u32 = load<u64>(CYCLE) >= load<u64>(TIMER_CYCLE) ? MIP_STIP : 0;
  return lines | (software & ~MIP_STIP) | timer;
}

/** Takes the interrupt of highest priority that is pending and enabled, if any; from PC to PC. */
export function takeInterrupt(): bool {
  const pending = pendingInterrupts() & load<u32>(MIE);
  if (pending === 0) return false;
  const privilege = load<u32>(PRIVILEGE);
  const status = load<u32>(MSTATUS);
  const delegated = load<u32>(MIDELEG);
  const machineEnabled = privilege < 3 || (status & MSTATUS_MIE) !== 0;
  const supervisorEnabled = privilege < 1 || (privilege === 1 && (status & MSTATUS_SIE) !== 0);
  let due = machineEnabled ? pending & ~delegated : 0;
  if (due === 0 && supervisorEnabled) due = pending & delegated;
  if (due === 0) return false;
  const cause = highestPriority(due);
  count(COUNT_INTERRUPT);
  store<u64>(CYCLE, load<u64>(CYCLE) + TRAP_ENTRY);
  const toSupervisor = ((delegated >> cause) & 1) !== 0;
  const pc = enter(load<u32>(PC), CAUSE_INTERRUPT | cause, 0, toSupervisor, load<u64>(CYCLE));
  store<u32>(PC, pc);
  return true;
}

/** Takes the exception in FAULT_CAUSE, FAULT_VALUE for the instruction at pc; the handler's address. */
export function takeException(pc: u32): u32 {
  const cause = load<u32>(FAULT_CAUSE);
  charge(BASE + TRAP_ENTRY);
  count(COUNT_EXCEPTION);
  const toSupervisor = load<u32>(PRIVILEGE) < 3 && ((load<u32>(MEDELEG) >> cause) & 1) !== 0;
  return enter(pc, cause, load<u32>(FAULT_VALUE), toSupervisor, cycleNow(0));
}

//@inline
export function fault(cause: u32, value: u32): void {
  store<u32>(FAULT_CAUSE, cause);
  store<u32>(FAULT_VALUE, value);
}

/** mret: the address to go on at. */
export function returnFromMachine(): u32 {
  const status = load<u32>(MSTATUS);
  const privilege = (status & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
  let next = status & ~(MSTATUS_MPP | MSTATUS_MIE);
  if ((status & MSTATUS_MPIE) !== 0) next |= MSTATUS_MIE;
  next |= MSTATUS_MPIE;
  if (privilege !== 3) next &= ~MSTATUS_MPRV;
  return returnTo(privilege, next, load<u32>(MEPC));
}

/** sret: the address to go on at. */
export function returnFromSupervisor(): u32 {
  const status = load<u32>(MSTATUS);
  const privilege: u32 = (status & MSTATUS_SPP) !== 0 ? 1 : 0;
  let next = status & ~(MSTATUS_SPP | MSTATUS_SIE | MSTATUS_MPRV);
  if ((status & MSTATUS_SPIE) !== 0) next |= MSTATUS_SIE;
  next |= MSTATUS_SPIE;
  return returnTo(privilege, next, load<u32>(SEPC));
}

/**
 * Has the next boundary look at interrupts if one is pending that mie enables. CYCLE may lag behind, but not
 * across the cycle of the timer, at which every chunk ends.
 */
export function attendToInterrupts(): void {
  if ((pendingInterrupts() & load<u32>(MIE)) === 0) return;
  store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_INTERRUPT);
}

function returnTo(privilege: u32, status: u32, pc: u32): u32 {
  count(COUNT_TRAP_RETURN);
  charge(TRAP_RETURN);
  store<u32>(MSTATUS, status);
  store<u32>(PRIVILEGE, privilege);
  privilegeChanged();
  attendToInterrupts();
  return pc;
}

function enter(pc: u32, cause: u32, value: u32, toSupervisor: bool, cycle: u64): u32 {
  const from = load<u32>(PRIVILEGE);
  const status = load<u32>(MSTATUS);
  const vector = load<u32>(toSupervisor ? STVEC : MTVEC);
  if (toSupervisor) {
    store<u32>(SEPC, pc);
    store<u32>(SCAUSE, cause);
    store<u32>(STVAL, value);
    let next = status & ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);
    if (from !== 0) next |= MSTATUS_SPP;
    if ((status & MSTATUS_SIE) !== 0) next |= MSTATUS_SPIE;
    store<u32>(MSTATUS, next);
  } else {
    store<u32>(MEPC, pc);
    store<u32>(MCAUSE, cause);
    store<u32>(MTVAL, value);
    let next = (status & ~(MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE)) | (from << MSTATUS_MPP_SHIFT);
    if ((status & MSTATUS_MIE) !== 0) next |= MSTATUS_MPIE;
    store<u32>(MSTATUS, next);
  }
  const to: u32 = toSupervisor ? 1 : 3;
  store<u32>(PRIVILEGE, to);
  privilegeChanged();
  store<u32>(LAST_TRAP_CAUSE, cause);
  store<u32>(LAST_TRAP_VALUE, value);
  store<u32>(LAST_TRAP_PC, pc);
  store<u32>(LAST_TRAP_FROM, from);
  store<u32>(LAST_TRAP_TO, to);
  store<u64>(LAST_TRAP_CYCLE, cycle);
  const base = vector & ~3;
  return (vector & 1) !== 0 && (cause & CAUSE_INTERRUPT) !== 0 ? base + (cause << 2) : base;
}

/** Privileged 3.1.9 and 4.1.3: MEI, MSI, MTI, SEI, SSI, STI. */
function highestPriority(due: u32): u32 {
  if ((due & (1 << INTERRUPT_MEI)) !== 0) return INTERRUPT_MEI;
  if ((due & (1 << INTERRUPT_MSI)) !== 0) return INTERRUPT_MSI;
  if ((due & (1 << INTERRUPT_MTI)) !== 0) return INTERRUPT_MTI;
  if ((due & (1 << INTERRUPT_SEI)) !== 0) return INTERRUPT_SEI;
  if ((due & (1 << INTERRUPT_SSI)) !== 0) return INTERRUPT_SSI;
  return INTERRUPT_STI;
}
