/**
 * A process gone mad: system calls at random, with arguments that are often nearly right. Its argument is the
 * seed; it has handles to its own space, a port, a memory and a timer.
 */

import { ecall7 } from 'rv';
import {
  CALL_SPACE_EXIT,
  CALL_SPACE_KILL,
  CALL_SPACE_UNMAP,
  CALL_THREAD_EXIT,
} from '../../../os/abi/calls.ts';
import { INIT_SPACE } from '../../../os/abi/layout.ts';
import { call, type Message, receive, reply, replyAndReceive, send } from '../../../os/runtime/message.ts';

const CALLS: u32 = 300;
const NUMBERS: u32 = 66;
const buffer = memory.data(64);
const extras = memory.data(64, 64);

let state: u32 = 0;

export function main(seed: u32): i32 {
  state = seed | 1;
  const message = changetype<Message>(buffer);
  for (let count: u32 = 0; count < CALLS; count += 1) {
    const number = random() % NUMBERS;
    if (isDeadly(number) && (random() & 31) !== 0) continue;
    if (number > 0 && number < 6) exchange(message, number);
    else ecall7(number, value(), value(), value(), value(), value(), value(), value());
  }
  return 0;
}

/** Calls with which it would often end itself early. */
function isDeadly(number: u32): bool {
  switch (number) {
    case CALL_SPACE_EXIT:
    case CALL_SPACE_KILL:
    case CALL_SPACE_UNMAP:
    case CALL_THREAD_EXIT:
      return true;
    default:
      return false;
  }
}

/** Marsaglia's xorshift. */
function random(): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

function value(): u32 {
  const choice = random();
  switch (choice & 15) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return INIT_SPACE + ((choice >> 4) & 7);
    case 5:
    case 6:
      return (choice >> 4) & 7;
    case 7:
      return ((choice >> 4) & 0xff) << 12;
    case 8:
      return 0x8000_0000 - ((choice >> 4) & 0x1fff);
    case 9:
      return extras + ((choice >> 4) & 64);
    case 10:
      return 0x8040_0000 + ((choice >> 4) & 0xffff);
    case 11:
      return 0xffff_ffff - ((choice >> 4) & 3);
    case 12:
      return 0x800 + ((choice >> 4) & 15);
    case 13:
      return (choice >> 4) & 0xff;
    default:
      return random();
  }
}

/** Never waits for ever: its deadlines are past, or soon. */
function exchange(message: Message, number: u32): void {
  for (let offset: u32 = 0; offset < 64; offset += 4) {
    store<u32>(buffer + offset, value());
    store<u32>(extras + offset, value());
  }
  store<u32>(extras, random() & 7);
  store<u32>(extras, random() & 3, 36);
  message.extras = (random() & 1) === 0 ? 0 : extras;
  message.deadlineLow = random() & 0xffff;
  message.deadlineHigh = 0;
  if (number === 1) call(message);
  else if (number === 2) receive(message);
  else if (number === 3) reply(message);
  else if (number === 4) replyAndReceive(message);
  else send(message);
}
