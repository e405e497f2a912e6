/**
 * A first process that does a few operations upon a tree on the disk, the same as test/os/file/board-loss.test.ts
 * does to its model, and after each sync prints how many it has done.
 */
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { OPEN_CREATE, OPEN_READ, OPEN_WRITE } from '../../../os/abi/file.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { close, createMemory, map, reset } from '../../../os/runtime/system.ts';
import { type Device, startDriver, startFileService, virtioDevice } from './driving.ts';
import { linkPath, makeFolder, openPath, removePath, renamePath, writeText } from './filing.ts';
import { sayNumber } from './say.ts';

const BUFFER: u32 = 0x2000_0000;
const SIZE: u32 = 30_000;
const NEW: u32 = OPEN_READ | OPEN_WRITE | OPEN_CREATE;

const deviceBytes = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const disk = changetype<Device>(deviceBytes);
  virtioDevice(disk, VIRTIO_ID_BLOCK);
  startDriver(disk, 'disk');
  map(INIT_SPACE, BUFFER, createMemory(8), 0, 8, RIGHT_READ | RIGHT_WRITE);
  memory.fill(BUFFER, 0x62, SIZE);
  const server = startFileService(disk);
  synced(server, 0);
  const first = openPath(server, '/a', NEW);
  synced(server, 1);
  writeText(first, 'one');
  makeFolder(server, '/d');
  close(first);
  synced(server, 3);
  renamePath(server, '/a', '/d/x');
  synced(server, 4);
  const second = openPath(server, '/b', NEW);
  file.write(second, BUFFER, SIZE);
  synced(server, 6);
  removePath(server, '/d/x');
  linkPath(server, '/b', '/c');
  synced(server, 8);
  file.truncate(second, 5_000);
  renamePath(server, '/d', '/e');
  synced(server, 10);
  return reset(INIT_CONTROL, 0, 0);
}

function synced(server: u32, count: u32): void {
  if (tree.sync(server) === 0) sayNumber(count);
}
