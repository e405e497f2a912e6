/**
 * SBI base extension (SBI 2.0, chapter 4): who serves, and which extensions there are.
 */
import { csr_read } from 'rv';
import { MARCHID, MIMPID, MVENDORID } from '../../lib/csr.ts';
import { DBCN, LEGACY_GETCHAR, LEGACY_PUTCHAR } from './dbcn.ts';
import { answer, argument, functionNumber, NOT_SUPPORTED, SUCCESS } from './frame.ts';
import { HSM } from './hsm.ts';
import { IPI } from './ipi.ts';
import { RFENCE } from './rfence.ts';
import { SRST } from './srst.ts';
import { TIME } from './time.ts';

export const BASE: u32 = 0x10;

const GET_SPECIFICATION_VERSION: u32 = 0;
const GET_IMPLEMENTATION_ID: u32 = 1;
const GET_IMPLEMENTATION_VERSION: u32 = 2;
const PROBE_EXTENSION: u32 = 3;
const GET_MVENDORID: u32 = 4;
const GET_MARCHID: u32 = 5;
const GET_MIMPID: u32 = 6;

const SPECIFICATION_VERSION: u32 = 0x0200_0000;
/** Not one of the registered identifiers: "Gs". */
const IMPLEMENTATION_ID: u32 = 0x4773;
const IMPLEMENTATION_VERSION: u32 = 1;

export function base(frame: u32): i32 {
  switch (functionNumber(frame)) {
    case GET_SPECIFICATION_VERSION:
      return answer(frame, SUCCESS, SPECIFICATION_VERSION);
    case GET_IMPLEMENTATION_ID:
      return answer(frame, SUCCESS, IMPLEMENTATION_ID);
    case GET_IMPLEMENTATION_VERSION:
      return answer(frame, SUCCESS, IMPLEMENTATION_VERSION);
    case PROBE_EXTENSION:
      return answer(frame, SUCCESS, isExtension(argument(frame, 0)) ? 1 : 0);
    case GET_MVENDORID:
      return answer(frame, SUCCESS, csr_read(MVENDORID));
    case GET_MARCHID:
      return answer(frame, SUCCESS, csr_read(MARCHID));
    case GET_MIMPID:
      return answer(frame, SUCCESS, csr_read(MIMPID));
    default:
      return answer(frame, NOT_SUPPORTED, 0);
  }
}

function isExtension(extension: u32): bool {
  switch (extension) {
    case BASE:
    case TIME:
    case IPI:
    case RFENCE:
    case HSM:
    case SRST:
    case DBCN:
    case LEGACY_PUTCHAR:
    case LEGACY_GETCHAR:
      return true;
    default:
      return false;
  }
}
