/**
 * A first process that measures, in cycles, the way from a device's interrupt to its driver's thread while
 * another process runs; and whether that still runs when the driver's end has become known.
 */
import { RTC_BASE, RTC_IRQ } from '../../../hw/manual/memory-map.ts';
import { INIT_CONTROL, PAGE_SHIFT } from '../../../os/abi/layout.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import { createPort, reset, spaceStatus, watchSpace } from '../../../os/runtime/system.ts';
import { type Device, deviceAt, startClient, startDriver } from './driving.ts';
import { say, sayNumber } from './say.ts';

const ENDED: u32 = 2;

const deviceBytes = memory.data(64, 4);
const messageBytes = memory.data(64, 4);
const end = memory.data(12, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  deviceAt(device, RTC_BASE >> PAGE_SHIFT, RTC_IRQ);
  const told = createPort();
  startDriver(device, 'alarm');
  watchSpace(device.space, told, ENDED);
  const busy = startClient(device, 'busy', 0, told);
  const message = changetype<Message>(messageBytes);
  message.port = told;
  waitForEver(message);
  do {
    receive(message);
  } while ((message.label & ENDED) === 0);
  say('interrupt ');
  sayNumber(spaceStatus(device.space, end));
  sayNumber(load<u32>(end));
  say('\nbusy ');
  sayNumber(spaceStatus(busy, end));
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}
