/**
 * A disk's medium: durable sectors, and the volatile cache in front of them.
 *
 *     write ─→ cache, oldest first ── flush or overflow ─→ durable pages over a base
 *     read  ←─ newest version in the cache, else the durable page, else the base, else zeros
 *
 * Durable sectors live in pages of 4 KiB; a page that was never written is read from the base (a file's
 * bytes) each time. A base that can be written is kept equal to the durable sectors at all times, also by
 * `restore`. Snapshots share pages until one side writes them.
 *
 * Faults: `fault` arms or applies one; what it does to which sector depends on nothing but the order of
 * calls and the random stream. What `state` passes is everything, pages included; `snapshot` is the same
 * without the copying.
 */
import { DISK_CACHE_SECTORS, DISK_SECTOR_SIZE } from '../manual/disk.ts';
import { restoreState, type Stateful, type StatePort, saveState } from '../state.ts';
import { type MediumBase, type PageSnapshot, PageStore } from './page-store.ts';
import type { Random } from './random.ts';

export interface MediumOptions {
  /** Chooses what survives a power loss and where faults strike. */
  readonly random: Random;
  /** Bytes, a multiple of a sector; the base's size where none is given. */
  readonly size?: number;
  readonly base?: MediumBase;
  /** The disk refuses writes. */
  readonly readOnly?: boolean;
}

export type MediumFault =
  /** Reading these durable sectors fails until they are written anew. */
  | { readonly kind: 'latent'; readonly sector: number; readonly count: number }
  /** A bit of the durable sector flips, and nothing tells. */
  | { readonly kind: 'corrupt'; readonly sector: number }
  /** The next write is acknowledged and never becomes durable. */
  | { readonly kind: 'lost' }
  /** The next write becomes durable `by` sectors further on, round the end. */
  | { readonly kind: 'misdirected'; readonly by: number }
  /** Of the next write of several sectors only the first few become durable. */
  | { readonly kind: 'torn' };

/** Cheap to take and to hold; good for any medium of the same size and base. */
export interface MediumSnapshot {
  readonly pages: PageSnapshot;
  readonly cache: readonly Cached[];
  readonly rest: Uint8Array;
}

interface Cached {
  readonly sector: number;
  readonly bytes: Uint8Array;
  /** The sector that this will overwrite: another one, or NOWHERE, where a fault has struck. */
  readonly lands: number;
}

type WriteFault = Exclude<MediumFault, { kind: 'latent' } | { kind: 'corrupt' }>;

const NOWHERE = 0xffff_ffff;

export class Medium implements Stateful {
  readonly sectors: number;
  readonly readOnly: boolean;
  private readonly random: Random;
  private readonly store: PageStore;
  /** Written and not durable, oldest first. */
  private cache: Cached[] = [];
  /** Of each sector in the cache the newest version: follows from `cache`. */
  private newest = new Map<number, Cached>();
  private latent = new Set<number>();
  private armed: WriteFault[] = [];

  constructor(options: MediumOptions) {
    const bytes = options.size ?? options.base?.size ?? 0;
    this.sectors = Math.ceil(bytes / DISK_SECTOR_SIZE);
    if (this.sectors === 0) throw new Error('a disk needs at least one sector: give it a size or a file');
    this.readOnly = options.readOnly === true;
    this.random = options.random;
    this.store = new PageStore(this.sectors * DISK_SECTOR_SIZE, options.base);
  }

  /** The sectors, or undefined where one cannot be read. They must exist. */
  read(sector: number, count: number): Uint8Array | undefined {
    const bytes = this.store.read(sector * DISK_SECTOR_SIZE, count * DISK_SECTOR_SIZE);
    for (let at = 0; at < count; at += 1) {
      const cached = this.newest.get(sector + at);
      if (cached !== undefined) bytes.set(cached.bytes, at * DISK_SECTOR_SIZE);
      else if (this.latent.has(sector + at)) return undefined;
    }
    return bytes;
  }

  /** Whole sectors into the cache; what overflows becomes durable. They must exist. */
  write(sector: number, bytes: Uint8Array): void {
    const count = bytes.length / DISK_SECTOR_SIZE;
    const fault = this.takeFault(count);
    const survivors = fault?.kind === 'torn' ? 1 + this.random.below(count - 1) : count;
    for (let at = 0; at < count; at += 1) {
      const part = bytes.slice(at * DISK_SECTOR_SIZE, (at + 1) * DISK_SECTOR_SIZE);
      const lands = at < survivors ? this.landing(sector + at, fault) : NOWHERE;
      const cached = { sector: sector + at, bytes: part, lands };
      this.cache.push(cached);
      this.newest.set(sector + at, cached);
    }
    this.destage(this.cache.length - DISK_CACHE_SECTORS);
  }

  /** Sectors in the cache that a write of `count` more would make durable. */
  overflow(count: number): number {
    return Math.max(0, this.cache.length + count - DISK_CACHE_SECTORS);
  }

  /** Sector versions that a flush would make durable. */
  get cached(): number {
    return this.cache.length;
  }

  isCached(sector: number, count: number): boolean {
    for (let at = sector; at < sector + count; at += 1) if (!this.newest.has(at)) return false;
    return true;
  }

  /** Makes everything durable. */
  flush(): void {
    this.destage(this.cache.length);
  }

  /** Of each sector in the cache, one of its versions since it was last durable survives, or none. */
  losePower(): void {
    const versions = new Map<number, Cached[]>();
    for (const cached of this.cache) {
      const known = versions.get(cached.sector);
      if (known === undefined) versions.set(cached.sector, [cached]);
      else known.push(cached);
    }
    for (const list of versions.values()) {
      const survives = this.random.below(list.length + 1);
      if (survives > 0) this.land(list[survives - 1]!);
    }
    this.cache = [];
    this.newest.clear();
  }

  fault(fault: MediumFault): void {
    if (fault.kind === 'latent') {
      for (let at = 0; at < fault.count; at += 1) this.latent.add(fault.sector + at);
    } else if (fault.kind === 'corrupt') {
      this.corrupt(fault.sector);
    } else {
      this.armed.push(fault);
    }
  }

  snapshot(): MediumSnapshot {
    const rest = saveState({ state: port => this.restState(port) });
    return { pages: this.store.snapshot(), cache: [...this.cache], rest };
  }

  restore(snapshot: MediumSnapshot): void {
    this.store.restore(snapshot.pages);
    this.cache = [...snapshot.cache];
    this.indexCache();
    restoreState({ state: port => this.restState(port) }, snapshot.rest);
  }

  state(port: StatePort): void {
    this.store.state(port);
    this.cache = port.list(this.cache, cached => cachedState(port, cached));
    this.indexCache();
    this.restState(port);
  }

  private restState(port: StatePort): void {
    this.random.state(port);
    const latent = [...this.latent].sort((a, b) => a - b);
    this.latent = new Set(port.list(latent, sector => port.u32(sector ?? 0)));
    this.armed = port.list(this.armed, fault => faultState(port, fault));
  }

  private indexCache(): void {
    this.newest = new Map(this.cache.map(cached => [cached.sector, cached]));
  }

  /** The fault that strikes a write of so many sectors. */
  private takeFault(count: number): WriteFault | undefined {
    const at = this.armed.findIndex(fault => fault.kind !== 'torn' || count > 1);
    return at < 0 ? undefined : this.armed.splice(at, 1)[0];
  }

  private landing(sector: number, fault: WriteFault | undefined): number {
    if (fault?.kind === 'lost') return NOWHERE;
    if (fault?.kind !== 'misdirected') return sector;
    return (((sector + fault.by) % this.sectors) + this.sectors) % this.sectors;
  }

  private destage(count: number): void {
    if (count <= 0) return;
    for (const cached of this.cache.splice(0, count)) {
      this.land(cached);
      if (this.newest.get(cached.sector) === cached) this.newest.delete(cached.sector);
    }
  }

  private land(cached: Cached): void {
    if (cached.lands === NOWHERE) return;
    this.store.write(cached.lands * DISK_SECTOR_SIZE, cached.bytes);
    this.latent.delete(cached.lands);
  }

  private corrupt(sector: number): void {
    const at = sector * DISK_SECTOR_SIZE;
    const bytes = this.store.read(at, DISK_SECTOR_SIZE);
    const bit = this.random.below(DISK_SECTOR_SIZE * 8);
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    this.store.write(at, bytes);
  }
}

const NO_SECTOR: Cached = { sector: 0, bytes: new Uint8Array(DISK_SECTOR_SIZE), lands: 0 };

function cachedState(port: StatePort, cached: Cached = NO_SECTOR): Cached {
  const sector = port.u32(cached.sector);
  const lands = port.u32(cached.lands);
  return { sector, lands, bytes: port.blob(cached.bytes) };
}

function faultState(port: StatePort, fault: WriteFault = { kind: 'lost' }): WriteFault {
  const kind = port.text(fault.kind) as WriteFault['kind'];
  const by = port.integer(fault.kind === 'misdirected' ? fault.by : 0);
  return kind === 'misdirected' ? { kind, by } : { kind };
}
