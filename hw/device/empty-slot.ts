/**
 * A virtio slot with nothing in it: magic, version and vendor, and the device id 0 that tells a driver to
 * pass on. Everything else reads zero and ignores writes (hw/manual/virtio.ts).
 */
import type { AccessSize, Device } from '../bus/device.ts';
import {
  VIRTIO_MAGIC,
  VIRTIO_MAGIC_VALUE,
  VIRTIO_VENDOR_ID,
  VIRTIO_VENDOR_VALUE,
  VIRTIO_VERSION,
  VIRTIO_VERSION_VALUE,
} from '../manual/virtio.ts';

export class EmptySlot implements Device {
  readonly name: string;
  readonly deadline = Infinity;

  constructor(name: string) {
    this.name = name;
  }

  read(offset: number, size: AccessSize): number {
    if (size !== 4) return 0;
    if (offset === VIRTIO_MAGIC) return VIRTIO_MAGIC_VALUE;
    if (offset === VIRTIO_VERSION) return VIRTIO_VERSION_VALUE;
    return offset === VIRTIO_VENDOR_ID ? VIRTIO_VENDOR_VALUE : 0;
  }

  write(): boolean {
    return true;
  }

  advance(): void {}

  reset(): void {}

  state(): void {}
}
