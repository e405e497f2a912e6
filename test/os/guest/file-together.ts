/**
 * A first process whose threads each write to a file of their own and sync it, again and again, all at the same
 * time. Prints how many syncs were answered well.
 */

import { amoadd } from 'rv';
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { OPEN_CREATE, OPEN_WRITE } from '../../../os/abi/file.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import * as file from '../../../os/proto/file.client.ts';
import * as tree from '../../../os/proto/tree.client.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { createPort, createThread, notify, reset, startThread } from '../../../os/runtime/system.ts';
import { type Device, startDriver, startFileService, virtioDevice } from './driving.ts';
import { openPath } from './filing.ts';
import { say, sayNumber } from './say.ts';

const THREADS: u32 = 4;
const ROUNDS: u32 = 8;
const DATA_SIZE: u32 = 100;
const STACK_SIZE: u32 = 4096;
const PRIORITY: u32 = 20;

const deviceBytes = memory.data(64, 4);
const buffer = memory.data(64, 4);
const stacks = memory.data(16384, 16);
const objects = memory.data(16, 4);
const data = memory.data(100);
const answered = memory.data(4, 4);

let ended: u32 = 0;

export function main(_argument: u32): i32 {
  const disk = changetype<Device>(deviceBytes);
  virtioDevice(disk, VIRTIO_ID_BLOCK);
  startDriver(disk, 'disk');
  const server = startFileService(disk);
  ended = createPort();
  store<u32>(objects, openPath(server, '/0', OPEN_WRITE | OPEN_CREATE));
  store<u32>(objects, openPath(server, '/1', OPEN_WRITE | OPEN_CREATE), 4);
  store<u32>(objects, openPath(server, '/2', OPEN_WRITE | OPEN_CREATE), 8);
  store<u32>(objects, openPath(server, '/3', OPEN_WRITE | OPEN_CREATE), 12);
  tree.sync(server);
  say('begun ');
  for (let index: u32 = 0; index < THREADS; index += 1) {
    const top = stacks + (index + 1) * STACK_SIZE;
    startThread(createThread(INIT_SPACE, threadEntry(), top, index, PRIORITY));
  }
  waitForAll();
  sayNumber(load<u32>(answered));
  return reset(INIT_CONTROL, 0, 0);
}

//@external("thread", "entry")
declare function threadEntry(): u32;

export function thread(index: u32): void {
  const object = load<u32>(objects + (index << 2));
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    if (file.write(object, data, DATA_SIZE) === DATA_SIZE && file.sync(object) === 0) amoadd(answered, 1);
  }
  notify(ended, 1 << index);
}

function waitForAll(): void {
  const message = changetype<Message>(buffer);
  let bits: u32 = 0;
  while (bits !== (1 << THREADS) - 1) {
    message.port = ended;
    message.extras = 0;
    waitForEver(message);
    receive(message);
    bits |= message.label;
  }
}
