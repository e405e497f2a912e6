/**
 * A first process that starts the network card's driver and says, three times, how the carrier has changed.
 */
import { VIRTIO_ID_NET } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import * as nic from '../../../os/proto/nic.client.ts';
import { reset } from '../../../os/runtime/system.ts';
import { type Device, startDriver, virtioDevice } from './driving.ts';
import { say, sayNumber } from './say.ts';

const deviceBytes = memory.data(64, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_NET);
  startDriver(device, 'nic');
  let carrier = 0;
  for (let change: u32 = 0; change < 3; change += 1) {
    carrier = nic.carrierAfter(device.port, carrier !== 0);
    say('carrier ');
    sayNumber(carrier);
  }
  return reset(INIT_CONTROL, 0, 0);
}
