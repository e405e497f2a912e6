/**
 * The two system calls that everything is made of, at their plainest: a call to a thread that waits for it,
 * and the reply that waits for the next call. No extras, no deadlines, nobody better to run, nothing else to
 * receive. Both give none, with nothing changed, where it is not so plain; then object/port.ts does it.
 *
 * Each is one run of code without calls, so that it stays in few lines of the cache.
 */
import { NEVER } from '../abi/message.ts';
import { KIND_PORT, RIGHT_RECEIVE, RIGHT_SEND } from '../abi/rights.ts';
import { isNone, none } from '../lib/pointer.ts';
import { find } from './handle-table.ts';
import { copyWords } from './message.ts';
import { chargeTime, current, isBest } from './schedule.ts';
import { type Handle, type Port, THREAD_READY, THREAD_RECEIVING, type Thread } from './structures.ts';
import { beginCall, callerOf, endCall } from './token.ts';

/** CALL. */
export function fastCall(value: u32): Thread {
  const sender = current();
  const handle = find(sender.space, value);
  if (!isPlain(sender, handle, RIGHT_SEND)) return none<Thread>();
  const port = changetype<Port>(handle.object);
  const receiver = port.waiting;
  if (isNone(receiver) || receiver.deadlineIndex !== 0 || !isBest(receiver)) return none<Thread>();
  const next = receiver.next;
  port.waiting = next;
  if (isNone(next)) port.waitingLast = next;
  else next.previous = none<Thread>();
  copyWords(sender, receiver);
  receiver.a0 = 0;
  receiver.t2 = handle.badge;
  receiver.t3 = 0;
  receiver.t5 = beginCall(sender, receiver.space);
  receiver.state = THREAD_READY;
  chargeTime();
  return receiver;
}

/** REPLY_AND_RECEIVE. */
export function fastReplyAndReceive(value: u32, token: u32): Thread {
  const server = current();
  const handle = find(server.space, value);
  if (!isPlain(server, handle, RIGHT_RECEIVE)) return none<Thread>();
  const port = changetype<Port>(handle.object);
  const caller = callerOf(token);
  if (isNone(caller) || caller.deadlineIndex !== 0 || !isBest(caller)) return none<Thread>();
  if (port.bits !== 0 || !isNone(port.senders)) return none<Thread>();
  endCall(caller);
  copyWords(server, caller);
  caller.a0 = 0;
  caller.t2 = 0;
  caller.t3 = 0;
  caller.t5 = 0;
  caller.state = THREAD_READY;
  const last = port.waitingLast;
  server.state = THREAD_RECEIVING;
  server.port = port;
  server.next = none<Thread>();
  server.previous = last;
  port.waitingLast = server;
  if (isNone(last)) port.waiting = server;
  else last.next = server;
  chargeTime();
  return caller;
}

//@inline
function isPlain(thread: Thread, handle: Handle, right: u32): bool {
  if (isNone(handle)) return false;
  const wanted = KIND_PORT | (right << 8);
  if ((handle.info & (0xff | (right << 8))) !== wanted) return false;
  return thread.t2 === 0 && (thread.t3 & thread.t4) === NEVER;
}
