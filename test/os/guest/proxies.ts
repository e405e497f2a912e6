/**
 * A first process that stands for another node: its threads call proxies, whose messages it receives by one
 * port. Prints what it and its threads were answered.
 */

import { ecall0, load32, store32 } from 'rv';
import { RESOURCE_PORTS } from '../../../os/abi/account.ts';
import { CALL_THREAD_YIELD } from '../../../os/abi/calls.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { EXTRAS_LENT, EXTRAS_RANGES, EXTRAS_RIGHTS, EXTRAS_VALUES } from '../../../os/abi/message.ts';
import {
  RIGHT_COPY,
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHT_RECEIVE,
  RIGHT_SEND,
  RIGHTS_ALL,
} from '../../../os/abi/rights.ts';
import { call, type Message, receive, reply, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  copyHandle,
  createPort,
  createThread,
  failPort,
  forwardPort,
  lentRead,
  notify,
  reset,
  startThread,
  used,
  watchPort,
} from '../../../os/runtime/system.ts';
import { soon } from './patience.ts';
import { say, sayNumber } from './say.ts';

const STACK_SIZE: u32 = 1024;
const PRIORITY: u32 = 31;
const WAIT_TICKS: u32 = 2000;
const NAME: u32 = 11;
const OTHER_NAME: u32 = 22;
const BADGE: u32 = 5;
const UNANSWERED: u32 = 1000;
const NODE_LOST: i32 = -54;

const stack = memory.data(1024, 16);
const asking = memory.data(64);
const sent = memory.data(64, 64);
const serving = memory.data(64);
const received = memory.data(64, 64);
const lent = memory.data(8, 4);
const bytes = memory.data(8, 4);
const answer = memory.data(4, 4);

/** The client's handle, by which the other thread calls. */
let client: u32 = 0;

export function main(_argument: u32): i32 {
  const before = used(INIT_SPACE, RESOURCE_PORTS);
  const target = createPort();
  const proxy = createPort();
  const other = createPort();
  refusals(proxy, target);
  assert(forwardPort(other, target, OTHER_NAME) === 0);
  client = copyHandle(proxy, RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY, BADGE);
  calls(target);
  notifications(proxy, other, target);
  failures(proxy, target);
  death(proxy, target);
  close(other);
  close(client);
  close(target);
  say('left ');
  sayNumber(used(INIT_SPACE, RESOURCE_PORTS) - before);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Calls with a handle and lent memory. */
export function thread(label: u32): void {
  const message = changetype<Message>(asking);
  waitForEver(message);
  message.port = client;
  message.label = label;
  message.extras = sent;
  store<u32>(sent, 1);
  store<u32>(sent, client, EXTRAS_VALUES);
  store<u32>(sent, RIGHT_SEND, EXTRAS_RIGHTS);
  store<u32>(sent, 1, EXTRAS_LENT);
  store<u32>(sent, lent, EXTRAS_RANGES);
  store<u32>(sent, 8, EXTRAS_RANGES + 4);
  store<u32>(sent, 1, EXTRAS_RANGES + 8);
  store<u32>(lent, label + 1);
  store32(answer, UNANSWERED);
  store32(answer, call(message));
}

function startCall(label: u32): void {
  const made = createThread(INIT_SPACE, threadEntry(), stack + STACK_SIZE, label, PRIORITY);
  startThread(made);
  close(made);
  ecall0(CALL_THREAD_YIELD);
}

function refusals(proxy: u32, target: u32): void {
  say('refusals ');
  const weak = copyHandle(target, RIGHT_SEND | RIGHT_NOTIFY, 0);
  const badged = copyHandle(target, RIGHTS_ALL, 3);
  const used = copyHandle(proxy, RIGHT_SEND | RIGHT_MANAGE, 0);
  sayNumber(forwardPort(used, target, NAME));
  sayNumber(forwardPort(proxy, weak, NAME));
  sayNumber(forwardPort(proxy, badged, NAME));
  sayNumber(forwardPort(proxy, target, 0));
  sayNumber(forwardPort(proxy, proxy, NAME));
  sayNumber(failPort(proxy, NODE_LOST));
  sayNumber(forwardPort(proxy, target, NAME));
  sayNumber(forwardPort(proxy, target, NAME));
  sayNumber(forwardPort(target, proxy, NAME));
  sayNumber(serve(proxy));
  sayNumber(failPort(proxy, 1));
  close(weak);
  close(badged);
  close(used);
  say('\n');
}

/** Receives within a while. */
function serve(port: u32): i32 {
  const message = changetype<Message>(serving);
  message.port = port;
  message.extras = received;
  soon(message, WAIT_TICKS);
  return receive(message);
}

/** Who sent it, what it is, what was lent and given. */
function calls(target: u32): void {
  say('calls ');
  startCall(41);
  const message = changetype<Message>(serving);
  sayNumber(serve(target));
  sayNumber(message.badge);
  sayNumber(message.proxied);
  sayNumber(message.label);
  sayNumber(message.counts);
  sayNumber(lentRead(message.token, 0, 0, bytes, 8));
  sayNumber(load<u32>(bytes));
  message.extras = 0;
  sayNumber(reply(message));
  ecall0(CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  close(load<u32>(received, EXTRAS_VALUES));
  say('\n');
}

/** Bits of two proxies, and the target's own. */
function notifications(proxy: u32, other: u32, target: u32): void {
  say('bits ');
  notify(proxy, 1);
  notify(other, 2);
  notify(client, 4);
  notify(target, 8);
  for (let count: u32 = 0; count < 3; count += 1) {
    const message = changetype<Message>(serving);
    assert(serve(target) === 1);
    sayNumber(message.badge);
    sayNumber(message.label);
  }
  sayNumber(serve(target));
  say('\n');
}

function ask(): i32 {
  const message = changetype<Message>(serving);
  message.port = client;
  message.extras = 0;
  soon(message, WAIT_TICKS);
  return call(message);
}

/** The other node is lost: a call that was received, one that waits, later ones; then it is found again. */
function failures(proxy: u32, target: u32): void {
  say('failures ');
  sayNumber(ask());
  startCall(42);
  serve(target);
  close(load<u32>(received, EXTRAS_VALUES));
  sayNumber(failPort(proxy, NODE_LOST));
  ecall0(CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  sayNumber(reply(changetype<Message>(serving)));
  sayNumber(ask());
  sayNumber(notify(client, 1));
  sayNumber(failPort(proxy, 0));
  startCall(43);
  failPort(proxy, NODE_LOST);
  ecall0(CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  failPort(proxy, 0);
  sayNumber(ask());
  say('\n');
}

/** The proxy's owner gives it up, while it has bits and a call waits. */
function death(proxy: u32, target: u32): void {
  say('death ');
  const told = createPort();
  watchPort(client, told, 64);
  notify(client, 1);
  startCall(44);
  const receiver = copyHandle(proxy, RIGHT_RECEIVE, 0);
  close(proxy);
  sayNumber(load32(answer));
  close(receiver);
  ecall0(CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  sayNumber(serve(told));
  sayNumber(changetype<Message>(serving).label);
  sayNumber(serve(target));
  sayNumber(ask());
  close(told);
  say('\n');
}
