/**
 * A program that starts children on node 1 until so many have ended as they should, and prints how many did not: could
 * not be started, or were lost.
 *
 *     persistent CHILDREN
 */
import {
  changed,
  inheritDescriptors,
  numberArgument,
  spawn,
  spawnAt,
  tell,
  waitFor,
  waitMillisecond,
} from './program.ts';

const EXITED: u32 = 1;
const STATUS: u32 = 7;

export function main(_argument: u32): i32 {
  inheritDescriptors();
  spawnAt(1);
  let ended: u32 = 0;
  let failed: u32 = 0;
  while (ended < numberArgument(1)) {
    const child = spawn('nothing', STATUS, -1);
    const isWell =
      child > 0 && waitFor(child, 0) >= 0 && changed().how === EXITED && changed().value === STATUS;
    if (isWell) ended += 1;
    else failed += 1;
    waitMillisecond();
  }
  tell('persisted', failed);
  return 0;
}
