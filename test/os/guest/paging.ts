/**
 * A first process that is the pager of its children's memory: it supplies pages, refuses them, replies without
 * one, goes away. Prints what it was asked, what it read of lent memory, and how the children ended.
 */

import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { PAGE_FAULT } from '../../../os/abi/pager.ts';
import { RIGHT_MANAGE, RIGHT_READ, RIGHT_SEND, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { type Message, receive, reply, waitForEver } from '../../../os/runtime/message.ts';
import {
  close,
  copyHandle,
  copyPages,
  createMemory,
  createPagedMemory,
  createPort,
  grant,
  lentRead,
  map,
  movePage,
  reset,
  spaceStatus,
  startSpace,
  startThread,
  stopSpace,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { pause } from './patience.ts';
import { say, sayNumber } from './say.ts';
import { TELL, WINDOW } from './toucher.ts';

const PAGES: u32 = 8;
const STORE: u32 = 0x5000_0000;
const BADGE: u32 = 77;
const PRIORITY: u32 = 20;
const DIED: u32 = 1;
const PAUSE_TICKS: u32 = 20_000;

const buffer = memory.data(64);
const end = memory.data(12, 4);
const bytes = memory.data(8, 4);

let message = changetype<Message>(0);
let port: u32 = 0;
let source: u32 = 0;
let paged: u32 = 0;

export function main(_argument: u32): i32 {
  message = changetype<Message>(buffer);
  waitForEver(message);
  source = createMemory(PAGES);
  map(INIT_SPACE, STORE, source, 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  for (let page: u32 = 0; page < PAGES; page += 1) {
    store<u32>(STORE + (page << 12), 100 + page);
    store<u32>(STORE + (page << 12) + 4092, 200 + page);
  }
  supplies();
  refuses(1);
  refuses(0);
  leaves();
  suspends();
  return reset(INIT_CONTROL, 0, 0);
}

/** A child with paged memory. */
function child(argument: u32): u32 {
  port = createPort();
  const asked = copyHandle(port, RIGHT_SEND | RIGHT_MANAGE, BADGE);
  paged = createPagedMemory(PAGES, asked);
  close(asked);
  const space = smallSpace();
  grant(space, port, RIGHT_SEND, 0);
  map(space, WINDOW, paged, 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  startThread(childThread(space, 'toucher', argument, PRIORITY));
  return space;
}

function next(): void {
  message.port = port;
  message.extras = 0;
  assert(receive(message) === 0);
}

/** Says what was asked, and supplies it by a copy or by the page itself. */
function supply(): void {
  sayNumber(message.badge);
  sayNumber(message.word0);
  sayNumber(message.word1);
  const page = message.word0;
  if ((page & 1) === 0) assert(copyPages(source, page, paged, page, 1) === 1);
  else assert(movePage(source, page, paged, page) === 0);
  answer(0);
}

function answer(label: u32): i32 {
  message.label = label;
  return reply(message);
}

function supplies(): void {
  say('asked ');
  const space = child(TELL);
  while (true) {
    next();
    if (message.label !== PAGE_FAULT) break;
    supply();
  }
  say('\ntold ');
  sayNumber(message.word0);
  sayNumber(message.word1);
  sayNumber(lentRead(message.token, 0, 0, bytes, 8));
  sayNumber(load<u32>(bytes));
  sayNumber(lentRead(message.token, 0, 4, bytes, 4));
  sayNumber(load<u32>(bytes));
  answer(0);
  sayNumber(load<u32>(STORE));
  sayEnd(space);
  say('\n');
}

/** The pager replies that there is no page, or that there is though there is none. */
function refuses(label: u32): void {
  say(label === 0 ? 'lies ' : 'refuses ');
  const space = child(5);
  next();
  sayNumber(answer(label));
  sayEnd(space);
  say('\n');
}

/** The pager's port goes away while a page is waited for. */
function leaves(): void {
  say('leaves ');
  const space = child(6);
  pause(PAUSE_TICKS);
  close(port);
  sayEnd(space);
  say('\n');
}

/** The process is stopped while it waits for a page, and asks again when it is started. */
function suspends(): void {
  say('suspends ');
  const space = child(4);
  next();
  stopSpace(space);
  sayNumber(answer(0));
  startSpace(space);
  next();
  supply();
  sayEnd(space);
  say('\n');
}

function sayEnd(space: u32): void {
  const told = createPort();
  watchSpace(space, told, DIED);
  message.port = told;
  receive(message);
  sayNumber(spaceStatus(space, end));
  sayNumber(load<u32>(end));
  sayNumber(load<u32>(end, 8));
  close(told);
  close(space);
  close(paged);
}
