/**
 * SBI SRST extension (SBI 2.0, chapter 10): shutdown and reboot. A shutdown whose reason is a failure
 * powers off with the failure's exit status.
 */
import { powerOff, powerOffFailed, resetBoard } from '../power.ts';
import { answer, argument, FAILED, functionNumber, INVALID_PARAM, NOT_SUPPORTED } from './frame.ts';

export const SRST: u32 = 0x5352_5354;
const SYSTEM_RESET: u32 = 0;

const SHUTDOWN: u32 = 0;
const COLD_REBOOT: u32 = 1;
const WARM_REBOOT: u32 = 2;
const NO_REASON: u32 = 0;
const SYSTEM_FAILURE: u32 = 1;

/** From here on types and reasons are a vendor's or the implementation's own, of which there are none. */
const NOT_RESERVED: u32 = 0xe000_0000;
const FAILURE_STATUS: u32 = 1;

export function systemReset(frame: u32): i32 {
  if (functionNumber(frame) !== SYSTEM_RESET) return answer(frame, NOT_SUPPORTED, 0);
  const kind = argument(frame, 0);
  const reason = argument(frame, 1);
  if (kind > WARM_REBOOT) return refuse(frame, kind);
  if (reason > SYSTEM_FAILURE) return refuse(frame, reason);
  if (kind === COLD_REBOOT || kind === WARM_REBOOT) resetBoard();
  assert(kind === SHUTDOWN);
  if (reason === NO_REASON) powerOff();
  powerOffFailed(FAILURE_STATUS);
  return FAILED;
}

function refuse(frame: u32, value: u32): i32 {
  return answer(frame, value >= NOT_RESERVED ? NOT_SUPPORTED : INVALID_PARAM, 0);
}
