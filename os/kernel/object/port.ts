/**
 * Ports: where calls, sends and notifications arrive. Who waits is queued here, senders or receivers, first
 * come, first served; a message goes from registers to registers when the two meet. Notification bits are
 * or-ed together until somebody receives, and go before messages.
 *
 * A port lives as long as there is a handle with the right to receive from it. When it dies, all who wait
 * here are told so, and those who watch it are notified.
 */

import { RESOURCE_PORTS } from '../../abi/account.ts';
import {
  ERROR_CANCELLED,
  ERROR_NO_SUCH_MESSAGE,
  ERROR_PEER_DIED,
  ERROR_QUOTA,
  ERROR_TIMED_OUT,
} from '../../abi/errors.ts';
import { PORTS_MAX } from '../../abi/limits.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { KIND_PORT, RIGHT_NOTIFY, RIGHT_RECEIVE, RIGHT_SEND, RIGHTS_ALL } from '../../abi/rights.ts';
import { THREAD_FAULTING, THREAD_READY, THREAD_RECEIVING, THREAD_SENDING } from '../../abi/thread.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { charge, discharge } from '../account.ts';
import { faultOf, find, install } from '../handle-table.ts';
import { letGo } from '../hold.ts';
import { deliver, deliverReply, NO_EXTRAS } from '../message.ts';
import { takeAtBoot } from '../page.ts';
import { deliverFault, endFault, fetchExtras } from '../pager.ts';
import { INSTRUCTION_ECALL_SIZE, RESTART } from '../restart.ts';
import { continueOrYield, current, enqueue, handOver, schedule, wake } from '../schedule.ts';
import type { Handle, Port, Thread, Watch } from '../structures.ts';
import { append, firstOf, unlink } from '../thread-queue.ts';
import { callerOf } from '../token.ts';
import { armDeadline, disarm, finish, isTooLate, takeCancellation } from '../wait.ts';
import { fireWatches, watch } from '../watch.ts';
import { releaseSpace } from './space.ts';

let freePorts = changetype<Port>(0);

export function startPorts(): void {
  let at = takeAtBoot(PORTS_MAX * offsetof<Port>());
  for (let index: u32 = 0; index < PORTS_MAX; index += 1) {
    const port = changetype<Port>(at);
    port.nextFree = freePorts;
    freePorts = port;
    at += offsetof<Port>();
  }
}

//@inline
function sendersOf(port: Port): u32 {
  return changetype<usize>(port) + offsetof<Port>('senders');
}

//@inline
function waitingOf(port: Port): u32 {
  return changetype<usize>(port) + offsetof<Port>('waiting');
}

/** → h. */
export function portCreate(): i32 {
  const space = current().space;
  if (!charge(space, RESOURCE_PORTS, 1)) return ERROR_QUOTA;
  const port = freePorts;
  assert(!isNone(port));
  freePorts = port.nextFree;
  port.references = 0;
  port.receivers = 0;
  port.bits = 0;
  port.watches = none<Watch>();
  port.owner = space;
  space.references += 1;
  const value = install(space, changetype<usize>(port), KIND_PORT, RIGHTS_ALL, 0, none<Handle>());
  if (value !== 0) return value;
  freePort(port);
  return ERROR_QUOTA;
}

/** CALL and SEND: to a thread that waits, or into the queue. */
export function sendMessage(value: u32, wantsReply: u32): Thread {
  const sender = current();
  const handle = find(sender.space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_SEND);
  if (fault !== 0) return fail(fault);
  const port = changetype<Port>(handle.object);
  if (port.receivers === 0) return fail(ERROR_PEER_DIED);
  if (sender.t2 !== NO_EXTRAS && fetchExtras() === RESTART) return again();
  sender.badge = handle.badge;
  sender.wantsReply = wantsReply;
  const receiver = firstOf(waitingOf(port));
  if ((wantsReply !== 0 || isNone(receiver)) && takeCancellation(sender)) return fail(ERROR_CANCELLED);
  if (isNone(receiver)) {
    if (isTooLate(sender)) return fail(ERROR_TIMED_OUT);
    sender.state = THREAD_SENDING;
    sender.port = port;
    append(sendersOf(port), sender);
    armDeadline(sender);
    return schedule();
  }
  const refusal = deliver(sender, receiver);
  if (refusal !== 0) return fail(refusal);
  unlink(waitingOf(port), receiver);
  disarm(receiver);
  if (wantsReply !== 0) {
    armDeadline(sender);
    return handOver(receiver);
  }
  sender.a0 = 0;
  return wake(receiver);
}

/** A page fault, with its pager's badge. False where nobody will ever receive it. */
export function sendFault(thread: Thread, port: Port, badge: u32): bool {
  if (port.receivers === 0) return false;
  thread.badge = badge;
  thread.wantsReply = 1;
  const receiver = firstOf(waitingOf(port));
  if (isNone(receiver)) {
    thread.state = THREAD_SENDING;
    thread.port = port;
    append(sendersOf(port), thread);
    return true;
  }
  deliverFault(thread, receiver);
  unlink(waitingOf(port), receiver);
  disarm(receiver);
  letGo(receiver);
  return true;
}

/** RECEIVE: notification bits, the first message that waits, or a wait. */
export function receive(value: u32): Thread {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_RECEIVE);
  if (fault !== 0) return fail(fault);
  return receiveFrom(changetype<Port>(handle.object), none<Thread>());
}

/** REPLY: the caller goes on; it never waits. */
export function reply(token: u32): Thread {
  const caller = callerOf(token);
  if (isNone(caller)) return fail(ERROR_NO_SUCH_MESSAGE);
  if (caller.state === THREAD_FAULTING) {
    endFault(caller, current().a1);
  } else {
    const refusal = deliverReply(current(), caller);
    if (refusal !== 0) return fail(refusal);
    letGo(caller);
  }
  current().a0 = 0;
  return continueOrYield();
}

/** Both in one: what is wrong with either half is found before anything is done. */
export function replyAndReceive(value: u32, token: u32): Thread {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_RECEIVE);
  if (fault !== 0) return fail(fault);
  const caller = callerOf(token);
  if (isNone(caller)) return fail(ERROR_NO_SUCH_MESSAGE);
  if (caller.state === THREAD_FAULTING) {
    endFault(caller, current().a1);
    if (current().state !== THREAD_READY) return schedule();
    return receiveFrom(changetype<Port>(handle.object), none<Thread>());
  }
  const refusal = deliverReply(current(), caller);
  if (refusal !== 0) return fail(refusal);
  if (caller.holds === 0) return receiveFrom(changetype<Port>(handle.object), caller);
  letGo(caller);
  return receiveFrom(changetype<Port>(handle.object), none<Thread>());
}

/** → 0. */
export function portNotify(value: u32, bits: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_NOTIFY);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  if (port.receivers === 0) return ERROR_PEER_DIED;
  notify(port, bits);
  return 0;
}

/** → 0. */
export function portWatch(value: u32, told: u32, bits: u32): i32 {
  const space = current().space;
  const handle = find(space, value);
  const fault = faultOf(handle, KIND_PORT, 0);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  const isOver = port.receivers === 0;
  return watch(changetype<usize>(port) + offsetof<Port>('watches'), isOver, told, bits);
}

/** Whoever receives gets the bits; nothing happens where nobody ever will. */
export function notify(port: Port, bits: u32): void {
  if (port.receivers === 0) return;
  port.bits |= bits;
  const receiver = firstOf(waitingOf(port));
  if (isNone(receiver) || port.bits === 0) return;
  unlink(waitingOf(port), receiver);
  disarm(receiver);
  takeBits(port, receiver);
  receiver.state = THREAD_READY;
  enqueue(receiver);
}

/** A handle with the right to receive is gone. */
export function closeReceiver(port: Port): void {
  assert(port.receivers > 0);
  port.receivers -= 1;
  if (port.receivers > 0) return;
  while (!isNone(port.senders)) finish(port.senders, ERROR_PEER_DIED);
  while (!isNone(port.waiting)) finish(port.waiting, ERROR_PEER_DIED);
  port.bits = 0;
  fireWatches(changetype<usize>(port) + offsetof<Port>('watches'));
}

export function releasePort(port: Port): void {
  assert(port.references > 0);
  port.references -= 1;
  if (port.references === 0) freePort(port);
}

/** Out of the port's queue that a waiting thread is in. */
export function leaveQueue(thread: Thread): void {
  if (thread.state === THREAD_SENDING) unlink(sendersOf(thread.port), thread);
  else unlink(waitingOf(thread.port), thread);
}

/** `caller`, or none: a thread that has just been made ready by this thread's reply. */
function receiveFrom(port: Port, caller: Thread): Thread {
  const receiver = current();
  if (port.bits !== 0) {
    takeBits(port, receiver);
    return isNone(caller) ? receiver : wake(caller);
  }
  while (!isNone(port.senders)) {
    const sender = port.senders;
    const refusal = deliver(sender, receiver);
    if (refusal !== 0) {
      finish(sender, refusal);
      continue;
    }
    unlink(sendersOf(port), sender);
    if (sender.wantsReply === 0) {
      disarm(sender);
      sender.a0 = 0;
      sender.state = THREAD_READY;
      enqueue(sender);
    }
    return isNone(caller) ? continueOrYield() : wake(caller);
  }
  if (isTooLate(receiver)) {
    receiver.a0 = ERROR_TIMED_OUT;
    return isNone(caller) ? receiver : wake(caller);
  }
  if (takeCancellation(receiver)) {
    receiver.a0 = ERROR_CANCELLED;
    return isNone(caller) ? receiver : wake(caller);
  }
  receiver.state = THREAD_RECEIVING;
  receiver.port = port;
  append(waitingOf(port), receiver);
  armDeadline(receiver);
  return isNone(caller) ? schedule() : handOver(caller);
}

function takeBits(port: Port, receiver: Thread): void {
  receiver.a0 = NOTIFIED;
  receiver.a1 = port.bits;
  receiver.t2 = 0;
  receiver.t3 = 0;
  receiver.t5 = 0;
  port.bits = 0;
}

function fail(error: i32): Thread {
  current().a0 = error;
  return current();
}

/** The thread waits for a page, and makes its call again. */
function again(): Thread {
  current().pc -= INSTRUCTION_ECALL_SIZE;
  return continueOrYield();
}

function freePort(port: Port): void {
  assert(isNone(port.senders) && isNone(port.waiting) && isNone(port.watches));
  const owner = port.owner;
  port.nextFree = freePorts;
  freePorts = port;
  discharge(owner, RESOURCE_PORTS, 1);
  releaseSpace(owner);
}
