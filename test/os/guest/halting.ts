/**
 * A program that asks for the machine's end, as its argument says (HALT_… of init.ts), and waits to be ended; a
 * child of its does not mind SIGTERM.
 */
import * as programs from '../../../os/proto/process.client.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { inheritDescriptors, numberArgument, spawn, tell } from './program.ts';

const IGNORES: u32 = 201;
const buffer = memory.data(64, 4);

export function main(_argument: u32): i32 {
  inheritDescriptors();
  tell('child', spawn('child', IGNORES, 0) > 0 ? 1 : 0);
  programs.halt(handleNamed('process'), numberArgument(1));
  const message = changetype<Message>(buffer);
  message.port = createPort();
  waitForEver(message);
  return receive(message);
}
