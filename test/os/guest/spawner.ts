/**
 * A program that has children on the other nodes, one after another and for ever: as many as its first argument
 * says there are nodes in all. Now and then it tells how many have ended by themselves, were lost with their node,
 * and could not be made, and how many programs there are on its own node.
 */
import * as programs from '../../../os/proto/process.client.ts';
import { FIRST_PROGRAM, HOW_EXITED, NODE_PIDS, originOf, RECORD_SIZE } from '../../../os/proto/process.ts';
import { handleNamed, ownPid } from '../../../os/runtime/start.ts';
import {
  add,
  begin,
  changed,
  end,
  inheritDescriptors,
  numberArgument,
  setNode,
  spawn,
  waitFor,
  waitMillisecond,
} from './program.ts';

const STATUS: u32 = 7;
const ROUNDS: u32 = 10;
const RECORDS: u32 = 40;

const records = memory.data(2560, 8);

let ended: u32 = 0;
let lost: u32 = 0;
let refused: u32 = 0;

export function main(_argument: u32): i32 {
  inheritDescriptors();
  const nodes = numberArgument(1);
  const own = originOf(ownPid());
  let isRight = true;
  for (let round: u32 = 1; isRight; round += 1) {
    const node = round % nodes;
    isRight = node === own || makeChild(node);
    if (round % ROUNDS === 0) report(own);
  }
  return 1;
}

/** False where it has ended as it should not. */
function makeChild(node: u32): bool {
  setNode(node);
  const child = spawn('nothing', STATUS, -1);
  if (child < 0) {
    refused += 1;
    waitMillisecond();
    return true;
  }
  if (waitFor(child, 0) < 0 || <i32>changed().pid !== child) return false;
  if (changed().how !== HOW_EXITED) lost += 1;
  else if (changed().value !== STATUS) return false;
  else ended += 1;
  return true;
}

function report(own: u32): void {
  const first = own * NODE_PIDS + FIRST_PROGRAM;
  const size: u32 = programs.list(handleNamed('process'), own, first, records, RECORDS * RECORD_SIZE);
  begin('so-far');
  add(ended);
  add(lost);
  add(refused);
  add(size / RECORD_SIZE);
  end();
}
