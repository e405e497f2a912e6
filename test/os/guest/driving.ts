/**
 * Drivers as a first process of the tests starts them, kills them and starts them again: what init does, no
 * more. The port, the interrupt and the kept memory stay; a driver comes and goes.
 *
 *     const disk = deviceAt(at, 'disk', VIRTIO, …);  startDriver(disk);  …  endDriver(disk);
 *
 * A child gets its handles by names, in a start block.
 */

import { load32 } from 'rv';
import { UART_BASE, UART_IRQ, VIRTIO_BASE, VIRTIO_IRQ, VIRTIO_SLOTS } from '../../../hw/manual/memory-map.ts';
import { VIRTIO_DEVICE_ID } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL, INIT_DEVICES, INIT_SPACE, PAGE_SHIFT } from '../../../os/abi/layout.ts';
import {
  RIGHT_COPY,
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHT_READ,
  RIGHT_RECEIVE,
  RIGHT_SEND,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../../../os/abi/rights.ts';
import * as start from '../../../os/abi/start.ts';
import { type Message, receive, waitForEver } from '../../../os/runtime/message.ts';
import {
  bindInterrupt,
  close,
  createInterrupt,
  createMemory,
  createPort,
  createSpace,
  grant,
  kill,
  map,
  partOfMemory,
  startThread,
  unmap,
  watchSpace,
} from '../../../os/runtime/system.ts';
import { childThread, smallSpace } from './children.ts';

const SCRATCH: u32 = 0x5000_0000;
const KEPT_PAGES: u32 = 132;
const DRIVER_PRIORITY: u32 = 25;
const SERVICE_PRIORITY: u32 = 22;
const CLIENT_PRIORITY: u32 = 20;
const FILE_SERVICE_PAGES: u32 = 1400;
const DIED: u32 = 1;

/** A device with its driver, if there is one now. */
//@unmanaged
export class Device {
  page: u32 = 0;
  registers: u32 = 0;
  interrupt: u32 = 0;
  kept: u32 = 0;
  /** Clients' calls arrive here. */
  port: u32 = 0;
  /** The driver's space. */
  space: u32 = 0;
  /** Where this process is told that the driver has died. */
  told: u32 = 0;
}

const message = memory.data(64, 4);
/** The start block under construction. */
let block: u32 = 0;
let blockHandles: u32 = 0;

/** The device whose registers are in this page of physical memory. */
export function deviceAt(device: Device, page: u32, source: u32): void {
  device.page = page;
  device.registers = partOfMemory(INIT_DEVICES, page, 1);
  device.interrupt = createInterrupt(INIT_CONTROL, source);
  device.kept = createMemory(KEPT_PAGES);
  device.port = createPort();
  device.told = createPort();
}

export function uartDevice(device: Device): void {
  deviceAt(device, UART_BASE >> PAGE_SHIFT, UART_IRQ);
}

/** The first virtio device of this kind. */
export function virtioDevice(device: Device, deviceId: u32): void {
  for (let slot: u32 = 0; slot < VIRTIO_SLOTS; slot += 1) {
    const page = (VIRTIO_BASE >> PAGE_SHIFT) + slot;
    assert(map(INIT_SPACE, SCRATCH, INIT_DEVICES, page, 1, RIGHT_READ) === 0);
    const found = load32(SCRATCH + VIRTIO_DEVICE_ID);
    unmap(INIT_SPACE, SCRATCH);
    if (found !== deviceId) continue;
    deviceAt(device, page, VIRTIO_IRQ + slot);
    return;
  }
  assert(false);
}

/** The archive's `name` drives the device. */
export function startDriver(device: Device, name: string): void {
  const space = smallSpace();
  assert(space > 0);
  device.space = space;
  assert(map(space, start.DEVICE_ADDRESS, device.registers, 0, 1, RIGHT_READ | RIGHT_WRITE) === 0);
  beginBlock();
  give(space, 'space', space, RIGHT_MANAGE);
  give(space, 'port', device.port, RIGHT_RECEIVE | RIGHT_NOTIFY);
  give(space, 'interrupt', device.interrupt, RIGHT_MANAGE);
  give(space, 'device', device.registers, RIGHT_READ | RIGHT_WRITE);
  give(space, 'kept', device.kept, RIGHT_READ | RIGHT_WRITE);
  endBlock(space);
  assert(bindInterrupt(device.interrupt, device.port, 1) === 0);
  assert(watchSpace(space, device.told, DIED) === 0);
  run(space, name, 0, DRIVER_PRIORITY);
}

/** The archive's `file` serves a tree on the disk of a driver, by a port of its own: that port. */
export function startFileService(disk: Device): u32 {
  const port = createPort();
  const space = createSpace(FILE_SERVICE_PAGES, 300, 1, 4, 8, 64, 0);
  assert(port > 0 && space > 0);
  beginBlock();
  give(space, 'space', space, RIGHT_MANAGE);
  give(space, 'port', port, RIGHTS_ALL);
  give(space, 'disk', disk.port, RIGHT_SEND);
  give(space, 'control', INIT_CONTROL, RIGHT_MANAGE);
  endBlock(space);
  run(space, 'file', 0, SERVICE_PRIORITY);
  return port;
}

/** Kills the driver, and waits until nothing of it is left. */
export function endDriver(device: Device): void {
  kill(device.space);
  waitForEnd(device.told);
  close(device.space);
}

/** A client of the device, with a number of its own; `told` gets that bit when it has ended. Its space. */
export function startClient(device: Device, name: string, number: u32, told: u32): u32 {
  const space = smallSpace();
  beginBlock();
  give(space, 'driver', device.port, RIGHT_SEND | RIGHT_COPY);
  endBlock(space);
  assert(watchSpace(space, told, 1 << number) === 0);
  run(space, name, number, CLIENT_PRIORITY);
  return space;
}

/** A service with its own port, and another's: `used` is its name there. Its space. */
export function startService(
  name: string,
  port: u32,
  used: string,
  other: u32,
  third: string,
  more: u32,
): u32 {
  const space = smallSpace();
  beginBlock();
  give(space, 'space', space, RIGHT_MANAGE);
  give(space, 'port', port, RIGHTS_ALL);
  give(space, used, other, RIGHT_SEND | RIGHT_COPY);
  give(space, third, more, RIGHT_SEND | RIGHT_COPY);
  endBlock(space);
  run(space, name, 0, SERVICE_PRIORITY);
  return space;
}

function waitForEnd(told: u32): void {
  const end = changetype<Message>(message);
  end.port = told;
  end.extras = 0;
  waitForEver(end);
  assert(receive(end) === 1 && end.label === DIED);
}

function run(space: u32, name: string, argument: u32, priority: u32): void {
  const thread = childThread(space, name, argument, priority);
  assert(thread > 0 && startThread(thread) === 0);
  close(thread);
}

function beginBlock(): void {
  block = createMemory(1);
  assert(map(INIT_SPACE, SCRATCH, block, 0, 1, RIGHT_READ | RIGHT_WRITE) === 0);
  blockHandles = 0;
  store<u32>(SCRATCH, start.START_MAGIC);
  store<u32>(SCRATCH, start.START_HEADER_SIZE, start.START_HANDLES);
}

function give(space: u32, name: string, handle: u32, rights: u32): void {
  const at = SCRATCH + start.START_HEADER_SIZE + blockHandles * start.START_HANDLE_SIZE;
  const length: u32 = name.length;
  for (let index: u32 = 0; index < length; index += 1) {
    store<u8>(at + index, load<u16>(changetype<usize>(name) + (index << 1)));
  }
  const value = grant(space, handle, rights, 0);
  assert(value > 0);
  store<u32>(at, value, start.START_HANDLE_VALUE);
  blockHandles += 1;
}

function endBlock(space: u32): void {
  store<u32>(SCRATCH, blockHandles, start.START_HANDLE_COUNT);
  unmap(INIT_SPACE, SCRATCH);
  assert(map(space, start.START_ADDRESS, block, 0, 1, RIGHT_READ) === 0);
  close(block);
}
