/**
 * A program that, on node 0, makes empty calls of a file of another node's, and prints how long all of them took, and
 * the one that took longest, in ticks.
 *
 *     pinger CALLS
 */
import { callPort } from '../../../os/runtime/call.ts';
import { now } from '../../../os/runtime/clock.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { openBlob } from './blob.ts';
import { add, begin, end, numberArgument } from './program.ts';

const WARM_UP: u32 = 20;

export function main(_argument: u32): i32 {
  const opened = openBlob();
  ping(opened, WARM_UP);
  const before = now();
  const longest = ping(opened, numberArgument(1));
  const ticks = now() - before;
  begin('pinged');
  add(ticks as i32);
  add(longest);
  end();
  return 0;
}

/** → the ticks that the longest took. */
function ping(file: u32, calls: u32): u32 {
  let longest: u32 = 0;
  for (let left = calls; left > 0; left -= 1) {
    const before = now();
    assert(callPort(file, PING, 0, 0, 0, 0, 0, 0) === 0);
    longest = max<u32>(longest, (now() - before) as u32);
  }
  return longest;
}
