/**
 * A first process that is nobody's friend: it listens to all that passes on its wire, and sends it again as it was,
 * changed in a bit, or cut short, one after the other and as fast as it can, for ever.
 */
import { VIRTIO_ID_NET } from '../../../hw/manual/virtio.ts';
import * as nic from '../../../os/proto/nic.client.ts';
import { now } from '../../../os/runtime/clock.ts';
import { type Device, startDriver, virtioDevice } from './driving.ts';

const FRAME_SIZE: u32 = 2048;
/** A power of two. */
const FRAMES: u32 = 16;
const ETHERNET_SIZE: u32 = 14;
/** How many are sent for each time it listens. */
const BURST: u32 = 8;
/** A tenth of a millisecond. */
const LISTENING_TICKS: u64 = 1000;

const deviceBytes = memory.data(64, 4);
const frames = memory.data(32_768, 4);
const sizes = memory.data(64, 4);
const forged = memory.data(2048, 4);
let chance: u32 = 0x9e37_79b9;
let heard: u32 = 0;

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_NET);
  startDriver(device, 'nic');
  while (true) {
    listen(device.port);
    for (let turn: u32 = 0; turn < BURST && heard > 0; turn += 1) {
      const size = forge(turn);
      assert(nic.send(device.port, forged, size) === 0);
    }
  }
}

/** Keeps a frame, if one comes. */
function listen(port: u32): void {
  const slot = heard & (FRAMES - 1);
  const end = now() + LISTENING_TICKS;
  const size = nic.receiveUntil(port, end as u32, (end >> 32) as u32, frames + slot * FRAME_SIZE, FRAME_SIZE);
  if (size <= <i32>ETHERNET_SIZE) return;
  store<u32>(sizes + (slot << 2), size);
  heard += 1;
}

/** Writes a frame made of one that was heard; its size. */
function forge(turn: u32): u32 {
  const slot = draw() % min<u32>(heard, FRAMES);
  const size = load<u32>(sizes + (slot << 2));
  memory.copy(forged, frames + slot * FRAME_SIZE, size);
  if (turn % 3 === 0) return size;
  const at = ETHERNET_SIZE + (draw() % (size - ETHERNET_SIZE));
  store<u8>(forged + at, <u32>load<u8>(forged + at) ^ (1 << (draw() & 7)));
  return turn % 3 === 1 ? size : max<u32>(ETHERNET_SIZE, draw() % size);
}

/** xorshift32 (Marsaglia, 2003). */
function draw(): u32 {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return chance;
}
