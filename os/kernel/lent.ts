/**
 * Lent memory: a server reads and writes ranges that a caller lent with its call, for as long as the call
 * lasts. The kernel copies, up to a page at a time; the answer says how much.
 *
 * What is delivered, not only written, the lender may use before the call is over: so that who lends it for somebody
 * else, as net does, can pass it on meanwhile. It is told of the beginning, and then now and then, but not of the end,
 * which the reply tells.
 */

import {
  ERROR_BAD_ADDRESS,
  ERROR_BAD_ARGUMENT,
  ERROR_NO_RIGHT,
  ERROR_NO_SUCH_MESSAGE,
} from '../abi/errors.ts';

import { LENT_COPY_MAX, LENT_TOLD, LENT_TOLD_FIRST } from '../abi/limits.ts';

import { EXTRAS_RANGE_SIZE, LENT_PER_MESSAGE, LENT_READABLE, LENT_WRITABLE } from '../abi/message.ts';

import { KIND_PORT, RIGHT_NOTIFY } from '../abi/rights.ts';
import { THREAD_CALLING } from '../abi/thread.ts';
import { isNone } from '../lib/pointer.ts';
import { faultOf, find } from './handle-table.ts';
import { notify, releasePort } from './object/port.ts';
import { managed, managedFault } from './object/thread.ts';
import { ownAddressFault } from './pager.ts';
import { current } from './schedule.ts';
import type { Port, Space, Thread } from './structures.ts';
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
  const copied = copyPages(caller.space, load<u32>(range) + offset, current().space, to, count);
  return copied === 0 ? ownFault(to, TO_WRITE) : copied;
}

/** Into the caller's memory. → bytes. */
export function lentWrite(token: u32, index: u32, offset: u32, from: u32, size: u32): i32 {
  const caller = callerOf(token);
  const fault = rangeFault(caller, index, offset, LENT_WRITABLE);
  if (fault !== 0) return fault;
  if (index === 0 && offset < caller.delivered) return ERROR_BAD_ARGUMENT;
  const range = rangeOf(caller, index);
  const count = min<u32>(size, load<u32>(range, 4) - offset);
  if (count === 0) return 0;
  const copied = copyPages(current().space, from, caller.space, load<u32>(range) + offset, count);
  if (copied === 0) return ownFault(from, TO_READ);
  noteWritten(caller, index, offset + copied);
  return copied;
}

/** Into it for good. → bytes. */
export function lentDeliver(token: u32, index: u32, offset: u32, from: u32, size: u32): i32 {
  const copied = lentWrite(token, index, offset, from, size);
  if (copied <= 0 || index !== 0) return copied;
  const caller = callerOf(token);
  if (offset !== caller.delivered) return copied;
  const end = offset + copied;
  caller.delivered = end;
  if (isNone(caller.attendant)) return copied;
  const isTold = offset === 0 ? end >= LENT_TOLD_FIRST : ((offset ^ end) & ~(LENT_TOLD - 1)) !== 0;
  if (isTold && end < caller.lent0Size) notify(caller.attendant, caller.attendantBits);
  return copied;
}

/** → bytes, from the beginning of the first range that the thread lends. */
export function lentDelivered(value: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  return thread.state === THREAD_CALLING && thread.lentCount > 0 ? thread.delivered : 0;
}

/** → 0. */
export function lentAttend(value: u32, bits: u32): i32 {
  const thread = current();
  const handle = find(thread.space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_NOTIFY);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  port.references += 1;
  if (!isNone(thread.attendant)) releasePort(thread.attendant);
  thread.attendant = port;
  thread.attendantBits = bits;
  return 0;
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

/** From one caller's memory to another's. → bytes. */
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
  const count = min<u32>(size, most);
  const copied = copyPages(giver.space, source, taker.space, destination, count);
  if (copied === 0 && count !== 0) return ERROR_BAD_ADDRESS;
  noteWritten(taker, 0, toOffset + copied);
  return copied;
}

/** At most LENT_COPY_MAX, over as many pages as that is in. → bytes, up to where one is closed. */
function copyPages(from: Space, source: u32, to: Space, destination: u32, size: u32): u32 {
  const count = min<u32>(size, LENT_COPY_MAX);
  let done: u32 = 0;
  while (done < count) {
    const copied = copyBetween(from, source + done, to, destination + done, count - done);
    if (copied === 0) return done;
    done += copied;
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
