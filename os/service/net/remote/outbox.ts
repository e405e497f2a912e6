/**
 * Payloads on their way out: one is written into the outbox and sent. Whatever does not get there is sent again
 * by whoever keeps it, so that nothing is kept here.
 */

import { HEAD_SIZE as HASH_HEAD_SIZE } from '../../../lib/universal-hash.ts';
import { PAYLOAD } from '../packet.ts';
import { openData, sendData } from '../router.ts';
import { type Fragments, sizeOfFragment } from './fragments.ts';
import {
  BITS,
  FIRST,
  FLAGS,
  FRAGMENT,
  FRAGMENT_BYTES,
  FRAGMENT_OF,
  FRAGMENT_SHARE,
  HEAD_SIZE,
  NUMBER,
  RECEIVED_SIZE,
  SLOT,
  TYPE,
  TYPE_FRAGMENT,
  TYPE_RECEIVED,
} from './wire.ts';

/** So many bytes of a fragment are written before it is sent, the others may be copied while that is done. */
export const COPIED_FROM: u32 = HASH_HEAD_SIZE - FRAGMENT_BYTES;

/** The packet that is being made. */
let packet: u32 = 0;

/** Where a payload for the peer is written. It is posted before another is begun: what was begun first is lost. */
export function outbox(peer: u32): u32 {
  packet = openData(peer);
  return packet + PAYLOAD;
}

/** Sends the `size` bytes that were written there. */
export function post(peer: u32, size: u32): void {
  sendData(packet, peer, size, 0);
}

/** Begins a payload. */
export function writeHead(peer: u32, type: u32, flags: u32, slot: u32, number: u32): u32 {
  const payload = outbox(peer);
  fillHead(payload, type, flags, slot, number);
  return payload;
}

function fillHead(payload: u32, type: u32, flags: u32, slot: u32, number: u32): void {
  store<u8>(payload, type, TYPE);
  store<u8>(payload, flags, FLAGS);
  store<u16>(payload, slot, SLOT);
  store<u32>(payload, number, NUMBER);
}

export function postHead(peer: u32, type: u32, slot: u32, number: u32): void {
  writeHead(peer, type, 0, slot, number);
  post(peer, HEAD_SIZE);
}

/** Says which fragments have come. */
export function postReceived(peer: u32, flags: u32, slot: u32, number: u32, fragments: Fragments): void {
  writeHead(peer, TYPE_RECEIVED, flags, slot, number);
  store<u32>(packet + PAYLOAD, fragments.first, FIRST);
  store<u64>(packet + PAYLOAD, fragments.come, BITS);
  fragments.unsaid = 0;
  post(peer, RECEIVED_SIZE);
}

/** Begins a fragment: where its bytes are written before `postFragment`, or the first COPIED_FROM of them. */
export function fragmentBytes(peer: u32): u32 {
  return outbox(peer) + FRAGMENT_BYTES;
}

/** `from`: where those of its bytes are that are not written yet; 0 where all are. */
export function postFragment(
  peer: u32,
  flags: u32,
  slot: u32,
  number: u32,
  fragments: Fragments,
  index: u32,
  from: u32,
): void {
  const payload = packet + PAYLOAD;
  fillHead(payload, TYPE_FRAGMENT, flags, slot, number);
  store<u32>(payload, index, FRAGMENT);
  store<u32>(payload, fragments.size, FRAGMENT_OF);
  store<u32>(payload, fragments.share, FRAGMENT_SHARE);
  sendData(packet, peer, FRAGMENT_BYTES + sizeOfFragment(fragments, index), from);
}
