/**
 * Pieces: packets that are longer than a wire carries, cut for that one wire and put together behind it, so that nobody
 * else has to know how long frames may be anywhere on the way (as RFC 4944 does below IPv6).
 *
 *     0   Ethernet 14 · cluster 4 · kind 1 · 0 · size of the piece 2
 *     22  the packet's number 4, a count of its sender's · offset 2 · size of all 2
 *     30  bytes of the packet, from behind its Ethernet header on
 *
 * Wires keep the order, so where a piece does not follow the last one its packet is lost, as any other may be. It
 * is the packet that is sealed: what forged pieces make of it is found out when it is whole. The packets of
 * WHOLES_MAX stations can be under way to this node at a time; who comes then takes the place of another in turn.
 */
import { COUNT_DAMAGED, COUNT_FOREIGN, count } from './counters.ts';
import {
  CLUSTER,
  ETHERNET_SIZE,
  ETHERNET_SOURCE,
  KIND,
  KIND_PIECE,
  ownCluster,
  PACKET_MAX,
  PAYLOAD_SIZE,
} from './packet.ts';

const BYTES_MAX: u32 = PACKET_MAX - ETHERNET_SIZE;
const NUMBER: u32 = 22;
const OFFSET: u32 = 26;
const BYTES: u32 = 30;
/** So that each piece's bytes lie as they do in the packet. */
const UNIT: u32 = 8;

const WHOLES_MAX: u32 = 4;

/** A packet of which pieces have come. */
//@unmanaged
class Whole {
  /** The Ethernet address of the station that it comes from, and the number that this gave it. */
  address: u32 = 0;
  addressEnd: u32 = 0;
  number: u32 = 0;
  /** How many bytes have come; 0 for no packet. */
  come: u32 = 0;
}

const wholes = memory.data(64, 4);
const packets = memory.data(6400, 4) + 2;
const PACKET_STRIDE: u32 = 1600;
/** Whose place was taken last, and which packet was whole last. */
let taken: u32 = 0;
let joined: u32 = 0;
/** Of this node's own packets. */
let lastNumber: u32 = 0;

/** Where the packet lies that `joinPiece` has found whole, until the next piece comes. */
export function wholePacket(): u32 {
  return packetOf(joined);
}

/** How many bytes go into a piece where a frame carries `mtu`. */
export function pieceMax(mtu: u32): u32 {
  return (mtu + ETHERNET_SIZE - BYTES) & ~(UNIT - 1);
}

/** Begins to cut another packet. */
export function beginToCut(): void {
  lastNumber += 1;
}

/** Writes the piece with the `size` bytes from `offset` on to `frame`. → the frame's size. */
export function cut(frame: u32, packet: u32, offset: u32, size: u32, all: u32): u32 {
  memory.copy(frame, packet, ETHERNET_SIZE);
  store<u32>(frame, ownCluster(), CLUSTER);
  store<u32>(frame, KIND_PIECE | (size << 16), KIND);
  store<u32>(frame, lastNumber, NUMBER);
  store<u32>(frame, offset | (all << 16), OFFSET);
  memory.copy(frame + BYTES, packet + ETHERNET_SIZE + offset, size);
  return BYTES + size;
}

/** Takes in a piece. → the size of the packet that is whole by it, else 0. */
export function joinPiece(frame: u32, frameSize: u32): u32 {
  if (frameSize < BYTES || load<u32>(frame, CLUSTER) !== ownCluster()) return drop(COUNT_FOREIGN);
  const offset = <u32>load<u16>(frame, OFFSET);
  const size = <u32>load<u16>(frame, PAYLOAD_SIZE);
  const all = <u32>load<u16>(frame, OFFSET + 2);
  if (size > frameSize - BYTES || offset + size > all || all > BYTES_MAX) return drop(COUNT_DAMAGED);
  const index = placeOf(frame, offset === 0);
  const whole = wholeAt(index);
  if (index === WHOLES_MAX || whole.come !== offset) return drop(COUNT_DAMAGED);
  memory.copy(packetOf(index) + ETHERNET_SIZE + offset, frame + BYTES, size);
  whole.come = offset + size;
  if (whole.come < all) return 0;
  whole.come = 0;
  memory.copy(packetOf(index), frame, ETHERNET_SIZE);
  joined = index;
  return ETHERNET_SIZE + all;
}

/** Of the packet that the piece belongs to; the first piece takes one. WHOLES_MAX for none. */
function placeOf(frame: u32, isFirst: bool): u32 {
  const address = load<u32>(frame, ETHERNET_SOURCE);
  const addressEnd = <u32>load<u16>(frame, ETHERNET_SOURCE + 4);
  const number = load<u32>(frame, NUMBER);
  let index: u32 = 0;
  while (index < WHOLES_MAX) {
    const whole = wholeAt(index);
    if (whole.address === address && whole.addressEnd === addressEnd) break;
    index += 1;
  }
  if (!isFirst) return index < WHOLES_MAX && wholeAt(index).number === number ? index : WHOLES_MAX;
  if (index === WHOLES_MAX) {
    taken = (taken + 1) % WHOLES_MAX;
    index = taken;
  }
  const whole = wholeAt(index);
  whole.address = address;
  whole.addressEnd = addressEnd;
  whole.number = number;
  whole.come = 0;
  return index;
}

function wholeAt(index: u32): Whole {
  return changetype<Whole>(wholes + index * offsetof<Whole>());
}

function packetOf(index: u32): u32 {
  return packets + index * PACKET_STRIDE;
}

function drop(why: u32): u32 {
  count(why);
  return 0;
}
