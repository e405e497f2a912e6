/**
 * A network interface: whole Ethernet frames, without their checksums.
 *
 * A frame that was taken is on its way, no more; one that arrives while nobody asks waits as long as there is
 * room. Frames are lost where the driver dies.
 */
import type { In, Out } from './types.ts';

/** @contract 3 */
export interface Nic {
  /**
   * Waits until there is room for the frame in the interface. ERROR_TOO_LARGE: longer than its frameMax.
   * @idempotent
   */
  send(contents: In): void;
  /**
   * → the frame's size; waits until there is one. ERROR_TOO_LARGE where the range is too short: it stays then.
   * @idempotent
   */
  receive(into: Out): u32;
  /** @idempotent */
  describe(): Station;
  /**
   * Waits as long as there is a carrier, or none. → whether there is one now.
   * @idempotent
   */
  carrierAfter(isUp: bool): bool;
}

//@unmanaged
export class Station {
  /** The address: its first four bytes, the first lowest, and the last two. */
  addressLow: u32 = 0;
  addressHigh: u32 = 0;
  /** The longest frame. */
  frameMax: u32 = 0;
  isUp: u32 = 0;
}
