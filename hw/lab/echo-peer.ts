/**
 * The smallest neighbour a network interface can have: it answers ARP requests for its address (RFC 826)
 * and ICMP echo requests to it (RFC 792), and is silent otherwise. It is a wire and a host in one, without
 * chance: an answer comes after the wire's time there, a fixed time for thought, and the wire's time back.
 *
 *     nic.attach(new EchoPeer(nic, [10, 0, 2, 2]))
 *
 *     Ethernet │ ARP: hardware, protocol, sizes, operation, sender MAC, sender IP, target MAC, target IP
 *      14 bytes│ IPv4 header (20 bytes or more) │ ICMP: type, code, checksum, rest
 */
import { WIRE_DELAY_DEFAULT_NS, WIRE_RATE_DEFAULT } from '../manual/ethernet.ts';
import type { Stateful, StatePort } from '../state.ts';
import type { Plug, Socket } from './station.ts';
import { serialisationNs } from './wire.ts';

const THOUGHT_NS = 10_000;
const ETHERNET_SIZE = 14;
const TYPE_ARP = 0x0806;
const TYPE_IPV4 = 0x0800;
const ARP_SIZE = 28;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const IPV4_SIZE_MIN = 20;
const IPV4_FRAGMENT = 0x3fff;
const PROTOCOL_ICMP = 1;
const ICMP_SIZE_MIN = 8;
const ICMP_ECHO_REQUEST = 8;
const ICMP_ECHO_REPLY = 0;

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
    if (type === TYPE_ARP) return this.answerArp(frame);
    return type === TYPE_IPV4 ? this.answerEcho(frame) : undefined;
  }

  private answerArp(frame: Uint8Array): Uint8Array | undefined {
    const at = ETHERNET_SIZE;
    if (frame.length < at + ARP_SIZE || word(frame, at + 6) !== ARP_REQUEST) return undefined;
    if (word(frame, at) !== 1 || word(frame, at + 2) !== TYPE_IPV4 || word(frame, at + 4) !== 0x0604)
      return undefined;
    if (!this.isMine(frame.subarray(at + 24, at + 28))) return undefined;
    const answer = this.turn(frame);
    answer[at + 7] = ARP_REPLY;
    answer.set(this.mac, at + 8);
    answer.set(this.address, at + 14);
    answer.set(frame.subarray(at + 8, at + 18), at + 18);
    return answer;
  }

  private answerEcho(frame: Uint8Array): Uint8Array | undefined {
    const ip = ETHERNET_SIZE;
    if (frame.length < ip + IPV4_SIZE_MIN || frame[ip]! >>> 4 !== 4) return undefined;
    const headerSize = (frame[ip]! & 15) * 4;
    const size = word(frame, ip + 2);
    const icmp = ip + headerSize;
    if (headerSize < IPV4_SIZE_MIN || size < headerSize + ICMP_SIZE_MIN || ip + size > frame.length)
      return undefined;
    if (frame[ip + 9] !== PROTOCOL_ICMP || (word(frame, ip + 6) & IPV4_FRAGMENT) !== 0) return undefined;
    if (!this.isMine(frame.subarray(ip + 16, ip + 20))) return undefined;
    const message = frame.subarray(icmp, ip + size);
    if (checksum(frame.subarray(ip, icmp)) !== 0 || checksum(message) !== 0) return undefined;
    if (message[0] !== ICMP_ECHO_REQUEST || message[1] !== 0) return undefined;

    const answer = this.turn(frame.subarray(0, ip + size));
    answer.set(this.address, ip + 12);
    answer.set(frame.subarray(ip + 12, ip + 16), ip + 16);
    answer[icmp] = ICMP_ECHO_REPLY;
    putWord(answer, icmp + 2, 0);
    putWord(answer, icmp + 2, checksum(answer.subarray(icmp)));
    return answer;
  }

  /** A copy of the frame on its way back. */
  private turn(frame: Uint8Array): Uint8Array {
    const answer = frame.slice();
    answer.set(frame.subarray(6, 12), 0);
    answer.set(this.mac, 6);
    return answer;
  }

  private isMine(address: Uint8Array): boolean {
    return this.address.every((byte, index) => address[index] === byte);
  }
}

/** The Internet checksum (RFC 1071): 0 over bytes that hold a right one. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function putWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 0xff;
}
