/**
 * Where devices are in this machine: fixed places, or virtio slots, which are asked what is in them. The n-th
 * device of a kind is the one in the n-th slot that has such a one, from the lowest address.
 */

import { load32 } from 'rv';
import {
  RTC_BASE,
  RTC_IRQ,
  UART_BASE,
  UART_IRQ,
  VIRTIO_BASE,
  VIRTIO_IRQ,
  VIRTIO_SLOTS,
  VIRTIO_STRIDE,
} from '../../../hw/manual/memory-map.ts';
import { VIRTIO_DEVICE_ID, VIRTIO_MAGIC, VIRTIO_MAGIC_VALUE } from '../../../hw/manual/virtio.ts';
import { INIT_DEVICES, INIT_SPACE, PAGE_SHIFT } from '../../abi/layout.ts';
import { DEVICE_RTC, DEVICE_UART, DEVICE_VIRTIO } from '../../abi/manifest.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { map, unmap } from '../../runtime/system.ts';

/** Where the slots are mapped while they are asked. */
const SLOTS: u32 = 0x6200_0000;
const NONE: u32 = 0xffff_ffff;

let foundAddress: u32 = 0;
let foundSource: u32 = 0;

/** Physical, of the registers that `findDevice` found. */
export function deviceAddress(): u32 {
  return foundAddress;
}

/** The interrupt source. */
export function deviceSource(): u32 {
  return foundSource;
}

/** False where this machine has none. */
export function findDevice(kind: u32, index: u32): bool {
  if (kind === DEVICE_UART) return found(<u32>UART_BASE, <u32>UART_IRQ);
  if (kind === DEVICE_RTC) return found(<u32>RTC_BASE, <u32>RTC_IRQ);
  const slot = slotOf(kind - DEVICE_VIRTIO, index);
  if (slot === NONE) return false;
  return found(<u32>VIRTIO_BASE + slot * <u32>VIRTIO_STRIDE, <u32>VIRTIO_IRQ + slot);
}

function found(address: u32, source: u32): bool {
  foundAddress = address;
  foundSource = source;
  return true;
}

function slotOf(type: u32, wanted: u32): u32 {
  const first = <u32>VIRTIO_BASE >> PAGE_SHIFT;
  const pages = (<u32>VIRTIO_SLOTS * <u32>VIRTIO_STRIDE) >> PAGE_SHIFT;
  assert(map(INIT_SPACE, SLOTS, INIT_DEVICES, first, pages, RIGHT_READ | RIGHT_WRITE) === 0);
  let left = wanted;
  let result = NONE;
  for (let slot: u32 = 0; slot < <u32>VIRTIO_SLOTS && result === NONE; slot += 1) {
    const registers = SLOTS + slot * <u32>VIRTIO_STRIDE;
    if (load32(registers + VIRTIO_MAGIC) !== VIRTIO_MAGIC_VALUE) continue;
    if (load32(registers + VIRTIO_DEVICE_ID) !== type) continue;
    if (left === 0) result = slot;
    left -= 1;
  }
  unmap(INIT_SPACE, SLOTS);
  return result;
}
