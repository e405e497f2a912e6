/**
 * A message's way from one thread's registers to another's (os/abi/message.ts), with its extras: handles,
 * which are derived in the receiver's table, and lent ranges, which are noted with the call.
 *
 * Everything that can be refused is found out before anything is changed.
 */

import {
  ERROR_BAD_ADDRESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_HANDLE,
  ERROR_NO_RIGHT,
  ERROR_REFUSED,
} from '../abi/errors.ts';
import {
  EXTRAS_HANDLES,
  EXTRAS_LENT,
  EXTRAS_RANGE_SIZE,
  EXTRAS_RANGES,
  EXTRAS_RECEIVE_ONLY,
  EXTRAS_RIGHTS,
  EXTRAS_SIZE,
  EXTRAS_VALUES,
  HANDLES_PER_MESSAGE,
  LENT_PER_MESSAGE,
  LENT_READABLE,
  LENT_WRITABLE,
} from '../abi/message.ts';
import { RIGHT_COPY } from '../abi/rights.ts';
import { isNone } from '../lib/pointer.ts';
import { find, hasRoom, install, kindOf, rightsOf } from './handle-table.ts';
import { deliverFault } from './pager.ts';
import type { Space, Thread } from './structures.ts';
import { beginCall, endCall } from './token.ts';
import { TO_READ, TO_WRITE, userAddress } from './user-memory.ts';
import { disarm } from './wait.ts';

const NO_EXTRAS: u32 = 0;
const LENT_COUNT_SHIFT: u32 = 4;

/** A call's, a send's or a fault's message; a call's token. 0, or why the sender cannot send this. */
export function deliver(sender: Thread, receiver: Thread): i32 {
  if (sender.fault !== 0) {
    deliverFault(sender, receiver);
    return 0;
  }
  let counts: u32 = 0;
  if (sendsExtras(sender)) {
    const result = moveExtras(sender, receiver, sender.wantsReply);
    if (result < 0) return result;
    counts = result;
  }
  copyWords(sender, receiver);
  receiver.a0 = 0;
  receiver.t2 = isNone(sender.proxy) ? sender.badge : sender.proxy.name;
  receiver.t3 = counts;
  receiver.t4 = sender.badge;
  receiver.t5 = sender.wantsReply !== 0 ? beginCall(sender, receiver.space) : 0;
  return 0;
}

/** A reply's message; the caller's wait is over, and it is left for the scheduler. */
export function deliverReply(server: Thread, caller: Thread): i32 {
  let counts: u32 = 0;
  if (sendsExtras(server)) {
    const result = moveExtras(server, caller, 0);
    if (result < 0) return result;
    counts = result;
  }
  disarm(caller);
  endCall(caller);
  copyWords(server, caller);
  caller.a0 = 0;
  caller.t2 = 0;
  caller.t3 = counts;
  caller.t5 = 0;
  return 0;
}

/** Label and words; all are read before the first is written, which saves the wait for each. */
//@inline
export function copyWords(from: Thread, to: Thread): void {
  const a1 = from.a1;
  const a2 = from.a2;
  const a3 = from.a3;
  const a4 = from.a4;
  const a5 = from.a5;
  const a6 = from.a6;
  const t0 = from.t0;
  const t1 = from.t1;
  to.a1 = a1;
  to.a2 = a2;
  to.a3 = a3;
  to.a4 = a4;
  to.a5 = a5;
  to.a6 = a6;
  to.t0 = t0;
  to.t1 = t1;
}

/** Whether the thread's extras, if it has any, are more than a place for those that it receives. */
//@inline
export function sendsExtras(thread: Thread): bool {
  return thread.t2 !== NO_EXTRAS && (thread.t2 & EXTRAS_RECEIVE_ONLY) === 0;
}

/** Gives the counts for t3, or an error. Ranges are only lent with a call. */
function moveExtras(from: Thread, to: Thread, isCall: u32): i32 {
  const out = extrasAt(from.space, from.t2, TO_READ);
  if (out === 0) return ERROR_BAD_ADDRESS;
  const handles = load<u32>(out, EXTRAS_HANDLES);
  const lent = load<u32>(out, EXTRAS_LENT);
  if (handles > HANDLES_PER_MESSAGE || lent > LENT_PER_MESSAGE) return ERROR_BAD_ARGUMENT;
  if (lent > 0 && isCall === 0) return ERROR_BAD_ARGUMENT;
  for (let index: u32 = 0; index < handles; index += 1) {
    const fault = sendableFault(from.space, out, index);
    if (fault !== 0) return fault;
  }
  if (!areLendable(out, lent)) return ERROR_BAD_ARGUMENT;
  if (handles === 0) return noteLent(from, out, lent);
  const into = extrasAt(to.space, to.t2 & ~EXTRAS_RECEIVE_ONLY, TO_WRITE);
  if (into === 0 || !hasRoom(to.space, handles)) return ERROR_REFUSED;
  for (let index: u32 = 0; index < handles; index += 1) moveHandle(from.space, to.space, out, into, index);
  store<u32>(into, handles, EXTRAS_HANDLES);
  return handles | noteLent(from, out, lent);
}

function extrasAt(space: Space, va: u32, access: u32): u32 {
  return (va & (EXTRAS_SIZE - 1)) === 0 ? userAddress(space, va, access) : 0;
}

function sendableFault(space: Space, out: u32, index: u32): i32 {
  const handle = find(space, load<u32>(out + (index << 2), EXTRAS_VALUES));
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  const rights = load<u32>(out + (index << 2), EXTRAS_RIGHTS);
  if ((rightsOf(handle) & RIGHT_COPY) === 0) return ERROR_NO_RIGHT;
  return (rights & ~rightsOf(handle)) === 0 ? 0 : ERROR_NO_RIGHT;
}

function moveHandle(from: Space, to: Space, out: u32, into: u32, index: u32): void {
  const offset = index << 2;
  const handle = find(from, load<u32>(out + offset, EXTRAS_VALUES));
  const rights = load<u32>(out + offset, EXTRAS_RIGHTS);
  const value = install(to, handle.object, kindOf(handle), rights, handle.badge, handle);
  assert(value !== 0);
  store<u32>(into + offset, value, EXTRAS_VALUES);
  store<u32>(into + offset, rights, EXTRAS_RIGHTS);
}

/** Whether the ranges make sense; whether they are the caller's memory shows when they are used. */
function areLendable(out: u32, lent: u32): bool {
  for (let index: u32 = 0; index < lent; index += 1) {
    const range = out + EXTRAS_RANGES + index * EXTRAS_RANGE_SIZE;
    const access = load<u32>(range, 8);
    if (access === 0 || (access & ~(LENT_READABLE | LENT_WRITABLE)) !== 0) return false;
    if (load<u32>(range) + load<u32>(range, 4) < load<u32>(range)) return false;
  }
  return true;
}

function noteLent(from: Thread, out: u32, lent: u32): i32 {
  from.lentCount = lent;
  if (lent > 0) {
    const note = changetype<usize>(from) + offsetof<Thread>('lent0Address');
    memory.copy(note, out + EXTRAS_RANGES, LENT_PER_MESSAGE * EXTRAS_RANGE_SIZE);
    from.lent0Written = 0;
    from.lent1Written = 0;
    from.delivered = 0;
  }
  return lent << LENT_COUNT_SHIFT;
}
