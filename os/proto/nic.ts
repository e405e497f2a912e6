/**
 * A network interface: whole Ethernet frames, without their checksums.
 */
import type { In, Out } from './types.ts';

export const FRAME_SIZE_MAX: u32 = 1514;

/** @contract 3 */
export interface Nic {
  /** Waits until there is room for the frame in the interface; one lost on the wire is not told. */
  send(contents: In): void;
  /** → the frame's size; waits until there is one. ERROR_BUSY where a receiver waits already. */
  receive(into: Out): u32;
  describe(): Station;
}

//@unmanaged
export class Station {
  /** The address: its first four bytes, the first lowest, and the last two. */
  addressLow: u32 = 0;
  addressHigh: u32 = 0;
  isUp: u32 = 0;
}
