/**
 * A first process that lets mad ones run, two at a time, kills those that do not end, and looks whether they
 * had what they were not given, or left something behind. The archive's file `plan` says with which seed it
 * begins and how many pairs there are: two words.
 *
 * Of the pair the first has a port, a memory and a timer with all rights, the second fewer to the same port and
 * memory. Both have handles to what they must not change: a memory to read, a port to send to, a process and
 * the machine without any right to do something to them. What they can do is compared with that.
 */
import { RESOURCES } from '../../../os/abi/account.ts';
import { ARCHIVE_ENTRY_OFFSET } from '../../../os/abi/archive.ts';
import { INIT_ARCHIVE_ADDRESS, INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import {
  RIGHT_COPY,
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHT_READ,
  RIGHT_SEND,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../../../os/abi/rights.ts';
import { findInArchive } from '../../../os/lib/archive.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  createInterrupt,
  createMemory,
  createPort,
  createSpace,
  createTimer,
  grant,
  kill,
  map,
  notify,
  reset,
  spaceStatus,
  startThread,
  used,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread } from './children.ts';
import { pause, soon } from './patience.ts';
import { say, sayNumber } from './say.ts';

/** Ticks: 3 ms. */
const PATIENCE: u32 = 30_000;
const PRIORITY: u32 = 20;
const FIRST_DIED: u32 = 1;
const SECOND_DIED: u32 = 2;
const GUARDED: u32 = 0x5000_0000;
const PATTERN: u32 = 0x5a5a_1234;
const BITS: u32 = 0x60;
/** A source of the PLIC with no device. */
const SOURCE: u32 = 60;

const buffer = memory.data(64);
const before = memory.data(64);
const ending = memory.data(12, 4);

let told: u32 = 0;
let guardedMemory: u32 = 0;
let guardedPort: u32 = 0;
let bystander: u32 = 0;
let killed: u32 = 0;

export function main(_argument: u32): i32 {
  const plan = findInArchive(INIT_ARCHIVE_ADDRESS, 'plan');
  const words = INIT_ARCHIVE_ADDRESS + load<u32>(plan, ARCHIVE_ENTRY_OFFSET);
  told = createPort();
  guardedMemory = createMemory(1);
  map(INIT_SPACE, GUARDED, guardedMemory, 0, 1, RIGHT_READ | RIGHT_WRITE);
  store<u32>(GUARDED, PATTERN);
  guardedPort = createPort();
  notify(guardedPort, BITS);
  bystander = madSpace();
  runPair(1);
  pause(PATIENCE);
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    store<u32>(before + (resource << 2), used(INIT_SPACE, resource));
  }
  const seed = load<u32>(words);
  const pairs = load<u32>(words, 4);
  let faults: u32 = 0;
  for (let pair: u32 = 0; pair < pairs && faults === 0; pair += 1) {
    runPair((seed + pair) * 0x9e37_79b9);
    faults = authorityGained();
    if (faults !== 0) sayFault('gained ', faults, pair);
  }
  pause(PATIENCE);
  faults += leaks();
  say('killed ');
  sayNumber(killed);
  say(faults === 0 ? 'nothing is left\n' : '\n');
  return reset(INIT_CONTROL, 0, faults === 0 ? 0 : 1);
}

function madSpace(): u32 {
  return createSpace(96, 80, 6, 8, 8, 8, 2);
}

function runPair(seed: u32): void {
  const port = createPort();
  const shared = createMemory(8);
  const first = start(port, shared, RIGHTS_ALL, seed, FIRST_DIED);
  const second = start(port, shared, RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY | RIGHT_READ, ~seed, SECOND_DIED);
  close(port);
  close(shared);
  const message = changetype<Message>(buffer);
  message.port = told;
  soon(message, PATIENCE);
  let died: u32 = 0;
  while (died !== (FIRST_DIED | SECOND_DIED)) {
    if (receive(message) === 1) {
      died |= message.label;
      continue;
    }
    killed += 1;
    kill(first);
    kill(second);
    waitForEver(message);
  }
  close(first);
  close(second);
}

/** The order of the handles is known to fuzz.ts. */
function start(port: u32, shared: u32, rights: u32, seed: u32, died: u32): u32 {
  const space = madSpace();
  assert(space > 0);
  grant(space, space, RIGHTS_ALL, 0);
  grant(space, port, rights, 0);
  grant(space, shared, rights, 0);
  grantAndClose(space, createTimer(), RIGHT_MANAGE | RIGHT_COPY);
  grant(space, guardedMemory, RIGHT_READ | RIGHT_COPY, 0);
  grant(space, guardedPort, RIGHT_SEND | RIGHT_COPY, 0);
  grant(space, bystander, RIGHT_COPY, 0);
  grant(space, INIT_CONTROL, RIGHT_COPY, 0);
  if (died === FIRST_DIED) grantAndClose(space, createInterrupt(INIT_CONTROL, SOURCE), RIGHT_MANAGE);
  const thread = childThread(space, 'fuzz', seed, PRIORITY);
  assert(thread > 0);
  watchSpace(space, told, died);
  startThread(thread);
  close(thread);
  return space;
}

function grantAndClose(space: u32, handle: u32, rights: u32): void {
  grant(space, handle, rights, 0);
  close(handle);
}

/** What they have done that they had no right to: a bit for each. */
function authorityGained(): u32 {
  let found: u32 = load<u32>(GUARDED) === PATTERN ? 0 : 1;
  const message = changetype<Message>(buffer);
  message.port = guardedPort;
  message.deadlineLow = 0;
  message.deadlineHigh = 0;
  if (receive(message) !== 1 || message.label !== BITS) found |= 2;
  notify(guardedPort, BITS);
  if (spaceStatus(bystander, ending) !== 0) found |= 4;
  return found;
}

function leaks(): u32 {
  let found: u32 = 0;
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    const left = used(INIT_SPACE, resource) - load<u32>(before + (resource << 2));
    if (left === 0) continue;
    found += 1;
    sayFault('left ', resource, left);
  }
  return found;
}

function sayFault(what: string, number: u32, other: u32): void {
  say(what);
  sayNumber(number);
  sayNumber(other);
}
