/**
 * A first process that measures, in cycles: a notification to a thread that waits, a timer's interrupt to one
 * that waits while another runs, a page handed from one memory to another, and a start of a process up to its
 * first message.
 */

import { csr_read } from 'rv';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import {
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHT_READ,
  RIGHT_RECEIVE,
  RIGHT_SEND,
  RIGHT_WRITE,
} from '../../../os/abi/rights.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  createMemory,
  createPort,
  createTimer,
  grant,
  map,
  movePage,
  reset,
  startThread,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { say, sayNumber } from './say.ts';

const CYCLE: u32 = 0xc00;
const PAGES: u32 = 8;
const WINDOW: u32 = 0x5000_0000;
const LISTENER_PRIORITY: u32 = 30;
const NOTIFIER_PRIORITY: u32 = 20;

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  waitForEver(message);
  measureLatencies(message);
  measurePage();
  measureStart(message);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function measureLatencies(message: Message): void {
  const port = createPort();
  const results = createPort();
  const listener = smallSpace();
  grant(listener, port, RIGHT_RECEIVE | RIGHT_NOTIFY, 0);
  grant(listener, results, RIGHT_SEND, 0);
  grant(listener, createTimer(), RIGHT_MANAGE, 0);
  const notifier = smallSpace();
  grant(notifier, port, RIGHT_NOTIFY, 0);
  startThread(childThread(listener, 'listener', 0, LISTENER_PRIORITY));
  startThread(childThread(notifier, 'notifier', 0, NOTIFIER_PRIORITY));
  message.port = results;
  receive(message);
  say('notify ');
  sayNumber(message.word0);
  say('interrupt ');
  sayNumber(message.word1);
}

/** Pages of one memory that is mapped go to another; the last one counts. */
function measurePage(): void {
  const from = createMemory(PAGES);
  const to = createMemory(PAGES);
  map(INIT_SPACE, WINDOW, from, 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  let cycles: u32 = 0;
  for (let page: u32 = 0; page < PAGES; page += 1) {
    store<u32>(WINDOW + (page << 12), page + 1);
    const before = csr_read(CYCLE);
    const result = movePage(from, page, to, page);
    cycles = csr_read(CYCLE) - before;
    assert(result === 0);
  }
  assert(load<u32>(WINDOW) === 0);
  map(INIT_SPACE, WINDOW + (PAGES << 12), to, 0, PAGES, RIGHT_READ);
  for (let page: u32 = 0; page < PAGES; page += 1) {
    assert(load<u32>(WINDOW + ((PAGES + page) << 12)) === page + 1);
  }
  say('page ');
  sayNumber(cycles);
}

function measureStart(message: Message): void {
  const before = csr_read(CYCLE);
  const port = createPort();
  const space = smallSpace();
  grant(space, port, RIGHT_SEND, 0);
  startThread(childThread(space, 'greeter', 0, LISTENER_PRIORITY));
  message.port = port;
  receive(message);
  const cycles = csr_read(CYCLE) - before;
  say('start ');
  sayNumber(cycles);
}
