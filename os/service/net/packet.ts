/**
 * The packet: what nodes say to each other, in an Ethernet frame of type 0x88b5 (IEEE 802, local experiment).
 *
 *     0   Ethernet   destination 6 · source 6 · type 2
 *     14  cluster 4 · kind 1 · hops left 1 · payload size 2
 *     22  source 2 · destination 2 · source's incarnation 4 · destination's incarnation 4, 0 where unknown
 *     34  sequence 4 · MAC 16
 *     54  payload, at most PAYLOAD_MAX
 *
 * All but the Ethernet type is little-endian. The MAC is the payload's universal hash (os/lib/universal-hash.ts)
 * on top of a pad: Chaskey-12 of kind, source, destination, incarnations and sequence, which no two packets have
 * alike. So a pad can be had before its payload is there, and is: the one for the next number. Hops left change
 * on the way and are not covered: they can only shorten it.
 *
 * A packet lies at an address that is 2 more than a multiple of 4, so that its fields and payload are aligned.
 */
import { unlikely } from 'rv';
import { CHASKEY_KEY_SIZE, chaskey, expandKey } from '../../lib/chaskey.ts';
import { hashOnto, setUniversalKey } from '../../lib/universal-hash.ts';
import { KEY_AT, PASSING_PAD_AT, TAG_AT } from './tables.ts';

/** Behind the Ethernet destination. */
export const ETHERNET_SOURCE: u32 = 6;
export const ETHERNET_TYPE: u32 = 12;
export const ETHERNET_SIZE: u32 = 14;
export const CLUSTER: u32 = 14;
export const KIND: u32 = 18;
export const HOPS_LEFT: u32 = 19;
export const PAYLOAD_SIZE: u32 = 20;
export const SOURCE: u32 = 22;
export const DESTINATION: u32 = 24;
export const SOURCE_INCARNATION: u32 = 26;
export const DESTINATION_INCARNATION: u32 = 30;
export const SEQUENCE: u32 = 34;
const MAC: u32 = 38;
export const PAYLOAD: u32 = 54;

const MAC_SIZE: u32 = 16;
export const PAYLOAD_MAX: u32 = 1460;
export const PACKET_MAX: u32 = PAYLOAD + PAYLOAD_MAX;

/** Who hears whom; from neighbour to neighbour only. */
export const KIND_HELLO: u32 = 1;
/** A node's links, flooded. */
export const KIND_LINKS: u32 = 2;
/** From one node to another, over as many as it takes. */
export const KIND_DATA: u32 = 3;
/** To everybody, flooded. */
export const KIND_CAST: u32 = 4;
/** Of a packet that is too long for the wire: pieces.ts. */
export const KIND_PIECE: u32 = 5;

/** 0x88b5 as it lies in memory. */
export const ETHERNET_TYPE_OURS: u32 = 0xb588;

/** First words of blocks that no packet has, since its source is less than NODES_MAX. */
const BLOCK_CLUSTER: u32 = 0xffff_ffff;
const BLOCK_HASH: u32 = 0xffff_fffe;
const KIND_SHIFT: u32 = 8;

/** A pad and what it is for: the words of its block. */
//@unmanaged
export class Pad {
  block0: u32 = 0;
  block1: u32 = 0;
  block2: u32 = 0;
  sequence: u32 = 0;
  /** 16 bytes. */
  pad0: u32 = 0;
  pad1: u32 = 0;
  pad2: u32 = 0;
  pad3: u32 = 0;
}

let cluster: u32 = 0;

/** What all nodes of a cluster share: its number, and the sixteen bytes of its key. */
export function joinCluster(number: u32, secret: u32): void {
  assert(CHASKEY_KEY_SIZE === 32);
  cluster = number;
  memory.copy(KEY_AT, secret, 16);
  expandKey(KEY_AT);
  chaskey(KEY_AT, BLOCK_CLUSTER, number, 0, 0, TAG_AT);
  memory.copy(KEY_AT, TAG_AT, MAC_SIZE);
  expandKey(KEY_AT);
  setUniversalKey(KEY_AT, BLOCK_HASH);
}

//@inline
export function ownCluster(): u32 {
  return cluster;
}

/** A pad that is used once and not kept. */
export function passingPad(): Pad {
  return changetype<Pad>(PASSING_PAD_AT);
}

/** Writes the MAC; the header and the payload are there. */
//@inline
export function seal(packet: u32, pad: Pad): void {
  prepare(packet, pad);
  hashOnto(packet + PAYLOAD, load<u16>(packet, PAYLOAD_SIZE), padBytes(pad), packet + MAC, 0);
}

/**
 * The same where the pad has been made for packets to the same node only, if for this one. Where `from` is not 0, all
 * but the payload's first HEAD_SIZE bytes is copied from there.
 */
//@inline
export function sealNext(packet: u32, pad: Pad, size: u32, theirs: u32, sequence: u32, from: u32): void {
  if (((pad.sequence ^ sequence) | (pad.block2 ^ theirs)) !== 0) {
    unlikely();
    makePad(pad, packet);
  }
  hashOnto(packet + PAYLOAD, size, padBytes(pad), packet + MAC, from);
}

/** Whether the MAC is right. Its source is known to be less than NODES_MAX. */
export function isSealed(packet: u32, pad: Pad): bool {
  prepare(packet, pad);
  return isSealedBy(packet, pad);
}

/** The same with a pad that is the packet's. */
//@inline
export function isSealedBy(packet: u32, pad: Pad): bool {
  hashOnto(packet + PAYLOAD, load<u16>(packet, PAYLOAD_SIZE), padBytes(pad), TAG_AT, 0);
  const differences =
    (load<u32>(packet, MAC) ^ load<u32>(TAG_AT)) |
    (load<u32>(packet, MAC + 4) ^ load<u32>(TAG_AT, 4)) |
    (load<u32>(packet, MAC + 8) ^ load<u32>(TAG_AT, 8)) |
    (load<u32>(packet, MAC + 12) ^ load<u32>(TAG_AT, 12));
  return differences === 0;
}

/** The pad is the packet's, which it mostly is by `prepareNext`. */
//@inline
function prepare(packet: u32, pad: Pad): void {
  if (isPadOf(pad, packet)) return;
  unlikely();
  makePad(pad, packet);
}

/** Whether the pad is the packet's: its source and destination, their incarnations, its kind and its sequence. */
//@inline
export function isPadOf(pad: Pad, packet: u32): bool {
  const differences =
    (pad.block0 ^ (load<u32>(packet, SOURCE) | ((<u32>load<u8>(packet, KIND)) << KIND_SHIFT))) |
    (pad.block1 ^ load<u32>(packet, SOURCE_INCARNATION)) |
    (pad.block2 ^ load<u32>(packet, DESTINATION_INCARNATION)) |
    (pad.sequence ^ load<u32>(packet, SEQUENCE));
  return differences === 0;
}

function makePad(pad: Pad, packet: u32): void {
  pad.block0 = load<u32>(packet, SOURCE) | ((<u32>load<u8>(packet, KIND)) << KIND_SHIFT);
  pad.block1 = load<u32>(packet, SOURCE_INCARNATION);
  pad.block2 = load<u32>(packet, DESTINATION_INCARNATION);
  pad.sequence = load<u32>(packet, SEQUENCE);
  compute(pad);
}

/** For the packet after the one that the pad was for. */
export function prepareNext(pad: Pad): void {
  pad.sequence += 1;
  compute(pad);
}

function compute(pad: Pad): void {
  chaskey(KEY_AT, pad.block0, pad.block1, pad.block2, pad.sequence, padBytes(pad));
}

//@inline
function padBytes(pad: Pad): u32 {
  return changetype<usize>(pad) + offsetof<Pad>('pad0');
}

/** Whether the frame, if it holds a packet, is from one node to another. */
//@inline
export function isData(packet: u32): bool {
  return <u32>load<u8>(packet, KIND) === KIND_DATA;
}

/** Whether the frame, if it holds anything of ours, holds a piece of a packet. */
export function isPiece(packet: u32): bool {
  return (
    <u32>load<u16>(packet, ETHERNET_TYPE) === ETHERNET_TYPE_OURS && <u32>load<u8>(packet, KIND) === KIND_PIECE
  );
}

/** Whether a frame of `size` bytes holds a packet of this cluster. */
//@inline
export function isPacket(packet: u32, size: u32): bool {
  if (size < PAYLOAD || <u32>load<u16>(packet, ETHERNET_TYPE) !== ETHERNET_TYPE_OURS) return false;
  return load<u32>(packet, CLUSTER) === cluster && <u32>load<u16>(packet, PAYLOAD_SIZE) <= size - PAYLOAD;
}
