/**
 * A first process with threads of its own, which it stops, reads, writes, cancels and lets take turns; and
 * with work that the kernel must cut in steps. Prints what it was answered.
 */

import { csr_read, ecall0, ecall1, ecall2, ecall3, load32, store32 } from 'rv';
import { RESOURCE_CYCLES, RESOURCE_HANDLES, RESOURCE_PAGES } from '../../../os/abi/account.ts';
import * as calls from '../../../os/abi/calls.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { call, type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  copyHandle,
  createMemory,
  createPort,
  createThread,
  map,
  readRegister,
  reset,
  revoke,
  startThread,
  unmap,
  used,
} from '../../../os/runtime/system.ts';
import { say, sayNumber } from './say.ts';

const STACK_SIZE: u32 = 1024;
const WINDOW: u32 = 0x5000_0000;
const TIME: u32 = 0xc01;
const WAIT_TICKS: u32 = 200;
const PAGES: u32 = 200;
const COPIES: u32 = 300;
const REGISTER_SP: u32 = 2;
const PRIORITY: u32 = 31;
const COUNT: u32 = 0;
const LISTEN: u32 = 1;
const ASK: u32 = 2;

const stack = memory.data(1024, 16);
const buffer = memory.data(64);
/** What the other thread counts, and what its wait was answered. */
const counter = memory.data(4, 4);
const answer = memory.data(4, 4);
const again = memory.data(4, 4);

let port: u32 = 0;

export function main(_argument: u32): i32 {
  port = createPort();
  turns();
  cancellation();
  registers();
  steps();
  return reset(INIT_CONTROL, 0, 0);
}

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Where the other thread begins. */
export function thread(role: u32): void {
  if (role === COUNT) count();
  else wait(role);
}

function start(role: u32): u32 {
  const made = createThread(INIT_SPACE, threadEntry(), stack + STACK_SIZE, role, PRIORITY);
  assert(made > 0 && startThread(made) === 0);
  return made;
}

function count(): void {
  while (true) store32(counter, load32(counter) + 1);
}

function wait(role: u32): void {
  const message = changetype<Message>(buffer);
  waitForEver(message);
  message.port = port;
  store32(answer, role === LISTEN ? receive(message) : call(message));
  if (role === LISTEN) return;
  message.deadlineLow = csr_read(TIME) + WAIT_TICKS;
  message.deadlineHigh = 0;
  store32(again, receive(message));
}

/** Equals take turns, by slice and by yielding; a stopped thread does not run. */
function turns(): void {
  say('turns ');
  const other = start(COUNT);
  while (load32(counter) === 0) {}
  sayNumber(ecall0(calls.CALL_THREAD_YIELD));
  sayNumber(ecall1(calls.CALL_THREAD_START, other));
  sayNumber(ecall1(calls.CALL_THREAD_STOP, other));
  const before = load32(counter);
  ecall0(calls.CALL_THREAD_YIELD);
  sayNumber(load32(counter) === before ? 1 : 0);
  sayNumber(ecall1(calls.CALL_THREAD_STOP, other));
  sayNumber(ecall2(calls.CALL_SPACE_ACCOUNT, INIT_SPACE, RESOURCE_CYCLES));
  close(other);
  say('\n');
}

/** A thread that waits is cancelled; then it has ended, and there is nothing to cancel. */
function cancellation(): void {
  say('cancel ');
  const other = start(LISTEN);
  ecall0(calls.CALL_THREAD_YIELD);
  sayNumber(ecall2(calls.CALL_THREAD_READ, other, 0));
  sayNumber(ecall1(calls.CALL_THREAD_CANCEL, other));
  ecall0(calls.CALL_THREAD_YIELD);
  sayNumber(load32(answer));
  sayNumber(ecall1(calls.CALL_THREAD_CANCEL, other));
  sayNumber(ecall1(calls.CALL_THREAD_START, other));
  sayNumber(close(other));
  cancelEarly();
  say('\n');
}

/** Before it waits at all: its first wait ends, whatever it waits for, and no second one does. */
function cancelEarly(): void {
  for (let role = LISTEN; role <= ASK; role += 1) {
    const other = createThread(INIT_SPACE, threadEntry(), stack + STACK_SIZE, role, PRIORITY);
    sayNumber(ecall1(calls.CALL_THREAD_CANCEL, other));
    startThread(other);
    ecall0(calls.CALL_THREAD_YIELD);
    sayNumber(load32(answer));
    close(other);
  }
  while (load32(again) === 0) {}
  sayNumber(load32(again));
}

function registers(): void {
  say('registers ');
  const other = createThread(INIT_SPACE, 0x1234, 0x5678, 9, PRIORITY);
  sayNumber(readRegister(other, 0, answer));
  sayNumber(load32(answer));
  sayNumber(ecall3(calls.CALL_THREAD_WRITE, other, REGISTER_SP, 0x42));
  sayNumber(readRegister(other, REGISTER_SP, answer));
  sayNumber(load32(answer));
  sayNumber(ecall2(calls.CALL_THREAD_READ, other, 32));
  sayNumber(ecall2(calls.CALL_THREAD_PRIORITY, other, 32));
  sayNumber(ecall2(calls.CALL_THREAD_PRIORITY, other, 3));
  say('\n');
}

/** Many pages to unmap, many handles to revoke and to give up. */
function steps(): void {
  say('steps ');
  const pagesBefore = used(INIT_SPACE, RESOURCE_PAGES);
  const made = createMemory(PAGES);
  map(INIT_SPACE, WINDOW, made, 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  for (let page: u32 = 0; page < PAGES; page += 1) store<u32>(WINDOW + (page << 12), page);
  sayNumber(<u32>used(INIT_SPACE, RESOURCE_PAGES) - pagesBefore >= PAGES ? 1 : 0);
  sayNumber(unmap(INIT_SPACE, WINDOW));
  sayNumber(unmap(INIT_SPACE, WINDOW));
  const handlesBefore = used(INIT_SPACE, RESOURCE_HANDLES);
  const first = copyHandle(port, RIGHT_NOTIFY | RIGHT_COPY, 0);
  let last = first;
  for (let index: u32 = 0; index < COPIES; index += 1) last = copyHandle(first, RIGHT_NOTIFY | RIGHT_COPY, 0);
  sayNumber(copyHandle(last, RIGHT_NOTIFY, 0) > 0 ? 1 : 0);
  sayNumber(revoke(first));
  sayNumber(used(INIT_SPACE, RESOURCE_HANDLES) - handlesBefore);
  for (let index: u32 = 0; index < COPIES; index += 1) copyHandle(first, RIGHT_NOTIFY, 0);
  sayNumber(close(first));
  sayNumber(used(INIT_SPACE, RESOURCE_HANDLES) - handlesBefore);
  sayNumber(revoke(port));
  sayNumber(used(INIT_SPACE, RESOURCE_HANDLES) - handlesBefore);
  say('\n');
}
