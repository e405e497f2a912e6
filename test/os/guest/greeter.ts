/**
 * Sends one message and ends.
 */
import { FIRST_HANDLE } from '../../../os/abi/layout.ts';
import { type Message, send, waitForEver } from '../../../os/runtime/message.ts';

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = FIRST_HANDLE;
  waitForEver(message);
  return send(message);
}
