/**
 * A server: answers every call with its words, the first one more by one. Its argument is the port's handle.
 */
import { type Message, receive, replyAndReceive, waitForEver } from '../../../os/runtime/message.ts';

const message = memory.data(64);

export function main(port: u32): i32 {
  const received = changetype<Message>(message);
  waitForEver(received);
  received.port = port;
  let result = receive(received);
  while (result === 0) {
    received.word0 += 1;
    result = replyAndReceive(received);
  }
  return result;
}
