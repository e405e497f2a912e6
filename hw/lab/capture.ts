/**
 * Frames on the wires as a pcapng file (draft-ietf-opsawg-pcapng), for Wireshark, tshark and their like.
 *
 * One interface a link, nanoseconds since the cluster's beginning, no frame check. Each frame is written
 * as it stands on the wire when its first bit goes out; the link's forward direction (a to b) is marked
 * outbound, the other inbound. A frame that the receiver's frame check will refuse has the CRC error
 * flag; other misfortunes are told in a comment.
 *
 *     section header │ interface description, one a link │ enhanced packet … │
 *
 * Boards run ahead of each other, so frames are seen out of order: they wait here until the cluster's
 * clock has passed them, and leave in the order time, direction, sequence. The bytes of the file are
 * therefore a function of the run, not of how it was sliced or shared out.
 */
import type { Topology } from './topology.ts';
import type { Fate } from './wire.ts';

/** A frame that a direction carries. Within one direction they come in order. */
export interface Sighting {
  readonly direction: number;
  /** When its first bit goes out. */
  readonly time: number;
  readonly frame: Uint8Array;
  readonly fate: Fate;
}

/** Takes the file's bytes as they come. */
export type Sink = (bytes: Uint8Array) => void;

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b_3c4d;
const LINKTYPE_ETHERNET = 1;
const OPTION_END = 0;
const OPTION_COMMENT = 1;
const INTERFACE_NAME = 2;
const INTERFACE_SPEED = 8;
const INTERFACE_RESOLUTION = 9;
const INTERFACE_CHECK_SIZE = 13;
const PACKET_FLAGS = 2;
const FLAG_INBOUND = 1;
const FLAG_OUTBOUND = 2;
const FLAG_CRC_ERROR = 1 << 24;
const WORD = 0x1_0000_0000;

export class Capture {
  private readonly sink: Sink;
  private waiting: Sighting[] = [];

  constructor(topology: Topology, sink: Sink) {
    this.sink = sink;
    sink(sectionHeader());
    for (const link of topology.links) {
      const name = `${topology.nodes[link.a]!.name}-${topology.nodes[link.b]!.name}`;
      sink(interfaceDescription(name, link.forward.rate));
    }
  }

  add(sighting: Sighting): void {
    this.waiting.push(sighting);
  }

  /** Writes what went out before `time`; nothing that goes out before it is added any more. */
  flush(time: number): void {
    const ready = this.waiting.filter(sighting => sighting.time < time);
    if (ready.length === 0) return;
    this.waiting = this.waiting.filter(sighting => sighting.time >= time);
    ready.sort((one, other) => one.time - other.time || one.direction - other.direction);
    for (const sighting of ready) this.sink(enhancedPacket(sighting));
  }

  /** Forgets what was not written: the cluster went back in time. */
  drop(): void {
    this.waiting = [];
  }
}

function sectionHeader(): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setInt32(8, -1, true);
  view.setInt32(12, -1, true);
  return block(SECTION_HEADER, [body]);
}

function interfaceDescription(name: string, rate: number): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  const speed = new Uint8Array(8);
  new DataView(speed.buffer).setBigUint64(0, BigInt(rate), true);
  return block(INTERFACE_DESCRIPTION, [
    body,
    option(INTERFACE_NAME, new TextEncoder().encode(name)),
    option(INTERFACE_SPEED, speed),
    option(INTERFACE_RESOLUTION, Uint8Array.of(9)),
    option(INTERFACE_CHECK_SIZE, Uint8Array.of(0)),
    option(OPTION_END, new Uint8Array(0)),
  ]);
}

function enhancedPacket({ direction, time, frame, fate }: Sighting): Uint8Array {
  const body = new Uint8Array(20);
  const view = new DataView(body.buffer);
  view.setUint32(0, direction >>> 1, true);
  view.setUint32(4, Math.floor(time / WORD), true);
  view.setUint32(8, time % WORD, true);
  view.setUint32(12, frame.length, true);
  view.setUint32(16, frame.length, true);
  const flags = new Uint8Array(4);
  const way = direction % 2 === 0 ? FLAG_OUTBOUND : FLAG_INBOUND;
  new DataView(flags.buffer).setUint32(0, way | (fate === 'damaged' ? FLAG_CRC_ERROR : 0), true);
  const comment = fate === 'sent' ? [] : [option(OPTION_COMMENT, new TextEncoder().encode(fate))];
  return block(ENHANCED_PACKET, [
    body,
    padded(frame),
    ...comment,
    option(PACKET_FLAGS, flags),
    option(OPTION_END, new Uint8Array(0)),
  ]);
}

/** Type, length, the parts, and the length again. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const size = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, size, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, size, true);
  return bytes;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + roundUp(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(roundUp(bytes.length));
  whole.set(bytes);
  return whole;
}

function roundUp(size: number): number {
  return Math.ceil(size / 4) * 4;
}
