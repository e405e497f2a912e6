/**
 * The two system calls that everything is made of, at their plainest: a call to a thread that waits for it,
 * and the reply that waits for the next call. No extras, no deadlines, no cancellation, nobody better to run,
 * nothing else to receive. A call may go through a proxy. Where it is not so plain nothing has been changed, and
 * object/port.ts does it.
 *
 * Each is one run of code without calls but the last, so that it stays in few lines of the cache and needs no
 * frame, and every condition is an `if` of its own: the compiler makes of those what it does not make of `||`. What
 * they ask is loaded several at a time, so that nobody waits for it.
 */

import { unlikely } from 'rv';
import { NEVER } from '../abi/message.ts';
import { KIND_PORT, RIGHT_RECEIVE, RIGHT_SEND } from '../abi/rights.ts';
import { THREAD_CALLING, THREAD_READY, THREAD_RECEIVING } from '../abi/thread.ts';
import { isNone, none } from '../lib/pointer.ts';
import { entryOf, tablePage } from './handle-table.ts';
import { copyWords, sendsExtras } from './message.ts';
import { replyAndReceive, sendMessage } from './object/port.ts';
import { threadOfIndex } from './object/thread.ts';
import { chargeTime, current, isNext } from './schedule.ts';
import type { Port, Thread } from './structures.ts';
import { beginCall, endCall, INDEX_MASK } from './token.ts';

const KIND_MASK: u32 = 0xff;
const RIGHTS_SHIFT: u32 = 8;

/** CALL. */
export function fastCall(value: u32): Thread {
  const sender = current();
  const page = tablePage(sender.space, value);
  if (page === 0) return sendMessage(value, 1);
  const handle = entryOf(page, value);
  const own = handle.value;
  const info = handle.info;
  const isCancelled = sender.isCancelled;
  if (own !== value) return sendMessage(value, 1);
  if (!allows(info, RIGHT_SEND)) return sendMessage(value, 1);
  if (isCancelled !== 0) return sendMessage(value, 1);
  if (sendsExtras(sender)) return sendMessage(value, 1);
  if ((sender.t3 & sender.t4) !== NEVER) return sendMessage(value, 1);
  let port = changetype<Port>(handle.object);
  let receiver = port.waiting;
  let name = handle.badge;
  let proxy = none<Port>();
  if (isNone(receiver)) {
    proxy = port;
    port = proxy.target;
    if (isNone(port)) return sendMessage(value, 1);
    if (proxy.receivers === 0) return sendMessage(value, 1);
    if (proxy.failure !== 0) return sendMessage(value, 1);
    receiver = port.waiting;
    if (isNone(receiver)) return sendMessage(value, 1);
    name = proxy.name;
  }
  if (receiver.deadlineIndex !== 0) return sendMessage(value, 1);
  if (!isNext(receiver)) {
    unlikely();
    return sendMessage(value, 1);
  }
  const next = receiver.next;
  port.waiting = next;
  if (isNone(next)) port.waitingLast = next;
  else next.previous = none<Thread>();
  copyWords(sender, receiver);
  sender.proxy = proxy;
  receiver.a0 = 0;
  receiver.t2 = name;
  receiver.t3 = 0;
  receiver.t4 = handle.badge;
  receiver.t5 = beginCall(sender, receiver.space);
  receiver.state = THREAD_READY;
  chargeTime();
  return receiver;
}

/** REPLY_AND_RECEIVE. */
export function fastReplyAndReceive(value: u32, token: u32): Thread {
  const server = current();
  const space = server.space;
  const page = tablePage(space, value);
  if (page === 0) return replyAndReceive(value, token);
  const handle = entryOf(page, value);
  const own = handle.value;
  const info = handle.info;
  const isCancelled = server.isCancelled;
  if (own !== value) return replyAndReceive(value, token);
  if (!allows(info, RIGHT_RECEIVE)) return replyAndReceive(value, token);
  if (isCancelled !== 0) return replyAndReceive(value, token);
  if (sendsExtras(server)) return replyAndReceive(value, token);
  if ((server.t3 & server.t4) !== NEVER) return replyAndReceive(value, token);
  const caller = threadOfIndex(token & INDEX_MASK);
  const its = caller.token;
  const state = caller.state;
  const replier = caller.replier;
  const deadline = caller.deadlineIndex;
  if (its !== token) return replyAndReceive(value, token);
  if (state !== THREAD_CALLING) return replyAndReceive(value, token);
  if (replier !== space) return replyAndReceive(value, token);
  if (deadline !== 0) return replyAndReceive(value, token);
  if (!isNext(caller)) {
    unlikely();
    return replyAndReceive(value, token);
  }
  const port = changetype<Port>(handle.object);
  if ((port.bits | changetype<usize>(port.senders)) !== 0) return replyAndReceive(value, token);
  if ((changetype<usize>(port.notified) | changetype<usize>(port.target)) !== 0)
    return replyAndReceive(value, token);
  endCall(caller);
  copyWords(server, caller);
  caller.a0 = 0;
  caller.t2 = 0;
  caller.t3 = 0;
  caller.t5 = 0;
  caller.state = THREAD_READY;
  const first = port.waiting;
  server.state = THREAD_RECEIVING;
  server.port = port;
  server.previous = none<Thread>();
  server.next = first;
  port.waiting = server;
  if (isNone(first)) port.waitingLast = server;
  else first.previous = server;
  chargeTime();
  return caller;
}

/** Whether a handle with this info is one of a port, with this right. A free entry's info is 0. */
//@inline
function allows(info: u32, right: u32): bool {
  return (info & (KIND_MASK | (right << RIGHTS_SHIFT))) === (KIND_PORT | (right << RIGHTS_SHIFT));
}
