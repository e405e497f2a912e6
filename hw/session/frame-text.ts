/**
 * Frames in words. Each protocol is a decoder that takes a layer's bytes and says what they mean; the
 * layers of a frame are asked from the outside in, until one has nothing inside or is not known.
 *
 *     decodeFrame(bytes).summary   'ARP who has 10.0.0.2? tell 10.0.0.1'
 *     decodeFrame(bytes).layers    name and fields of each layer, for a detailed view
 *
 * How to add a protocol: a file `decode-<name>.ts` with a `Decoder`, and its row in `decoders`.
 */
import { CLUSTER_ETHERTYPE, decodeCluster } from './decode-cluster.ts';
import { ETHERTYPES } from './decode-internet.ts';

export interface Layer {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface Decoded {
  /** What a person calls it, in one line. */
  readonly summary: string;
  readonly layers: readonly Layer[];
}

/** What a layer's bytes say; `inside` are the bytes of the next layer and who understands them. */
export interface DecodedLayer extends Layer {
  readonly summary: string;
  readonly inside?: { readonly bytes: Uint8Array; readonly decode: Decoder | undefined };
}

/** Undefined where the bytes are no message of this protocol. */
export type Decoder = (bytes: Uint8Array) => DecodedLayer | undefined;

const HEADER_SIZE = 14;
/** Below, the type field is a length (IEEE 802.3, 3.2.6). */
const ETHERTYPE_MIN = 0x600;

const decoders = new Map<number, Decoder>([...ETHERTYPES, [CLUSTER_ETHERTYPE, decodeCluster]]);

export function decodeFrame(bytes: Uint8Array): Decoded {
  const layers: Layer[] = [];
  let summary = '';
  let layer = ethernet(bytes);
  while (layer !== undefined) {
    layers.push(layer);
    summary = layer.summary;
    layer = layer.inside?.decode?.(layer.inside.bytes);
  }
  return { summary, layers };
}

function ethernet(bytes: Uint8Array): DecodedLayer | undefined {
  if (bytes.length < HEADER_SIZE)
    return {
      name: 'Ethernet',
      summary: `runt of ${bytes.length} bytes`,
      fields: [['size', `${bytes.length}`]],
    };
  const type = (bytes[12]! << 8) | bytes[13]!;
  const typeText = type < ETHERTYPE_MIN ? `length ${type}` : `type 0x${hex(type, 4)}`;
  const destination = addressText(bytes, 0);
  return {
    name: 'Ethernet',
    summary: `${addressText(bytes, 6)} → ${destination}, ${typeText}, ${bytes.length} bytes`,
    fields: [
      ['to', destination],
      ['from', addressText(bytes, 6)],
      [type < ETHERTYPE_MIN ? 'length' : 'type', type < ETHERTYPE_MIN ? `${type}` : `0x${hex(type, 4)}`],
      ['size', `${bytes.length}`],
    ],
    inside: { bytes: bytes.subarray(HEADER_SIZE), decode: decoders.get(type) },
  };
}

/** Six bytes as 02:00:00:00:00:01. */
export function addressText(bytes: Uint8Array, at: number): string {
  const address = [...bytes.subarray(at, at + 6)];
  if (address.every(byte => byte === 0xff)) return 'everybody';
  return address.map(byte => hex(byte, 2)).join(':');
}

/** Sixteen bytes a row: offset, hexadecimal, printable characters. */
export function hexDump(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const digits = part.map(byte => hex(byte, 2)).join(' ');
    const text = part.map(byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${hex(at, 4)}  ${digits.padEnd(47)}  ${text}`);
  }
  return rows;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
