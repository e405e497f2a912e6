/**
 * A program that has the process service killed, after as many milliseconds as its argument says.
 */
import * as init from '../../../os/proto/init.client.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';

const TICKS_PER_MILLISECOND: u32 = 10_000;
const buffer = memory.data(64, 4);
/** "process" */
const name = memory.data<u8>([0x70, 0x72, 0x6f, 0x63, 0x65, 0x73, 0x73]);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  message.port = createPort();
  message.deadlineLow = numberArgument(1) * TICKS_PER_MILLISECOND;
  message.deadlineHigh = 0;
  receive(message);
  return init.restart(handleNamed('init'), name, 7);
}
