/**
 * A service that has others of this node ended and started again, one or another at moments that are drawn.
 *
 *     restarter LEAST SPREAD TIMES NAME…      milliseconds between two times: LEAST, and up to SPREAD more
 */
import { START_ADDRESS, START_ARGUMENT_COUNT, START_ARGUMENTS } from '../../../os/abi/start.ts';
import { textsSize } from '../../../os/lib/start-block.ts';
import * as init from '../../../os/proto/init.client.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';

const FIRST_NAME: u32 = 4;

const pause = memory.data(64, 4);

let state: u32 = 0;

export function main(_argument: u32): i32 {
  const message = changetype<Message>(pause);
  message.port = createPort();
  state = numberVariable('node') + numberVariable('chance');
  for (let left = numberArgument(3); left > 0; left -= 1) {
    const wait = numberArgument(1) + (chance() % numberArgument(2));
    const end = now() + (wait as u64) * (TICKS_PER_MILLISECOND as u64);
    message.deadlineLow = end as u32;
    message.deadlineHigh = (end >> 32) as u32;
    receive(message);
    const name = drawnName();
    init.restart(handleNamed('init'), name, textsSize(name, 1) - 1);
  }
  message.deadlineLow = message.deadlineHigh = 0xffff_ffff;
  return receive(message);
}

function drawnName(): u32 {
  const names = load<u32>(START_ADDRESS, START_ARGUMENT_COUNT) - FIRST_NAME;
  const texts = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  return texts + textsSize(texts, FIRST_NAME + (chance() % names));
}

function chance(): u32 {
  state = state * 1_664_525 + 1_013_904_223;
  return state >> 8;
}
