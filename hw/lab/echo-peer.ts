/**
 * The smallest neighbour a network interface can have: it answers ARP requests for its address (RFC 826),
 * ICMP echo requests to it (RFC 792) and a DHCP client's questions (hw/lab/dhcp.ts), and is silent
 * otherwise. It is a wire and a host in one, without chance: an answer comes after the wire's time there, a
 * fixed time for thought, and the wire's time back.
 *
 *     nic.attach(new EchoPeer(nic, [10, 0, 2, 2]))
 *
 *     Ethernet │ ARP: hardware, protocol, sizes, operation, sender MAC, sender IP, target MAC, target IP
 *      14 bytes│ IPv4: 20 bytes or more │ ICMP: type, code, checksum, rest
 *              │                        │ UDP: ports, size, checksum, data
 */
import { WIRE_DELAY_DEFAULT_NS, WIRE_RATE_DEFAULT } from '../manual/ethernet.ts';
import type { Stateful, StatePort } from '../state.ts';
import { answerDhcp, DHCP_CLIENT_PORT, DHCP_SERVER_PORT } from './dhcp.ts';
import type { Plug, Socket } from './station.ts';
import { serialisationNs } from './wire.ts';

const THOUGHT_NS = 10_000;
const ETHERNET_SIZE = 14;
const TYPE_ARP = 0x0806;
const TYPE_IPV4 = 0x0800;
const ARP_SIZE = 28;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const IPV4_SIZE = 20;
const IPV4_FRAGMENT = 0x3fff;
const TIME_TO_LIVE = 64;
const PROTOCOL_ICMP = 1;
const PROTOCOL_UDP = 17;
const ICMP_SIZE = 8;
const ICMP_ECHO_REQUEST = 8;
const ICMP_ECHO_REPLY = 0;
const UDP_SIZE = 8;
const BROADCAST = [255, 255, 255, 255];

interface Packet {
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly data: Uint8Array;
}

export class EchoPeer implements Plug, Stateful {
  readonly carrier = true;
  freeAt = 0;
  private readonly nic: Socket;
  private readonly address: readonly number[];
  private readonly mac: readonly number[];
  /** When the way back is free. */
  private backFreeAt = 0;

  /** An IPv4 address of four bytes; the peer's MAC is derived from it. */
  constructor(nic: Socket, address: readonly number[]) {
    this.nic = nic;
    this.address = address;
    this.mac = [0x02, 0x00, ...address];
  }

  transmit(frame: Uint8Array, at: number): void {
    const start = Math.max(at, this.freeAt);
    this.freeAt = start + serialisationNs(frame.length, WIRE_RATE_DEFAULT);
    const answer = this.answer(frame);
    if (answer === undefined) return;
    const ready = this.freeAt + WIRE_DELAY_DEFAULT_NS + THOUGHT_NS;
    this.backFreeAt = Math.max(ready, this.backFreeAt) + serialisationNs(answer.length, WIRE_RATE_DEFAULT);
    this.nic.receive(answer, this.backFreeAt + WIRE_DELAY_DEFAULT_NS);
  }

  state(port: StatePort): void {
    this.freeAt = port.integer(this.freeAt);
    this.backFreeAt = port.integer(this.backFreeAt);
  }

  private answer(frame: Uint8Array): Uint8Array | undefined {
    if (frame.length < ETHERNET_SIZE) return undefined;
    const type = word(frame, 12);
    const payload = frame.subarray(ETHERNET_SIZE);
    const answer = type === TYPE_ARP ? this.answerArp(payload) : undefined;
    const reply = type === TYPE_IPV4 ? this.answerPacket(payload) : answer;
    if (reply === undefined) return undefined;
    return Uint8Array.from([...frame.subarray(6, 12), ...this.mac, type >>> 8, type & 0xff, ...reply]);
  }

  private answerArp(arp: Uint8Array): Uint8Array | undefined {
    if (arp.length < ARP_SIZE || word(arp, 6) !== ARP_REQUEST) return undefined;
    if (word(arp, 0) !== 1 || word(arp, 2) !== TYPE_IPV4 || word(arp, 4) !== 0x0604) return undefined;
    if (!isSame(arp.subarray(24, 28), this.address)) return undefined;
    const sender = arp.subarray(8, 18);
    return Uint8Array.from([...arp.subarray(0, 7), ARP_REPLY, ...this.mac, ...this.address, ...sender]);
  }

  private answerPacket(bytes: Uint8Array): Uint8Array | undefined {
    const packet = parsePacket(bytes);
    if (packet === undefined) return undefined;
    const isMine = isSame(packet.target, this.address);
    if (packet.protocol === PROTOCOL_ICMP && isMine) {
      const reply = echoReply(packet.data);
      return reply && this.packet(PROTOCOL_ICMP, packet.source, reply);
    }
    if (packet.protocol !== PROTOCOL_UDP || !(isMine || isSame(packet.target, BROADCAST))) return undefined;
    const lease = this.lease(packet.data);
    return lease && this.packet(PROTOCOL_UDP, BROADCAST, lease);
  }

  /** The UDP datagram that answers a DHCP client's. */
  private lease(datagram: Uint8Array): Uint8Array | undefined {
    if (datagram.length < UDP_SIZE || word(datagram, 2) !== DHCP_SERVER_PORT) return undefined;
    const size = word(datagram, 4);
    if (size < UDP_SIZE || size > datagram.length) return undefined;
    const message = answerDhcp(datagram.subarray(UDP_SIZE, size), this.address);
    if (message === undefined) return undefined;
    // A checksum of 0 says that there is none.
    const header = [DHCP_SERVER_PORT, DHCP_CLIENT_PORT, UDP_SIZE + message.length, 0];
    return Uint8Array.from([...header.flatMap(value => [value >>> 8, value & 0xff]), ...message]);
  }

  private packet(protocol: number, target: ArrayLike<number>, data: Uint8Array): Uint8Array {
    const packet = new Uint8Array(IPV4_SIZE + data.length);
    packet[0] = 0x45;
    putWord(packet, 2, packet.length);
    packet[8] = TIME_TO_LIVE;
    packet[9] = protocol;
    packet.set(this.address, 12);
    packet.set(target, 16);
    putWord(packet, 10, checksum(packet.subarray(0, IPV4_SIZE)));
    packet.set(data, IPV4_SIZE);
    return packet;
  }
}

/** A whole IPv4 packet with a right header; undefined for anything else, and for a part of one. */
function parsePacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.length < IPV4_SIZE || bytes[0]! >>> 4 !== 4) return undefined;
  const headerSize = (bytes[0]! & 15) * 4;
  const size = word(bytes, 2);
  if (headerSize < IPV4_SIZE || size < headerSize || size > bytes.length) return undefined;
  if ((word(bytes, 6) & IPV4_FRAGMENT) !== 0 || checksum(bytes.subarray(0, headerSize)) !== 0)
    return undefined;
  return {
    protocol: bytes[9]!,
    source: bytes.subarray(12, 16),
    target: bytes.subarray(16, 20),
    data: bytes.subarray(headerSize, size),
  };
}

function echoReply(message: Uint8Array): Uint8Array | undefined {
  if (message.length < ICMP_SIZE || checksum(message) !== 0) return undefined;
  if (message[0] !== ICMP_ECHO_REQUEST || message[1] !== 0) return undefined;
  const reply = message.slice();
  reply[0] = ICMP_ECHO_REPLY;
  putWord(reply, 2, 0);
  putWord(reply, 2, checksum(reply));
  return reply;
}

/** The Internet checksum (RFC 1071): 0 over bytes that hold a right one. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function isSame(a: ArrayLike<number>, b: readonly number[]): boolean {
  return b.every((byte, index) => a[index] === byte);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 0xff;
}
