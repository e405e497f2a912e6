/**
 * Interrupts: the timer's, for deadlines and slices, and the PLIC's, which become notifications.
 *
 * A source stays claimed from its delivery to the driver's acknowledgement, so that it cannot come again in
 * between. Both kinds do at most a few things a time; what is left interrupts again.
 */

import { csr_read, csr_set, load32, store32, unlikely } from 'rv';
import {
  PLIC_CLAIM,
  PLIC_CONTEXT,
  PLIC_CONTEXT_STRIDE,
  PLIC_CONTEXT_SUPERVISOR,
} from '../../hw/manual/plic.ts';
import { ERROR_TIMED_OUT } from '../abi/errors.ts';
import { INTERRUPT_SUPERVISOR_EXTERNAL, INTERRUPT_SUPERVISOR_TIMER, SIE, SIP } from '../lib/csr.ts';
import { isPast } from './clock.ts';
import { earliest, hasDeadline, remove } from './deadline.ts';
import { deliverInterrupt } from './object/interrupt.ts';
import { fireTimer, timerOfDeadline } from './object/timer.ts';
import { PLIC_WINDOW } from './page-table.ts';
import { finish, threadOfDeadline } from './wait.ts';

const CLAIM: u32 = PLIC_WINDOW + PLIC_CONTEXT + PLIC_CONTEXT_SUPERVISOR * PLIC_CONTEXT_STRIDE + PLIC_CLAIM;
const AT_A_TIME: u32 = 8;

export function startInterrupts(): void {
  csr_set(SIE, INTERRUPT_SUPERVISOR_TIMER | INTERRUPT_SUPERVISOR_EXTERNAL);
}

/** For the sleeping kernel: does what interrupts would have done. */
export function pollInterrupts(): void {
  const pending = csr_read(SIP);
  if ((pending & INTERRUPT_SUPERVISOR_TIMER) !== 0) {
    unlikely();
    expireDeadlines();
  }
  if ((pending & INTERRUPT_SUPERVISOR_EXTERNAL) !== 0) deliverExternal();
}

export function expireDeadlines(): void {
  for (let count: u32 = 0; count < AT_A_TIME; count += 1) {
    if (!hasDeadline() || !isPast(earliest().low, earliest().high)) return;
    const deadline = earliest();
    remove(deadline);
    if (deadline.isTimer !== 0) fireTimer(timerOfDeadline(deadline));
    else finish(threadOfDeadline(deadline), ERROR_TIMED_OUT);
  }
}

export function deliverExternal(): void {
  const source = load32(CLAIM);
  if (source === 0) {
    unlikely();
    return;
  }
  deliverInterrupt(source);
  // mostly there is no other, and to ask the PLIC takes longer
  if ((csr_read(SIP) & INTERRUPT_SUPERVISOR_EXTERNAL) === 0) return;
  unlikely();
  deliverOthers();
}

function deliverOthers(): void {
  for (let count: u32 = 1; count < AT_A_TIME; count += 1) {
    const source = load32(CLAIM);
    if (source === 0) return;
    deliverInterrupt(source);
  }
}

/** The PLIC may forward the source again. */
export function completeInterrupt(source: u32): void {
  store32(CLAIM, source);
}
