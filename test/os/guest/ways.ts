/**
 * A first process that goes the less plain ways of messages with a partner, and prints what it was answered.
 */

import { csr_read } from 'rv';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { EXTRAS_LENT, EXTRAS_RANGES, EXTRAS_RIGHTS, EXTRAS_VALUES } from '../../../os/abi/message.ts';
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_RECEIVE } from '../../../os/abi/rights.ts';
import { call, type Message, receive, send, waitForEver } from '../../../os/runtime/message.ts';
import {
  attendToLent,
  close,
  copyHandle,
  createPort,
  createTimer,
  grant,
  lentDelivered,
  lentWritten,
  notify,
  ownThread,
  reset,
  revoke,
  setTimer,
  spaceStatus,
  startThread,
  watchPort,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { DELIVER, FAULT, HOLD, INCREMENT, LEAVE, NOTIFY, REPLY_HELD } from './partner.ts';
import { say, sayNumber } from './say.ts';

const TIME: u32 = 0xc01;
const WAIT_TICKS: u32 = 2000;
const PRIORITY: u32 = 20;

const buffer = memory.data(64);
const extras = memory.data(64, 64);
const source = memory.data(64);
const target = memory.data(64);
const room = memory.data(12_288);

export function main(_argument: u32): i32 {
  const message = changetype<Message>(buffer);
  const told = createPort();
  const port = createPort();
  const space = startPartner(port);
  timeOuts(message, port);
  handles(message, port, told);
  lending(message, port);
  delivering(message, port, told);
  notifications(message, told);
  deaths(message, port, space, told);
  return reset(INIT_CONTROL, 0, 0);
}

function startPartner(port: u32): u32 {
  const space = smallSpace();
  const name = grant(space, port, RIGHT_RECEIVE, 0);
  startThread(childThread(space, 'partner', name, PRIORITY));
  return space;
}

function ask(message: Message, port: u32, label: u32): i32 {
  message.port = port;
  message.label = label;
  return call(message);
}

function soon(message: Message): void {
  message.deadlineLow = csr_read(TIME) + WAIT_TICKS;
  message.deadlineHigh = 0;
}

/** A call that nobody receives, one that is not replied to, and the reply that comes too late. */
function timeOuts(message: Message, port: u32): void {
  say('time ');
  message.port = createPort();
  message.extras = 0;
  soon(message);
  const until = message.deadlineLow;
  sayNumber(call(message));
  sayNumber(csr_read(TIME) >= until ? 1 : 0);
  close(message.port);
  soon(message);
  sayNumber(ask(message, port, HOLD));
  waitForEver(message);
  sayNumber(ask(message, port, REPLY_HELD));
  sayNumber(message.word0);
  say('\n');
}

/** A handle goes with a call, is used, and is revoked. */
function handles(message: Message, port: u32, told: u32): void {
  say('handles ');
  const notifier = copyHandle(told, RIGHT_NOTIFY | RIGHT_COPY, 0);
  store<u32>(extras, 1);
  store<u32>(extras, notifier, EXTRAS_VALUES);
  store<u32>(extras, RIGHT_NOTIFY, EXTRAS_RIGHTS);
  message.extras = extras;
  sayNumber(ask(message, port, NOTIFY));
  sayNumber(message.word0);
  store<u32>(extras, 0xff, EXTRAS_RIGHTS);
  sayNumber(ask(message, port, NOTIFY));
  sayNumber(revoke(notifier));
  message.extras = 0;
  sayNumber(ask(message, port, NOTIFY));
  sayNumber(message.word0);
  message.port = told;
  sayNumber(receive(message));
  sayNumber(message.label);
  say('\n');
}

/** Two ranges go with a call; then the second may not be written; then there is only one. */
function lending(message: Message, port: u32): void {
  say('lent ');
  for (let index: u32 = 0; index < 64; index += 1) store<u8>(source + index, index);
  store<u32>(extras, 0);
  store<u32>(extras, 2, EXTRAS_LENT);
  lend(0, source, 50, 1);
  lend(12, target, 40, 2);
  askToIncrement(message, port);
  sayNumber(load<u8>(target + 39));
  sayNumber(load<u8>(target + 40));
  sayNumber(lentWritten(0));
  sayNumber(lentWritten(1));
  sayNumber(message.word2);
  sayNumber(message.word3);
  lend(12, target, 40, 1);
  askToIncrement(message, port);
  lend(12, 0x8040_0000, 40, 2);
  askToIncrement(message, port);
  store<u32>(extras, 1, EXTRAS_LENT);
  askToIncrement(message, port);
  store<u32>(extras, 0, EXTRAS_LENT);
  say('\n');
}

/** What is delivered is told once, since it goes over the end of a page once without a gap, and is not written again. */
function delivering(message: Message, port: u32, told: u32): void {
  say('delivered ');
  attendToLent(told, 2);
  store<u32>(extras, 1, EXTRAS_LENT);
  lend(0, room, 12_288, 2);
  message.extras = extras;
  assert(ask(message, port, DELIVER) === 0);
  sayNumber(message.word0);
  sayNumber(message.word1);
  sayNumber(message.word2);
  sayNumber(message.word3);
  sayNumber(lentWritten(0));
  sayNumber(lentDelivered(ownThread()));
  message.extras = 0;
  store<u32>(extras, 0, EXTRAS_LENT);
  message.port = told;
  sayNumber(receive(message));
  sayNumber(message.label);
  soon(message);
  sayNumber(receive(message));
  waitForEver(message);
  say('\n');
}

function lend(offset: u32, address: u32, size: u32, access: u32): void {
  store<u32>(extras + EXTRAS_RANGES + offset, address);
  store<u32>(extras + EXTRAS_RANGES + offset, size, 4);
  store<u32>(extras + EXTRAS_RANGES + offset, access, 8);
}

function askToIncrement(message: Message, port: u32): void {
  message.extras = extras;
  assert(ask(message, port, INCREMENT) === 0);
  sayNumber(message.word0);
  sayNumber(message.word1);
  message.extras = 0;
}

/** Bits are or-ed until somebody receives; a timer's come at its time. */
function notifications(message: Message, told: u32): void {
  say('bits ');
  notify(told, 1);
  notify(told, 8);
  message.port = told;
  sayNumber(receive(message));
  sayNumber(message.label);
  const timer = createTimer();
  const until = csr_read(TIME) + WAIT_TICKS;
  setTimer(timer, told, 16, until, 0);
  sayNumber(receive(message));
  sayNumber(message.label);
  sayNumber(csr_read(TIME) >= until ? 1 : 0);
  close(timer);
  say('\n');
}

/** A partner that leaves with a call, one that faults; a port that dies. */
function deaths(message: Message, port: u32, space: u32, told: u32): void {
  say('deaths ');
  watchSpace(space, told, 32);
  sayNumber(ask(message, port, LEAVE));
  message.port = told;
  sayNumber(receive(message));
  sayNumber(message.label);
  sayNumber(spaceStatus(space, target));
  sayNumber(load<u32>(target));
  const other = startPartner(port);
  watchSpace(other, told, 64);
  sayNumber(ask(message, port, FAULT));
  message.port = told;
  receive(message);
  sayNumber(message.label);
  sayNumber(spaceStatus(other, target));
  sayNumber(load<u32>(target));
  sayNumber(load<u32>(target, 8));
  const watched = createPort();
  watchPort(watched, told, 128);
  close(watched);
  receive(message);
  sayNumber(message.label);
  message.port = watched;
  sayNumber(send(message));
  say('\n');
}
