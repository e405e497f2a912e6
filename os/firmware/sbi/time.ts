/**
 * SBI TIME extension (SBI 2.0, chapter 6): one timer interrupt for S at an absolute time.
 *
 * With Sstc, S has stimecmp for itself and this call writes it too. Without it the CLINT's machine timer
 * is used: when it fires, the firmware raises STIP and closes MTIE until the next call.
 */

import { csr_clear, csr_read, csr_set, csr_write, store32 } from 'rv';
import { CLINT_MTIMECMP, CLINT_MTIMECMP_HIGH } from '../../../hw/manual/clint.ts';
import { CLINT_BASE } from '../../../hw/manual/memory-map.ts';
import {
  ENVCFGH_STCE,
  INTERRUPT_MACHINE_TIMER,
  INTERRUPT_SUPERVISOR_TIMER,
  MENVCFGH,
  MIE,
  MIP,
  STIMECMP,
  STIMECMPH,
} from '../../lib/csr.ts';
import { answer, argument, functionNumber, NOT_SUPPORTED, SUCCESS } from './frame.ts';

export const TIME: u32 = 0x5449_4d45;
const SET_TIMER: u32 = 0;

/** Whether the hart has Sstc, and S may use it. */
let hasStimecmp = false;

//@external("entry", "has_menvcfgh")
declare function has_menvcfgh(): u32;
//@external("entry", "has_stimecmp")
declare function has_stimecmp(): u32;

export function startTimer(): void {
  if (has_stimecmp() !== 0 && has_menvcfgh() !== 0) {
    csr_set(MENVCFGH, ENVCFGH_STCE);
    hasStimecmp = (csr_read(MENVCFGH) & ENVCFGH_STCE) !== 0;
  }
  program(0xffff_ffff, 0xffff_ffff);
}

export function setTimer(frame: u32): i32 {
  if (functionNumber(frame) !== SET_TIMER) return answer(frame, NOT_SUPPORTED, 0);
  program(argument(frame, 0), argument(frame, 1));
  return answer(frame, SUCCESS, 0);
}

export function timerInterrupt(): void {
  csr_clear(MIE, INTERRUPT_MACHINE_TIMER);
  csr_set(MIP, INTERRUPT_SUPERVISOR_TIMER);
}

/** For a hart that slept with machine interrupts off: does what the trap would have done. */
export function timerInterruptIfPending(): void {
  if ((csr_read(MIP) & csr_read(MIE) & INTERRUPT_MACHINE_TIMER) !== 0) timerInterrupt();
}

/** Halves are written so that no moment between them lies before the deadline. */
function program(low: u32, high: u32): void {
  if (hasStimecmp) {
    csr_write(STIMECMPH, 0xffff_ffff);
    csr_write(STIMECMP, low);
    csr_write(STIMECMPH, high);
    return;
  }
  csr_clear(MIP, INTERRUPT_SUPERVISOR_TIMER);
  store32(CLINT_BASE + CLINT_MTIMECMP_HIGH, 0xffff_ffff);
  store32(CLINT_BASE + CLINT_MTIMECMP, low);
  store32(CLINT_BASE + CLINT_MTIMECMP_HIGH, high);
  csr_set(MIE, INTERRUPT_MACHINE_TIMER);
}
