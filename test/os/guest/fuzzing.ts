/**
 * A first process that lets mad ones run, one after another, kills those that do not end, and counts what it
 * has used of everything before and after: nothing may be left.
 */

import { RESOURCES } from '../../../os/abi/account.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHTS_ALL } from '../../../os/abi/rights.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  createMemory,
  createPort,
  createTimer,
  grant,
  kill,
  reset,
  startThread,
  used,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { pause, soon } from './patience.ts';
import { say, sayNumber } from './say.ts';

const RUNS: u32 = 400;
/** Ticks: 5 ms. */
const PATIENCE: u32 = 50_000;
const PRIORITY: u32 = 20;
const DIED: u32 = 1;

const buffer = memory.data(64);
const before = memory.data(64);

export function main(_argument: u32): i32 {
  const port = createPort();
  runOne(port, 0);
  pause(PATIENCE);
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    store<u32>(before + (resource << 2), used(INIT_SPACE, resource));
  }
  let _killed: u32 = 0;
  for (let run: u32 = 1; run <= RUNS; run += 1) _killed += runOne(port, run * 0x9e37_79b9);
  pause(PATIENCE);
  let leaks: u32 = 0;
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    const left = used(INIT_SPACE, resource) - load<u32>(before + (resource << 2));
    if (left === 0) continue;
    leaks += 1;
    say('left ');
    sayNumber(resource);
    sayNumber(left);
  }
  say(leaks === 0 ? 'nothing is left\n' : '\n');
  return reset(INIT_CONTROL, 0, leaks === 0 ? 0 : 1);
}

/** 1 where it had to be killed. */
function runOne(port: u32, seed: u32): u32 {
  const space = smallSpace();
  assert(space > 0);
  grant(space, space, RIGHTS_ALL, 0);
  grantAndClose(space, createPort());
  grantAndClose(space, createMemory(8));
  grantAndClose(space, createTimer());
  const thread = childThread(space, 'fuzz', seed, PRIORITY);
  assert(thread > 0);
  watchSpace(space, port, DIED);
  startThread(thread);
  const message = changetype<Message>(buffer);
  message.port = port;
  soon(message, PATIENCE);
  let killed: u32 = 0;
  if (receive(message) < 0) {
    killed = 1;
    kill(space);
    waitForEver(message);
    assert(receive(message) === 1);
  }
  close(thread);
  close(space);
  return killed;
}

function grantAndClose(space: u32, handle: u32): void {
  grant(space, handle, RIGHTS_ALL, 0);
  close(handle);
}
