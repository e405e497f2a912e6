/**
 * What the cluster's clock needs to know of the things that wires join.
 *
 * A `Station` has a clock and a mind of its own: a board (hw/board.ts), or a few scripted lines in a
 * test. A `Forwarder` acts only when a frame reaches it: a switch, a hub.
 *
 * The rule that makes the clock free of lock-step: `nextEvent` is never later than the next frame that
 * the station will send of its own accord, and `runUntil` returns right after a frame was handed over.
 */
import type { Stateful } from '../state.ts';

/** What a NIC is plugged into. */
export interface Plug {
  readonly carrier: boolean;
  /** When the wire will have taken all that was handed over; a NIC may wait for it. */
  readonly freeAt: number;
  /** `at` is when the first bit may go out; it never runs backwards. The bytes are copied. */
  transmit(frame: Uint8Array, at: number): void;
}

/** A socket at the back of a station. */
export interface Socket {
  attach(plug: Plug): void;
  /** A frame whose last bit arrives at `at`. */
  receive(frame: Uint8Array, at: number): void;
  setCarrier(level: boolean): void;
}

/** Why a run ended. At a breakpoint or watchpoint the station would not go on; held, it may not while it leads. */
export type StationStop = 'time' | 'frame' | 'off' | 'breakpoint' | 'watchpoint' | 'held';

export interface Station extends Stateful {
  readonly name: string;
  /** Nanoseconds; every event before it has happened. */
  readonly now: number;
  /** `now` while busy, else the earliest deadline, or Infinity where only the outside can wake it. */
  readonly nextEvent: number;
  /** Off: nothing is received and the far ends of its wires see no light. */
  readonly power: 'on' | 'off';
  readonly nics: readonly Socket[];
  /**
   * Runs to `ns`, deadlines at `ns` included, or until just after a frame was handed to a wire or the
   * power went off. Asked for a time that has passed, it does what is still due.
   */
  runUntil(ns: number): StationStop;
  /** Lets time pass without the station: at `ns` it goes on from where it stands. */
  leap(ns: number): void;
  powerOn(): void;
  powerOff(): void;
  reset(): void;
}

/**
 * A station that can be run ahead of what is known of the others, since it can be put back to where it was marked.
 * Ahead it does nothing that the outside could notice, and whoever looks at it sees it ahead.
 */
export interface Leader extends Station {
  /** Whether a run may end at a breakpoint or watchpoint: then the others must be where it can be said they are. */
  readonly mayStop: boolean;
  /** Since when it has not slept: it is likely to go on so. */
  readonly awakeSince: number;
  /** Until when it can be led as it stands; 0 while it is off or about to be. */
  readonly leadsUntil: number;
  mark(): void;
  /** Runs to `ns`, or to where the outside would notice what is due next: until when, that excluded. */
  lead(ns: number): number;
  /** What was done since the mark stands. */
  keep(): void;
  /** What was done since the mark was not. */
  retract(): void;
}

export type Send = (port: number, frame: Uint8Array, at: number) => void;

export interface Forwarder extends Stateful {
  readonly name: string;
  /** What is received at t is sent at t + latencyNs or later. */
  readonly latencyNs: number;
  receive(port: number, frame: Uint8Array, at: number, send: Send): void;
  setCarrier(port: number, level: boolean): void;
}
