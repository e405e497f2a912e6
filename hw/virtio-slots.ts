/**
 * Which device is in which of the board's virtio slots: from the first one upwards as they are added, and
 * one in the last; the others answer that they are empty.
 */
import type { Mapping } from './bus/bus.ts';
import type { Device, Wiring } from './bus/device.ts';
import { EmptySlot } from './device/empty-slot.ts';
import * as map from './manual/memory-map.ts';

export class VirtioSlots {
  private readonly devices: (Device | undefined)[] = new Array(map.VIRTIO_SLOTS).fill(undefined);
  private readonly wiring: (slot: number) => Wiring;
  private used = 0;

  constructor(wiring: (slot: number) => Wiring) {
    this.wiring = wiring;
  }

  add<T extends Device>(make: (wiring: Wiring) => T): T {
    if (this.used === map.VIRTIO_SLOTS - 1)
      throw new Error(`there is room for ${this.used} drives and network interfaces: take some out`);
    const device = make(this.wiring(this.used));
    this.devices[this.used] = device;
    this.used += 1;
    return device;
  }

  addLast(make: (wiring: Wiring) => Device): void {
    this.devices[map.VIRTIO_SLOTS - 1] = make(this.wiring(map.VIRTIO_SLOTS - 1));
  }

  mappings(): Mapping[] {
    return this.devices.map((device, slot) => ({
      base: map.VIRTIO_BASE + slot * map.VIRTIO_STRIDE,
      size: map.VIRTIO_STRIDE,
      device: device ?? new EmptySlot(`slot ${slot}`),
    }));
  }
}
