/**
 * What programs of the tests have in common: their arguments, words to descriptor 1, children.
 */
import { START_ADDRESS, START_ARGUMENT_COUNT, START_ARGUMENTS, START_SIZE } from '../../../os/abi/start.ts';
import { addByte, addNumber, addText, beginLine, type Line } from '../../../os/lib/line.ts';
import { addStartBytes, beginStart, textsSize } from '../../../os/lib/start-block.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as programs from '../../../os/proto/process.client.ts';
import { type End, originOf, RECORD_SIZE } from '../../../os/proto/process.ts';
import { now, TICKS_PER_MILLISECOND } from '../../../os/runtime/clock.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { handleNamed, ownPid } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';

const LINE_SIZE: u32 = 256;
const BLOCK_SIZE: u32 = 1024;

const text = memory.data(256, 4);
const words = memory.data(64, 4);
const path = memory.data(256, 4);
const block = memory.data(1024, 4);
const handles = memory.data(16, 4);
const change = memory.data(24, 8);
const pause = memory.data(64, 4);
const records = memory.data(64, 8);

let node: i32 = -1;

/** Where children are to run, from now on: that node, once it can be reached. Its own programs wait for ever. */
export function spawnAt(wanted: u32): void {
  setNode(wanted);
  const isThis = originOf(ownPid()) === wanted;
  while (isThis || programs.list(handleNamed('process'), wanted, 0, records, RECORD_SIZE) < 0)
    waitMillisecond();
}

/** The same at once. */
export function setNode(wanted: u32): void {
  node = wanted;
}

export function waitMillisecond(): void {
  const message = changetype<Message>(pause);
  if (message.port === 0) message.port = createPort();
  const end = now() + (TICKS_PER_MILLISECOND as u64);
  message.deadlineLow = end as u32;
  message.deadlineHigh = (end >> 32) as u32;
  receive(message);
}

/** For ever. */
export function rest(): void {
  const message = changetype<Message>(pause);
  message.port = createPort();
  waitForEver(message);
  receive(message);
}

/** The argument in this place as a number; 0 where there is none. */
export function numberArgument(index: u32): u32 {
  if (index >= load<u32>(START_ADDRESS, START_ARGUMENT_COUNT)) return 0;
  const texts = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  let at = texts + textsSize(texts, index);
  let value: u32 = 0;
  for (; load<u8>(at) !== 0; at += 1) value = value * 10 + load<u8>(at) - 48;
  return value;
}

/** The name and a number, as a line of descriptor 1. */
export function tell(name: string, value: i32): void {
  begin(name);
  add(value);
  end();
}

/** A line of a name and numbers. */
export function begin(name: string): void {
  addText(beginLine(text, LINE_SIZE), name);
}

export function add(value: i32): void {
  const line = changetype<Line>(text);
  addByte(line, 32);
  if (value < 0) addByte(line, 45);
  addNumber(line, value < 0 ? -value : value);
}

export function end(): void {
  const line = changetype<Line>(text);
  addByte(line, 10);
  write(line);
}

function write(line: Line): void {
  let at = line.start;
  while (at < line.at) {
    const count = file.write(handleNamed('fd1'), at, line.at - at);
    if (count <= 0) return;
    at += count;
  }
}

/** The handle with which the next spawn begins its descriptor `index`. */
export function setDescriptor(index: u32, handle: u32): void {
  store<u32>(handles + (index << 2), handle);
}

/** Descriptors 0 to 2 as this program's own. */
export function inheritDescriptors(): void {
  setDescriptor(0, handleNamed('fd0'));
  setDescriptor(1, handleNamed('fd1'));
  setDescriptor(2, handleNamed('fd2'));
}

/** A child from /boot/bin with one number as its argument. → its number, or an error. */
export function spawn(name: string, argument: u32, group: i32): i32 {
  return spawnPath('/boot/bin/', name, argument, group);
}

/** The same that does not run yet. */
export function prepare(name: string, argument: u32, group: i32): i32 {
  const size = describe('/boot/bin/', name, argument);
  return programs.prepare(
    handleNamed('process'),
    pathStart(),
    pathSize(),
    block,
    size,
    group,
    node,
    handles,
    3,
  );
}

export function spawnPath(folder: string, name: string, argument: u32, group: i32): i32 {
  const size = describe(folder, name, argument);
  return programs.spawn(
    handleNamed('process'),
    pathStart(),
    pathSize(),
    block,
    size,
    group,
    node,
    handles,
    3,
  );
}

/** Path and start block; the latter's size. */
function describe(folder: string, name: string, argument: u32): u32 {
  const line = beginLine(path, LINE_SIZE);
  addText(line, folder);
  addText(line, name);
  writeBlock(argument);
  return load<u32>(block, START_SIZE);
}

function pathStart(): u32 {
  return changetype<Line>(path).start;
}

function pathSize(): u32 {
  return changetype<Line>(path).at - pathStart();
}

/** Name and argument: "child N". */
function writeBlock(argument: u32): void {
  const line = beginLine(words, 64);
  addText(line, 'child');
  addByte(line, 0);
  addNumber(line, argument);
  addByte(line, 0);
  addByte(line, 47);
  addByte(line, 0);
  memory.fill(block, 0, BLOCK_SIZE);
  beginStart(block, BLOCK_SIZE, 0);
  store<u32>(block, 2, START_ARGUMENT_COUNT);
  addStartBytes(block, BLOCK_SIZE, START_ARGUMENTS, line.start, line.at - line.start);
}

/** Waits for a child; what it is told goes to `change`, below. */
export function waitFor(which: i32, options: u32): i32 {
  return programs.wait(handleNamed('process'), which, options, changed());
}

export function changed(): End {
  return changetype<End>(change);
}
