/**
 * The disk: virtio-blk over a medium, one request at a time (requests, times and durability:
 * hw/manual/disk.ts).
 *
 *     notified ─→ take ─→ Work {type, sector, doneAt} ─→ advance at doneAt: medium ⇄ RAM, finish, next
 *
 * The medium outlives the computer's power; the board calls `losePower` when power goes.
 */
import type { AccessSize, Wiring } from '../bus/device.ts';
import type { Medium } from '../lab/medium.ts';
import {
  DISK_BYTE_NS,
  DISK_COMMAND_NS,
  DISK_CONFIG_BLK_SIZE,
  DISK_CONFIG_CAPACITY,
  DISK_CONFIG_DISCARD_ALIGNMENT,
  DISK_CONFIG_MAX_DISCARD_SECTORS,
  DISK_CONFIG_MAX_DISCARD_SEG,
  DISK_CONFIG_MAX_ZEROES_SECTORS,
  DISK_CONFIG_MAX_ZEROES_SEG,
  DISK_CONFIG_NUM_QUEUES,
  DISK_CONFIG_SEG_MAX,
  DISK_CONFIG_SIZE,
  DISK_CONFIG_SIZE_MAX,
  DISK_CONFIG_WRITEBACK,
  DISK_CONFIG_ZEROES_MAY_UNMAP,
  DISK_DESTAGE_SECTOR_NS,
  DISK_DISCARD,
  DISK_F_BLK_SIZE,
  DISK_F_CONFIG_WCE,
  DISK_F_DISCARD,
  DISK_F_FLUSH,
  DISK_F_RO,
  DISK_F_SEG_MAX,
  DISK_F_SIZE_MAX,
  DISK_F_WRITE_ZEROES,
  DISK_FLUSH,
  DISK_FLUSH_NS,
  DISK_GET_ID,
  DISK_HEADER_SIZE,
  DISK_ID_SIZE,
  DISK_IN,
  DISK_OUT,
  DISK_RANGE_SIZE,
  DISK_RANGE_UNMAP,
  DISK_SECTOR_SIZE,
  DISK_SEEK_FULL_NS,
  DISK_SEEK_NS,
  DISK_SEG_MAX,
  DISK_SIZE_MAX,
  DISK_STATUS_IOERR,
  DISK_STATUS_OK,
  DISK_STATUS_UNSUPP,
  DISK_WRITE_ZEROES,
  DISK_ZERO_SECTOR_NS,
  DISK_ZERO_SECTORS_MAX,
} from '../manual/disk.ts';
import { VIRTIO_ID_BLOCK } from '../manual/virtio.ts';
import type { StatePort } from '../state.ts';
import { VirtioDevice } from './virtio.ts';
import { type Chain, chainState, gather, scatter, sizeOf } from './virtqueue.ts';

export interface DiskOptions {
  readonly name: string;
  readonly medium: Medium;
  /** At most 20 characters of ASCII. */
  readonly serial: string;
}

/** The request being served, checked: what is left to do cannot be refused except by the medium. */
interface Work {
  readonly chain: Chain;
  readonly type: number;
  readonly sector: number;
  /** Sectors to read, write or zero. */
  readonly count: number;
  /** What the checks have found; the work is done only if it is OK. */
  readonly status: number;
  /** When it is done, while the disk does not hang. */
  readonly doneAt: number;
}

const QUEUE = 0;
const WORD = 0x1_0000_0000;

export class Disk extends VirtioDevice {
  readonly medium: Medium;
  /** Sectors that were ever read, written or zeroed. */
  sectorsMoved = 0;
  private readonly serial: Uint8Array;
  private work: Work | undefined;
  /** The sector after the last one read from the medium. */
  private head = 0;
  private writeBack = true;
  private slowness = 1;
  /** When the disk began to hang; Infinity while it does not. */
  private hungSince = Infinity;

  constructor(wiring: Wiring, options: DiskOptions) {
    const features = [DISK_F_SIZE_MAX, DISK_F_SEG_MAX, DISK_F_BLK_SIZE, DISK_F_FLUSH, DISK_F_CONFIG_WCE];
    if (options.medium.readOnly) features.push(DISK_F_RO);
    else features.push(DISK_F_DISCARD, DISK_F_WRITE_ZEROES);
    super(wiring, {
      name: options.name,
      deviceId: VIRTIO_ID_BLOCK,
      features,
      queueCount: 1,
      configSize: DISK_CONFIG_SIZE,
    });
    this.medium = options.medium;
    this.serial = new TextEncoder().encode(options.serial);
    if (this.serial.length > DISK_ID_SIZE) {
      throw new Error(`disk serial ${options.serial} is longer than ${DISK_ID_SIZE} bytes: shorten it`);
    }
    fillConfig(this.config, this.medium.sectors);
    this.featuresChanged();
  }

  get deadline(): number {
    return this.work === undefined || this.hungSince !== Infinity ? Infinity : this.work.doneAt;
  }

  advance(now: number): void {
    while (this.deadline <= now) {
      const work = this.work!;
      this.complete(work);
      if (this.work === work) this.work = undefined;
      this.begin(work.doneAt);
    }
  }

  /** Power goes: a write under way stops where it is, and the cache keeps what chance leaves. */
  losePower(): void {
    const work = this.work;
    if (work !== undefined && work.type === DISK_OUT && work.status === DISK_STATUS_OK) {
      const now = Math.min(this.wiring.now(), this.hungSince);
      const left = Math.ceil((work.doneAt - now) / (DISK_SECTOR_SIZE * DISK_BYTE_NS * this.slowness));
      const count = Math.min(work.count, work.count - left);
      if (count > 0) this.medium.write(work.sector, this.dataOut(work, count));
    }
    this.abandon();
    this.medium.losePower();
  }

  /** A fault: requests begun from now on take so many times as long; 1 is sound. */
  setSlowness(factor: number): void {
    this.slowness = factor;
  }

  /** A fault: nothing is completed until `resume`. */
  hang(): void {
    this.hungSince = Math.min(this.hungSince, this.wiring.now());
  }

  /** The disk hangs no longer: work goes on where it stood. */
  resume(): void {
    if (this.hungSince === Infinity) return;
    const now = this.wiring.now();
    const pause = now - this.hungSince;
    this.hungSince = Infinity;
    if (this.work === undefined) this.begin(now);
    else this.work = { ...this.work, doneAt: Math.max(this.work.doneAt, now - pause) + pause };
  }

  protected notified(): void {
    this.begin(this.wiring.now());
  }

  protected abandon(): void {
    this.work = undefined;
  }

  protected override featuresChanged(): void {
    this.writeBack = this.agreed(DISK_F_FLUSH) || this.agreed(DISK_F_CONFIG_WCE);
    this.config[DISK_CONFIG_WRITEBACK] = this.writeBack ? 1 : 0;
  }

  protected override configWritten(offset: number, size: AccessSize, value: number): void {
    if (offset !== DISK_CONFIG_WRITEBACK || size !== 1 || !this.agreed(DISK_F_CONFIG_WCE)) return;
    this.writeBack = value !== 0;
    this.config[DISK_CONFIG_WRITEBACK] = this.writeBack ? 1 : 0;
  }

  protected deviceState(port: StatePort): void {
    const works = port.list(this.work === undefined ? [] : [this.work], work => workState(port, work));
    this.work = works[0];
    this.head = port.integer(this.head);
    this.writeBack = port.flag(this.writeBack);
    this.slowness = port.u32(this.slowness);
    this.sectorsMoved = port.integer(this.sectorsMoved);
    this.hungSince = port.integer(this.hungSince);
  }

  /** Takes the next request, if there is one and the disk is free. */
  private begin(now: number): void {
    if (this.work !== undefined || this.hungSince !== Infinity) return;
    const chain = this.take(QUEUE);
    if (chain === undefined) return;
    if (sizeOf(chain.readable) < DISK_HEADER_SIZE || chain.writable.length === 0) {
      this.fail();
      return;
    }
    const request = this.decode(chain);
    this.work = { ...request, chain, doneAt: now + this.cost(request) * this.slowness };
  }

  /** What the header asks for, and whether it may be done. */
  private decode(chain: Chain): Omit<Work, 'chain' | 'doneAt'> {
    const header = view(gather(this.wiring.ram, chain.readable, 0, DISK_HEADER_SIZE));
    const type = header.getUint32(0, true);
    const sector = header.getUint32(12, true) * WORD + header.getUint32(8, true);
    const refuse = (status: number) => ({ type, sector: 0, count: 0, status });
    switch (type) {
      case DISK_IN:
        return this.decodeData(type, sector, dataInSize(chain), chain);
      case DISK_OUT:
        if (this.medium.readOnly) return refuse(DISK_STATUS_IOERR);
        return this.decodeData(type, sector, dataOutSize(chain), chain);
      case DISK_FLUSH:
        return { type, sector: 0, count: 0, status: DISK_STATUS_OK };
      case DISK_GET_ID:
        return refuse(dataInSize(chain) < DISK_ID_SIZE ? DISK_STATUS_IOERR : DISK_STATUS_OK);
      case DISK_DISCARD:
      case DISK_WRITE_ZEROES:
        return this.medium.readOnly ? refuse(DISK_STATUS_UNSUPP) : this.decodeRange(type, chain);
      default:
        return refuse(DISK_STATUS_UNSUPP);
    }
  }

  private decodeData(type: number, sector: number, size: number, chain: Chain) {
    const count = size / DISK_SECTOR_SIZE;
    const segments = type === DISK_IN ? chain.writable : chain.readable;
    const sound =
      Number.isInteger(count) &&
      segments.every(segment => segment.size <= DISK_SIZE_MAX) &&
      this.exist(sector, count);
    if (!sound) return { type, sector: 0, count: 0, status: DISK_STATUS_IOERR };
    return { type, sector, count, status: DISK_STATUS_OK };
  }

  private decodeRange(type: number, chain: Chain) {
    const refuse = (status: number) => ({ type, sector: 0, count: 0, status });
    if (dataOutSize(chain) !== DISK_RANGE_SIZE) return refuse(DISK_STATUS_IOERR);
    const range = view(gather(this.wiring.ram, chain.readable, DISK_HEADER_SIZE, DISK_RANGE_SIZE));
    const sector = range.getUint32(4, true) * WORD + range.getUint32(0, true);
    const count = range.getUint32(8, true);
    const flagsAllowed = type === DISK_WRITE_ZEROES ? DISK_RANGE_UNMAP : 0;
    if ((range.getUint32(12, true) & ~flagsAllowed) !== 0) return refuse(DISK_STATUS_UNSUPP);
    if (count > DISK_ZERO_SECTORS_MAX || !this.exist(sector, count)) return refuse(DISK_STATUS_IOERR);
    return { type, sector, count, status: DISK_STATUS_OK };
  }

  private exist(sector: number, count: number): boolean {
    return sector + count <= this.medium.sectors;
  }

  /** Nanoseconds, as the data sheet says. */
  private cost(request: Omit<Work, 'chain' | 'doneAt'>): number {
    const { type, sector, count } = request;
    if (request.status !== DISK_STATUS_OK) return DISK_COMMAND_NS;
    const bytesNs = count * DISK_SECTOR_SIZE * DISK_BYTE_NS;
    if (type === DISK_IN) return DISK_COMMAND_NS + bytesNs + this.seek(sector, count);
    if (type === DISK_FLUSH) return DISK_COMMAND_NS + this.flushNs(0);
    if (type === DISK_OUT) return DISK_COMMAND_NS + bytesNs + this.writeNs(count);
    if (type === DISK_GET_ID) return DISK_COMMAND_NS;
    return DISK_COMMAND_NS + count * DISK_ZERO_SECTOR_NS + this.writeNs(count);
  }

  private seek(sector: number, count: number): number {
    if (sector === this.head || this.medium.isCached(sector, count)) return 0;
    const distance = Math.abs(sector - this.head);
    return DISK_SEEK_NS + Math.floor((DISK_SEEK_FULL_NS * distance) / this.medium.sectors);
  }

  private writeNs(count: number): number {
    return this.writeBack ? this.medium.overflow(count) * DISK_DESTAGE_SECTOR_NS : this.flushNs(count);
  }

  /** Of a flush with so many sectors more in the cache than now. */
  private flushNs(more: number): number {
    return DISK_FLUSH_NS + (this.medium.cached + more) * DISK_DESTAGE_SECTOR_NS;
  }

  /** Does the work and gives the request back. */
  private complete(work: Work): void {
    const { ram } = this.wiring;
    const { writable } = work.chain;
    const statusAt = sizeOf(writable) - 1;
    const data = this.perform(work);
    if (typeof data !== 'number') scatter(ram, writable, 0, data);
    const status = typeof data === 'number' ? data : DISK_STATUS_OK;
    scatter(ram, writable, statusAt, Uint8Array.of(status));
    if (this.finish(QUEUE, work.chain, statusAt + 1)) this.interrupt();
  }

  /** The request's effect: bytes for its writable part, or a status. */
  private perform(work: Work): Uint8Array | number {
    if (work.status !== DISK_STATUS_OK) return work.status;
    this.sectorsMoved += work.count;
    if (work.type === DISK_IN) return this.readMedium(work);
    if (work.type === DISK_GET_ID) return this.identity();
    if (work.count > 0) this.medium.write(work.sector, this.dataToWrite(work));
    if (work.type === DISK_FLUSH || !this.writeBack) this.medium.flush();
    return DISK_STATUS_OK;
  }

  private readMedium(work: Work): Uint8Array | number {
    if (!this.medium.isCached(work.sector, work.count)) this.head = work.sector + work.count;
    const bytes = this.medium.read(work.sector, work.count);
    return bytes === undefined ? DISK_STATUS_IOERR : bytes;
  }

  private identity(): Uint8Array {
    const bytes = new Uint8Array(DISK_ID_SIZE);
    bytes.set(this.serial);
    return bytes;
  }

  private dataToWrite(work: Work): Uint8Array {
    if (work.type === DISK_OUT) return this.dataOut(work, work.count);
    return new Uint8Array(work.count * DISK_SECTOR_SIZE);
  }

  private dataOut(work: Work, count: number): Uint8Array {
    return gather(this.wiring.ram, work.chain.readable, DISK_HEADER_SIZE, count * DISK_SECTOR_SIZE);
  }
}

/** Without the status byte. */
function dataInSize(chain: Chain): number {
  return sizeOf(chain.writable) - 1;
}

function dataOutSize(chain: Chain): number {
  return sizeOf(chain.readable) - DISK_HEADER_SIZE;
}

function fillConfig(config: Uint8Array, sectors: number): void {
  const fields = view(config);
  fields.setUint32(DISK_CONFIG_CAPACITY, sectors % WORD, true);
  fields.setUint32(DISK_CONFIG_CAPACITY + 4, Math.floor(sectors / WORD), true);
  fields.setUint32(DISK_CONFIG_SIZE_MAX, DISK_SIZE_MAX, true);
  fields.setUint32(DISK_CONFIG_SEG_MAX, DISK_SEG_MAX, true);
  fields.setUint32(DISK_CONFIG_BLK_SIZE, DISK_SECTOR_SIZE, true);
  fields.setUint16(DISK_CONFIG_NUM_QUEUES, 1, true);
  fields.setUint32(DISK_CONFIG_MAX_DISCARD_SECTORS, DISK_ZERO_SECTORS_MAX, true);
  fields.setUint32(DISK_CONFIG_MAX_DISCARD_SEG, 1, true);
  fields.setUint32(DISK_CONFIG_DISCARD_ALIGNMENT, 1, true);
  fields.setUint32(DISK_CONFIG_MAX_ZEROES_SECTORS, DISK_ZERO_SECTORS_MAX, true);
  fields.setUint32(DISK_CONFIG_MAX_ZEROES_SEG, 1, true);
  fields.setUint8(DISK_CONFIG_ZEROES_MAY_UNMAP, 1);
}

function workState(port: StatePort, work: Work | undefined): Work {
  const none = { chain: undefined, type: 0, sector: 0, count: 0, status: 0, doneAt: 0 };
  const { chain, type, sector, count, status, doneAt } = work === undefined ? none : work;
  return {
    chain: chainState(port, chain),
    type: port.u32(type),
    sector: port.integer(sector),
    count: port.u32(count),
    status: port.u32(status),
    doneAt: port.integer(doneAt),
  };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
