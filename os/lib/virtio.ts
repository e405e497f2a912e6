/**
 * virtio over MMIO as its driver meets it (registers and rules: hw/manual/virtio.ts; virtio 1.2, sections 3.1
 * and 4.2). A driver starts its device afresh, whatever state a driver before it has left it in:
 *
 *     beginDevice   reset, and agreement on features
 *     openQueue     for each queue: os/lib/virtqueue.ts
 *     runDevice     from here on the device works
 *
 * `registers` is where the device's page is mapped. After a reset nothing of an earlier driver's requests is
 * read or written any more, so the memory that they were in may be used again.
 */

import { load32, store32 } from 'rv';
import {
  VIRTIO_DEVICE_FEATURES,
  VIRTIO_DEVICE_FEATURES_SEL,
  VIRTIO_DEVICE_ID,
  VIRTIO_DRIVER_FEATURES,
  VIRTIO_DRIVER_FEATURES_SEL,
  VIRTIO_F_VERSION_1,
  VIRTIO_INTERRUPT_ACK,
  VIRTIO_INTERRUPT_STATUS,
  VIRTIO_MAGIC,
  VIRTIO_MAGIC_VALUE,
  VIRTIO_STATUS,
  VIRTIO_STATUS_ACKNOWLEDGE,
  VIRTIO_STATUS_DRIVER,
  VIRTIO_STATUS_DRIVER_OK,
  VIRTIO_STATUS_FEATURES_OK,
  VIRTIO_STATUS_NEEDS_RESET,
  VIRTIO_VERSION,
  VIRTIO_VERSION_VALUE,
} from '../../hw/manual/virtio.ts';
import { ERROR_INPUT_OUTPUT, ERROR_NOT_FOUND, ERROR_REFUSED } from '../abi/errors.ts';

/** Reads of the status register until a reset must be over. */
const RESET_READS_MAX: u32 = 1000;
const WORD_1_VERSION_1: u32 = 1 << (VIRTIO_F_VERSION_1 - 32);

/**
 * Resets the device and agrees on those features of `wanted`, bits 0 … 27, that it offers.
 * → the features agreed on; ERROR_NOT_FOUND where the slot holds no such device.
 */
export function beginDevice(registers: u32, deviceId: u32, wanted: u32): i32 {
  if (load32(registers + VIRTIO_MAGIC) !== VIRTIO_MAGIC_VALUE) return ERROR_NOT_FOUND;
  if (load32(registers + VIRTIO_VERSION) !== VIRTIO_VERSION_VALUE) return ERROR_NOT_FOUND;
  if (load32(registers + VIRTIO_DEVICE_ID) !== deviceId) return ERROR_NOT_FOUND;
  if (!isReset(registers)) return ERROR_INPUT_OUTPUT;
  addStatus(registers, VIRTIO_STATUS_ACKNOWLEDGE);
  addStatus(registers, VIRTIO_STATUS_DRIVER);
  const agreed = offeredFeatures(registers, 0) & wanted;
  acceptFeatures(registers, 0, agreed);
  acceptFeatures(registers, 1, offeredFeatures(registers, 1) & WORD_1_VERSION_1);
  addStatus(registers, VIRTIO_STATUS_FEATURES_OK);
  if ((load32(registers + VIRTIO_STATUS) & VIRTIO_STATUS_FEATURES_OK) === 0) return ERROR_REFUSED;
  return agreed;
}

/** Its queues are open: it may begin. */
export function runDevice(registers: u32): void {
  addStatus(registers, VIRTIO_STATUS_DRIVER_OK);
}

/** Why the device has interrupted (VIRTIO_INTERRUPT_…); it is told that we know. */
export function takeCauses(registers: u32): u32 {
  const causes = load32(registers + VIRTIO_INTERRUPT_STATUS);
  store32(registers + VIRTIO_INTERRUPT_ACK, causes);
  return causes;
}

/** The device has stopped, and says that its driver broke a rule. */
export function hasStopped(registers: u32): bool {
  return (load32(registers + VIRTIO_STATUS) & VIRTIO_STATUS_NEEDS_RESET) !== 0;
}

function isReset(registers: u32): bool {
  store32(registers + VIRTIO_STATUS, 0);
  for (let read: u32 = 0; read < RESET_READS_MAX; read += 1) {
    if (load32(registers + VIRTIO_STATUS) === 0) return true;
  }
  return false;
}

function addStatus(registers: u32, bit: u32): void {
  store32(registers + VIRTIO_STATUS, load32(registers + VIRTIO_STATUS) | bit);
}

function offeredFeatures(registers: u32, word: u32): u32 {
  store32(registers + VIRTIO_DEVICE_FEATURES_SEL, word);
  return load32(registers + VIRTIO_DEVICE_FEATURES);
}

function acceptFeatures(registers: u32, word: u32, features: u32): void {
  store32(registers + VIRTIO_DRIVER_FEATURES_SEL, word);
  store32(registers + VIRTIO_DRIVER_FEATURES, features);
}
