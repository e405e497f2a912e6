/**
 * A program that, on node 0, makes empty calls of another node's names, and prints how long all of them took, and the
 * one that took longest, in ticks. The others only serve.
 *
 *     pinger NODE NODES CALLS
 */
import * as net from '../../../os/proto/net.client.ts';
import { NODE_RECORD_SIZE } from '../../../os/proto/net.ts';
import { originOf } from '../../../os/proto/process.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { now } from '../../../os/runtime/clock.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { handleNamed, ownPid } from '../../../os/runtime/start.ts';
import { add, begin, end, numberArgument, waitMillisecond } from './program.ts';

const WARM_UP: u32 = 20;

const records = memory.data(256, 4);

export function main(_argument: u32): i32 {
  while (net.list(handleNamed('net'), records, 256) < <i32>(numberArgument(2) * NODE_RECORD_SIZE))
    waitMillisecond();
  while (originOf(ownPid()) !== 0) waitMillisecond();
  const names = net.directory(handleNamed('net'), numberArgument(1));
  ping(names, WARM_UP);
  const before = now();
  const longest = ping(names, numberArgument(3));
  const ticks = now() - before;
  begin('pinged');
  add(ticks as i32);
  add(longest);
  end();
  return 0;
}

/** → the ticks that the longest took. */
function ping(names: u32, calls: u32): u32 {
  let longest: u32 = 0;
  for (let left = calls; left > 0; left -= 1) {
    const before = now();
    assert(callPort(names, PING, 0, 0, 0, 0, 0, 0) === 0);
    longest = max<u32>(longest, (now() - before) as u32);
  }
  return longest;
}
