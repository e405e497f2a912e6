/**
 * A service that has this node's net service ended and started again, over and over, at moments that are drawn.
 *
 *     net-killer LEAST SPREAD      milliseconds between two times: LEAST, and up to SPREAD more
 */
import * as init from '../../../os/proto/init.client.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';

/** "net" */
const net = memory.data<u8>([0x6e, 0x65, 0x74]);
const pause = memory.data(64, 4);

let state: u32 = 0;

export function main(_argument: u32): i32 {
  const message = changetype<Message>(pause);
  message.port = createPort();
  state = numberVariable('node') + 1;
  while (true) {
    const end =
      now() + ((numberArgument(1) + (chance() % numberArgument(2))) as u64) * (TICKS_PER_MILLISECOND as u64);
    message.deadlineLow = end as u32;
    message.deadlineHigh = (end >> 32) as u32;
    receive(message);
    init.restart(handleNamed('init'), net, 3);
  }
}

function chance(): u32 {
  state = state * 1_664_525 + 1_013_904_223;
  return state >> 8;
}
