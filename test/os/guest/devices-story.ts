/**
 * A program that opens each of the small devices by its name, uses it as it is meant to be used and as it is not,
 * and says on the terminal what it was answered.
 */
import { OPEN_DIRECTORY, OPEN_READ, OPEN_WRITE, STAT_RECORD_SIZE } from '../../../os/abi/file.ts';
import { TERMINAL_GET_WINDOW } from '../../../os/abi/terminal.ts';
import { addByte, addNumber, addText, beginLine, type Line } from '../../../os/lib/line.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close } from '../../../os/runtime/system.ts';

const BOTH: u32 = OPEN_READ | OPEN_WRITE;
const SIZE: u32 = 100;

const lineBytes = memory.data(140, 4);
const resolutionBytes = memory.data(8, 4);
const path = memory.data(32);
const bytes = memory.data(256, 4);
let root: u32 = 0;
let line = changetype<Line>(0);

export function main(_argument: u32): i32 {
  const resolution = changetype<Resolution>(resolutionBytes);
  if (name.resolve(handleNamed('name'), path, put('/dev'), resolution) < 0) return 1;
  root = resolution.server;
  use('/null', BOTH);
  use('/zero', BOTH);
  use('/random', OPEN_READ);
  use('/log', OPEN_READ);
  use('/tty', OPEN_WRITE);
  directories();
  begin('refused');
  answer(open('/nope', OPEN_READ));
  answer(open('/null', OPEN_READ | OPEN_DIRECTORY));
  answer(tree.makeDirectory(root, path, put('/new'), 0));
  answer(tree.stat(root, path, put('/zero'), 0, bytes, STAT_RECORD_SIZE));
  end();
  return 0;
}

/** What a write and a read give, and whether the bytes that were read are all zero; whether it is a terminal. */
function use(device: string, flags: u32): void {
  const handle = open(device, flags);
  memory.fill(bytes, 0, 256);
  store<u8>(bytes, 0x0a);
  begin(device);
  answer(file.write(handle, bytes, 1));
  const count = (flags & OPEN_READ) !== 0 ? file.read(handle, bytes, SIZE) : 0;
  answer(count);
  let isZero: i32 = 1;
  for (let at: i32 = 0; at < count; at += 1) if (load<u8>(bytes + at) !== 0) isZero = 0;
  answer(isZero);
  answer(file.control(handle, TERMINAL_GET_WINDOW, 0, 0, bytes, 4));
  close(handle);
  end();
}

/** More than can be open at a time, one after the other: each lists all that there is. */
function directories(): void {
  begin('listed');
  let listed: i32 = 0;
  for (let round: u32 = 0; round < 40; round += 1) {
    const handle = open('/', OPEN_READ);
    const count = file.list(handle, bytes, 256);
    if (round === 0) listed = count;
    if (count !== listed || file.list(handle, bytes, 256) !== 0) listed = -1;
    close(handle);
  }
  answer(listed);
  end();
}

function open(device: string, flags: u32): i32 {
  return tree.open(root, path, put(device), flags, 0);
}

/** → its size. */
function put(text: string): u32 {
  const length: u32 = text.length;
  for (let at: u32 = 0; at < length; at += 1) {
    store<u8>(path + at, load<u16>(changetype<usize>(text) + (at << 1)));
  }
  return length;
}

function begin(text: string): void {
  line = beginLine(lineBytes, 140);
  addText(line, text);
}

function answer(value: i32): void {
  addText(line, value < 0 ? ' -' : ' ');
  addNumber(line, value < 0 ? -value : value);
}

function end(): void {
  addByte(line, 0x0a);
  file.write(handleNamed('fd1'), line.start, line.at - line.start);
}
