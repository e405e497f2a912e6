/**
 * A first process that measures the file service, in cycles from its client's call to its answer: what is in the
 * cache, what comes from the disk, what is made durable. The disk has a file `/big` of 512 KiB.
 */

import { csr_read } from 'rv';
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { OPEN_CREATE, OPEN_READ, OPEN_WRITE } from '../../../os/abi/file.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { CYCLE } from '../../../os/lib/csr.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { close, createMemory, map, reset } from '../../../os/runtime/system.ts';
import { type Device, startDriver, startFileService, virtioDevice } from './driving.ts';
import { openPath, removePath, renamePath, seekTo, statPath } from './filing.ts';
import { say, sayNumber } from './say.ts';

const BUFFER: u32 = 0x2000_0000;
const BLOCK: u32 = 4096;
const BIG_BLOCKS: u32 = 128;
const ROUNDS: u32 = 8;
const LONG: u32 = 65_536;

const deviceBytes = memory.data(64, 4);
const record = memory.data(64, 8);

export function main(_argument: u32): i32 {
  const disk = changetype<Device>(deviceBytes);
  virtioDevice(disk, VIRTIO_ID_BLOCK);
  startDriver(disk, 'disk');
  map(INIT_SPACE, BUFFER, createMemory(16), 0, 16, RIGHT_READ | RIGHT_WRITE);
  memory.fill(BUFFER, 1, LONG);
  const server = startFileService(disk);
  tree.sync(server);
  reads(server);
  names(server);
  writes(server);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function reads(server: u32): void {
  const object = openPath(server, '/big', OPEN_READ);
  tell('cold ', readAll(object) / BIG_BLOCKS);
  seekTo(object, 0);
  tell('cached ', readAll(object) / BIG_BLOCKS);
  seekTo(object, 0);
  const start = csr_read(CYCLE);
  file.read(object, BUFFER, LONG);
  tell('long ', (csr_read(CYCLE) - start) / (LONG / BLOCK));
  close(object);
}

function readAll(object: u32): u32 {
  const start = csr_read(CYCLE);
  for (let block: u32 = 0; block < BIG_BLOCKS; block += 1) assert(file.read(object, BUFFER, BLOCK) === BLOCK);
  return csr_read(CYCLE) - start;
}

function names(server: u32): void {
  let start = csr_read(CYCLE);
  for (let round: u32 = 0; round < ROUNDS; round += 1) statPath(server, '/big', record);
  tell('stat ', (csr_read(CYCLE) - start) / ROUNDS);
  start = csr_read(CYCLE);
  for (let round: u32 = 0; round < ROUNDS; round += 1) close(openPath(server, '/big', OPEN_READ));
  tell('open ', (csr_read(CYCLE) - start) / ROUNDS);
}

function writes(server: u32): void {
  makeDurable(server);
  const start = csr_read(CYCLE);
  for (let round: u32 = 0; round < ROUNDS; round += 1) makeDurable(server);
  tell('durable ', (csr_read(CYCLE) - start) / ROUNDS);
  const object = openPath(server, '/a', OPEN_READ | OPEN_WRITE | OPEN_CREATE);
  const writing = csr_read(CYCLE);
  for (let round: u32 = 0; round < ROUNDS; round += 1) file.write(object, BUFFER, BLOCK);
  tell('write ', (csr_read(CYCLE) - writing) / ROUNDS);
  const bulk = csr_read(CYCLE);
  for (let round: u32 = 0; round < ROUNDS; round += 1) file.write(object, BUFFER, LONG);
  file.sync(object);
  tell('bulk ', (csr_read(CYCLE) - bulk) / (ROUNDS * (LONG / BLOCK)));
  close(object);
}

/** A new file with a block in it, durable under its last name: how a program saves. */
function makeDurable(server: u32): void {
  const object = openPath(server, '/new', OPEN_READ | OPEN_WRITE | OPEN_CREATE);
  file.write(object, BUFFER, BLOCK);
  file.sync(object);
  close(object);
  renamePath(server, '/new', '/saved');
  removePath(server, '/saved');
}

function tell(name: string, cycles: u32): void {
  say(name);
  sayNumber(cycles);
}
