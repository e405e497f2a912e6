/**
 * A first process that copies memories without copying them, writes to either side in every way there is, and
 * prints what it finds on the others; and that asks which pages have changed.
 */

import { load32, store32 } from 'rv';
import { RESOURCE_PAGES } from '../../../os/abi/account.ts';
import { INIT_CONTROL, INIT_DEVICES, INIT_SPACE } from '../../../os/abi/layout.ts';
import { EXTRAS_LENT, EXTRAS_RANGES } from '../../../os/abi/message.ts';
import { RIGHT_READ, RIGHT_RECEIVE, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { call, type Message, waitForEver } from '../../../os/runtime/message.ts';
import {
  changedPages,
  cloneMemory,
  close,
  copyPages,
  createMemory,
  createPort,
  grant,
  map,
  movePage,
  reset,
  startThread,
  unmap,
  used,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { INCREMENT } from './partner.ts';
import { pause } from './patience.ts';
import { say, sayNumber } from './say.ts';

const PAGES: u32 = 8;
const FIRST: u32 = 0x5000_0000;
const FIRST_TOO: u32 = 0x5100_0000;
const SECOND: u32 = 0x5200_0000;
const THIRD: u32 = 0x5300_0000;
const MOVED: u32 = 0x5400_0000;
const PRIORITY: u32 = 20;
const PAUSE_TICKS: u32 = 10_000;
/** Page tables that come into being for the windows, and stay with the space. */
const TABLES: u32 = 5;

const buffer = memory.data(64);
const extras = memory.data(64, 64);
const bits = memory.data(16, 4);

export function main(_argument: u32): i32 {
  const port = createPort();
  const server = smallSpace();
  const name = grant(server, port, RIGHT_RECEIVE, 0);
  startThread(childThread(server, 'partner', name, PRIORITY));
  pause(PAUSE_TICKS);
  const pages = used(INIT_SPACE, RESOURCE_PAGES);
  const first = filled(FIRST);
  map(INIT_SPACE, FIRST_TOO, first, 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  const before = used(INIT_SPACE, RESOURCE_PAGES);
  const second = cloneMemory(first);
  say('paid ');
  sayNumber(used(INIT_SPACE, RESOURCE_PAGES) - before);
  mapAt(SECOND, second);
  const third = cloneMemory(second);
  mapAt(THIRD, third);
  writing(port);
  moving(first);
  misuse(first, second);
  changes(first);
  release(FIRST, first);
  unmap(INIT_SPACE, FIRST_TOO);
  release(SECOND, second);
  say('last ');
  sayNumber(load32(THIRD + (5 << 12)));
  release(THIRD, third);
  pause(PAUSE_TICKS);
  say('\nleft ');
  sayNumber(used(INIT_SPACE, RESOURCE_PAGES) - pages - TABLES);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

/** A memory with 100 + page in the first word of each page but the last, which is absent. */
function filled(at: u32): u32 {
  const made = createMemory(PAGES);
  mapAt(at, made);
  for (let page: u32 = 0; page < PAGES - 1; page += 1) store32(at + (page << 12), 100 + page);
  return made;
}

function mapAt(at: u32, handle: u32): void {
  assert(map(INIT_SPACE, at, handle, 0, PAGES, RIGHT_READ | RIGHT_WRITE) === 0);
}

function release(at: u32, handle: u32): void {
  unmap(INIT_SPACE, at);
  close(handle);
}

function show(page: u32): void {
  sayNumber(load32(FIRST + (page << 12)));
  sayNumber(load32(FIRST_TOO + (page << 12)));
  sayNumber(load32(SECOND + (page << 12)));
  sayNumber(load32(THIRD + (page << 12)));
}

/** By each of three that share, by one of two mappings of one memory, to an absent page, by the kernel. */
function writing(port: u32): void {
  say('\nwriting ');
  show(0);
  store32(FIRST, 1);
  store32(SECOND, 2);
  store32(THIRD, 3);
  show(0);
  store32(FIRST_TOO + (1 << 12), 4);
  show(1);
  store32(FIRST + (7 << 12), 5);
  show(7);
  say('\nlent ');
  store<u32>(extras, 2, EXTRAS_LENT);
  lend(0, FIRST + (2 << 12), 1);
  lend(12, SECOND + (2 << 12), 2);
  const message = changetype<Message>(buffer);
  waitForEver(message);
  message.port = port;
  message.label = INCREMENT;
  message.extras = extras;
  assert(call(message) === 0);
  sayNumber(message.word1);
  show(2);
}

function lend(offset: u32, address: u32, access: u32): void {
  store<u32>(extras + EXTRAS_RANGES + offset, address);
  store<u32>(extras + EXTRAS_RANGES + offset, 4, 4);
  store<u32>(extras + EXTRAS_RANGES + offset, access, 8);
}

/** A shared page goes to another memory, and is written to there. */
function moving(first: u32): void {
  say('\nmoving ');
  const other = createMemory(PAGES);
  mapAt(MOVED, other);
  sayNumber(movePage(first, 3, other, 0));
  store32(MOVED, load32(MOVED) + 1);
  sayNumber(load32(MOVED));
  show(3);
  release(MOVED, other);
}

function misuse(first: u32, second: u32): void {
  say('\nmisuse ');
  sayNumber(copyPages(first, 0, second, 0, 1));
  sayNumber(copyPages(first, 7, second, 8, 1));
  sayNumber(copyPages(first, 0, second, 0, 0));
  sayNumber(copyPages(INIT_DEVICES, 0, second, 7, 1));
  sayNumber(changedPages(INIT_DEVICES, 0, 1, bits));
  sayNumber(changedPages(first, 1, PAGES, bits));
}

/** All at first, none at once afterwards, then those that were written to, moved away or made. */
function changes(first: u32): void {
  say('\nchanges ');
  sayChanges(first);
  sayChanges(first);
  store32(FIRST_TOO + (1 << 12), load32(FIRST + (1 << 12)) + 1);
  store32(FIRST + (1 << 12), load32(FIRST + (1 << 12)) + 1);
  store32(FIRST + (4 << 12), 6);
  const other = createMemory(PAGES);
  movePage(first, 6, other, 6);
  sayNumber(load32(FIRST_TOO + (1 << 12)));
  sayChanges(first);
  sayChanges(first);
  close(other);
  say('\n');
}

function sayChanges(first: u32): void {
  assert(changedPages(first, 0, PAGES, bits) === PAGES);
  sayNumber(load<u32>(bits));
}
