/**
 * A first process that stops and starts a server and threads of its own while they run and while they wait,
 * and carries a thread over to another by its registers. Prints what it was answered and what it saw.
 */

import { ecall0, ecall1, ecall2, load32, store32 } from 'rv';
import * as calls from '../../../os/abi/calls.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_RECEIVE } from '../../../os/abi/rights.ts';
import { call, type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  createPort,
  createThread,
  grant,
  inspectThread,
  kill,
  loadThread,
  ownThread,
  reset,
  saveThread,
  startSpace,
  startThread,
  stopSpace,
  stopThread,
  threadOf,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { HOLD, REPLY_HELD } from './partner.ts';
import { pause, soon } from './patience.ts';
import { say, sayNumber } from './say.ts';

const WAIT_TICKS: u32 = 20_000;
const STACK_SIZE: u32 = 1024;
const PRIORITY: u32 = 31;
const SERVER_PRIORITY: u32 = 20;
const REGISTER_A7: u32 = 17;
const COUNT: u32 = 0;
/** A label that the partner replies to at once. */
const PLAIN: u32 = 99;

const stack = memory.data(1024, 16);
const buffer = memory.data(64);
const askers = memory.data(64);
const registers = memory.data(128, 128);
const word = memory.data(4, 4);
const counter = memory.data(4, 4);
const answer = memory.data(4, 4);
const UNANSWERED: u32 = 1000;

/** Where the other thread calls, and with which label. */
let asked: u32 = 0;

export function main(_argument: u32): i32 {
  const port = createPort();
  servers(port, startServer(port));
  callers(port);
  senders();
  carrying();
  restarts();
  return reset(INIT_CONTROL, 0, 0);
}

function startServer(port: u32): u32 {
  const server = smallSpace();
  const name = grant(server, port, RIGHT_RECEIVE, 0);
  startThread(childThread(server, 'partner', name, SERVER_PRIORITY));
  return server;
}

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Counts, or calls with this label. */
export function thread(label: u32): void {
  while (label === COUNT) store32(counter, load32(counter) + 1);
  const message = changetype<Message>(askers);
  waitForEver(message);
  message.port = asked;
  message.label = label;
  store32(answer, UNANSWERED);
  store32(answer, call(message));
}

function start(label: u32): u32 {
  const made = createThread(INIT_SPACE, threadEntry(), stack + STACK_SIZE, label, PRIORITY);
  startThread(made);
  ecall0(calls.CALL_THREAD_YIELD);
  return made;
}

function ask(port: u32, label: u32): i32 {
  const message = changetype<Message>(buffer);
  soon(message, WAIT_TICKS);
  message.port = port;
  message.label = label;
  return call(message);
}

/** A process that waits is stopped: nobody is answered, until it is started. */
function servers(port: u32, server: u32): void {
  say('servers ');
  sayNumber(ask(port, PLAIN));
  pause(WAIT_TICKS);
  sayNumber(stopSpace(server));
  const waiter = threadOf(server, 0);
  sayNumber(inspectThread(waiter, word));
  sayNumber(load32(word));
  sayNumber(saveThread(waiter, registers));
  sayNumber(load32(registers + (REGISTER_A7 << 2)));
  sayNumber(ask(port, PLAIN));
  sayNumber(startThread(waiter));
  sayNumber(startSpace(server));
  sayNumber(ask(port, PLAIN));
  sayNumber(threadOf(server, 1));
  close(waiter);
  say('\n');
}

/** A thread whose call has been received is held; the answer finds it stopped, and waits with it. */
function callers(port: u32): void {
  say('callers ');
  asked = port;
  const other = start(HOLD);
  pause(WAIT_TICKS);
  sayNumber(stopThread(other));
  sayNumber(inspectThread(other, word));
  sayNumber(ask(port, REPLY_HELD));
  sayNumber(inspectThread(other, word));
  sayNumber(load32(answer));
  sayNumber(ecall1(calls.CALL_THREAD_START, other));
  ecall0(calls.CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  close(other);
  say('\n');
}

/** A call that nobody has received is taken back, and made again. */
function senders(): void {
  say('senders ');
  const message = changetype<Message>(buffer);
  message.port = createPort();
  asked = message.port;
  const other = start(PLAIN);
  stopThread(other);
  soon(message, WAIT_TICKS);
  sayNumber(receive(message));
  sayNumber(inspectThread(other, word));
  startThread(other);
  soon(message, WAIT_TICKS);
  sayNumber(receive(message));
  sayNumber(message.label);
  close(message.port);
  close(other);
  say('\n');
}

/** Where one thread was stopped another goes on. */
function carrying(): void {
  say('carrying ');
  const self = ownThread();
  sayNumber(inspectThread(self, word));
  sayNumber(saveThread(self, registers));
  const first = start(COUNT);
  stopThread(first);
  const before = load32(counter);
  sayNumber(before > 0 ? 1 : 0);
  saveThread(first, registers);
  const second = createThread(INIT_SPACE, 0, 0, 0, PRIORITY);
  sayNumber(loadThread(second, registers + 4));
  sayNumber(loadThread(second, registers));
  startThread(second);
  ecall0(calls.CALL_THREAD_YIELD);
  stopThread(second);
  sayNumber(load32(counter) > before ? 1 : 0);
  sayNumber(ecall2(calls.CALL_THREAD_READ, first, 0));
  close(self);
  say('\n');
}

/** The server dies before it has received a call; the port lives on, and another server answers. */
function restarts(): void {
  say('restarts ');
  asked = createPort();
  const first = startServer(asked);
  stopSpace(first);
  const other = start(PLAIN);
  kill(first);
  close(first);
  pause(WAIT_TICKS);
  sayNumber(inspectThread(other, word));
  const second = startServer(asked);
  pause(WAIT_TICKS);
  sayNumber(load32(answer));
  close(second);
  say('\n');
}
