/**
 * A first process that misuses every system call in the ways its manual names, and prints each answer.
 */

import { ecall7 } from 'rv';
import * as calls from '../../../os/abi/calls.ts';
import { INIT_ARCHIVE, INIT_CONTROL, INIT_DEVICES, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_NOTIFY, RIGHT_READ, RIGHT_WRITE, RIGHTS_ALL } from '../../../os/abi/rights.ts';
import { call, type Message, receive, reply, replyAndReceive, send } from '../../../os/runtime/message.ts';
import {
  close,
  copyHandle,
  createMemory,
  createPort,
  createTimer,
  reset,
} from '../../../os/runtime/system.ts';
import { smallSpace } from './children.ts';
import { say, sayNumber } from './say.ts';

const BAD: u32 = 0x1_0000;
const buffer = memory.data(64);
const extras = memory.data(64, 64);

export function main(_argument: u32): i32 {
  const port = createPort();
  badHandles();
  wrongKinds(port);
  badArguments(port);
  badLocations();
  badMessages(port);
  deadPort();
  return reset(INIT_CONTROL, 0, 0);
}

function show(number: u32, a0: u32, a1: u32, a2: u32, a3: u32, a4: u32, a5: u32): void {
  sayNumber(ecall7(number, a0, a1, a2, a3, a4, a5, 0));
}

/** Every call that takes a handle first, with none. */
function badHandles(): void {
  say('handle ');
  for (let number: u32 = calls.CALL_HANDLE_COPY; number <= calls.CALL_SPACE_ALLOW; number += 1) {
    if (number === calls.CALL_THREAD_EXIT || number === calls.CALL_SPACE_EXIT) continue;
    if (number === calls.CALL_LENT_PASS || number === calls.CALL_LENT_DELIVER) continue;
    if (number === calls.CALL_LENT_INSPECT || number === calls.CALL_LENT_WRITTEN) continue;
    if (number === calls.CALL_PORT_CREATE || number === calls.CALL_TIMER_CREATE) continue;
    if (number === calls.CALL_THREAD_SELF || number === calls.CALL_MEMORY_CREATE_PAGED) continue;
    if (number === calls.CALL_SPACE_CREATE || number === calls.CALL_MEMORY_CREATE) continue;
    show(number, BAD, 0, 0, 0, 0, 0);
  }
  say('\n');
}

function wrongKinds(port: u32): void {
  say('kind ');
  show(calls.CALL_NOTIFY, INIT_SPACE, 1, 0, 0, 0, 0);
  show(calls.CALL_SPACE_MAP, port, 0, 0, 0, 0, 0);
  show(calls.CALL_THREAD_START, port, 0, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_PART, port, 0, 1, 0, 0, 0);
  show(calls.CALL_TIMER_SET, port, port, 1, 0, 0, 0);
  show(calls.CALL_INTERRUPT_CREATE, port, 10, 0, 0, 0, 0);
  show(calls.CALL_CONTROL_LOG, port, buffer, 1, 0, 0, 0);
  show(calls.CALL_CONTROL_READ_LOG, port, 0, buffer, 1, 0, 0);
  show(calls.CALL_CONTROL_USE, port, 0, 0, 0, 0, 0);
  show(calls.CALL_SPACE_WATCH, INIT_SPACE, INIT_SPACE, 1, 0, 0, 0);
  show(calls.CALL_HANDLE_WATCH, INIT_SPACE, INIT_SPACE, 1, 0, 0, 0);
  say('\nright ');
  const notifier = copyHandle(port, RIGHT_NOTIFY, 0);
  show(calls.CALL_HANDLE_COPY, notifier, RIGHT_NOTIFY, 0, 0, 0, 0);
  show(calls.CALL_HANDLE_COPY, port, 0x1ff, 0, 0, 0, 0);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x5000_0000, INIT_ARCHIVE, 0, 1, RIGHT_WRITE);
  show(calls.CALL_RECEIVE, notifier, 0, 0, 0, 0, 0);
  show(calls.CALL_SEND, notifier, 0, 0, 0, 0, 0);
  say('\n');
}

function badArguments(port: u32): void {
  say('argument ');
  const memory8 = createMemory(8);
  show(51, 0, 0, 0, 0, 0, 0);
  show(0xffff_ffff, 0, 0, 0, 0, 0, 0);
  show(calls.CALL_SPACE_CREATE, 0xffff_ffff, 0, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_CREATE, 0, 0, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_CREATE, 0x10_0000, 0, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_PART, memory8, 0, 1, 0, 0, 0);
  show(calls.CALL_MEMORY_PART, INIT_DEVICES, 0x7_ffff, 2, 0, 0, 0);
  show(calls.CALL_MEMORY_MOVE_PAGE, memory8, 0, memory8, 1, 0, 0);
  show(calls.CALL_MEMORY_CREATE_PAGED, 0, port, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_CREATE_PAGED, 1, INIT_SPACE, 0, 0, 0, 0);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x5000_0001, memory8, 0, 1, RIGHT_READ);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x7fff_f000, memory8, 0, 2, RIGHT_READ);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x5000_0000, memory8, 7, 2, RIGHT_READ);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x5000_0000, memory8, 0, 8, 0);
  show(calls.CALL_SPACE_MAP, INIT_SPACE, 0x7000_0000, memory8, 0, 8, RIGHT_READ);
  show(calls.CALL_SPACE_UNMAP, INIT_SPACE, 0x5000_0000, 0, 0, 0, 0);
  show(calls.CALL_SPACE_ACCOUNT, INIT_SPACE, 8, 0, 0, 0, 0);
  show(calls.CALL_SPACE_ALLOW, INIT_SPACE, 8, 1, 0, 0, 0);
  show(calls.CALL_SPACE_ALLOW, INIT_SPACE, 0, 1, 0, 0, 0);
  show(calls.CALL_THREAD_CREATE, INIT_SPACE, 0, 0, 0, 32, 0);
  show(calls.CALL_INTERRUPT_CREATE, INIT_CONTROL, 96, 0, 0, 0, 0);
  show(calls.CALL_CONTROL_LOG, INIT_CONTROL, 0, 1, 0, 0, 0);
  show(calls.CALL_CONTROL_LOG, INIT_CONTROL, 0x8040_0000, 1, 0, 0, 0);
  show(calls.CALL_CONTROL_READ_LOG, INIT_CONTROL, 0, 0x8040_0000, 1, 0, 0);
  show(calls.CALL_CONTROL_RESET, INIT_CONTROL, 9, 0, 0, 0, 0);
  show(calls.CALL_HANDLE_COPY, copyHandle(port, RIGHTS_ALL, 7), RIGHTS_ALL, 8, 0, 0, 0);
  say('\n');
}

/** Where a page is: not without a device, not of a device; and a page that was located does not move. */
function badLocations(): void {
  say('locate ');
  const memory8 = createMemory(8);
  show(calls.CALL_MEMORY_LOCATE, memory8, memory8, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_LOCATE, INIT_DEVICES, INIT_DEVICES, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_LOCATE, INIT_DEVICES, memory8, 8, 0, 0, 0);
  show(calls.CALL_MEMORY_LOCATE, INIT_DEVICES, INIT_ARCHIVE, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_LOCATE, copyHandle(INIT_DEVICES, RIGHT_READ, 0), memory8, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_LOCATE, INIT_DEVICES, memory8, 0, 0, 0, 0);
  show(calls.CALL_MEMORY_MOVE_PAGE, memory8, 0, createMemory(1), 0, 0, 0);
  say('\n');
}

function badMessages(port: u32): void {
  say('message ');
  const message = changetype<Message>(buffer);
  message.port = port;
  sayNumber(reply(message));
  sayNumber(replyAndReceive(message));
  sayNumber(receive(message));
  sayNumber(call(message));
  sayNumber(send(message));
  show(calls.CALL_LENT_READ, 0x1234, 0, 0, buffer, 4, 0);
  show(calls.CALL_LENT_PASS, 0x1234, 0, 0x1234, 0, 4, 0);
  show(calls.CALL_LENT_INSPECT, 0x1234, 0, 0, 0, 0, 0);
  show(calls.CALL_LENT_WRITTEN, 2, 0, 0, 0, 0, 0);
  const helper = smallSpace();
  store<u32>(extras, 5);
  message.extras = extras;
  sayNumber(send(message));
  close(helper);
  say('\n');
}

/** A port from which nobody can receive any more. */
function deadPort(): void {
  say('dead ');
  const port = createPort();
  const sender = copyHandle(port, 0x03, 0);
  close(port);
  const message = changetype<Message>(buffer);
  message.port = sender;
  message.extras = 0;
  sayNumber(call(message));
  sayNumber(send(message));
  show(calls.CALL_NOTIFY, sender, 1, 0, 0, 0, 0);
  close(createTimer());
  show(calls.CALL_NOTIFY, port, 1, 0, 0, 0, 0);
  say('\n');
}
