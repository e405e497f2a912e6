/**
 * SBI IPI extension (SBI 2.0, chapter 7): a supervisor software interrupt for each hart of a set.
 */
import { csr_set } from 'rv';
import { INTERRUPT_SUPERVISOR_SOFTWARE, MIP } from '../../lib/csr.ts';
import { answer, argument, functionNumber, INVALID_PARAM, NOT_SUPPORTED, SUCCESS } from './frame.ts';
import { areHarts, isCallerIn } from './harts.ts';

export const IPI: u32 = 0x73_5049;
const SEND_IPI: u32 = 0;

export function interprocessorInterrupt(frame: u32): i32 {
  if (functionNumber(frame) !== SEND_IPI) return answer(frame, NOT_SUPPORTED, 0);
  const mask = argument(frame, 0);
  const base = argument(frame, 1);
  if (!areHarts(mask, base)) return answer(frame, INVALID_PARAM, 0);
  if (isCallerIn(mask, base)) csr_set(MIP, INTERRUPT_SUPERVISOR_SOFTWARE);
  return answer(frame, SUCCESS, 0);
}
