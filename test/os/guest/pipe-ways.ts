/**
 * A program that uses and misuses pipes, and prints what it was answered.
 */
import { KIND_PIPE, STAT_FILE_SIZE, STAT_KIND, STAT_RECORD_SIZE } from '../../../os/abi/file.ts';
import * as file from '../../../os/proto/file.client.ts';
import type { Position } from '../../../os/proto/file.ts';
import * as pipe from '../../../os/proto/pipe.client.ts';
import type { Ends } from '../../../os/proto/pipe.ts';
import * as programs from '../../../os/proto/process.client.ts';
import { ACTION_CATCH, SIGNAL_USR1 } from '../../../os/proto/process.ts';
import { now } from '../../../os/runtime/clock.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { close } from '../../../os/runtime/system.ts';
import { add, begin, changed, end, inheritDescriptors, setDescriptor, spawn, waitFor } from './program.ts';

const ALL: u32 = 70_000;
const RING: u32 = 0x1_0000;
const SOON_TICKS: u64 = 20_000;
const PIPES: u32 = 70;

const ends = memory.data(8, 4);
const out = memory.data(70000, 16);
const into = memory.data(70000, 16);
const record = memory.data(64, 8);
const position = memory.data(8, 8);
const handles = memory.data(560, 4);

let reader: u32 = 0;
let writer: u32 = 0;

export function main(_argument: u32): i32 {
  for (let index: u32 = 0; index < ALL; index += 1) store<u8>(out + index, index * 7);
  small();
  ending();
  broken();
  large();
  late();
  misuse();
  many();
  stopped();
  signal();
  return 0;
}

function open(): i32 {
  const both = changetype<Ends>(ends);
  const result = pipe.create(handleNamed('pipe'), both);
  reader = both.reader;
  writer = both.writer;
  return result;
}

function closeBoth(): void {
  close(reader);
  close(writer);
  end();
}

function sizeIn(): u32 {
  file.stat(reader, record, STAT_RECORD_SIZE);
  return load<u32>(record, STAT_FILE_SIZE);
}

function small(): void {
  open();
  begin('small');
  add(file.write(writer, out, 5));
  add(file.read(reader, into, 3));
  file.write(writer, out + 5, 6);
  add(file.read(reader, into + 3, ALL));
  add(memory.compare(into, out, 11));
  sizeIn();
  add(load<u32>(record, STAT_KIND) === KIND_PIPE ? 1 : 0);
  closeBoth();
}

function ending(): void {
  open();
  begin('end');
  add(file.write(writer, out, 4));
  close(writer);
  add(file.read(reader, into, ALL));
  add(file.read(reader, into, ALL));
  add(file.read(reader, into, ALL));
  closeBoth();
}

function broken(): void {
  open();
  begin('broken');
  add(file.write(writer, out, 4));
  close(reader);
  add(file.write(writer, out, 4));
  add(file.write(writer, out, ALL));
  closeBoth();
}

/** A long write gives up what there is no room for. */
function large(): void {
  open();
  begin('large');
  add(file.write(writer, out, ALL));
  add(file.read(reader, into, ALL));
  closeBoth();
}

/** A write that waited too long has written nothing. */
function late(): void {
  open();
  begin('late');
  file.write(writer, out, RING);
  const time = now() + SOON_TICKS;
  add(file.writeUntil(writer, time as u32, (time >> 32) as u32, out, 4096));
  add(file.read(reader, into, ALL));
  add(sizeIn());
  closeBoth();
}

function misuse(): void {
  open();
  begin('misuse');
  add(file.write(reader, out, 4));
  add(file.read(writer, into, 4));
  add(file.seek(reader, 0, 0, changetype<Position>(position)));
  add(file.truncate(writer, 0));
  add(file.read(reader, into, 0));
  add(file.write(writer, out, 0));
  closeBoth();
}

/** As many as there are, and again once those are closed. */
function many(): void {
  begin('many');
  let count: u32 = 0;
  let result: i32 = 0;
  while (result >= 0 && count < PIPES) {
    result = open();
    if (result < 0) break;
    store<u32>(handles + (count << 3), reader);
    store<u32>(handles + (count << 3), writer, 4);
    count += 1;
  }
  add(result);
  for (let index: u32 = 0; index < count << 1; index += 1) close(load<u32>(handles + (index << 2)));
  add(open() === 0 ? 1 : 0);
  closeBoth();
}

/** A writer that waits goes on when there is room, though the reader has stopped reading. */
function stopped(): void {
  open();
  begin('stopped');
  const child = startUser(1, writer);
  let size: u32 = 0;
  while (size < 4096) size += file.read(reader, into, 4096 - size);
  waitFor(child, 0);
  add(changed().value);
  add(sizeIn() === RING ? 1 : 0);
  closeBoth();
}

/** A signal ends the wait for bytes, and loses none of those that come then. */
function signal(): void {
  open();
  begin('signal');
  programs.setSignal(handleNamed('process'), SIGNAL_USR1, ACTION_CATCH);
  const child = startUser(2, writer);
  add(file.read(reader, into, ALL));
  add(file.read(reader, into, ALL));
  waitFor(child, 0);
  closeBoth();
}

function startUser(role: u32, output: u32): i32 {
  inheritDescriptors();
  setDescriptor(1, output);
  return spawn('pipe-user', role, -1);
}
