/**
 * A program that, on node 0, reads the file /boot/blob of another node over and over, and prints how long it took for
 * how many bytes. The others only serve.
 *
 *     hauler NODE NODES SIZE TIMES
 */
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
import { add, begin, end, numberArgument, tell, waitMillisecond } from './program.ts';

const PATH_SIZE: u32 = 10;

/** "/boot/blob" */
const path = memory.data<u8>([0x2f, 0x62, 0x6f, 0x6f, 0x74, 0x2f, 0x62, 0x6c, 0x6f, 0x62]);
const records = memory.data(256, 4);
const resolution = memory.data(8, 4);
const position = memory.data(8, 8);
const buffer = memory.data(2_097_152, 4096);

export function main(_argument: u32): i32 {
  const size = numberArgument(3);
  const times = numberArgument(4);
  while (net.list(handleNamed('net'), records, 256) < <i32>(numberArgument(2) * NODE_RECORD_SIZE))
    waitMillisecond();
  while (load<u32>(records, NODE_RECORD_COST) !== 0) waitMillisecond();
  const opened = openBlob(net.directory(handleNamed('net'), numberArgument(1)));
  // what is done for the first time takes longer
  tell('hauling', haul(opened, size, 1));
  const before = now();
  const fault = haul(opened, size, times);
  const ticks = now() - before;
  begin('hauled');
  add(times * size);
  add(ticks as i32);
  add(fault);
  end();
  return 0;
}

function openBlob(names: u32): u32 {
  const found = changetype<Resolution>(resolution);
  assert(name.resolve(names, path, PATH_SIZE, found) === 0);
  const opened = tree.open(found.server, path + found.consumed, PATH_SIZE - found.consumed, OPEN_READ, 0);
  assert(opened > 0);
  return opened;
}

/** Byte n of the file is n mod 251. → 0, or what was wrong. */
function haul(opened: u32, size: u32, times: u32): i32 {
  for (let turn: u32 = 0; turn < times; turn += 1) {
    file.seek(opened, 0, SEEK_START, changetype<Position>(position));
    const got = file.read(opened, buffer, size);
    if (got < 0) return got;
    if (got !== <i32>size || <u32>load<u8>(buffer + size - 1) !== (size - 1) % 251) return 1;
  }
  return 0;
}
