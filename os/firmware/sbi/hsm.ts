/**
 * SBI HSM extension (SBI 2.0, chapter 9): starting, stopping and suspending harts, of which there is one.
 *
 * It is always started, so starting it again is refused; stopping it is refused too, because nobody would
 * be left to start it. Suspension sleeps until an interrupt that S has enabled: the retentive one returns,
 * the other resumes at an address with a0 = hart, a1 = the caller's word, translation and interrupts off.
 */
import { csr_clear, csr_read, csr_write, wfi } from 'rv';
import { MEPC, MHARTID, MIE, MIP, MSTATUS, SATP, STATUS_SIE } from '../../lib/csr.ts';
import { isOpenRam } from '../memory.ts';
import {
  ALREADY_AVAILABLE,
  answer,
  argument,
  FAILED,
  functionNumber,
  INVALID_ADDRESS,
  INVALID_PARAM,
  NOT_SUPPORTED,
  SUCCESS,
} from './frame.ts';
import { timerInterruptIfPending } from './time.ts';

export const HSM: u32 = 0x48_534d;
const HART_START: u32 = 0;
const HART_STOP: u32 = 1;
const HART_GET_STATUS: u32 = 2;
const HART_SUSPEND: u32 = 3;

const STARTED: u32 = 0;
const SUSPEND_RETENTIVE: u32 = 0;
const SUSPEND_NON_RETENTIVE: u32 = 0x8000_0000;
/** In either half: the platform's own kinds, of which there are none; those below are reserved. */
const PLATFORM_KINDS: u32 = 0x1000_0000;

export function hartState(frame: u32): i32 {
  switch (functionNumber(frame)) {
    case HART_START:
      return answer(frame, argument(frame, 0) === 0 ? ALREADY_AVAILABLE : INVALID_PARAM, 0);
    case HART_STOP:
      return answer(frame, FAILED, 0);
    case HART_GET_STATUS:
      return answer(frame, argument(frame, 0) === 0 ? SUCCESS : INVALID_PARAM, STARTED);
    case HART_SUSPEND:
      return suspend(frame);
    default:
      return answer(frame, NOT_SUPPORTED, 0);
  }
}

function suspend(frame: u32): i32 {
  const kind = argument(frame, 0);
  const resumeAddress = argument(frame, 1);
  const word = argument(frame, 2);
  if (kind !== SUSPEND_RETENTIVE && kind !== SUSPEND_NON_RETENTIVE) {
    return answer(frame, isPlatformKind(kind) ? NOT_SUPPORTED : INVALID_PARAM, 0);
  }
  if (kind === SUSPEND_NON_RETENTIVE && !isOpenRam(resumeAddress, 2)) {
    return answer(frame, INVALID_ADDRESS, 0);
  }
  do {
    wfi();
    timerInterruptIfPending();
  } while ((csr_read(MIP) & csr_read(MIE)) === 0);
  if (kind === SUSPEND_RETENTIVE) return answer(frame, SUCCESS, 0);
  csr_write(SATP, 0);
  csr_clear(MSTATUS, STATUS_SIE);
  csr_write(MEPC, resumeAddress);
  return answer(frame, csr_read(MHARTID), word);
}

function isPlatformKind(kind: u32): bool {
  return (kind & ~SUSPEND_NON_RETENTIVE) >= PLATFORM_KINDS;
}
