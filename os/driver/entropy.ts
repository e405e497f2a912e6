/**
 * The entropy device's driver: virtio-rng (hw/manual/entropy.ts) for the clients of os/proto/entropy.ts.
 *
 * The device fills a pool; clients are given bytes from it, which are gone then. Who asks while the pool is
 * empty waits until the device has filled it again. Nothing that an earlier driver had in its pool is used.
 *
 *     kept memory   page 0 the queue · page 1 the pool
 */

import { VIRTIO_ID_ENTROPY, VIRTQ_DESC_WRITE } from '../../hw/manual/virtio.ts';
import { ERROR_BAD_ARGUMENT } from '../abi/errors.ts';
import { PAGE_SIZE } from '../abi/layout.ts';
import { NOTIFIED } from '../abi/message.ts';
import { DEVICE_ADDRESS } from '../abi/start.ts';
import { beginDevice, hasStopped, runDevice, takeCauses } from '../lib/virtio.ts';
import { addPart, kick, NO_PART, offer, openQueue, takeUsed, type Virtqueue } from '../lib/virtqueue.ts';
import { completeRead, dispatch } from '../proto/entropy.server.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt } from '../runtime/call-queue.ts';
import { KEPT_ADDRESS, openKept, physicalOf } from '../runtime/kept.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { handleNamed } from '../runtime/start.ts';
import { acknowledge, lentWrite } from '../runtime/system.ts';

const POOL: u32 = KEPT_ADDRESS + PAGE_SIZE;
const POOL_SIZE: u32 = 256;
const KEPT_PAGES: u32 = 2;
const WAITING_SIZE: u32 = 136;

const requestBytes = memory.data(64, 4);
const queueBytes = memory.data(64, 4);
const waitingBytes = memory.data(136, 4);

/** Calls that wait for the pool to be filled. */
let waiting = changetype<CallQueue>(0);
/** Bytes of the pool that nobody has been given, and where they end. */
let left: u32 = 0;
let poolEnd: u32 = 0;
let interrupt: u32 = 0;

export function main(_argument: u32): i32 {
  const opened = open();
  if (opened < 0) return opened;
  const server = changetype<Source>(0);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    if (result === NOTIFIED) takeInterrupt();
    else dispatch(server, request);
    result = nextRequest(request);
  }
  return result;
}

function open(): i32 {
  const features = beginDevice(DEVICE_ADDRESS, VIRTIO_ID_ENTROPY, 0);
  if (features < 0) return features;
  const kept = openKept(KEPT_PAGES);
  if (kept < 0) return kept;
  const queue = openQueue(theQueue(), DEVICE_ADDRESS, 0, KEPT_ADDRESS, physicalOf(KEPT_ADDRESS));
  if (queue < 0) return queue;
  waiting = openCalls(waitingBytes, WAITING_SIZE);
  interrupt = handleNamed('interrupt');
  runDevice(DEVICE_ADDRESS);
  askForMore();
  return 0;
}

//@unmanaged
class Source {
  read(request: Message, intoSize: u32): i32 {
    if (intoSize === 0) return ERROR_BAD_ARGUMENT;
    if (left > 0) {
      give(request.token);
      return LATER;
    }
    return keepCall(waiting, request.token, 0);
  }
}

/** Answers a call with bytes of the pool, which are wiped there; the last ones make the device fill it again. */
function give(token: u32): void {
  const from = POOL + poolEnd - left;
  const count = lentWrite(token, 0, 0, from, left);
  if (count > 0) {
    memory.fill(from, 0, count);
    left -= count;
  }
  completeRead(token, count);
  if (left === 0) askForMore();
}

function askForMore(): void {
  const queue = theQueue();
  offer(queue, addPart(queue, NO_PART, physicalOf(POOL), POOL_SIZE, VIRTQ_DESC_WRITE));
  kick(queue);
}

function takeInterrupt(): void {
  takeCauses(DEVICE_ADDRESS);
  assert(!hasStopped(DEVICE_ADDRESS));
  acknowledge(interrupt);
  if (takeUsed(theQueue()) === NO_PART) return;
  poolEnd = theQueue().written;
  left = poolEnd;
  if (left === 0) askForMore();
  while (left > 0 && waiting.count > 0) {
    const token = tokenAt(waiting, 0);
    dropCall(waiting, 0);
    give(token);
  }
}

function theQueue(): Virtqueue {
  return changetype<Virtqueue>(queueBytes);
}
