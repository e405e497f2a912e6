/**
 * A first process that starts the UART's driver and echoes what is typed, until a q. At a k it kills the
 * driver and starts another in its place.
 */
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import * as serial from '../../../os/proto/serial.client.ts';
import { reset } from '../../../os/runtime/system.ts';
import { type Device, endDriver, startDriver, uartDevice } from './driving.ts';

const QUIT: u32 = 0x71;
const KILL: u32 = 0x6b;
const TEXT_SIZE: u32 = 24;

const deviceBytes = memory.data(64, 4);
const text = memory.data(24);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  uartDevice(device);
  startDriver(device, 'uart');
  let position: u32 = 0;
  while (true) {
    const count = serial.read(device.port, position, text, TEXT_SIZE);
    assert(count > 0 && serial.write(device.port, position, text, count) === count);
    position += count;
    const last = load<u8>(text + count - 1);
    if (last === QUIT) {
      serial.drain(device.port);
      return reset(INIT_CONTROL, 0, 0);
    }
    if (last !== KILL) continue;
    endDriver(device);
    startDriver(device, 'uart');
  }
}
