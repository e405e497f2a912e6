/**
 * A program that, on node 0, reads the file /boot/blob of another node over and over, alone or with a second thread
 * that does the same, and prints how long it took for how many bytes. The others only serve.
 *
 *     hauler NODE NODES SIZE TIMES READERS
 */
import { load32, store32 } from 'rv';
import { OPEN_READ, SEEK_START } from '../../../os/abi/file.ts';
import * as file from '../../../os/proto/file.client.ts';
import type { Position } from '../../../os/proto/file.ts';
import * as name from '../../../os/proto/name.client.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import * as net from '../../../os/proto/net.client.ts';
import { NODE_RECORD_COST, NODE_RECORD_SIZE } from '../../../os/proto/net.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { now } from '../../../os/runtime/clock.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createThread, inspectThread, ownThread, startThread } from '../../../os/runtime/system.ts';
import { add, begin, end, numberArgument, tell, waitMillisecond } from './program.ts';

const PATH_SIZE: u32 = 10;
const BUFFER_SIZE: u32 = 0x20_0000;
const STACK_SIZE: u32 = 4096;
const BUSY: u32 = 0x7fff_ffff;

/** "/boot/blob" */
const path = memory.data<u8>([0x2f, 0x62, 0x6f, 0x6f, 0x74, 0x2f, 0x62, 0x6c, 0x6f, 0x62]);
const records = memory.data(256, 4);
const resolution = memory.data(8, 4);
/** For each reader. */
const positions = memory.data(16, 8);
const buffers = memory.data(4_194_304, 4096);
const stack = memory.data(4096, 16);
const inspected = memory.data(64, 4);
/** What was wrong with the second's reads; BUSY while it reads. */
const fault = memory.data(4, 4);

let names: u32 = 0;

export function main(_argument: u32): i32 {
  const size = numberArgument(3);
  const times = numberArgument(4);
  const readers = numberArgument(5);
  while (net.list(handleNamed('net'), records, 256) < <i32>(numberArgument(2) * NODE_RECORD_SIZE))
    waitMillisecond();
  while (load<u32>(records, NODE_RECORD_COST) !== 0) waitMillisecond();
  names = net.directory(handleNamed('net'), numberArgument(1));
  const opened = openBlob();
  // what is done for the first time takes longer
  tell('hauling', haul(0, opened, size, 1));
  const before = now();
  if (readers === 2) startSecond();
  let result = haul(0, opened, size, times);
  while (load32(fault) === BUSY) waitMillisecond();
  if (result === 0) result = load32(fault);
  const ticks = now() - before;
  begin('hauled');
  add(readers * times * size);
  add(ticks as i32);
  add(result);
  end();
  return 0;
}

//@external("thread", "entry")
declare function threadEntry(): u32;

/** With the first's priority. */
function startSecond(): void {
  store32(fault, BUSY);
  inspectThread(ownThread(), inspected);
  const second = createThread(
    handleNamed('space'),
    threadEntry(),
    stack + STACK_SIZE,
    0,
    load<u32>(inspected),
  );
  assert(second > 0);
  startThread(second);
}

export function thread(_argument: u32): void {
  store32(fault, haul(1, openBlob(), numberArgument(3), numberArgument(4)));
}

function openBlob(): u32 {
  const found = changetype<Resolution>(resolution);
  assert(name.resolve(names, path, PATH_SIZE, found) === 0);
  const opened = tree.open(found.server, path + found.consumed, PATH_SIZE - found.consumed, OPEN_READ, 0);
  assert(opened > 0);
  return opened;
}

/** Byte n of the file is n mod 251. → 0, or what was wrong. */
function haul(reader: u32, opened: u32, size: u32, times: u32): i32 {
  const buffer = buffers + reader * BUFFER_SIZE;
  for (let turn: u32 = 0; turn < times; turn += 1) {
    file.seek(opened, 0, SEEK_START, changetype<Position>(positions + (reader << 3)));
    const got = file.read(opened, buffer, size);
    if (got < 0) return got;
    if (got !== <i32>size || <u32>load<u8>(buffer + size - 1) !== (size - 1) % 251) return 1;
  }
  return 0;
}
