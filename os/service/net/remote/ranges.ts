/**
 * The data of a call in its caller's memory: the lent ranges follow one another in the data, and the message says
 * how much of each is in it.
 */
import { ERROR_NO_SUCH_MESSAGE } from '../../../abi/errors.ts';
import { moveCallers, reader, writer } from './local.ts';
import { SENT } from './wire.ts';

/** Out of the ranges. → 0, or why that cannot be: the caller is gone, or its memory is not what it was lent as. */
export function readCallersData(token: u32, message: u32, offset: u32, to: u32, size: u32): i32 {
  return move(reader(), token, message, offset, to, size);
}

/** Into them. */
export function writeCallersData(token: u32, message: u32, offset: u32, from: u32, size: u32): i32 {
  return move(writer(), token, message, offset, from, size);
}

/** Nothing at all is moved only for a caller that is gone. */
function move(mover: u32, token: u32, message: u32, offset: u32, address: u32, size: u32): i32 {
  const first = load<u32>(message, SENT);
  let done: u32 = 0;
  while (done < size) {
    const at = offset + done;
    const range: u32 = at < first ? 0 : 1;
    const start = range === 0 ? 0 : first;
    const want = min<u32>(size - done, start + load<u32>(message + (range << 2), SENT) - at);
    const moved = moveCallers(mover, token, range, at - start, address + done, want);
    if (moved === 0) return ERROR_NO_SUCH_MESSAGE;
    if (moved < 0) return moved;
    done += moved;
  }
  return 0;
}
