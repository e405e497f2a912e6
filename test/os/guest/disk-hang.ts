/**
 * A first process with a client of the disk at work, that starts another driver whenever one has ended, and
 * says with which status; in the end, how the client has ended.
 */
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { close, reset, spaceStatus } from '../../../os/runtime/system.ts';
import { type Device, startClient, startDriver, virtioDevice } from './driving.ts';
import { say, sayNumber } from './say.ts';

/** Of the client; the driver's is 1. */
const ENDED: u32 = 2;

const deviceBytes = memory.data(64, 4);
const messageBytes = memory.data(64, 4);
const end = memory.data(12, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_BLOCK);
  startDriver(device, 'disk');
  const client = startClient(device, 'load', 1, device.told);
  const message = changetype<Message>(messageBytes);
  message.port = device.told;
  waitForEver(message);
  while (receive(message) === 1 && (message.label & ENDED) === 0) {
    spaceStatus(device.space, end);
    say('driver ');
    sayNumber(load<u32>(end));
    say('\n');
    close(device.space);
    startDriver(device, 'disk');
  }
  spaceStatus(client, end);
  say('client ');
  sayNumber(load<u32>(end));
  return reset(INIT_CONTROL, 0, 0);
}
