/**
 * What every virtio device shares: the registers of the MMIO transport, version 2, the status handshake,
 * its queues, and the two kinds of interrupt (registers and rules: hw/manual/virtio.ts).
 *
 * A device extends this with its features, its configuration and its work:
 *
 *     notified(queue)   the driver may have put requests there     take(queue) ─→ Chain
 *     advance(now)      work that is due                           finish(queue, chain, written)
 *     abandon()         forget work in progress                    fail(): DEVICE_NEEDS_RESET
 *
 * Nothing is taken from a queue before DRIVER_OK or after `fail`.
 */
import type { AccessSize, Device, Wiring } from '../bus/device.ts';
import {
  VIRTIO_CONFIG,
  VIRTIO_CONFIG_GENERATION,
  VIRTIO_DEVICE_FEATURES,
  VIRTIO_DEVICE_FEATURES_SEL,
  VIRTIO_DEVICE_ID,
  VIRTIO_DRIVER_FEATURES,
  VIRTIO_DRIVER_FEATURES_SEL,
  VIRTIO_F_EVENT_IDX,
  VIRTIO_F_INDIRECT_DESC,
  VIRTIO_F_VERSION_1,
  VIRTIO_INTERRUPT_ACK,
  VIRTIO_INTERRUPT_CONFIG,
  VIRTIO_INTERRUPT_STATUS,
  VIRTIO_INTERRUPT_USED,
  VIRTIO_MAGIC,
  VIRTIO_MAGIC_VALUE,
  VIRTIO_QUEUE_DESC_HIGH,
  VIRTIO_QUEUE_DESC_LOW,
  VIRTIO_QUEUE_DEVICE_HIGH,
  VIRTIO_QUEUE_DEVICE_LOW,
  VIRTIO_QUEUE_DRIVER_HIGH,
  VIRTIO_QUEUE_DRIVER_LOW,
  VIRTIO_QUEUE_NOTIFY,
  VIRTIO_QUEUE_NUM,
  VIRTIO_QUEUE_NUM_MAX,
  VIRTIO_QUEUE_READY,
  VIRTIO_QUEUE_SEL,
  VIRTIO_QUEUE_SIZE_MAX,
  VIRTIO_SHM_BASE_HIGH,
  VIRTIO_SHM_BASE_LOW,
  VIRTIO_SHM_LEN_HIGH,
  VIRTIO_SHM_LEN_LOW,
  VIRTIO_STATUS,
  VIRTIO_STATUS_DRIVER_OK,
  VIRTIO_STATUS_FEATURES_OK,
  VIRTIO_STATUS_NEEDS_RESET,
  VIRTIO_VENDOR_ID,
  VIRTIO_VENDOR_VALUE,
  VIRTIO_VERSION,
  VIRTIO_VERSION_VALUE,
} from '../manual/virtio.ts';
import type { StatePort } from '../state.ts';
import { type Chain, Virtqueue } from './virtqueue.ts';

export interface VirtioShape {
  readonly name: string;
  readonly deviceId: number;
  /** Bit numbers of what it offers besides the transport's own three. */
  readonly features: readonly number[];
  readonly queueCount: number;
  readonly configSize: number;
}

const ALL_ONES = 0xffff_ffff;
const TRANSPORT_FEATURES = [VIRTIO_F_INDIRECT_DESC, VIRTIO_F_EVENT_IDX, VIRTIO_F_VERSION_1];

export abstract class VirtioDevice implements Device {
  readonly name: string;
  protected readonly wiring: Wiring;
  protected readonly config: Uint8Array;
  private readonly deviceId: number;
  private readonly offered: readonly number[];
  private readonly queues: readonly Virtqueue[];

  private accepted = [0, 0];
  private deviceFeaturesSel = 0;
  private driverFeaturesSel = 0;
  private queueSel = 0;
  private status = 0;
  private interrupts = 0;
  private generation = 0;

  constructor(wiring: Wiring, shape: VirtioShape) {
    this.wiring = wiring;
    this.name = shape.name;
    this.deviceId = shape.deviceId;
    this.offered = featureWords([...shape.features, ...TRANSPORT_FEATURES]);
    this.config = new Uint8Array(shape.configSize);
    this.queues = Array.from({ length: shape.queueCount }, () => new Virtqueue(wiring.ram));
  }

  abstract get deadline(): number;
  abstract advance(now: number): void;
  /** The driver says that a queue has requests; also called once for each queue at DRIVER_OK. */
  protected abstract notified(queue: number): void;
  /** Forgets all requests in progress; afterwards none of them is completed. */
  protected abstract abandon(): void;
  protected abstract deviceState(port: StatePort): void;

  /** The driver wrote to the configuration, within its size. Most of it is read only. */
  protected configWritten(_offset: number, _size: AccessSize, _value: number): void {}

  /** Whether the device can work with the features that the driver has accepted. */
  protected suffices(): boolean {
    return true;
  }

  /** The driver's features have been accepted, or forgotten. */
  protected featuresChanged(): void {}

  read(offset: number, size: AccessSize): number | undefined {
    if (offset >= VIRTIO_CONFIG) return this.readConfig(offset - VIRTIO_CONFIG, size);
    return size === 4 ? this.readRegister(offset) : 0;
  }

  write(offset: number, size: AccessSize, value: number): boolean {
    if (offset >= VIRTIO_CONFIG) {
      const at = offset - VIRTIO_CONFIG;
      if (at + size <= this.config.length) this.configWritten(at, size, value);
    } else if (size === 4) {
      this.writeRegister(offset, value);
    }
    return true;
  }

  reset(): void {
    this.deviceFeaturesSel = 0;
    this.driverFeaturesSel = 0;
    this.queueSel = 0;
    this.resetDevice();
  }

  state(port: StatePort): void {
    this.accepted = this.accepted.map(word => port.u32(word));
    this.deviceFeaturesSel = port.u32(this.deviceFeaturesSel);
    this.driverFeaturesSel = port.u32(this.driverFeaturesSel);
    this.queueSel = port.u32(this.queueSel);
    this.status = port.u32(this.status);
    this.interrupts = port.u32(this.interrupts);
    this.generation = port.u32(this.generation);
    port.bytes(this.config);
    for (const queue of this.queues) queue.state(port);
    this.deviceState(port);
  }

  /** Between DRIVER_OK and reset or failure. */
  protected get running(): boolean {
    return (this.status & (VIRTIO_STATUS_DRIVER_OK | VIRTIO_STATUS_NEEDS_RESET)) === VIRTIO_STATUS_DRIVER_OK;
  }

  /** Whether the driver accepted the feature. */
  protected agreed(feature: number): boolean {
    return ((this.accepted[feature >>> 5]! >>> (feature & 31)) & 1) === 1;
  }

  /** The next request of a queue, or undefined where there is none. Fails the device on a broken ring. */
  protected take(queue: number): Chain | undefined {
    if (!this.running || !this.queues[queue]!.ready) return undefined;
    const taken = this.queues[queue]!.take();
    if (taken === 'broken') this.fail();
    return typeof taken === 'string' ? undefined : taken;
  }

  protected untake(queue: number, count: number): void {
    this.queues[queue]!.untake(count);
  }

  protected queueSize(queue: number): number {
    return this.queues[queue]!.size;
  }

  /** Gives a request back; true where the driver wants an interrupt for it (`interrupt` raises it). */
  protected finish(queue: number, chain: Chain, written: number): boolean {
    return this.queues[queue]!.complete(chain.head, written);
  }

  protected interrupt(): void {
    this.raise(VIRTIO_INTERRUPT_USED);
  }

  /** The configuration has changed by itself. */
  protected configChanged(): void {
    this.generation = (this.generation + 1) >>> 0;
    if (this.running) this.raise(VIRTIO_INTERRUPT_CONFIG);
  }

  /** The driver broke the rules: stop until it resets the device. */
  protected fail(): void {
    if ((this.status & VIRTIO_STATUS_DRIVER_OK) !== 0) this.raise(VIRTIO_INTERRUPT_CONFIG);
    this.status |= VIRTIO_STATUS_NEEDS_RESET;
    this.abandon();
  }

  private readConfig(at: number, size: AccessSize): number {
    if (at + size > this.config.length) return size === 4 ? ALL_ONES : 2 ** (8 * size) - 1;
    let value = 0;
    for (let byte = size - 1; byte >= 0; byte -= 1) value = value * 256 + this.config[at + byte]!;
    return value;
  }

  private readRegister(offset: number): number {
    switch (offset) {
      case VIRTIO_MAGIC:
        return VIRTIO_MAGIC_VALUE;
      case VIRTIO_VERSION:
        return VIRTIO_VERSION_VALUE;
      case VIRTIO_DEVICE_ID:
        return this.deviceId;
      case VIRTIO_VENDOR_ID:
        return VIRTIO_VENDOR_VALUE;
      case VIRTIO_DEVICE_FEATURES:
        return this.deviceFeaturesSel < 2 ? this.offered[this.deviceFeaturesSel]! : 0;
      case VIRTIO_QUEUE_NUM_MAX:
        return this.selected === undefined ? 0 : VIRTIO_QUEUE_SIZE_MAX;
      case VIRTIO_QUEUE_READY:
        return this.selected?.ready === true ? 1 : 0;
      case VIRTIO_INTERRUPT_STATUS:
        return this.interrupts;
      case VIRTIO_STATUS:
        return this.status;
      case VIRTIO_CONFIG_GENERATION:
        return this.generation;
      case VIRTIO_SHM_LEN_LOW:
      case VIRTIO_SHM_LEN_HIGH:
      case VIRTIO_SHM_BASE_LOW:
      case VIRTIO_SHM_BASE_HIGH:
        return ALL_ONES;
      default:
        return 0;
    }
  }

  private writeRegister(offset: number, value: number): void {
    switch (offset) {
      case VIRTIO_DEVICE_FEATURES_SEL:
        this.deviceFeaturesSel = value;
        break;
      case VIRTIO_DRIVER_FEATURES:
        this.setFeatures(value);
        break;
      case VIRTIO_DRIVER_FEATURES_SEL:
        this.driverFeaturesSel = value;
        break;
      case VIRTIO_QUEUE_SEL:
        this.queueSel = value;
        break;
      case VIRTIO_QUEUE_NOTIFY:
        if (this.running && value < this.queues.length) this.notified(value);
        break;
      case VIRTIO_INTERRUPT_ACK:
        this.interrupts &= ~value;
        this.wiring.irq.set(this.interrupts !== 0);
        break;
      case VIRTIO_STATUS:
        this.setStatus(value & 0xff);
        break;
      case VIRTIO_QUEUE_READY:
        this.setReady(value);
        break;
      default:
        this.describeQueue(offset, value);
    }
  }

  private get selected(): Virtqueue | undefined {
    return this.queues[this.queueSel];
  }

  private setFeatures(value: number): void {
    if ((this.status & VIRTIO_STATUS_FEATURES_OK) !== 0 || this.driverFeaturesSel > 1) return;
    this.accepted[this.driverFeaturesSel] = value;
  }

  /** Size and places of the selected queue; fixed once it is ready. */
  private describeQueue(offset: number, value: number): void {
    const queue = this.selected;
    if (queue === undefined || queue.ready) return;
    if (offset === VIRTIO_QUEUE_NUM && isQueueSize(value)) queue.size = value;
    else if (offset === VIRTIO_QUEUE_DESC_LOW) queue.descriptors.low = value;
    else if (offset === VIRTIO_QUEUE_DESC_HIGH) queue.descriptors.high = value;
    else if (offset === VIRTIO_QUEUE_DRIVER_LOW) queue.driver.low = value;
    else if (offset === VIRTIO_QUEUE_DRIVER_HIGH) queue.driver.high = value;
    else if (offset === VIRTIO_QUEUE_DEVICE_LOW) queue.device.low = value;
    else if (offset === VIRTIO_QUEUE_DEVICE_HIGH) queue.device.high = value;
  }

  private setReady(value: number): void {
    const queue = this.selected;
    if (queue === undefined || queue.ready === ((value & 1) === 1)) return;
    if (queue.ready) {
      queue.stop();
      this.abandon();
      if (this.running) this.queues.forEach((_, index) => void this.notified(index));
      return;
    }
    const agreed = {
      indirect: this.agreed(VIRTIO_F_INDIRECT_DESC),
      eventIndex: this.agreed(VIRTIO_F_EVENT_IDX),
    };
    if (!queue.start(agreed)) {
      queue.stop();
      this.fail();
    }
  }

  private setStatus(value: number): void {
    if (value === 0) {
      this.resetDevice();
      return;
    }
    const before = this.status;
    this.status = before | (value & ~VIRTIO_STATUS_NEEDS_RESET);
    const asked = this.status & ~before;
    if ((asked & VIRTIO_STATUS_FEATURES_OK) !== 0) {
      if (this.acceptable()) this.featuresChanged();
      else this.status &= ~VIRTIO_STATUS_FEATURES_OK;
    }
    if ((asked & VIRTIO_STATUS_DRIVER_OK) === 0) return;
    if ((this.status & VIRTIO_STATUS_FEATURES_OK) === 0) this.fail();
    else if (this.running) this.queues.forEach((_, index) => void this.notified(index));
  }

  private acceptable(): boolean {
    const foreign = this.accepted.some((word, index) => (word & ~this.offered[index]!) !== 0);
    return !foreign && this.suffices();
  }

  private resetDevice(): void {
    this.abandon();
    this.status = 0;
    this.accepted = [0, 0];
    this.interrupts = 0;
    for (const queue of this.queues) queue.reset();
    this.featuresChanged();
    this.wiring.irq.set(false);
  }

  private raise(cause: number): void {
    this.interrupts |= cause;
    this.wiring.irq.set(true);
  }
}

function featureWords(features: readonly number[]): number[] {
  const words = [0, 0];
  for (const feature of features) words[feature >>> 5]! |= 1 << (feature & 31);
  return words.map(word => word >>> 0);
}

function isQueueSize(value: number): boolean {
  return value > 0 && value <= VIRTIO_QUEUE_SIZE_MAX && (value & (value - 1)) === 0;
}
