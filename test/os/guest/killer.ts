/**
 * Drivers that are killed under load: this waits until one serves, then for a while by chance, kills it, starts
 * the next, and so on until the load is done. Kills come by the timer's interrupt, wherever the driver is then.
 */

import { csr_read } from 'rv';
import { ERROR_TIMED_OUT } from '../../../os/abi/errors.ts';
import { TIME } from '../../../os/lib/csr.ts';
import { callPort } from '../../../os/runtime/call.ts';
import { type Message, receive } from '../../../os/runtime/message.ts';
import { PING } from '../../../os/runtime/serve.ts';
import { type Device, endDriver, startDriver } from './driving.ts';

const buffer = memory.data(64, 4);
let state: u32 = 1;

/** Until all of the bits have come at `told`, each driver within so many ticks. → how many were killed. */
export function killUntil(told: u32, bits: u32, device: Device, name: string, ticks: u32): u32 {
  const message = changetype<Message>(buffer);
  let left = bits;
  let kills: u32 = 0;
  while (left !== 0) {
    message.port = told;
    message.extras = 0;
    message.deadlineLow = csr_read(TIME) + (chance() % ticks);
    message.deadlineHigh = 0;
    const result = receive(message);
    if (result !== ERROR_TIMED_OUT) {
      left &= ~message.label;
      continue;
    }
    endDriver(device);
    startDriver(device, name);
    kills += 1;
    assert(callPort(device.port, PING, 0, 0, 0, 0, 0, 0) === 0);
  }
  return kills;
}

function chance(): u32 {
  state = state * 1_664_525 + 1_013_904_223;
  return state >> 8;
}
