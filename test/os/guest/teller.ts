/**
 * A client, on node 0, of the service /tally of another node: it tells it numbers, each once, and notes what it was answered
 * in its kept memory, so that the next instance goes on where this one has died. In the end it asks how often each
 * was counted, and writes to the log how many were acknowledged, how many were not, and how many counts are wrong:
 * other than one of those, or more than one of these.
 *
 *     teller NUMBERS NODE
 *     kept     the next number 4 · a byte a number: 1 acknowledged
 */

import { EXTRAS_LENT, EXTRAS_RANGES, LENT_READABLE } from '../../../os/abi/message.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { addNumber, addText, beginLine } from '../../../os/lib/line.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as net from '../../../os/proto/net.client.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { numberVariable } from '../../../os/runtime/environment.ts';
import { KEPT_ADDRESS } from '../../../os/runtime/kept.ts';
import { call, type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close, createPort, log, map } from '../../../os/runtime/system.ts';
import { numberArgument } from './program.ts';
import { ASK, DATA_SIZE, TELL } from './tallying.ts';

const NOTES: u32 = KEPT_ADDRESS + 4;
const PATH_SIZE: u32 = 6;

/** "/tally" */
const path = memory.data<u8>([0x2f, 0x74, 0x61, 0x6c, 0x6c, 0x79]);
const resolution = memory.data(8, 4);
const message = memory.data(64, 4);
const extras = memory.data(64, 64);
const pause = memory.data(64, 4);
const text = memory.data(128, 4);
const data = memory.data(4000, 4);

/** The server; 0 where it is to be looked for. */
let server: u32 = 0;

export function main(_argument: u32): i32 {
  const paused = changetype<Message>(pause);
  paused.port = createPort();
  if (numberVariable('node') === 0) {
    assert(
      map(handleNamed('space'), KEPT_ADDRESS, handleNamed('kept'), 0, 1, RIGHT_READ | RIGHT_WRITE) === 0,
    );
    const numbers = numberArgument(1);
    while (load<u32>(KEPT_ADDRESS) < numbers) tellNext();
    report(numbers);
  }
  waitForEver(paused);
  return receive(paused);
}

/** A number is used up before it is told: whether it was nobody will know if this instance dies. */
function tellNext(): void {
  const number = load<u32>(KEPT_ADDRESS);
  find();
  store<u32>(KEPT_ADDRESS, number + 1);
  if (say(TELL, number) === 0) store<u8>(NOTES + number, 1);
  waitMillisecond();
}

/** → the answer, or an error: then it is to be looked for again. */
function say(label: u32, number: u32): i32 {
  const said = changetype<Message>(message);
  said.port = server;
  said.label = label;
  said.word0 = number;
  said.extras = 0;
  waitForEver(said);
  if (label === TELL && (number & 1) !== 0) lend(said, number);
  const result = call(said);
  if (result === 0) return said.label;
  close(server);
  server = 0;
  return result;
}

function lend(said: Message, number: u32): void {
  for (let at: u32 = 0; at < DATA_SIZE; at += 4) store<u32>(data + at, number);
  said.extras = extras;
  store<u32>(extras, 1, EXTRAS_LENT);
  store<u32>(extras, data, EXTRAS_RANGES);
  store<u32>(extras, DATA_SIZE, EXTRAS_RANGES + 4);
  store<u32>(extras, LENT_READABLE, EXTRAS_RANGES + 8);
}

function find(): void {
  const found = changetype<Resolution>(resolution);
  while (server === 0) {
    const names = net.directory(handleNamed('net'), numberArgument(2));
    if (names > 0 && name.resolve(names, path, PATH_SIZE, found) >= 0) server = found.server;
    if (names > 0) close(names);
    if (server === 0) waitMillisecond();
  }
}

function report(numbers: u32): void {
  let acknowledged: u32 = 0;
  let wrong: u32 = 0;
  for (let number: u32 = 0; number < numbers; number += 1) {
    const isAcknowledged = load<u8>(NOTES + number) !== 0;
    const count = countOf(number);
    if (isAcknowledged) acknowledged += 1;
    if (count > 1 || (isAcknowledged && count !== 1)) wrong += 1;
  }
  const line = beginLine(text, 128);
  addText(line, 'counted ');
  addNumber(line, acknowledged);
  addText(line, ' ');
  addNumber(line, numbers - acknowledged);
  addText(line, ' ');
  addNumber(line, wrong);
  addText(line, '\n');
  log(handleNamed('control'), line.start, line.at - line.start);
}

function countOf(number: u32): u32 {
  let count: i32 = -1;
  while (count < 0) {
    find();
    count = say(ASK, number);
  }
  return count;
}

function waitMillisecond(): void {
  const paused = changetype<Message>(pause);
  const end = now() + (TICKS_PER_MILLISECOND as u64);
  paused.deadlineLow = end as u32;
  paused.deadlineHigh = (end >> 32) as u32;
  receive(paused);
}
