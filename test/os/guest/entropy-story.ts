/**
 * A first process that starts the entropy driver and asks for bytes: all that there are at once, a few, and
 * some from a driver that was killed and replaced. Prints how many it got, and the first of each as numbers.
 */
import { VIRTIO_ID_ENTROPY } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import * as entropy from '../../../os/proto/entropy.client.ts';
import { reset } from '../../../os/runtime/system.ts';
import { type Device, endDriver, startDriver, virtioDevice } from './driving.ts';
import { say, sayNumber } from './say.ts';

const deviceBytes = memory.data(64, 4);
const bytes = memory.data(512, 4);
let port: u32 = 0;

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_ENTROPY);
  startDriver(device, 'entropy');
  port = device.port;
  ask(10);
  ask(512);
  ask(512);
  endDriver(device);
  startDriver(device, 'entropy');
  ask(16);
  sayNumber(entropy.read(port, bytes, 0));
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function ask(size: u32): void {
  memory.fill(bytes, 0, 512);
  sayNumber(entropy.read(port, bytes, size));
  sayNumber(load<u32>(bytes) >> 1);
  sayNumber(load<u32>(bytes, 4) >> 1);
}
