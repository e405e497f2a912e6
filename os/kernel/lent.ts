/**
 * Lent memory: a server reads and writes ranges that a caller lent with its call, for as long as the call
 * lasts. The kernel copies, up to the end of a page of either side at a time; the answer says how much.
 */

import {
  ERROR_BAD_ADDRESS,
  ERROR_BAD_ARGUMENT,
  ERROR_NO_RIGHT,
  ERROR_NO_SUCH_MESSAGE,
} from '../abi/errors.ts';

import { LENT_COPY_MAX } from '../abi/limits.ts';

import { EXTRAS_RANGE_SIZE, LENT_PER_MESSAGE, LENT_READABLE, LENT_WRITABLE } from '../abi/message.ts';

import { isNone } from '../lib/pointer.ts';
import { ownAddressFault } from './pager.ts';
import { current } from './schedule.ts';
import type { Thread } from './structures.ts';
import { callerOf } from './token.ts';
import { copyBetween, TO_READ, TO_WRITE, userAddress } from './user-memory.ts';

/** Out of the caller's memory. → bytes. */
export function lentRead(token: u32, index: u32, offset: u32, to: u32, size: u32): i32 {
  const caller = callerOf(token);
  const fault = rangeFault(caller, index, offset, LENT_READABLE);
  if (fault !== 0) return fault;
  const range = rangeOf(caller, index);
  const count = min<u32>(size, load<u32>(range, 4) - offset);
  if (count === 0) return 0;
  const copied = copyBetween(caller.space, load<u32>(range) + offset, current().space, to, count);
  return copied === 0 ? ownFault(to, TO_WRITE) : copied;
}

/** Into the caller's memory. → bytes. */
export function lentWrite(token: u32, index: u32, offset: u32, from: u32, size: u32): i32 {
  const caller = callerOf(token);
  const fault = rangeFault(caller, index, offset, LENT_WRITABLE);
  if (fault !== 0) return fault;
  const range = rangeOf(caller, index);
  const count = min<u32>(size, load<u32>(range, 4) - offset);
  if (count === 0) return 0;
  const copied = copyBetween(current().space, from, caller.space, load<u32>(range) + offset, count);
  if (copied === 0) return ownFault(from, TO_READ);
  noteWritten(caller, index, offset + copied);
  return copied;
}

/** → size; the way it was lent in a1. */
export function lentInspect(token: u32, index: u32): i32 {
  const caller = callerOf(token);
  if (isNone(caller)) return ERROR_NO_SUCH_MESSAGE;
  if (index >= caller.lentCount) return ERROR_BAD_ARGUMENT;
  current().a1 = load<u32>(rangeOf(caller, index), 8);
  return load<u32>(rangeOf(caller, index), 4);
}

/** → bytes. */
export function lentWritten(index: u32): i32 {
  return index < LENT_PER_MESSAGE ? load<u32>(writtenOf(current(), index)) : ERROR_BAD_ARGUMENT;
}

/** Nothing was copied: the running thread waits where it is a page of its own that is absent. */
function ownFault(va: u32, access: u32): i32 {
  return userAddress(current().space, va, access) === 0 ? ownAddressFault(va, access) : ERROR_BAD_ADDRESS;
}

/** From one caller's memory to another's, over as many pages as there are in LENT_COPY_MAX. → bytes. */
export function lentPass(from: u32, fromOffset: u32, to: u32, toOffset: u32, size: u32): i32 {
  const giver = callerOf(from);
  const taker = callerOf(to);
  const fault = rangeFault(giver, 0, fromOffset, LENT_READABLE);
  if (fault !== 0) return fault;
  const otherFault = rangeFault(taker, 0, toOffset, LENT_WRITABLE);
  if (otherFault !== 0) return otherFault;
  const source = load<u32>(rangeOf(giver, 0)) + fromOffset;
  const destination = load<u32>(rangeOf(taker, 0)) + toOffset;
  const most = min<u32>(
    load<u32>(rangeOf(giver, 0), 4) - fromOffset,
    load<u32>(rangeOf(taker, 0), 4) - toOffset,
  );
  const count = min<u32>(min<u32>(size, most), LENT_COPY_MAX);
  let done: u32 = 0;
  while (done < count) {
    const copied = copyBetween(giver.space, source + done, taker.space, destination + done, count - done);
    if (copied === 0) return done === 0 ? ERROR_BAD_ADDRESS : done;
    done += copied;
    noteWritten(taker, 0, toOffset + done);
  }
  return done;
}

function rangeFault(caller: Thread, index: u32, offset: u32, access: u32): i32 {
  if (isNone(caller)) return ERROR_NO_SUCH_MESSAGE;
  if (index >= caller.lentCount) return ERROR_BAD_ARGUMENT;
  const range = rangeOf(caller, index);
  if ((load<u32>(range, 8) & access) === 0) return ERROR_NO_RIGHT;
  return offset <= load<u32>(range, 4) ? 0 : ERROR_BAD_ARGUMENT;
}

function noteWritten(caller: Thread, index: u32, end: u32): void {
  const written = writtenOf(caller, index);
  store<u32>(written, max<u32>(load<u32>(written), end));
}

function writtenOf(caller: Thread, index: u32): u32 {
  return changetype<usize>(caller) + offsetof<Thread>('lent0Written') + (index << 2);
}

function rangeOf(caller: Thread, index: u32): u32 {
  return changetype<usize>(caller) + offsetof<Thread>('lent0Address') + index * EXTRAS_RANGE_SIZE;
}
