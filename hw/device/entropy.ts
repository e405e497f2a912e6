/**
 * The entropy device: virtio-rng over a seeded stream (rules and times: hw/manual/entropy.ts).
 */
import type { Wiring } from '../bus/device.ts';
import type { Random } from '../lab/random.ts';
import { ENTROPY_BYTE_NS, ENTROPY_REQUEST_NS, ENTROPY_SIZE_MAX } from '../manual/entropy.ts';
import { VIRTIO_ID_ENTROPY } from '../manual/virtio.ts';
import type { StatePort } from '../state.ts';
import { VirtioDevice } from './virtio.ts';
import { type Chain, chainState, scatter, sizeOf } from './virtqueue.ts';

export interface EntropyOptions {
  readonly name: string;
  readonly random: Random;
}

interface Work {
  readonly chain: Chain;
  readonly size: number;
  readonly doneAt: number;
}

const QUEUE = 0;

export class Entropy extends VirtioDevice {
  private readonly random: Random;
  private work: Work | undefined;

  constructor(wiring: Wiring, options: EntropyOptions) {
    super(wiring, {
      name: options.name,
      deviceId: VIRTIO_ID_ENTROPY,
      features: [],
      queueCount: 1,
      configSize: 0,
    });
    this.random = options.random;
  }

  get deadline(): number {
    return this.work === undefined ? Infinity : this.work.doneAt;
  }

  advance(now: number): void {
    while (this.work !== undefined && this.work.doneAt <= now) {
      const { chain, size, doneAt } = this.work;
      const bytes = new Uint8Array(size);
      this.random.fill(bytes);
      scatter(this.wiring.ram, chain.writable, 0, bytes);
      this.work = undefined;
      if (this.finish(QUEUE, chain, size)) this.interrupt();
      this.begin(doneAt);
    }
  }

  protected notified(): void {
    this.begin(this.wiring.now());
  }

  protected abandon(): void {
    this.work = undefined;
  }

  protected deviceState(port: StatePort): void {
    this.random.state(port);
    const works = port.list(this.work === undefined ? [] : [this.work], work => workState(port, work));
    this.work = works[0];
  }

  private begin(now: number): void {
    if (this.work !== undefined) return;
    const chain = this.take(QUEUE);
    if (chain === undefined) return;
    const size = Math.min(sizeOf(chain.writable), ENTROPY_SIZE_MAX);
    if (size === 0) this.fail();
    else this.work = { chain, size, doneAt: now + ENTROPY_REQUEST_NS + size * ENTROPY_BYTE_NS };
  }
}

function workState(port: StatePort, work: Work | undefined): Work {
  return {
    chain: chainState(port, work?.chain),
    size: port.u32(work === undefined ? 0 : work.size),
    doneAt: port.integer(work === undefined ? 0 : work.doneAt),
  };
}
