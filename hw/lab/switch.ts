/**
 * A learning switch (IEEE 802.1D, 7.7 to 7.9, without spanning tree).
 *
 * It stores each frame whole, notes behind which port its source lives, and sends it out of the port
 * where its destination was last seen; group addresses and strangers go out of every other port. An
 * address is forgotten when it was not seen for `ageNs`, when its port loses the carrier, or when the
 * table is full and it is the one not seen for longest.
 *
 * The queues are those of the ports' outlets (hw/lab/wire.ts), bounded, the last comer dropped. There
 * is no spanning tree: switches wired in a circle make a broadcast storm that the queues bound.
 */
import { FRAME_HEADER_SIZE } from '../manual/ethernet.ts';
import type { StatePort } from '../state.ts';
import type { Forwarder, Send } from './station.ts';

export interface SwitchOptions {
  readonly ports: number;
  /** From the last bit in to the first bit that may go out. */
  readonly latencyNs?: number;
  readonly ageNs?: number;
  readonly addressesMax?: number;
}

interface Sighting {
  readonly address: number;
  readonly port: number;
  readonly seenNs: number;
}

export class Switch implements Forwarder {
  readonly name: string;
  readonly latencyNs: number;
  private readonly ports: number;
  private readonly ageNs: number;
  private readonly addressesMax: number;
  /** By address, the one seen last at the end; at most `addressesMax`. */
  private sightings = new Map<number, Sighting>();

  forwarded = 0;
  flooded = 0;
  /** The destination is behind the port the frame came from, or the frame is too short to have one. */
  filtered = 0;

  constructor(name: string, options: SwitchOptions) {
    this.name = name;
    this.ports = options.ports;
    this.latencyNs = options.latencyNs ?? 1_000;
    this.ageNs = options.ageNs ?? 300_000_000_000;
    this.addressesMax = options.addressesMax ?? 1_024;
  }

  /** The port behind which the address was seen, or undefined. */
  portOf(address: Uint8Array, at: number): number | undefined {
    return this.lookUp(addressAt(address, 0), at);
  }

  get addressesKnown(): number {
    return this.sightings.size;
  }

  receive(port: number, frame: Uint8Array, at: number, send: Send): void {
    if (frame.length < FRAME_HEADER_SIZE) {
      this.filtered += 1;
      return;
    }
    this.learn(addressAt(frame, SOURCE), port, at);
    const out = isGroup(frame, DESTINATION) ? undefined : this.lookUp(addressAt(frame, DESTINATION), at);
    if (out === port) {
      this.filtered += 1;
    } else if (out !== undefined) {
      this.forwarded += 1;
      send(out, frame, at + this.latencyNs);
    } else {
      this.flooded += 1;
      for (let other = 0; other < this.ports; other += 1) {
        if (other !== port) send(other, frame, at + this.latencyNs);
      }
    }
  }

  setCarrier(port: number, level: boolean): void {
    if (level) return;
    for (const sighting of [...this.sightings.values()]) {
      if (sighting.port === port) this.sightings.delete(sighting.address);
    }
  }

  state(port: StatePort): void {
    const sightings = port.list([...this.sightings.values()], sighting => ({
      address: port.integer(sighting?.address ?? 0),
      port: port.u32(sighting?.port ?? 0),
      seenNs: port.integer(sighting?.seenNs ?? 0),
    }));
    this.sightings = new Map(sightings.map(sighting => [sighting.address, sighting]));
    this.forwarded = port.integer(this.forwarded);
    this.flooded = port.integer(this.flooded);
    this.filtered = port.integer(this.filtered);
  }

  private learn(address: number, port: number, seenNs: number): void {
    if (isGroupAddress(address)) return;
    if (!this.sightings.delete(address) && this.sightings.size >= this.addressesMax) {
      for (const oldest of this.sightings.keys()) {
        this.sightings.delete(oldest);
        break;
      }
    }
    this.sightings.set(address, { address, port, seenNs });
  }

  private lookUp(address: number, at: number): number | undefined {
    const sighting = this.sightings.get(address);
    return sighting !== undefined && at - sighting.seenNs <= this.ageNs ? sighting.port : undefined;
  }
}

const DESTINATION = 0;
const SOURCE = 6;
const ADDRESS_SIZE = 6;

/** Six bytes as an integer, the first the most significant. */
function addressAt(frame: Uint8Array, offset: number): number {
  let address = 0;
  for (let at = 0; at < ADDRESS_SIZE; at += 1) address = address * 256 + frame[offset + at]!;
  return address;
}

function isGroup(frame: Uint8Array, offset: number): boolean {
  return (frame[offset]! & 1) === 1;
}

function isGroupAddress(address: number): boolean {
  return Math.floor(address / 2 ** 40) % 2 === 1;
}
