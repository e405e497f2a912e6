/**
 * A disk in the host's memory with the machine's rules (hw/manual/disk.ts): what is written is volatile until
 * a flush; power loss keeps any of the sectors written since, each whole.
 *
 *     trace   every write and flush, for `losses`
 *     losses  for each flush of the trace, the disks that a power loss before its end can have left: nothing,
 *             every prefix (also within a write), every sector alone, all but each one, and some by chance
 */
import type { Random } from '../../../hw/lab/random.ts';
import type { BlockDevice } from '../../../images/disk/volume.ts';

const SECTOR_SIZE = 512;
const ERROR = -41;

export type DiskEvent =
  | { readonly kind: 'write'; readonly sector: number; readonly bytes: Uint8Array }
  | { readonly kind: 'flush' }
  /** What the test itself notes in between. */
  | { readonly kind: 'mark'; readonly performed: number; readonly synced: number };

export class RamDisk implements BlockDevice {
  readonly sectors: number;
  /** Sectors that were written over the base. */
  private written = new Map<number, Uint8Array>();
  private readonly base: Uint8Array;
  trace: DiskEvent[] = [];
  /** Requests that fail, by their number from now on. */
  failing: ReadonlySet<number> = new Set();
  requests = 0;

  constructor(base: Uint8Array) {
    this.base = base;
    this.sectors = base.length / SECTOR_SIZE;
  }

  static blank(blocks: number): RamDisk {
    return new RamDisk(new Uint8Array(blocks * 4096));
  }

  read(sector: number, into: Uint8Array): number {
    if (this.isRefused(sector, into)) return ERROR;
    into.set(this.base.subarray(sector * SECTOR_SIZE, sector * SECTOR_SIZE + into.length));
    if (this.written.size === 0) return 0;
    for (let at = 0; at < into.length; at += SECTOR_SIZE) {
      const newer = this.written.get(sector + at / SECTOR_SIZE);
      if (newer !== undefined) into.set(newer, at);
    }
    return 0;
  }

  write(sector: number, bytes: Uint8Array): number {
    if (this.isRefused(sector, bytes)) return ERROR;
    const kept = bytes.slice();
    this.trace.push({ kind: 'write', sector, bytes: kept });
    this.put(sector, kept);
    return 0;
  }

  flush(): number {
    this.requests += 1;
    if (this.failing.has(this.requests)) return ERROR;
    this.trace.push({ kind: 'flush' });
    return 0;
  }

  /** The disk as it is now, by itself. */
  image(): Uint8Array {
    const bytes = this.base.slice();
    for (const [sector, part] of this.written) bytes.set(part, sector * SECTOR_SIZE);
    return bytes;
  }

  put(sector: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SECTOR_SIZE) {
      this.written.set(sector + at / SECTOR_SIZE, bytes.subarray(at, at + SECTOR_SIZE));
    }
  }

  private isRefused(sector: number, bytes: Uint8Array): boolean {
    this.requests += 1;
    return this.failing.has(this.requests) || sector + bytes.length / SECTOR_SIZE > this.sectors;
  }
}

export interface Loss {
  readonly disk: RamDisk;
  /** Operations that had been performed, and those of them that had been synced. */
  readonly performed: number;
  readonly synced: number;
}

interface Sector {
  readonly sector: number;
  readonly bytes: Uint8Array;
}

/** Every disk that a power loss during the trace upon the base can have left, by the classes above. */
export function* losses(
  base: Uint8Array,
  trace: readonly DiskEvent[],
  random: Random,
  chances: number,
): Generator<Loss> {
  const durable = base.slice();
  let pending: Sector[] = [];
  let performed = 0;
  let synced = 0;
  for (const event of trace) {
    if (event.kind === 'write') {
      for (let at = 0; at < event.bytes.length; at += SECTOR_SIZE) {
        const bytes = event.bytes.subarray(at, at + SECTOR_SIZE);
        pending.push({ sector: event.sector + at / SECTOR_SIZE, bytes });
      }
    } else if (event.kind === 'mark') {
      ({ performed, synced } = event);
    } else {
      for (const kept of survivors(pending, random, chances)) {
        const disk = new RamDisk(durable);
        for (const { sector, bytes } of kept) disk.put(sector, bytes);
        yield { disk, performed, synced };
      }
      for (const { sector, bytes } of pending) durable.set(bytes, sector * SECTOR_SIZE);
      pending = [];
    }
  }
}

function* survivors(
  pending: readonly Sector[],
  random: Random,
  chances: number,
): Generator<readonly Sector[]> {
  for (let count = 0; count <= pending.length; count += 1) yield pending.slice(0, count);
  if (pending.length < 2) return;
  for (const one of pending.slice(1)) yield [one];
  for (const one of pending.slice(0, -1)) yield pending.filter(each => each !== one);
  if (pending.length < 4) return;
  for (let count = 0; count < chances; count += 1) yield pending.filter(() => random.below(2) === 1);
}
