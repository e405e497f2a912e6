/**
 * A program that measures, in cycles and warm: from a spawn to its answer, to the child's end as its parent is
 * told; from a signal's answer to the end that it brings; and how many such children it can have one after another.
 * With an argument the child is userland's `true`; with a second one children are on the node of that number.
 */

import { csr_read } from 'rv';
import * as programs from '../../../os/proto/process.client.ts';
import { SIGNAL_KILL } from '../../../os/proto/process.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { WAITS } from './child.ts';
import { changed, inheritDescriptors, numberArgument, spawn, spawnAt, tell, waitFor } from './program.ts';

const CYCLE: u32 = 0xc00;
const ROUNDS: u32 = 5;
const MANY: u32 = 300;

export function main(_argument: u32): i32 {
  inheritDescriptors();
  const isManaged = numberArgument(1) !== 0;
  if (numberArgument(2) !== 0) spawnAt(numberArgument(2));
  const status: u32 = isManaged ? 0 : 7;
  let answered: u32 = 0;
  let ended: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    const before = csr_read(CYCLE);
    const child = spawn(isManaged ? 'true' : 'nothing', status, -1);
    answered = csr_read(CYCLE) - before;
    if (waitFor(child, 0) < 0 || changed().value !== status) return 1;
    ended = csr_read(CYCLE) - before;
  }
  tell('answered', answered);
  tell('ended', ended);
  tell('killed', cyclesOfDeath());
  let last: i32 = 0;
  for (let count: u32 = 0; count < MANY; count += 1) {
    last = spawn('nothing', count & 0x7f, -1);
    if (last < 0 || waitFor(last, 0) < 0 || changed().value !== (count & 0x7f)) return 2;
  }
  tell('many', MANY);
  return 0;
}

/** From when a signal has been sent until the parent is told of the end. */
function cyclesOfDeath(): u32 {
  let cycles: u32 = 0;
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    const child = spawn('child', WAITS, -1);
    programs.kill(handleNamed('process'), child, SIGNAL_KILL);
    const before = csr_read(CYCLE);
    waitFor(child, 0);
    cycles = csr_read(CYCLE) - before;
  }
  return cycles;
}
