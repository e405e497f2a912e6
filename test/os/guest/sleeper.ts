/**
 * A program that does nothing for ever.
 */
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { createPort } from '../../../os/runtime/system.ts';

const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = createPort();
  waitForEver(message);
  return receive(message);
}
