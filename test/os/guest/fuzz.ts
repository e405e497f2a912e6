/**
 * A process gone mad: system calls at random, with arguments of the right sort seven times out of eight, and
 * messages with whatever extras. Its argument is the seed. It begins with the handles that fuzzing.ts gives it,
 * and remembers those that it gets; its threads do as it does.
 */

import { csr_read, ecall2, ecall7, load32, store32 } from 'rv';
import * as calls from '../../../os/abi/calls.ts';
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { call, type Message, receive, reply, replyAndReceive, send } from '../../../os/runtime/message.ts';
import * as sorts from './signatures.ts';

export const HANDLES_GIVEN: u32 = 9;
const CALLS: u32 = 120;
const NUMBERS: u32 = 66;
const POOL: u32 = 32;
const STACK_SIZE: u32 = 1024;
const TIME: u32 = 0xc01;
const TIMEH: u32 = 0xc81;

/** Handles, and the kinds that they were of. */
const pool = memory.data(256, 4);
const extras = memory.data(128, 64);
const stack = memory.data(4096, 16);

let state: u32 = 0;
let remembered: u32 = 0;

export function main(seed: u32): i32 {
  state = seed | 1;
  for (let index: u32 = 0; index < HANDLES_GIVEN; index += 1) remember(FIRST_HANDLE + index);
  rave(CALLS);
  return 0;
}

//@external("thread", "entry")
declare function threadEntry(): u32;

export function thread(_argument: u32): void {
  rave(CALLS >> 2);
}

function rave(count: u32): void {
  const message = changetype<Message>(memory.data(64));
  for (let done: u32 = 0; done < count; done += 1) {
    const number = random() % NUMBERS;
    if (isDeadly(number) && (random() & 31) !== 0) continue;
    if (number > 0 && number < 6) exchange(message, number);
    else callAtRandom(number);
    if ((random() & 15) === 0) touch();
  }
}

function callAtRandom(number: u32): void {
  const wanted = sorts.signatureOf(number);
  const a0 = argument(wanted & 15);
  const a1 = argument((wanted >> 4) & 15);
  const a2 = argument((wanted >> 8) & 15);
  const a3 = argument((wanted >> 12) & 15);
  const a4 = argument((wanted >> 16) & 15);
  const a5 = argument((wanted >> 20) & 15);
  const answer = ecall7(number, a0, a1, a2, a3, a4, a5, argument(sorts.SMALL));
  if (<i32>answer >= <i32>FIRST_HANDLE) remember(answer);
}

/** Calls with which it would often end itself early, or stand still. */
function isDeadly(number: u32): bool {
  switch (number) {
    case calls.CALL_SPACE_EXIT:
    case calls.CALL_SPACE_KILL:
    case calls.CALL_SPACE_STOP:
    case calls.CALL_SPACE_UNMAP:
    case calls.CALL_THREAD_EXIT:
    case calls.CALL_THREAD_STOP:
      return true;
    default:
      return false;
  }
}

/** Marsaglia's xorshift. */
function random(): u32 {
  let next = state;
  next ^= next << 13;
  next ^= next >> 17;
  next ^= next << 5;
  state = next;
  return next;
}

function remember(handle: u32): void {
  const entry = pool + ((remembered % POOL) << 3);
  store<u32>(entry, handle);
  store<u32>(entry, ecall2(calls.CALL_HANDLE_INSPECT, handle, 0), 4);
  remembered += 1;
}

/** A remembered handle of that kind, if a few looks find one. */
function handleOf(kind: u32): u32 {
  let handle: u32 = 0;
  for (let look: u32 = 0; look < 6; look += 1) {
    const entry = pool + ((random() % min<u32>(remembered, POOL)) << 3);
    handle = load<u32>(entry);
    if (kind === sorts.ANY || load<u32>(entry, 4) === kind) return handle;
  }
  return handle;
}

function argument(sort: u32): u32 {
  if (sort === sorts.NOTHING) return 0;
  const choice = random();
  if (sort === sorts.WILD || (choice & 7) === 0) return wild();
  switch (sort) {
    case sorts.WINDOW:
      return 0x5000_0000 + (((choice >> 4) & 15) << 14);
    case sorts.SMALL:
      return (choice >> 4) & ((choice & 8) === 0 ? 7 : 63);
    case sorts.RIGHTS:
      return (choice >> 4) & 0xff;
    case sorts.ADDRESS:
      return addressAtRandom(choice);
    case sorts.ENTRY:
      return threadEntry();
    case sorts.STACK:
      return stack + STACK_SIZE * (1 + ((choice >> 4) & 3));
    case sorts.SOON:
      return csr_read(TIME) + ((choice >> 4) & 0x7f);
    default:
      return handleOf(sort);
  }
}

/** Of its own, in a window, or at an edge of what is mapped. */
function addressAtRandom(choice: u32): u32 {
  switch ((choice >> 4) & 3) {
    case 0:
      return extras + ((choice >> 6) & 64);
    case 1:
      return 0x5000_0000 + (((choice >> 6) & 15) << 14) + ((choice >> 10) & 0xfff);
    case 2:
      return 0x8000_0000 - ((choice >> 6) & 0x1fff);
    default:
      return stack + ((choice >> 6) & 0xf80);
  }
}

function wild(): u32 {
  const choice = random();
  switch (choice & 7) {
    case 0:
      return FIRST_HANDLE + ((choice >> 4) & 15);
    case 1:
      return (choice >> 4) & 7;
    case 2:
      return ((choice >> 4) & 0xff) << 12;
    case 3:
      return 0x8000_0000 - ((choice >> 4) & 0x1fff);
    case 4:
      return 0x8040_0000 + ((choice >> 4) & 0xffff);
    case 5:
      return 0xffff_ffff - ((choice >> 4) & 63);
    case 6:
      return (choice >> 4) & 0xff;
    default:
      return random();
  }
}

/** Reads or writes where something may be mapped, which often ends it. */
function touch(): void {
  const choice = random();
  const at = 0x5000_0000 + (((choice >> 6) & 15) << 14) + ((choice >> 10) & 0xffc);
  if ((choice & 7) === 0) store32(at, choice);
  else if ((choice & 7) === 1) load32(at);
}

/** Never waits for ever: its deadlines are past, or soon. */
function exchange(message: Message, number: u32): void {
  message.port = argument(sorts.PORT);
  message.label = random();
  message.token = (random() & 3) === 0 ? wild() : message.token;
  fillExtras();
  const choice = random() & 7;
  message.extras = choice < 3 ? 0 : choice < 6 ? extras | (choice & 1) : argument(sorts.ADDRESS);
  const low = csr_read(TIME) + (random() & 0x7f);
  message.deadlineLow = (random() & 1) === 0 ? 0 : low;
  message.deadlineHigh = csr_read(TIMEH);
  if (number === calls.CALL_CALL) call(message);
  else if (number === calls.CALL_RECEIVE) receive(message);
  else if (number === calls.CALL_REPLY) reply(message);
  else if (number === calls.CALL_REPLY_AND_RECEIVE) replyAndReceive(message);
  else send(message);
  const isReceived = message.extras === extras && (message.counts & 15) === 1;
  if (isReceived) remember(load<u32>(extras, 4));
}

function fillExtras(): void {
  store<u32>(extras, random() & 3);
  for (let index: u32 = 0; index < 4; index += 1) {
    store<u32>(extras + 4 + (index << 2), argument(sorts.ANY));
    store<u32>(extras + 20 + (index << 2), argument(sorts.RIGHTS));
  }
  store<u32>(extras, random() & 3, 36);
  for (let index: u32 = 0; index < 2; index += 1) {
    store<u32>(extras + 40 + index * 12, argument(sorts.ADDRESS));
    store<u32>(extras + 44 + index * 12, argument(sorts.SMALL));
    store<u32>(extras + 48 + index * 12, random() & 3);
  }
}
