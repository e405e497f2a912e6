/**
 * SBI DBCN extension (SBI 2.0, chapter 12) and the legacy console calls that early consoles still use.
 * A buffer is physical memory, and must be RAM that S may touch itself.
 */
import { NO_BYTE, readByte, writeByte } from '../console.ts';
import { isOpenRam } from '../memory.ts';
import { answer, argument, functionNumber, INVALID_PARAM, NOT_SUPPORTED, SUCCESS } from './frame.ts';

export const DBCN: u32 = 0x4442_434e;
export const LEGACY_PUTCHAR: u32 = 1;
export const LEGACY_GETCHAR: u32 = 2;

const WRITE: u32 = 0;
const READ: u32 = 1;
const WRITE_BYTE: u32 = 2;

/** A call writes at most so much, so that S is not kept from its interrupts; the value says how much. */
const WRITE_SIZE_MAX: u32 = 256;

export function debugConsole(frame: u32): i32 {
  switch (functionNumber(frame)) {
    case WRITE:
      return write(frame);
    case READ:
      return read(frame);
    case WRITE_BYTE:
      writeByte(argument(frame, 0));
      return answer(frame, SUCCESS, 0);
    default:
      return answer(frame, NOT_SUPPORTED, 0);
  }
}

export function putCharacter(frame: u32): i32 {
  writeByte(argument(frame, 0));
  return 0;
}

export function getCharacter(_frame: u32): i32 {
  return readByte();
}

function write(frame: u32): i32 {
  const size = argument(frame, 0);
  const pa = argument(frame, 1);
  if (!isBuffer(frame, pa, size)) return answer(frame, INVALID_PARAM, 0);
  const count = min<u32>(size, WRITE_SIZE_MAX);
  for (let index: u32 = 0; index < count; index += 1) writeByte(load<u8>(pa + index));
  return answer(frame, SUCCESS, count);
}

function read(frame: u32): i32 {
  const size = argument(frame, 0);
  const pa = argument(frame, 1);
  if (!isBuffer(frame, pa, size)) return answer(frame, INVALID_PARAM, 0);
  let count: u32 = 0;
  while (count < size) {
    const byte = readByte();
    if (byte === NO_BYTE) break;
    store<u8>(pa + count, byte);
    count += 1;
  }
  return answer(frame, SUCCESS, count);
}

/** The buffer's address has its upper half in a2. */
function isBuffer(frame: u32, pa: u32, size: u32): bool {
  return argument(frame, 2) === 0 && isOpenRam(pa, size);
}
