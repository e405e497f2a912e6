/**
 * A server that counts how often each number was told to it, and says so. What it has counted outlives it: it lies in
 * its kept memory, a byte a number. Where it has a disk it outlives the board too: nobody is answered before it is
 * in the first sector.
 *
 *     label   TELL: number, with or without data lent that is the number over and over      ASK: number → its count
 */
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import * as block from '../../../os/proto/block.client.ts';
import { SECTOR_SIZE } from '../../../os/proto/block.ts';
import { KEPT_ADDRESS } from '../../../os/runtime/kept.ts';
import { fetchLent } from '../../../os/runtime/lent.ts';
import type { Message } from '../../../os/runtime/message.ts';
import { firstRequest, nextRequest } from '../../../os/runtime/serve.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { map } from '../../../os/runtime/system.ts';
import { ASK, DATA_SIZE, NUMBERS_MAX, TELL } from './tallying.ts';

const buffer = memory.data(64, 4);
const data = memory.data(4000, 4);

export function main(_argument: u32): i32 {
  assert(map(handleNamed('space'), KEPT_ADDRESS, handleNamed('kept'), 0, 1, RIGHT_READ | RIGHT_WRITE) === 0);
  const disk = handleNamed('disk');
  if (disk !== 0 && block.read(disk, 0, KEPT_ADDRESS, SECTOR_SIZE) < 0) return 1;
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    const number = request.word0;
    assert(number < NUMBERS_MAX);
    const at = KEPT_ADDRESS + number;
    if (request.label === TELL && isWhole(request, number)) {
      store<u8>(at, <u32>load<u8>(at) + 1);
      if (disk !== 0) keep(disk);
    }
    if (request.label === ASK) request.label = load<u8>(at);
    else request.label = 0;
    result = nextRequest(request);
  }
  return -result;
}

/** For good. */
function keep(disk: u32): void {
  assert(block.write(disk, 0, KEPT_ADDRESS, SECTOR_SIZE) === 1);
  assert(block.flush(disk) === 0);
}

/** A caller that is gone meanwhile has told nothing. */
function isWhole(request: Message, number: u32): bool {
  if (request.counts === 0) return true;
  if (fetchLent(request.token, 0, 0, data, DATA_SIZE) !== 0) return false;
  for (let at: u32 = 0; at < DATA_SIZE; at += 4) assert(load<u32>(data + at) === number);
  return true;
}
