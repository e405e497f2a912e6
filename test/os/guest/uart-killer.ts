/**
 * A first process with a client that writes to the serial line, whose driver is killed under it. What the
 * client wrote is all that is on the line, until at the end the number of kills is.
 */
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { createPort, reset, spaceStatus } from '../../../os/runtime/system.ts';
import { type Device, startClient, startDriver, uartDevice } from './driving.ts';
import { killUntil } from './killer.ts';
import { say, sayNumber } from './say.ts';

const PAUSE_TICKS: u32 = 120;

const deviceBytes = memory.data(64, 4);
const end = memory.data(12, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  uartDevice(device);
  startDriver(device, 'uart');
  const told = createPort();
  const client = startClient(device, 'load', 0, told);
  const kills = killUntil(told, 1, device, 'uart', PAUSE_TICKS);
  say('ended ');
  sayNumber(spaceStatus(client, end));
  sayNumber(load<u32>(end));
  say('\nkills ');
  sayNumber(kills);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}
