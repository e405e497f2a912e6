/**
 * A program that, on node 0, reads the file /boot/blob of node 1 from its beginning to its end, over and over, alone
 * or with a second thread that does the same, and prints how long it took for how many bytes.
 *
 *     hauler SIZE TIMES READERS
 */
import { load32, store32 } from 'rv';
import { SEEK_START } from '../../../os/abi/file.ts';
import * as file from '../../../os/proto/file.client.ts';
import type { Position } from '../../../os/proto/file.ts';
import { now } from '../../../os/runtime/clock.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createThread, inspectThread, ownThread, startThread } from '../../../os/runtime/system.ts';
import { openBlob } from './blob.ts';
import { add, begin, end, numberArgument, tell, waitMillisecond } from './program.ts';

const BUFFER_SIZE: u32 = 0x20_0000;
const STACK_SIZE: u32 = 4096;
const BUSY: u32 = 0x7fff_ffff;
const PERIOD: u32 = 251;
const WRONG: i32 = -1000;

/** For each reader. */
const positions = memory.data(16, 8);
const buffers = memory.data(4_194_304, 4096);
const stack = memory.data(4096, 16);
const inspected = memory.data(64, 4);
/** What the second has read; BUSY while it reads. */
const hauled = memory.data(4, 4);

export function main(_argument: u32): i32 {
  const size = numberArgument(1);
  const times = numberArgument(2);
  const readers = numberArgument(3);
  const opened = openBlob();
  // what is done for the first time takes longer
  const first = haul(0, opened, size, 1);
  tell('hauling', first < 0 ? first : faultIn(buffers, first));
  rewind(0, opened);
  const before = now();
  if (readers === 2) startSecond();
  const result = haul(0, opened, size, times);
  while (load32(hauled) === BUSY) waitMillisecond();
  const other: i32 = readers === 2 ? load32(hauled) : 0;
  const ticks = now() - before;
  begin('hauled');
  add(max<i32>(0, result) + max<i32>(0, other));
  add(ticks as i32);
  add(min<i32>(0, result) + min<i32>(0, other));
  end();
  return 0;
}

//@external("thread", "entry")
declare function threadEntry(): u32;

/** With the first's priority. */
function startSecond(): void {
  store32(hauled, BUSY);
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
  store32(hauled, haul(1, openBlob(), numberArgument(1), numberArgument(2)));
}

/** Byte n of the file is n mod 251. → how many bytes so many reads have brought, or what was wrong. */
function haul(reader: u32, opened: u32, size: u32, times: u32): i32 {
  const buffer = buffers + reader * BUFFER_SIZE;
  let position: u32 = 0;
  let done: u32 = 0;
  for (let turn: u32 = 0; turn < times; turn += 1) {
    let got = file.read(opened, buffer, size);
    if (got === 0) {
      rewind(reader, opened);
      position = 0;
      got = file.read(opened, buffer, size);
    }
    if (got <= 0) return got;
    position += got;
    done += got;
    if (<u32>load<u8>(buffer + got - 1) !== (position - 1) % PERIOD) return WRONG;
  }
  return done;
}

function rewind(reader: u32, opened: u32): void {
  file.seek(opened, 0, SEEK_START, changetype<Position>(positions + (reader << 3)));
}

/** WRONG where a byte of what was read from the file's beginning is not what it should be. */
function faultIn(buffer: u32, size: u32): i32 {
  for (let at: u32 = 0; at < size; at += 1) {
    if (<u32>load<u8>(buffer + at) !== at % PERIOD) return WRONG;
  }
  return 0;
}
