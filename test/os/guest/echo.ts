/**
 * A first process that starts the UART's driver and echoes what is typed, until a q. At a k it kills the
 * driver and starts another, with the same port and interrupt.
 */
import { UART_BASE, UART_IRQ } from '../../../hw/manual/memory-map.ts';
import { INIT_CONTROL, INIT_DEVICES, PAGE_SHIFT } from '../../../os/abi/layout.ts';
import { RIGHT_MANAGE, RIGHT_READ, RIGHT_RECEIVE, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import * as serial from '../../../os/proto/serial.client.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  bindInterrupt,
  close,
  createInterrupt,
  createPort,
  grant,
  kill,
  map,
  partOfMemory,
  reset,
  startThread,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';

const REGISTERS: u32 = 0x3000_0000;
const PRIORITY: u32 = 25;
const QUIT: u32 = 0x71;
const KILL: u32 = 0x6b;
const DIED: u32 = 2;
const TEXT_SIZE: u32 = 24;

const text = memory.data(24);
const ending = memory.data(64);

export function main(_argument: u32): i32 {
  const port = createPort();
  const interrupt = createInterrupt(INIT_CONTROL, UART_IRQ);
  let driver = startDriver(port, interrupt);
  while (true) {
    const count = serial.read(port, text, TEXT_SIZE);
    assert(count > 0 && serial.write(port, text, count) === count);
    const last = load<u8>(text + count - 1);
    if (last === QUIT) return reset(INIT_CONTROL, 0, 0);
    if (last !== KILL) continue;
    end(driver);
    driver = startDriver(port, interrupt);
  }
}

function startDriver(port: u32, interrupt: u32): u32 {
  const space = smallSpace();
  const registers = partOfMemory(INIT_DEVICES, UART_BASE >> PAGE_SHIFT, 1);
  assert(map(space, REGISTERS, registers, 0, 1, RIGHT_READ | RIGHT_WRITE) === 0);
  close(registers);
  grant(space, port, RIGHT_RECEIVE, 0);
  grant(space, interrupt, RIGHT_MANAGE, 0);
  const thread = childThread(space, 'uart', 0, PRIORITY);
  bindInterrupt(interrupt, port, 1);
  startThread(thread);
  close(thread);
  return space;
}

/** Kills the driver, and waits until nothing of it is left. */
function end(driver: u32): void {
  const told = createPort();
  watchSpace(driver, told, DIED);
  kill(driver);
  const message = changetype<Message>(ending);
  message.port = told;
  waitForEver(message);
  assert(receive(message) === 1 && message.label === DIED);
  close(told);
  close(driver);
}
