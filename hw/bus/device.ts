/**
 * What a device is to its board.
 *
 * A device is a few registers on the bus, interrupt lines, perhaps access to RAM, and a deadline. It
 * never looks at a clock of its own and never calls back later: it states when it next wants to act
 * (`deadline`), and the board calls `advance` at that time exactly. Time is simulated nanoseconds
 * since the cluster's beginning, an integer.
 *
 *     guest load/store ─→ read / write          (now() is the cycle of the access)
 *     board's scheduler ─→ advance(now)         (when now ≥ deadline)
 *     device ─→ Line.set(level), Ram.read/write (DMA at the modelled time)
 */
import type { Stateful } from '../state.ts';

export type AccessSize = 1 | 2 | 4;

export interface Device extends Stateful {
  readonly name: string;
  /** The register at `offset`, or undefined for a bus error (access fault to the guest). */
  read(offset: number, size: AccessSize): number | undefined;
  /** False for a bus error. */
  write(offset: number, size: AccessSize, value: number): boolean;
  /**
   * When `advance` must next be called, nanoseconds; Infinity while nothing is pending. A property of its own, not
   * a getter, where that is always so.
   */
  readonly deadline: number;
  /** Acts on everything due at or before `now`; afterwards `deadline > now`. */
  advance(now: number): void;
  /** Power on or system reset: registers as after power on, contents of media untouched. */
  reset(): void;
}

/** An interrupt or other level-signalled wire on the board. */
export interface Line {
  set(level: boolean): void;
}

/**
 * RAM as a bus master sees it. Addresses are physical. A range that is not wholly RAM is refused with
 * undefined / false and nothing is written; the device then reports its own error to the guest.
 */
export interface Ram {
  readonly base: number;
  readonly size: number;
  /** A view, valid until the next call into the machine; never written through. */
  read(address: number, size: number): Uint8Array | undefined;
  write(address: number, bytes: Uint8Array): boolean;
  /** 16 and 32 bits, little-endian, of a place that is known to be RAM. */
  half(address: number): number;
  word(address: number): number;
}

/** What the board gives every device at construction. */
export interface Wiring {
  now(): number;
  readonly irq: Line;
  readonly ram: Ram;
}
