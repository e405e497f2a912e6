/**
 * A program that looks at this node's view of the cluster every millisecond, and says each change: its number,
 * the nodes as bits, and whether they are a majority.
 */
import * as member from '../../../os/proto/member.client.ts';
import type { View } from '../../../os/proto/member.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { add, begin, end } from './program.ts';

const seen = memory.data(20, 4);
const pause = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const view = changetype<View>(seen);
  const message = changetype<Message>(pause);
  message.port = createPort();
  let number: u32 = 0xffff_ffff;
  let isMajority: u32 = 0;
  while (true) {
    if (member.view(handleNamed('member'), view) < 0) return 1;
    if (view.number !== number || view.isMajority !== isMajority) {
      number = view.number;
      isMajority = view.isMajority;
      begin('view');
      add(number);
      add(view.low);
      add(isMajority);
      end();
    }
    const until = now() + (TICKS_PER_MILLISECOND as u64);
    message.deadlineLow = until as u32;
    message.deadlineHigh = (until >> 32) as u32;
    receive(message);
  }
}
