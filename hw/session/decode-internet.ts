/**
 * The protocols of the internet that software on the boards may speak: ARP (RFC 826), IPv4 (RFC 791),
 * ICMP (RFC 792), UDP (RFC 768), TCP (RFC 9293), as far as a person at a packet list asks.
 */
import type { DecodedLayer, Decoder } from './frame-text.ts';

const ICMP_KINDS: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  8: 'echo request',
  11: 'time exceeded',
};
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

function arp(bytes: Uint8Array): DecodedLayer | undefined {
  if (bytes.length < 28 || u16(bytes, 2) !== 0x800) return undefined;
  const operation = u16(bytes, 6);
  const [sender, target] = [ipv4Text(bytes, 14), ipv4Text(bytes, 24)];
  const summary =
    operation === 1 ? `ARP who has ${target}? tell ${sender}` : `ARP ${sender} is at ${macText(bytes, 8)}`;
  return {
    name: 'ARP',
    summary,
    fields: [
      ['operation', operation === 1 ? 'request' : operation === 2 ? 'reply' : `${operation}`],
      ['sender', `${sender}, ${macText(bytes, 8)}`],
      ['target', `${target}, ${macText(bytes, 18)}`],
    ],
  };
}

function ipv4(bytes: Uint8Array): DecodedLayer | undefined {
  if (bytes.length < 20 || bytes[0]! >>> 4 !== 4) return undefined;
  const headerSize = (bytes[0]! & 15) * 4;
  const size = u16(bytes, 2);
  if (headerSize < 20 || size < headerSize || size > bytes.length) return undefined;
  const protocol = bytes[9]!;
  const [from, to] = [ipv4Text(bytes, 12), ipv4Text(bytes, 16)];
  const decode = PROTOCOLS[protocol];
  return {
    name: 'IPv4',
    summary: `IPv4 ${from} → ${to}, protocol ${protocol}`,
    fields: [
      ['from', from],
      ['to', to],
      ['protocol', `${protocol}`],
      ['time to live', `${bytes[8]}`],
      ['size', `${size}`],
    ],
    inside: {
      bytes: bytes.subarray(headerSize, size),
      decode: decode && (payload => decode(payload, from, to)),
    },
  };
}

type Transport = (bytes: Uint8Array, from: string, to: string) => DecodedLayer | undefined;

function icmp(bytes: Uint8Array, from: string, to: string): DecodedLayer | undefined {
  if (bytes.length < 8) return undefined;
  const kind = ICMP_KINDS[bytes[0]!] ?? `type ${bytes[0]}`;
  return {
    name: 'ICMP',
    summary: `ICMP ${kind} ${from} → ${to}, number ${u16(bytes, 6)}`,
    fields: [
      ['kind', kind],
      ['identifier', `${u16(bytes, 4)}`],
      ['number', `${u16(bytes, 6)}`],
    ],
  };
}

function udp(bytes: Uint8Array, from: string, to: string): DecodedLayer | undefined {
  if (bytes.length < 8) return undefined;
  const [source, target] = [u16(bytes, 0), u16(bytes, 2)];
  return {
    name: 'UDP',
    summary: `UDP ${from}:${source} → ${to}:${target}, ${u16(bytes, 4) - 8} bytes`,
    fields: [
      ['from port', `${source}`],
      ['to port', `${target}`],
      ['size', `${u16(bytes, 4)}`],
    ],
  };
}

function tcp(bytes: Uint8Array, from: string, to: string): DecodedLayer | undefined {
  if (bytes.length < 20) return undefined;
  const [source, target] = [u16(bytes, 0), u16(bytes, 2)];
  const flags = TCP_FLAGS.filter((_, bit) => ((bytes[13]! >>> bit) & 1) === 1).join(' ');
  return {
    name: 'TCP',
    summary: `TCP ${from}:${source} → ${to}:${target} ${flags}, ${bytes.length - (bytes[12]! >>> 4) * 4} bytes`,
    fields: [
      ['from port', `${source}`],
      ['to port', `${target}`],
      ['flags', flags],
    ],
  };
}

const PROTOCOLS: Readonly<Record<number, Transport>> = { 1: icmp, 6: tcp, 17: udp };

/** By the type field of the Ethernet header. */
export const ETHERTYPES: readonly (readonly [type: number, decoder: Decoder])[] = [
  [0x0800, ipv4],
  [0x0806, arp],
];

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

function macText(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 6)].map(byte => byte.toString(16).padStart(2, '0')).join(':');
}
