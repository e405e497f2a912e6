/**
 * A first process that starts the disk's driver and the file service, and uses the tree: what it writes comes
 * back, also after the power was off; what it must not do is refused. Prints what it was answered.
 */
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { OPEN_CREATE, OPEN_DIRECTORY, OPEN_READ, OPEN_WRITE, STAT_FILE_SIZE } from '../../../os/abi/file.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import type { Space } from '../../../os/proto/tree.ts';
import { close, createMemory, map, reset } from '../../../os/runtime/system.ts';
import { type Device, startDriver, startFileService, virtioDevice } from './driving.ts';
import {
  linkPath,
  makeFolder,
  openPath,
  removePath,
  renamePath,
  seekTo,
  statPath,
  writeText,
} from './filing.ts';
import { say, sayNumber } from './say.ts';

const BUFFER: u32 = 0x2000_0000;
const PAGES: u32 = 64;
const OTHER: u32 = BUFFER + (PAGES << 11);
const SIZE: u32 = 100_001;
const READ_WRITE: u32 = OPEN_READ | OPEN_WRITE;

const deviceBytes = memory.data(64, 4);
const record = memory.data(64, 8);

export function main(_argument: u32): i32 {
  const disk = changetype<Device>(deviceBytes);
  virtioDevice(disk, VIRTIO_ID_BLOCK);
  startDriver(disk, 'disk');
  map(INIT_SPACE, BUFFER, createMemory(PAGES), 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  const server = startFileService(disk);
  before(server);
  contents(server);
  names(server);
  refusals(server);
  endings(server);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

/** What an earlier boot has left. */
function before(server: u32): void {
  say('before ');
  const object = openPath(server, '/kept', OPEN_READ);
  sayNumber(object < 0 ? object : file.read(object, OTHER, 64));
  if (object > 0) close(object);
}

function contents(server: u32): void {
  say('\ncontents ');
  fill(BUFFER, SIZE);
  const object = openPath(server, '/long', READ_WRITE | OPEN_CREATE);
  sayNumber(file.write(object, BUFFER, SIZE));
  sayNumber(file.sync(object));
  sayNumber(seekTo(object, 0));
  sayNumber(file.read(object, OTHER, SIZE + 100));
  sayNumber(memory.compare(BUFFER, OTHER, SIZE));
  sayNumber(seekTo(object, 5_000_000_000));
  sayNumber(writeText(object, 'far away'));
  sayNumber(statPath(server, '/long', record));
  sayNumber(<i32>(load<u64>(record, STAT_FILE_SIZE) / 1000));
  sayNumber(file.truncate(object, 3));
  sayNumber(close(object));
}

function names(server: u32): void {
  say('\nnames ');
  sayNumber(makeFolder(server, '/bin'));
  sayNumber(renamePath(server, '/long', '/bin/short'));
  sayNumber(linkPath(server, '/bin/short', '/kept'));
  const folder = openPath(server, '/', OPEN_READ | OPEN_DIRECTORY);
  sayNumber(file.list(folder, OTHER, 4096));
  sayNumber(file.list(folder, OTHER, 4096));
  sayNumber(close(folder));
  sayNumber(tree.sync(server));
}

function refusals(server: u32): void {
  say('\nrefusals ');
  sayNumber(openPath(server, '/none', OPEN_READ));
  sayNumber(openPath(server, '/bin', READ_WRITE));
  const object = openPath(server, '/kept', OPEN_READ);
  sayNumber(writeText(object, 'x'));
  sayNumber(openPath(object, '/kept', OPEN_READ));
  sayNumber(file.read(server, OTHER, 1));
  sayNumber(file.read(object, 0x1f00_0000, 3));
  sayNumber(close(object));
}

/** An object without a name lasts as long as somebody holds it. */
function endings(server: u32): void {
  say('\nendings ');
  const object = openPath(server, '/gone', READ_WRITE | OPEN_CREATE);
  const free = freeBlocks(server);
  sayNumber(file.write(object, BUFFER, SIZE));
  sayNumber(removePath(server, '/gone'));
  sayNumber(seekTo(object, 0));
  sayNumber(file.read(object, OTHER, SIZE));
  sayNumber(close(object));
  sayNumber(tree.sync(server));
  sayNumber(freeBlocks(server) - free);
}

function freeBlocks(server: u32): i32 {
  const space = changetype<Space>(record);
  tree.space(server, space);
  return space.free;
}

function fill(address: u32, size: u32): void {
  let state: u32 = 1;
  for (let at: u32 = 0; at < size; at += 1) {
    state = state * 1_103_515_245 + 12_345;
    store<u8>(address + at, state >> 16);
  }
}
