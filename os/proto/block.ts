/**
 * A block device. Sectors are 512 bytes; ranges are whole sectors.
 *
 * Requests that are under way together are done in any order. Where the driver dies under a request, it may
 * have been done, in part or not at all: the stub repeats it.
 */
import type { In, Out } from './types.ts';

export const SECTOR_SIZE: u32 = 512;

/** @contract 2 */
export interface Block {
  /**
   * → sectors read: all that there is room for.
   * @idempotent
   */
  read(sector: u32, into: Out): u32;
  /**
   * → sectors written: all of them; they last from the next flush.
   * @idempotent
   */
  write(sector: u32, from: In): u32;
  /**
   * Everything written lasts that was answered before this was asked for.
   * @idempotent
   */
  flush(): void;
  /** @idempotent */
  geometry(): Geometry;
}

//@unmanaged
export class Geometry {
  sectors: u32 = 0;
  isReadOnly: u32 = 0;
}
