/**
 * A first process with three clients of the disk at work, and its driver killed under them. Prints how each
 * client has ended, how often the driver was killed, and what is left of it all.
 */
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { createPort, reset, spaceStatus } from '../../../os/runtime/system.ts';
import { type Device, startClient, startDriver, virtioDevice } from './driving.ts';
import { killUntil } from './killer.ts';
import { say, sayNumber } from './say.ts';

const CLIENTS: u32 = 3;
const PAUSE_TICKS: u32 = 3_000;

const deviceBytes = memory.data(64, 4);
const spaces = memory.data(12, 4);
const end = memory.data(12, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_BLOCK);
  startDriver(device, 'disk');
  const told = createPort();
  for (let client: u32 = 0; client < CLIENTS; client += 1) {
    store<u32>(spaces + (client << 2), startClient(device, 'load', client, told));
  }
  const kills = killUntil(told, (1 << CLIENTS) - 1, device, 'disk', PAUSE_TICKS);
  say('ended ');
  for (let client: u32 = 0; client < CLIENTS; client += 1) {
    sayNumber(spaceStatus(load<u32>(spaces + (client << 2)), end));
    sayNumber(load<u32>(end));
  }
  say('\nkills ');
  sayNumber(kills);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}
