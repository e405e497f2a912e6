/**
 * The packet: what nodes say to each other, in an Ethernet frame of type 0x88b5 (IEEE 802, local experiment).
 *
 *     0   Ethernet   destination 6 · source 6 · type 2
 *     14  hops left 4 · keyed MAC 8
 *     26  kind 2 · payload size 2 · cluster 4 · source 2 · destination 2
 *     38  source's incarnation 4 · destination's incarnation 4, 0 where unknown · sequence 4
 *     50  payload, at most PAYLOAD_MAX
 *
 * All but the Ethernet type is little-endian. The MAC covers everything behind it: by SipHash what is up to
 * PREFIX_MAX bytes into the payload, and where there is more, once again with the universal hash of that.
 * Hops left change on the way and are not covered: they can only shorten it.
 *
 * A packet lies at an address that is 2 more than a multiple of 4, so that its fields and payload are aligned.
 */
import { sipHash } from '../../lib/siphash.ts';
import { setUniversalKey, universalHash } from '../../lib/universal-hash.ts';

export const ETHERNET_TYPE: u32 = 12;
export const HOPS_LEFT: u32 = 14;
const MAC: u32 = 18;
export const KIND: u32 = 26;
export const PAYLOAD_SIZE: u32 = 28;
const CLUSTER: u32 = 30;
export const SOURCE: u32 = 34;
export const DESTINATION: u32 = 36;
export const SOURCE_INCARNATION: u32 = 38;
export const DESTINATION_INCARNATION: u32 = 42;
export const SEQUENCE: u32 = 46;
export const PAYLOAD: u32 = 50;

export const PAYLOAD_MAX: u32 = 1464;
export const PACKET_MAX: u32 = PAYLOAD + PAYLOAD_MAX;
const PREFIX_MAX: u32 = 104;

/** Who hears whom; from neighbour to neighbour only. */
export const KIND_HELLO: u32 = 1;
/** A node's links, flooded. */
export const KIND_LINKS: u32 = 2;
/** From one node to another, over as many as it takes. */
export const KIND_DATA: u32 = 3;
/** To everybody, flooded. */
export const KIND_CAST: u32 = 4;

/** 0x88b5 as it lies in memory. */
const ETHERNET_TYPE_OURS: u32 = 0xb588;

const key = memory.data(16, 8);
/** Of a long packet: the MAC of its beginning, the hash of the rest. */
const halves = memory.data(16, 8);
let cluster: u32 = 0;

/** What all nodes of a cluster share: its number, and the sixteen bytes of its key. */
export function joinCluster(number: u32, secret: u32): void {
  cluster = number;
  memory.copy(key, secret, 16);
  setUniversalKey(key);
}

/** Fills in the cluster and the MAC. */
export function seal(packet: u32): void {
  store<u16>(packet, ETHERNET_TYPE_OURS, ETHERNET_TYPE);
  store<u32>(packet, cluster, CLUSTER);
  store<u64>(packet, macOf(packet), MAC);
}

/** Whether a frame of `size` bytes holds a packet of some cluster. */
export function isPacket(packet: u32, size: u32): bool {
  if (size < PAYLOAD || load<u16>(packet, ETHERNET_TYPE) !== ETHERNET_TYPE_OURS) return false;
  const kind = <u32>load<u16>(packet, KIND);
  return kind >= KIND_HELLO && kind <= KIND_CAST && <u32>load<u16>(packet, PAYLOAD_SIZE) <= size - PAYLOAD;
}

export function isOurs(packet: u32): bool {
  return load<u32>(packet, CLUSTER) === cluster;
}

export function isSealed(packet: u32): bool {
  return load<u64>(packet, MAC) === macOf(packet);
}

function macOf(packet: u32): u64 {
  const size = <u32>load<u16>(packet, PAYLOAD_SIZE);
  if (size <= PREFIX_MAX) return sipHash(key, packet + KIND, PAYLOAD - KIND + size);
  store<u64>(halves, sipHash(key, packet + KIND, PAYLOAD - KIND + PREFIX_MAX));
  store<u64>(halves, universalHash(packet + PAYLOAD + PREFIX_MAX, size - PREFIX_MAX), 8);
  return sipHash(key, halves, 16);
}
