/**
 * A hub: one medium shared by all its ports. What comes in on one goes out on every other.
 *
 * Modelled is the buffered distributor of gigabit Ethernet: its ports are full duplex, each frame waits
 * in the hub until the one medium inside is free, so there are no collisions and the stations together
 * share one wire's rate. Frames take the medium in the order in which they came; ties at one nanosecond
 * are settled by the wire's number. When `queueFrames` wait already, the next is dropped and counted.
 *
 *     medium  ──[frame from port 2]──[frame from port 0]──▶ time
 *                 └▶ ports 0, 1, 3     └▶ ports 1, 2, 3
 */
import { WIRE_RATE_DEFAULT } from '../manual/ethernet.ts';
import type { StatePort } from '../state.ts';
import type { Forwarder, Send } from './station.ts';
import { serialisationNs } from './wire.ts';

export interface HubOptions {
  readonly ports: number;
  /** Bits a second of the shared medium. */
  readonly rate?: number;
  readonly latencyNs?: number;
  readonly queueFrames?: number;
}

export class Hub implements Forwarder {
  readonly name: string;
  readonly latencyNs: number;
  private readonly ports: number;
  private readonly rate: number;
  private readonly queueFrames: number;
  /** When frames that wait for the medium will take it; ascending. */
  private waiting: number[] = [];
  private busyUntil = 0;

  repeated = 0;
  overflowed = 0;

  constructor(name: string, options: HubOptions) {
    this.name = name;
    this.ports = options.ports;
    this.rate = options.rate ?? WIRE_RATE_DEFAULT;
    this.latencyNs = options.latencyNs ?? 500;
    this.queueFrames = options.queueFrames ?? 128;
  }

  receive(port: number, frame: Uint8Array, at: number, send: Send): void {
    while (this.waiting.length > 0 && this.waiting[0]! <= at) this.waiting.shift();
    if (this.waiting.length >= this.queueFrames) {
      this.overflowed += 1;
      return;
    }
    const start = Math.max(at, this.busyUntil);
    if (start > at) this.waiting.push(start);
    this.busyUntil = start + serialisationNs(frame.length, this.rate);
    this.repeated += 1;
    for (let other = 0; other < this.ports; other += 1) {
      if (other !== port) send(other, frame, start + this.latencyNs);
    }
  }

  /** A hub repeats; it does not care who listens. */
  setCarrier(_port: number, _level: boolean): void {}

  state(port: StatePort): void {
    this.waiting = port.list(this.waiting, start => port.integer(start ?? 0));
    this.busyUntil = port.integer(this.busyUntil);
    this.repeated = port.integer(this.repeated);
    this.overflowed = port.integer(this.overflowed);
  }
}
