/**
 * A serial line: two streams of bytes, out and in, each with positions that count its bytes modulo 2^32.
 *
 * The positions make every request repeatable: what a driver has taken or given stays so when it dies, and the
 * request that died with it says again where it stood. A byte that was answered for is sent once, whatever
 * becomes of the driver. A line has one client.
 *
 *     position of the range's first byte     write   what the driver has already is not taken again
 *                                            read    all input before it is given up
 */
import type { In, Out } from './types.ts';

/** @contract 1 */
export interface Serial {
  /**
   * → bytes that are taken, from the range's beginning: 1 or more. Waits until there is room.
   * @idempotent
   */
  write(position: u32, from: In): u32;
  /**
   * → bytes that have arrived, 1 or more; waits until there are some.
   * @idempotent
   */
  read(position: u32, into: Out): u32;
  /**
   * Waits until all that was taken has been handed to the line.
   * @idempotent
   */
  drain(): void;
  /**
   * Where a client that knows nothing goes on.
   * @idempotent
   */
  positions(): Positions;
}

//@unmanaged
export class Positions {
  written: u32 = 0;
  read: u32 = 0;
}
