/**
 * The firmware: what runs in M mode beneath the kernel, and serves it by the SBI, version 2.0.
 *
 *     reset → start: protect memory, delegate traps, read the devicetree → mret into the next stage in S
 *     trap  → from S: an SBI call, or the machine's timer; anything else goes to S's own trap vector
 *           → from M: a fault of the firmware itself, reported on the console; then power off
 *
 * The next stage is entered as Linux and our kernel want it: a0 = hart, a1 = devicetree, satp = 0,
 * interrupts off. Its address comes from QEMU's and our boot ROM's struct fw_dynamic_info in a2, or is
 * NEXT_ADDRESS. One hart; memory [0x8000_0000, + FIRMWARE_SIZE) is the firmware's (memory.ts).
 */
import { csr_clear, csr_read, csr_set, csr_write } from 'rv';
import {
  CAUSE_MACHINE_TIMER,
  CAUSE_SUPERVISOR_CALL,
  INTERRUPT_SUPERVISOR_EXTERNAL,
  INTERRUPT_SUPERVISOR_SOFTWARE,
  INTERRUPT_SUPERVISOR_TIMER,
  MCAUSE,
  MCOUNTEREN,
  MEDELEG,
  MEPC,
  MIDELEG,
  MSTATUS,
  MTVAL,
  SATP,
  SCAUSE,
  SCOUNTEREN,
  SEPC,
  STATUS_MPP,
  STATUS_MPP_SUPERVISOR,
  STATUS_SIE,
  STATUS_SPIE,
  STATUS_SPP,
  STVAL,
  STVEC,
} from '../lib/csr.ts';
import { writeHex, writeText } from './console.ts';
import { acceptTree, reserveFirmware } from './devicetree.ts';
import { isOpenRam, protect } from './memory.ts';
import { powerOffFailed, stop } from './power.ts';
import { call } from './sbi/call.ts';
import { startTimer, timerInterrupt } from './sbi/time.ts';

const NEXT_ADDRESS: u32 = 0x8040_0000;

/** struct fw_dynamic_info: words magic, version, next address, next mode, options, boot hart. */
const DYNAMIC_MAGIC: u32 = 0x4942_534f;
const DYNAMIC_NEXT_ADDRESS: u32 = 8;
const DYNAMIC_NEXT_MODE: u32 = 12;
const DYNAMIC_SIZE: u32 = 24;
const MODE_SUPERVISOR: u32 = 1;

/** All exceptions but calls from S and M, which are for the firmware; the reserved ones stay zero. */
const DELEGATED_EXCEPTIONS: u32 = 0xb1ff;
const COUNTERS_CYCLE_TIME_INSTRET: u32 = 7;

/** Makes the hart ready for S mode; what mret needs is in the registers. Gives the devicetree's address. */
export function start(_hart: u32, tree: u32, dynamic: u32): u32 {
  if (!protect()) stop('this hart has no physical memory protection (PMP), which the firmware needs');
  csr_write(MEDELEG, DELEGATED_EXCEPTIONS);
  csr_write(
    MIDELEG,
    INTERRUPT_SUPERVISOR_SOFTWARE | INTERRUPT_SUPERVISOR_TIMER | INTERRUPT_SUPERVISOR_EXTERNAL,
  );
  csr_write(MCOUNTEREN, COUNTERS_CYCLE_TIME_INSTRET);
  csr_write(SCOUNTEREN, COUNTERS_CYCLE_TIME_INSTRET);
  startTimer();
  if (!acceptTree(tree)) stop('register a1 does not point to a devicetree that names the RAM');
  const next = nextAddress(dynamic);
  if (!isOpenRam(next, 4)) stop('the next stage lies outside RAM, or where the firmware is');
  if (!reserveFirmware(tree, next)) stop('no room to note the firmware in the devicetree: move it elsewhere');
  csr_write(SATP, 0);
  csr_write(MEPC, next);
  csr_clear(MSTATUS, STATUS_MPP | STATUS_SIE | STATUS_SPIE);
  csr_set(MSTATUS, STATUS_MPP_SUPERVISOR);
  return tree;
}

/** A trap from S or U; `frame` holds their registers, word n is xn. */
export function trap(frame: u32): void {
  const cause = csr_read(MCAUSE);
  if (cause === CAUSE_SUPERVISOR_CALL) {
    csr_write(MEPC, csr_read(MEPC) + 4);
    call(frame);
  } else if (cause === CAUSE_MACHINE_TIMER) {
    timerInterrupt();
  } else {
    redirect(cause);
  }
}

/** A trap of the firmware itself: a defect. */
export function report_machine_trap(): void {
  writeText('\r\nfirmware: trap in machine mode: cause ');
  writeHex(csr_read(MCAUSE));
  writeText(', pc ');
  writeHex(csr_read(MEPC));
  writeText(', value ');
  writeHex(csr_read(MTVAL));
  writeText('\r\n');
  powerOffFailed(1);
}

/** Lets S's own vector have the trap, as if it had been delegated (Privileged 3.1.6.1, 4.1). */
function redirect(cause: u32): void {
  const status = csr_read(MSTATUS);
  csr_write(SEPC, csr_read(MEPC));
  csr_write(SCAUSE, cause);
  csr_write(STVAL, csr_read(MTVAL));
  csr_clear(MSTATUS, STATUS_SPP | STATUS_SPIE | STATUS_SIE | STATUS_MPP);
  let set = STATUS_MPP_SUPERVISOR;
  if ((status & STATUS_MPP) !== 0) set |= STATUS_SPP;
  if ((status & STATUS_SIE) !== 0) set |= STATUS_SPIE;
  csr_set(MSTATUS, set);
  csr_write(MEPC, csr_read(STVEC) & ~3);
}

function nextAddress(dynamic: u32): u32 {
  if ((dynamic & 3) !== 0 || !isInRomOrRam(dynamic) || load<u32>(dynamic) !== DYNAMIC_MAGIC)
    return NEXT_ADDRESS;
  const next = load<u32>(dynamic + DYNAMIC_NEXT_ADDRESS);
  if (next === 0) return NEXT_ADDRESS;
  if (load<u32>(dynamic + DYNAMIC_NEXT_MODE) !== MODE_SUPERVISOR) stop('the next stage does not want S mode');
  return next;
}

/** a2 is anything where no loader sets it: only what can be read without a fault is looked at. */
function isInRomOrRam(dynamic: u32): bool {
  return (dynamic >= 0x1000 && dynamic <= 0x1_0000 - DYNAMIC_SIZE) || isOpenRam(dynamic, DYNAMIC_SIZE);
}
