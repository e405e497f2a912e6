/**
 * A program that, on node 0, calls another node's names for as long as they answer, looks for them again when they do
 * not any more, and so on; of the dead ports it keeps its handles. It prints how many calls were answered, how many ended because net here had died and
 * because the node was lost, how many otherwise, and of how many it was told by its watch too.
 *
 *     faithful NODE ENDS
 */
import { ERROR_NODE_LOST, ERROR_PEER_DIED } from '../../../os/abi/errors.ts';
import { NOTIFIED } from '../../../os/abi/message.ts';
import * as net from '../../../os/proto/net.client.ts';
import { originOf } from '../../../os/proto/process.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { handleNamed, ownPid } from '../../../os/runtime/start.ts';
import { createPort, watchPort } from '../../../os/runtime/system.ts';
import { add, begin, end, numberArgument, waitMillisecond } from './program.ts';

const DEATH: u32 = 1;
const TOLD_MILLISECONDS: u64 = 5;

const message = memory.data(64, 4);

let port: u32 = 0;
let answered: u32 = 0;
let told: u32 = 0;

export function main(_argument: u32): i32 {
  port = createPort();
  if (originOf(ownPid()) !== 0) rest();
  let died: u32 = 0;
  let lost: u32 = 0;
  let others: u32 = 0;
  for (let turn: u32 = 0; turn < numberArgument(2); turn += 1) {
    const result = callOn(find());
    if (result === ERROR_PEER_DIED) died += 1;
    else if (result === ERROR_NODE_LOST) lost += 1;
    else others += 1;
  }
  begin('faithful');
  add(answered);
  add(died);
  add(lost);
  add(others);
  add(told);
  end();
  return 0;
}

/** The others only serve. */
function rest(): void {
  const quiet = changetype<Message>(message);
  quiet.port = port;
  waitForEver(quiet);
  receive(quiet);
}

function find(): u32 {
  let names: i32 = -1;
  while (names < 0) {
    names = net.directory(handleNamed('net'), numberArgument(1));
    if (names < 0) waitMillisecond();
  }
  return names;
}

/** Until a call ends otherwise than with an answer: how. */
function callOn(names: u32): i32 {
  watchPort(names, port, DEATH);
  let result: i32 = 0;
  while (result === 0) {
    result = callPort(names, PING, 0, 0, 0, 0, 0, 0);
    if (result === 0) answered += 1;
  }
  if (isTold()) told += 1;
  return result;
}

function isTold(): bool {
  const watch = changetype<Message>(message);
  const limit = now() + TOLD_MILLISECONDS * (TICKS_PER_MILLISECOND as u64);
  watch.port = port;
  watch.deadlineLow = limit as u32;
  watch.deadlineHigh = (limit >> 32) as u32;
  return receive(watch) === NOTIFIED && watch.label === DEATH;
}
