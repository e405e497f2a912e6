/**
 * A first process that measures, in cycles, how long the UART's interrupt takes to its driver's thread: from the
 * store by which another process makes the device ask for it. The UART asks as soon as it may, while it has
 * nothing to send.
 */
import { UART_BASE, UART_IRQ } from '../../../hw/manual/memory-map.ts';
import { INIT_CONTROL, INIT_DEVICES, PAGE_SHIFT } from '../../../os/abi/layout.ts';
import { RIGHT_MANAGE, RIGHT_READ, RIGHT_RECEIVE, RIGHT_SEND, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  bindInterrupt,
  createInterrupt,
  createMemory,
  createPort,
  grant,
  map,
  partOfMemory,
  reset,
  startThread,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';
import { say, sayNumber } from './say.ts';

export const REGISTERS: u32 = 0x3000_0000;
/** Where both processes have the cycle of the store. */
export const SHARED: u32 = 0x5000_0000;
const DRIVER_PRIORITY: u32 = 30;
const PROVOKER_PRIORITY: u32 = 20;

const buffer = memory.data(64);

export function main(_argument: u32): i32 {
  const port = createPort();
  const results = createPort();
  const interrupt = createInterrupt(INIT_CONTROL, UART_IRQ);
  const shared = createMemory(1);
  const driver = smallSpace();
  grant(driver, port, RIGHT_RECEIVE, 0);
  grant(driver, results, RIGHT_SEND, 0);
  grant(driver, interrupt, RIGHT_MANAGE, 0);
  const provoker = smallSpace();
  give(driver, shared);
  give(provoker, shared);
  bindInterrupt(interrupt, port, 1);
  startThread(childThread(driver, 'driven', 0, DRIVER_PRIORITY));
  startThread(childThread(provoker, 'provoker', 0, PROVOKER_PRIORITY));
  const message = changetype<Message>(buffer);
  message.port = results;
  waitForEver(message);
  receive(message);
  say('external ');
  sayNumber(message.word0);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function give(space: u32, shared: u32): void {
  const registers = partOfMemory(INIT_DEVICES, UART_BASE >> PAGE_SHIFT, 1);
  map(space, REGISTERS, registers, 0, 1, RIGHT_READ | RIGHT_WRITE);
  map(space, SHARED, shared, 0, 1, RIGHT_READ | RIGHT_WRITE);
}
