/**
 * A block device. Sectors are 512 bytes; ranges are whole sectors.
 */
import type { In, Out } from './types.ts';

export const SECTOR_SIZE: u32 = 512;

/** @contract 2 */
export interface Block {
  /**
   * → sectors read, 1 or more.
   * @idempotent
   */
  read(sector: u32, into: Out): u32;
  /**
   * → sectors written, 1 or more; they last from the next flush.
   * @idempotent
   */
  write(sector: u32, from: In): u32;
  /**
   * Everything written lasts.
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
