/**
 * The network card: virtio-net with a wire behind it (queues, header and times: hw/manual/nic.ts).
 *
 *     guest ─ transmit queue ─→ fetch ─→ wire.transmit(frame, at)            one frame ahead of the wire
 *     wire ─ receive(frame, at) ─→ arriving ─ at ─→ memory ─→ store ─→ receive queue ─→ guest
 *
 * A frame may be handed in before its time; it counts as arrived at `at`. After every frame that was
 * handed out the board is told (`sent`), so that the cluster can look ahead afresh.
 */
import type { Wiring } from '../bus/device.ts';
import type { Plug, Socket } from '../lab/station.ts';
import {
  NIC_BYTE_NS,
  NIC_CONFIG_MAC,
  NIC_CONFIG_MTU,
  NIC_CONFIG_QUEUE_PAIRS,
  NIC_CONFIG_SIZE,
  NIC_CONFIG_STATUS,
  NIC_F_MAC,
  NIC_F_MRG_RXBUF,
  NIC_F_MTU,
  NIC_F_STATUS,
  NIC_FIFO_SIZE,
  NIC_FRAME_MIN,
  NIC_FRAME_NS,
  NIC_HEADER_BUFFERS,
  NIC_HEADER_SIZE,
  NIC_INTERRUPT_NS,
  NIC_LINK_UP,
  NIC_MTU_DEFAULT,
  NIC_OVERHEAD,
  NIC_RECEIVE_QUEUE,
  NIC_TRANSMIT_QUEUE,
} from '../manual/nic.ts';
import { VIRTIO_F_VERSION_1, VIRTIO_ID_NET } from '../manual/virtio.ts';
import type { StatePort } from '../state.ts';
import { VirtioDevice } from './virtio.ts';
import { type Chain, chainState, gather, scatter, sizeOf } from './virtqueue.ts';

export interface NicOptions {
  readonly name: string;
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly mtu?: number;
  /** A frame has been handed to the wire. */
  sent(): void;
}

interface Arriving {
  readonly at: number;
  readonly frame: Uint8Array;
}

interface Fetch {
  readonly chain: Chain;
  readonly doneAt: number;
}

interface Store {
  readonly chains: readonly Chain[];
  readonly frame: Uint8Array;
  readonly doneAt: number;
}

/** What has become of frames. */
export interface NicCounters {
  sent: number;
  received: number;
  /** Not sent: no carrier, or no frame of a legal size. */
  sendDropped: number;
  /** Arrived while the driver had not started the NIC. */
  unheard: number;
  /** Found no room in the NIC's memory. */
  overflowed: number;
  /** Longer than the MTU allows, or than the driver's buffers. */
  oversized: number;
}

export class Nic extends VirtioDevice implements Socket {
  readonly mac: Uint8Array;
  readonly counters: NicCounters = {
    sent: 0,
    received: 0,
    sendDropped: 0,
    unheard: 0,
    overflowed: 0,
    oversized: 0,
  };
  private readonly frameMax: number;
  private readonly sent: () => void;
  private wire: Plug | undefined;
  private carrier = false;
  private fetch: Fetch | undefined;
  /** When the wire has begun to take the frame before. */
  private fetchFrom = 0;
  /** By time; none of these has reached the NIC. */
  private arriving: Arriving[] = [];
  /** In the NIC's memory, oldest first. */
  private memory: Uint8Array[] = [];
  private store: Store | undefined;
  private interruptAt = Infinity;

  constructor(wiring: Wiring, options: NicOptions) {
    super(wiring, {
      name: options.name,
      deviceId: VIRTIO_ID_NET,
      features: [NIC_F_MTU, NIC_F_MAC, NIC_F_MRG_RXBUF, NIC_F_STATUS],
      queueCount: 2,
      configSize: NIC_CONFIG_SIZE,
    });
    const mtu = options.mtu ?? NIC_MTU_DEFAULT;
    this.mac = options.mac;
    this.frameMax = mtu + NIC_OVERHEAD;
    this.sent = () => options.sent();
    this.config.set(options.mac, NIC_CONFIG_MAC);
    this.config[NIC_CONFIG_QUEUE_PAIRS] = 1;
    this.config[NIC_CONFIG_MTU] = mtu & 0xff;
    this.config[NIC_CONFIG_MTU + 1] = mtu >>> 8;
  }

  attach(wire: Plug): void {
    this.wire = wire;
    this.setCarrier(wire.carrier);
  }

  /** The wire's far end came or went; the driver is told. */
  setCarrier(level: boolean): void {
    if (level === this.carrier) return;
    this.carrier = level;
    this.config[NIC_CONFIG_STATUS] = level ? NIC_LINK_UP : 0;
    this.configChanged();
  }

  /** A frame whose last bit arrives at `at`, now or later. */
  receive(frame: Uint8Array, at: number): void {
    let index = this.arriving.length;
    while (index > 0 && this.arriving[index - 1]!.at > at) index -= 1;
    this.arriving.splice(index, 0, { at, frame });
  }

  get deadline(): number {
    const arrival = this.arriving.length === 0 ? Infinity : this.arriving[0]!.at;
    const fetched = this.fetch === undefined ? Infinity : this.fetch.doneAt;
    const stored = this.store === undefined ? Infinity : this.store.doneAt;
    return Math.min(arrival, fetched, stored, this.interruptAt);
  }

  /** When a frame will be handed to the wire. */
  get outwardDeadline(): number {
    return this.fetch === undefined ? Infinity : this.fetch.doneAt;
  }

  advance(now: number): void {
    for (let at = this.deadline; at <= now; at = this.deadline) {
      if (at === this.interruptAt) this.announce();
      else if (at === this.store?.doneAt) this.finishStore(this.store);
      else if (at === this.fetch?.doneAt) this.finishFetch(this.fetch);
      else this.accept(this.arriving.shift()!);
    }
  }

  /** Without VERSION_1 the header would have another form. */
  protected override suffices(): boolean {
    return this.agreed(VIRTIO_F_VERSION_1);
  }

  protected notified(queue: number): void {
    const now = this.wiring.now();
    if (queue === NIC_RECEIVE_QUEUE) this.beginStore(now);
    else this.beginFetch(now);
  }

  /** What the NIC had taken from the driver or holds for it is lost; what is on the wire still comes. */
  protected abandon(): void {
    this.fetch = undefined;
    this.store = undefined;
    this.memory = [];
    this.interruptAt = Infinity;
  }

  protected deviceState(port: StatePort): void {
    this.carrier = port.flag(this.carrier);
    this.fetch = port.list(present(this.fetch), fetch => fetchState(port, fetch))[0];
    this.fetchFrom = port.integer(this.fetchFrom);
    this.arriving = port.list(this.arriving, arriving => arrivingState(port, arriving));
    this.memory = port.list(this.memory, frame => port.blob(frame ?? NO_FRAME));
    this.store = port.list(present(this.store), store => storeState(port, store))[0];
    this.interruptAt = port.integer(this.interruptAt);
    for (const name of Object.keys(this.counters) as (keyof NicCounters)[]) {
      this.counters[name] = port.integer(this.counters[name]);
    }
  }

  // Transmission

  private beginFetch(now: number): void {
    if (this.fetch !== undefined) return;
    const chain = this.take(NIC_TRANSMIT_QUEUE);
    if (chain === undefined) return;
    const size = sizeOf(chain.readable);
    if (size < NIC_HEADER_SIZE) this.fail();
    else this.fetch = { chain, doneAt: Math.max(now, this.fetchFrom) + movingNs(this.fetchSize(size)) };
  }

  /** Bytes of a frame that are worth moving. */
  private fetchSize(chainSize: number): number {
    const size = chainSize - NIC_HEADER_SIZE;
    return size > this.frameMax ? 0 : size;
  }

  private finishFetch(fetch: Fetch): void {
    this.fetch = undefined;
    const size = this.fetchSize(sizeOf(fetch.chain.readable));
    const frame = gather(this.wiring.ram, fetch.chain.readable, NIC_HEADER_SIZE, size);
    if (this.finish(NIC_TRANSMIT_QUEUE, fetch.chain, 0)) this.askInterrupt(fetch.doneAt);
    this.handOut(frame, fetch.doneAt);
    this.beginFetch(fetch.doneAt);
  }

  private handOut(frame: Uint8Array, at: number): void {
    const wire = this.wire;
    if (wire === undefined || !this.carrier || frame.length === 0) {
      this.counters.sendDropped += 1;
      return;
    }
    this.fetchFrom = Math.max(at, wire.freeAt);
    this.counters.sent += 1;
    wire.transmit(padded(frame), at);
    this.sent();
  }

  // Reception

  /** A frame has come off the wire. */
  private accept(arrived: Arriving): void {
    const { frame, at } = arrived;
    const storing = this.store === undefined ? 0 : this.store.frame.length;
    const held = this.memory.reduce((sum, waiting) => sum + waiting.length, storing);
    if (!this.running) this.counters.unheard += 1;
    else if (frame.length > this.frameMax) this.counters.oversized += 1;
    else if (held + frame.length > NIC_FIFO_SIZE) this.counters.overflowed += 1;
    else this.memory.push(frame);
    this.beginStore(at);
  }

  /** Finds buffers for the oldest frame; frames that no buffers can ever hold are dropped on the way. */
  private beginStore(now: number): void {
    while (this.store === undefined && this.memory.length > 0) {
      const frame = this.memory[0]!;
      const chains = this.takeRoom(NIC_HEADER_SIZE + frame.length);
      if (chains === undefined) return;
      this.memory.shift();
      if (chains.length === 0) this.counters.oversized += 1;
      else this.store = { chains, frame, doneAt: now + movingNs(frame.length) };
    }
  }

  /** Chains for so many bytes; none where the driver's buffers are too small; undefined: wait for more. */
  private takeRoom(size: number): Chain[] | undefined {
    const chains: Chain[] = [];
    let room = 0;
    while (room < size) {
      const chain = this.take(NIC_RECEIVE_QUEUE);
      if (chain === undefined || sizeOf(chain.writable) < NIC_HEADER_SIZE) {
        if (chain !== undefined) this.fail();
        this.untake(NIC_RECEIVE_QUEUE, chains.length);
        return undefined;
      }
      chains.push(chain);
      room += sizeOf(chain.writable);
      const last = !this.agreed(NIC_F_MRG_RXBUF) || chains.length === this.queueSize(NIC_RECEIVE_QUEUE);
      if (room < size && last) {
        this.untake(NIC_RECEIVE_QUEUE, chains.length);
        return [];
      }
    }
    return chains;
  }

  private finishStore(store: Store): void {
    this.store = undefined;
    const { chains, frame, doneAt } = store;
    const bytes = new Uint8Array(NIC_HEADER_SIZE + frame.length);
    bytes.set(frame, NIC_HEADER_SIZE);
    bytes[NIC_HEADER_BUFFERS] = chains.length & 0xff;
    bytes[NIC_HEADER_BUFFERS + 1] = chains.length >>> 8;
    let done = 0;
    for (const chain of chains) {
      const count = Math.min(sizeOf(chain.writable), bytes.length - done);
      scatter(this.wiring.ram, chain.writable, 0, bytes.subarray(done, done + count));
      done += count;
      if (this.finish(NIC_RECEIVE_QUEUE, chain, count)) this.askInterrupt(doneAt);
    }
    this.counters.received += 1;
    this.beginStore(doneAt);
  }

  private askInterrupt(now: number): void {
    this.interruptAt = Math.min(this.interruptAt, now + NIC_INTERRUPT_NS);
  }

  private announce(): void {
    this.interruptAt = Infinity;
    this.interrupt();
  }
}

const NO_FRAME = new Uint8Array(0);

function movingNs(frameSize: number): number {
  return NIC_FRAME_NS + frameSize * NIC_BYTE_NS;
}

function padded(frame: Uint8Array): Uint8Array {
  if (frame.length >= NIC_FRAME_MIN) return frame;
  const whole = new Uint8Array(NIC_FRAME_MIN);
  whole.set(frame);
  return whole;
}

function present<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item];
}

function fetchState(port: StatePort, fetch: Fetch | undefined): Fetch {
  return {
    chain: chainState(port, fetch?.chain),
    doneAt: port.integer(fetch === undefined ? 0 : fetch.doneAt),
  };
}

function arrivingState(port: StatePort, arriving: Arriving = { at: 0, frame: NO_FRAME }): Arriving {
  return { at: port.integer(arriving.at), frame: port.blob(arriving.frame) };
}

function storeState(port: StatePort, store: Store = { chains: [], frame: NO_FRAME, doneAt: 0 }): Store {
  return {
    chains: port.list(store.chains, chain => chainState(port, chain)),
    frame: port.blob(store.frame),
    doneAt: port.integer(store.doneAt),
  };
}
