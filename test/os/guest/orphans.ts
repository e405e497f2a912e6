/**
 * A first process that watches what is derived from its handles, in the ways in which a server gives its
 * objects away, and prints what it was answered and told.
 */

import { RESOURCE_SPACES, RESOURCE_TIMERS } from '../../../os/abi/account.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { EXTRAS_RIGHTS, EXTRAS_VALUES } from '../../../os/abi/message.ts';
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_READ, RIGHT_RECEIVE, RIGHT_SEND } from '../../../os/abi/rights.ts';
import { call, type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  copyHandle,
  createMemory,
  createPort,
  createSpace,
  grant,
  inspectHandle,
  kill,
  map,
  reset,
  revoke,
  startThread,
  threadOf,
  unmap,
  used,
  watchHandle,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { NOTIFY } from './partner.ts';
import { pause, soon } from './patience.ts';
import { say, sayNumber } from './say.ts';

const WAIT_TICKS: u32 = 10_000;
const PRIORITY: u32 = 20;
const WINDOW: u32 = 0x5000_0000;
const OPEN: u32 = RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY;

const buffer = memory.data(64);
const extras = memory.data(64, 64);
const found = memory.data(12, 4);

let told: u32 = 0;

export function main(_argument: u32): i32 {
  told = createPort();
  const port = createPort();
  copies(port);
  processes(port);
  mappings();
  endings(port);
  remains(port);
  return reset(INIT_CONTROL, 0, 0);
}

/** The bits that come within a while, 0 for none. */
function heard(): u32 {
  const message = changetype<Message>(buffer);
  message.port = told;
  message.extras = 0;
  soon(message, WAIT_TICKS);
  return receive(message) === 1 ? message.label : 0;
}

function isDerivedFrom(handle: u32): u32 {
  inspectHandle(handle, found);
  return load<u32>(found, 8);
}

/** Copies and copies of copies, closed from the middle. */
function copies(port: u32): void {
  say('copies ');
  const master = copyHandle(port, OPEN, 7);
  sayNumber(isDerivedFrom(master));
  sayNumber(watchHandle(master, told, 1));
  sayNumber(heard());
  const first = copyHandle(master, OPEN, 0);
  sayNumber(watchHandle(master, told, 2));
  sayNumber(watchHandle(master, told, 4));
  sayNumber(isDerivedFrom(master));
  const second = copyHandle(first, OPEN, 0);
  const third = copyHandle(second, OPEN, 0);
  close(first);
  close(third);
  sayNumber(heard());
  close(second);
  sayNumber(heard());
  sayNumber(isDerivedFrom(master));
  close(master);
  say('\n');
}

/** One process is given a handle, another is sent one made of that; both die. */
function processes(port: u32): void {
  say('processes ');
  const asked = createPort();
  const keeper = smallSpace();
  const name = grant(keeper, asked, RIGHT_RECEIVE, 0);
  const bystander = smallSpace();
  startThread(childThread(keeper, 'partner', name, PRIORITY));
  const master = copyHandle(port, OPEN, 8);
  const copy = copyHandle(master, OPEN, 0);
  watchHandle(master, told, 8);
  grant(bystander, copy, OPEN, 0);
  sayNumber(sendHandle(asked, copy));
  close(copy);
  kill(bystander);
  sayNumber(heard());
  kill(keeper);
  sayNumber(heard());
  close(master);
  close(keeper);
  close(bystander);
  say('\n');
}

function sendHandle(port: u32, handle: u32): i32 {
  const message = changetype<Message>(buffer);
  waitForEver(message);
  message.port = port;
  message.label = NOTIFY;
  store<u32>(extras, 1);
  store<u32>(extras, handle, EXTRAS_VALUES);
  store<u32>(extras, RIGHT_NOTIFY, EXTRAS_RIGHTS);
  message.extras = extras;
  return call(message);
}

/** A mapping keeps a memory's master from being alone, also when the handle it was made by is closed. */
function mappings(): void {
  say('mappings ');
  const master = createMemory(1);
  const copy = copyHandle(master, RIGHT_READ, 0);
  sayNumber(watchHandle(master, told, 16));
  sayNumber(map(INIT_SPACE, WINDOW, copy, 0, 1, RIGHT_READ));
  close(copy);
  sayNumber(heard());
  unmap(INIT_SPACE, WINDOW);
  sayNumber(heard());
  close(master);
  say('\n');
}

/** Revocation ends what is watched; with its handle a watch goes without a word, and costs nothing more. */
function endings(port: u32): void {
  say('endings ');
  const before = used(INIT_SPACE, RESOURCE_TIMERS);
  const master = copyHandle(port, OPEN, 9);
  copyHandle(copyHandle(master, OPEN, 0), OPEN, 0);
  watchHandle(master, told, 32);
  sayNumber(used(INIT_SPACE, RESOURCE_TIMERS) - before);
  sayNumber(revoke(master));
  sayNumber(heard());
  const copy = copyHandle(master, OPEN, 0);
  watchHandle(master, told, 64);
  close(master);
  close(copy);
  sayNumber(heard());
  sayNumber(used(INIT_SPACE, RESOURCE_TIMERS) - before);
  say('\n');
}

/** A process that watched and made others has ended; a process that nobody has a handle to. */
function remains(port: u32): void {
  say('remains ');
  const before = used(INIT_SPACE, RESOURCE_SPACES);
  const maker = createSpace(64, 64, 4, 8, 8, 8, 2);
  grant(maker, port, RIGHT_NOTIFY, 0);
  close(childThread(maker, 'maker', 0, PRIORITY));
  close(smallSpace());
  const thread = threadOf(maker, 0);
  startThread(thread);
  watchSpace(maker, told, 128);
  sayNumber(used(INIT_SPACE, RESOURCE_SPACES) - before > 0 ? 1 : 0);
  sayNumber(heard());
  close(thread);
  close(maker);
  pause(WAIT_TICKS);
  sayNumber(used(INIT_SPACE, RESOURCE_SPACES) - before);
  say('\n');
}
