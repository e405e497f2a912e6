/**
 * A node of the cluster that is not emulated here: its wires end at whoever is connected from outside, QEMU or another
 * machine (hw/console/outside-nodes.ts). It has power while somebody is, so that its neighbours see a carrier then.
 *
 * What comes in is an intervention (hw/lab/fault.ts): the journal has every frame with its time, and the run repeats
 * without anybody outside. What goes out is told to whoever hears, and is no state.
 */
import type { StatePort } from '../state.ts';
import type { Plug, Socket, Station, StationStop } from './station.ts';

export class Outside implements Station {
  readonly name: string;
  readonly nics: readonly Socket[];
  /** Nothing of its own accord. */
  readonly nextEvent = Number.POSITIVE_INFINITY;
  now = 0;
  power: 'on' | 'off' = 'off';
  hear: (nic: number, frame: Uint8Array, at: number) => void = () => {};
  private readonly plugs: Plug[] = [];

  constructor(name: string, ports: number) {
    this.name = name;
    this.nics = Array.from({ length: ports }, (_, nic) => ({
      attach: plug => void (this.plugs[nic] = plug),
      receive: (frame, at) => this.hear(nic, frame, at),
      setCarrier: () => {},
    }));
  }

  /** A frame from outside; without power nobody is connected, and it is none. */
  send(nic: number, frame: Uint8Array): void {
    if (this.power === 'on') this.plugs[nic]!.transmit(frame, this.now);
  }

  runUntil(ns: number): StationStop {
    this.now = Math.max(this.now, ns);
    return 'time';
  }

  leap(ns: number): void {
    this.runUntil(ns);
  }

  powerOn(): void {
    this.power = 'on';
  }

  powerOff(): void {
    this.power = 'off';
  }

  /** Whoever is outside has a button of his own. */
  reset(): void {}

  state(port: StatePort): void {
    this.now = port.integer(this.now);
    this.power = port.flag(this.power === 'on') ? 'on' : 'off';
  }
}
