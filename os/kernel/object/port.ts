/**
 * Ports: where calls, sends and notifications arrive. Who waits is queued here: senders, first come, first served,
 * or receivers, of which the last gets the next message, since what it needs is still in the caches; a message goes
 * from registers to registers when the two meet. Notification bits are or-ed together until somebody receives, and
 * go before messages.
 *
 * A port lives as long as there is a handle with the right to receive from it. When it dies, all who wait
 * here are told so, and those who watch it are notified.
 */
import { unlikely } from 'rv';
import { RESOURCE_PORTS } from '../../abi/account.ts';
import {
  ERROR_BAD_STATE,
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
import { deliver, deliverReply, sendsExtras } from '../message.ts';
import { takeAtBoot } from '../page.ts';
import { deliverFault, endFault, fetchExtras } from '../pager.ts';
import { INSTRUCTION_ECALL_SIZE, RESTART } from '../restart.ts';
import { continueOrYield, current, enqueue, handOver, schedule, wake } from '../schedule.ts';
import type { Handle, Port, Thread, Watch } from '../structures.ts';
import { append, firstOf, prepend, unlink } from '../thread-queue.ts';
import { callerOf } from '../token.ts';
import { armDeadline, disarm, finish, isTooLate, takeCancellation } from '../wait.ts';
import { fireWatches, watch } from '../watch.ts';
import { closeProxy, linkNotified, unlinkNotified } from './proxy.ts';
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
  port.target = none<Port>();
  port.name = 0;
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
  const closed = closedness(port);
  if (closed !== 0) return fail(closed);
  if (sendsExtras(sender) && fetchExtras() === RESTART) return again();
  const end = address(sender, port, handle.badge, wantsReply);
  const receiver = firstOf(waitingOf(end));
  if ((wantsReply !== 0 || isNone(receiver)) && takeCancellation(sender)) return unsent(ERROR_CANCELLED);
  if (isNone(receiver)) {
    if (isTooLate(sender)) return unsent(ERROR_TIMED_OUT);
    enterQueue(sender, end);
    armDeadline(sender);
    return schedule();
  }
  const refusal = deliver(sender, receiver);
  if (refusal !== 0) return unsent(refusal);
  unlink(waitingOf(end), receiver);
  disarm(receiver);
  if (wantsReply !== 0) {
    armDeadline(sender);
    return handOver(receiver);
  }
  unsent(0);
  return wake(receiver);
}

/** A page fault, with its pager's badge. False where nobody will ever receive it. */
export function sendFault(thread: Thread, port: Port, badge: u32): bool {
  if (closedness(port) !== 0) return false;
  const end = address(thread, port, badge, 1);
  const receiver = firstOf(waitingOf(end));
  if (isNone(receiver)) {
    enterQueue(thread, end);
    return true;
  }
  deliverFault(thread, receiver);
  unlink(waitingOf(end), receiver);
  disarm(receiver);
  letGo(receiver);
  return true;
}

/** What sending to the port answers where it is in vain, else 0. */
function closedness(port: Port): i32 {
  if (port.receivers === 0) return ERROR_PEER_DIED;
  if (isNone(port.target)) return 0;
  if (port.failure !== 0) return port.failure;
  return port.target.receivers === 0 ? ERROR_PEER_DIED : 0;
}

/** Notes with the sender how its message goes; gives the port where it is received. */
function address(sender: Thread, port: Port, badge: u32, wantsReply: u32): Port {
  sender.badge = badge;
  sender.wantsReply = wantsReply;
  if (isNone(port.target)) return port;
  sender.proxy = port;
  return port.target;
}

function enterQueue(sender: Thread, port: Port): void {
  sender.state = THREAD_SENDING;
  sender.port = port;
  append(sendersOf(port), sender);
}

/** The running thread's message is on its way no more. */
function unsent(answer: i32): Thread {
  current().proxy = none<Port>();
  return fail(answer);
}

/** RECEIVE: notification bits, the first message that waits, or a wait. */
export function receive(value: u32): Thread {
  const handle = find(current().space, value);
  const fault = receivingFault(handle);
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

/** Nobody receives from a proxy. */
function receivingFault(handle: Handle): i32 {
  const fault = faultOf(handle, KIND_PORT, RIGHT_RECEIVE);
  if (fault !== 0) return fault;
  return isNone(changetype<Port>(handle.object).target) ? 0 : ERROR_BAD_STATE;
}

/** Both in one: what is wrong with either half is found before anything is done. */
export function replyAndReceive(value: u32, token: u32): Thread {
  const handle = find(current().space, value);
  const fault = receivingFault(handle);
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
  const closed = closedness(port);
  if (closed !== 0) return closed;
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
  const gathered = port.bits | bits;
  if (port.receivers === 0 || gathered === 0) {
    unlikely();
    return;
  }
  port.bits = gathered;
  const end = isNone(port.target) ? port : port.target;
  const receiver = firstOf(waitingOf(end));
  if (isNone(receiver)) {
    unlikely();
    if (end !== port) linkNotified(port);
    return;
  }
  unlink(waitingOf(end), receiver);
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
  if (!isNone(port.target)) closeProxy(port);
  while (!isNone(port.notified)) unlinkNotified(port.notified);
  while (!isNone(port.senders)) finish(port.senders, ERROR_PEER_DIED);
  while (!isNone(port.waiting)) finish(port.waiting, ERROR_PEER_DIED);
  port.bits = 0;
  fireWatches(changetype<usize>(port) + offsetof<Port>('watches'));
}

/** With the last reference to a proxy, its target is released in turn. */
export function releasePort(released: Port): void {
  let port = released;
  while (!isNone(port)) {
    assert(port.references > 0);
    port.references -= 1;
    if (port.references > 0) return;
    const target = port.target;
    if (!isNone(target)) target.proxies -= 1;
    freePort(port);
    port = target;
  }
}

/** Out of the port's queue that a waiting thread is in. */
export function leaveQueue(thread: Thread): void {
  thread.proxy = none<Port>();
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
  if (!isNone(port.notified)) {
    const proxy = port.notified;
    unlinkNotified(proxy);
    takeBits(proxy, receiver);
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
      sender.proxy = none<Port>();
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
  prepend(waitingOf(port), receiver);
  armDeadline(receiver);
  return isNone(caller) ? schedule() : handOver(caller);
}

function takeBits(port: Port, receiver: Thread): void {
  receiver.a0 = NOTIFIED;
  receiver.a1 = port.bits;
  receiver.t2 = port.name;
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
  assert(isNone(port.senders) && isNone(port.waiting) && isNone(port.watches) && port.proxies === 0);
  const owner = port.owner;
  port.nextFree = freePorts;
  freePorts = port;
  discharge(owner, RESOURCE_PORTS, 1);
  releaseSpace(owner);
}
