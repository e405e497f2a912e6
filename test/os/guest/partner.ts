/**
 * A server that does with a call what its label says. Its argument is its port.
 */
import { EXTRAS_VALUES } from '../../../os/abi/message.ts';
import { type Message, receive, reply, waitForEver } from '../../../os/runtime/message.ts';
import { inspectLent, lentDeliver, lentRead, lentWrite, notify } from '../../../os/runtime/system.ts';

/** Keeps the call, without a reply. */
export const HOLD: u32 = 1;
/** Replies to the call that is kept; word 0: what that answered. */
export const REPLY_HELD: u32 = 2;
/** Notifies the port that came with it, or before; word 0: what that answered. */
export const NOTIFY: u32 = 3;
/** Copies range 0 to range 1 with 1 added to each byte; words 0 and 1: what reading and writing answered. */
export const INCREMENT: u32 = 4;
/** Ends without a reply. */
export const LEAVE: u32 = 5;
/**
 * Delivers range 0 in parts: in its first page, over its end, there again by writing, and behind a gap to the end;
 * words 0 to 3: what that answered.
 */
export const DELIVER: u32 = 7;
/** Writes to an address where nothing is. */
export const FAULT: u32 = 6;
const FAULT_ADDRESS: u32 = 0x2000_0010;

const buffer = memory.data(64);
const extras = memory.data(64, 64);
const bytes = memory.data(64);
const way = memory.data(4, 4);
/** Last, so that all that is written to lies in one page. */
const much = memory.data(4100);

let held: u32 = 0;
let given: u32 = 0;

export function main(port: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = port;
  waitForEver(message);
  while (true) {
    message.extras = extras;
    const result = receive(message);
    assert(result === 0);
    message.extras = 0;
    if (message.label === LEAVE) return 7;
    if (message.label === FAULT) store<u32>(FAULT_ADDRESS, 1);
    if (message.label === HOLD) held = message.token;
    else if (message.token !== 0) answer(message);
  }
}

function answer(message: Message): void {
  const token = message.token;
  if (message.label === REPLY_HELD) {
    message.token = held;
    message.word0 = reply(message);
  } else if (message.label === NOTIFY) {
    if ((message.counts & 15) === 1) given = load<u32>(extras, EXTRAS_VALUES);
    message.word0 = notify(given, 4);
  } else if (message.label === INCREMENT) {
    increment(message);
  } else if (message.label === DELIVER) {
    message.word0 = lentDeliver(token, 0, 0, much, 4000);
    message.word1 = lentDeliver(token, 0, 4000, much, 200);
    message.word2 = lentWrite(token, 0, 4199, much, 10);
    message.word3 = lentDeliver(token, 0, 8192, much, 4097);
  }
  message.token = token;
  assert(reply(message) === 0);
}

function increment(message: Message): void {
  const size = lentRead(message.token, 0, 0, bytes, 64);
  for (let index: i32 = 0; index < size; index += 1) store<u8>(bytes + index, load<u8>(bytes + index) + 1);
  message.word0 = size;
  message.word1 = lentWrite(message.token, 1, 0, bytes, 64);
  message.word2 = inspectLent(message.token, 1, way);
  message.word3 = load<u32>(way);
}
