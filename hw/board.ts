/**
 * One computer: a hart with its RAM, the devices of QEMU's `virt` machine around it, and the loop that
 * runs both in step.
 *
 *     const board = new Board(description, core);
 *     board.powerOn();
 *     board.powerOn();
 *     while (board.power === 'on') board.runUntil(board.now + 1_000_000);
 *
 * Time is nanoseconds of the cluster's clock. The hart counts cycles; between two anchors they are the
 * same thing in two units (`BoardClock`). A device states a deadline; the hart runs to the earliest one,
 * and an access that brings a deadline forward stops it at once. While the hart sleeps in `wfi`, the
 * board jumps from event to event.
 *
 *     runUntil(ns) ─→ hart.run(cycle of the earliest deadline) ⇄ devices by address (hw/bus)
 *                  └→ device.advance(now) ─→ PLIC / CLINT lines ─→ hart.setInterrupt
 */
import type { Device, Ram } from './bus/device.ts';
import type { Hart } from './cpu/hart.ts';
import type { Stateful, StatePort } from './state.ts';

/** What a NIC is plugged into. `transmit` is called when the last bit of a frame leaves the NIC. */
export interface Wire {
  readonly carrier: boolean;
  transmit(frame: Uint8Array, at: number): void;
}

/** A NIC's socket, at the back of the case. */
export interface NicPort {
  readonly mac: Uint8Array;
  attach(wire: Wire): void;
  /** A frame whose last bit arrives at `at`, which is not before the board's `now`. */
  receive(frame: Uint8Array, at: number): void;
  setCarrier(level: boolean): void;
}

export type Power = 'on' | 'off';

/** Why a board is off: its own doing with this status, or somebody pulled the plug. */
export type PowerOff = { readonly by: 'guest'; readonly status: number } | { readonly by: 'outside' };

export declare class Board implements Stateful {
  readonly name: string;
  readonly hart: Hart;
  readonly ram: Ram;
  /** In a fixed order, by address. */
  readonly devices: readonly Device[];
  readonly nics: readonly NicPort[];
  readonly power: Power;
  readonly poweredOff: PowerOff | undefined;
  /** Nanoseconds; every event before it has happened. */
  readonly now: number;
  /** `now` while the hart is busy; while it sleeps the earliest deadline; Infinity when only the outside can wake it. */
  readonly nextEvent: number;
  /** Runs to `ns`, or until just after a frame was handed to a wire; `now` tells how far it came. */
  runUntil(ns: number): void;
  powerOn(): void;
  powerOff(): void;
  /** As the reset button: devices and hart begin anew, RAM keeps its contents, images are loaded again. */
  reset(): void;
  /** Changes the clock from now on: drift, a slow CPU. */
  setClockHz(hertz: number): void;
  /** Everything but the contents of RAM (which travels by page) and of disks. */
  state(port: StatePort): void;
}
