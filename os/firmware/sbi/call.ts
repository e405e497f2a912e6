/**
 * SBI calls, version 2.0: the extension is in a7, the function in a6, arguments in a0–a5; the answer is
 * an error in a0 and a value in a1. The legacy console calls answer in a0 alone and have no function.
 *
 *     extension                  file        extension                  file
 *     0x10        base           base.ts     0x735049    IPI            ipi.ts
 *     0x54494d45  TIME           time.ts     0x52464e43  RFENCE         rfence.ts
 *     0x48534d    HSM            hsm.ts      0x53525354  SRST           srst.ts
 *     0x4442434e  DBCN           dbcn.ts     0x01, 0x02  legacy console dbcn.ts
 *
 * Whatever is not in the table is SBI_ERR_NOT_SUPPORTED.
 */
import { BASE, base } from './base.ts';
import { DBCN, debugConsole, getCharacter, LEGACY_GETCHAR, LEGACY_PUTCHAR, putCharacter } from './dbcn.ts';
import { answer, extensionNumber, NOT_SUPPORTED, setFirst } from './frame.ts';
import { HSM, hartState } from './hsm.ts';
import { IPI, interprocessorInterrupt } from './ipi.ts';
import { RFENCE, remoteFence } from './rfence.ts';
import { SRST, systemReset } from './srst.ts';
import { setTimer, TIME } from './time.ts';

export function call(frame: u32): void {
  setFirst(frame, dispatch(frame));
}

function dispatch(frame: u32): i32 {
  switch (extensionNumber(frame)) {
    case TIME:
      return setTimer(frame);
    case IPI:
      return interprocessorInterrupt(frame);
    case RFENCE:
      return remoteFence(frame);
    case DBCN:
      return debugConsole(frame);
    case HSM:
      return hartState(frame);
    case SRST:
      return systemReset(frame);
    case BASE:
      return base(frame);
    case LEGACY_PUTCHAR:
      return putCharacter(frame);
    case LEGACY_GETCHAR:
      return getCharacter(frame);
    default:
      return answer(frame, NOT_SUPPORTED, 0);
  }
}
