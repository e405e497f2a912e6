/**
 * Packets of Gossamer's nodes, in words: Ethernet type 0x88b5 (IEEE 802, local experiment). Numbers are
 * little-endian. Who sends and reads them lays them out: os/service/net/packet.ts, and what is inside of
 * data packets, os/service/net/remote/wire.ts.
 *
 *     0   cluster 4 · kind 1 · hops left 1 · payload size 2 · source 2 · destination 2
 *     12  incarnations 4, 4 · sequence 4 · MAC 16 · payload
 *
 * What is too long for a wire crosses it in pieces (os/service/net/pieces.ts):
 *
 *     0   cluster 4 · kind 1 · 0 · size 2 · the packet's number 4 · offset 2 · size of all 2 · bytes
 */
import type { DecodedLayer, Decoder } from './frame-text.ts';

const HEADER_SIZE = 40;
const PIECE_SIZE = 16;
const KIND_DATA = 3;
const KIND_PIECE = 5;
const KINDS = ['', 'hello', 'links', 'data', 'cast'];
const PLAIN_SIZE = 16;
const DONE_SIZE = 12;
const FRAGMENT_SIZE = 20;
const FRAGMENT_MAX = 1440;
const OF_REPLY = 4;
const PART = 0x40;

/** The type field of the Ethernet header. */
export const CLUSTER_ETHERTYPE = 0x88b5;

export function decodeCluster(bytes: Uint8Array): DecodedLayer | undefined {
  if (bytes.length >= PIECE_SIZE && bytes[4] === KIND_PIECE) return piece(bytes);
  if (bytes.length < HEADER_SIZE) return undefined;
  const view = viewOf(bytes);
  const kind = bytes[4]!;
  const name = KINDS[kind];
  const payload = bytes.subarray(HEADER_SIZE, HEADER_SIZE + view.getUint16(6, true));
  if (name === undefined || name === '') return undefined;
  const destination = view.getUint16(10, true);
  const to = destination === 0xffff ? 'all' : `${destination}`;
  const sequence = view.getUint32(20, true);
  const ends = `${view.getUint16(8, true)} → ${to}`;
  return {
    name: 'Gossamer',
    summary: `${name} ${ends} #${sequence}${INSIDE[kind]?.(payload) ?? ''}`,
    fields: [
      ['kind', name],
      ['nodes', ends],
      ['sequence', `${sequence}`],
      ['hops left', `${bytes[5]!}`],
      ['cluster', `${view.getUint32(0, true)}`],
      ['incarnations', `${view.getUint32(12, true)} → ${view.getUint32(16, true)}`],
      ['MAC', hex(bytes.subarray(24, HEADER_SIZE))],
    ],
    ...(kind === KIND_DATA ? { inside: { bytes: payload, decode: call } } : {}),
  };
}

function piece(bytes: Uint8Array): DecodedLayer {
  const view = viewOf(bytes);
  const offset = view.getUint16(12, true);
  const end = offset + view.getUint16(6, true);
  const number = view.getUint32(8, true);
  return {
    name: 'Gossamer',
    summary: `piece of packet ${number}, bytes ${offset} to ${end} of ${view.getUint16(14, true)}`,
    fields: [
      ['kind', 'piece'],
      ['packet', `${number}`],
      ['cluster', `${view.getUint32(0, true)}`],
    ],
  };
}

/** What a kind of packet adds to its line. */
const INSIDE: Readonly<Record<number, (payload: Uint8Array) => string>> = {
  1: payload => (payload.length < 20 ? '' : `, hears ${set(payload, 4)}`),
  2: payload => {
    if (payload.length < 12) return '';
    return `, node ${viewOf(payload).getUint16(0, true)} has links to ${list(payload, 12, 4)}`;
  },
};

/** Node numbers, a bit each of eight bytes. */
function set(payload: Uint8Array, start: number): string {
  const numbers = Array.from({ length: 64 }, (_, node) => node);
  const found = numbers.filter(node => ((payload[start + (node >>> 3)]! >>> (node & 7)) & 1) === 1);
  return found.length > 0 ? found.join(', ') : 'nobody';
}

/** Node numbers, one every `step` bytes. */
function list(payload: Uint8Array, start: number, step: number): string {
  const nodes: number[] = [];
  for (let at = start; at + 2 <= payload.length; at += step) nodes.push(viewOf(payload).getUint16(at, true));
  return nodes.length === 0 ? 'nobody' : nodes.join(', ');
}

const TYPES = ['', 'request', 'reply', 'fragment', 'received', 'busy', 'done', 'full', 'gone'];

const call: Decoder = bytes => {
  if (bytes.length < 8) return undefined;
  const view = viewOf(bytes);
  const type = TYPES[bytes[0]!];
  if (type === undefined || type === '') return undefined;
  const name = `call ${view.getUint16(2, true)}.${view.getUint32(4, true)}`;
  const more = details(type, bytes, view);
  return {
    name: 'Call',
    summary: type === 'done' ? `done${more}` : `${type} of ${name}${more}`,
    fields: [
      ['type', type],
      ['call', name],
      ['of', (bytes[1]! & OF_REPLY) !== 0 ? 'the reply' : 'the request'],
    ],
  };
};

function details(type: string, bytes: Uint8Array, view: DataView): string {
  if ((type === 'request' || type === 'reply') && bytes.length >= PLAIN_SIZE) {
    const target = type === 'request' ? `, port ${view.getUint32(8, true)}` : '';
    return `${target}, label ${view.getInt32(12, true)}`;
  }
  if (type === 'done' && bytes.length >= DONE_SIZE) return ` with ${view.getUint32(8, true)} calls`;
  if (type !== 'fragment' || bytes.length < FRAGMENT_SIZE) return '';
  const offset = view.getUint32(8, true) * FRAGMENT_MAX;
  const most = (bytes[1]! & PART) !== 0 ? 'at most ' : '';
  return `, ${bytes.length - FRAGMENT_SIZE} of ${most}${view.getUint32(12, true)} bytes at ${offset}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
