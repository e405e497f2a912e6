/**
 * Payloads on their way out: one is written into the outbox and sent. Whatever does not get there is sent again
 * by whoever keeps it, so that nothing is kept here.
 */

import { PAYLOAD } from '../packet.ts';
import { sendData } from '../router.ts';
import { type Fragments, sizeOfFragment } from './fragments.ts';
import {
  BITS,
  FLAGS,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  HEAD_SIZE,
  NUMBER,
  OFFSET,
  RECEIVED_SIZE,
  SLOT,
  TYPE,
  TYPE_FRAGMENT,
  TYPE_RECEIVED,
} from './wire.ts';

/** 2 more than a multiple of 4, as packets are. */
const packet = memory.data(1520, 4) + 2;

/** Where a payload is written. */
export function outbox(): u32 {
  return packet + PAYLOAD;
}

/** Sends the `size` bytes that were written there. */
export function post(peer: u32, size: u32): void {
  sendData(packet, peer, size);
}

export function writeHead(type: u32, flags: u32, slot: u32, number: u32): void {
  const payload = outbox();
  store<u8>(payload, type, TYPE);
  store<u8>(payload, flags, FLAGS);
  store<u16>(payload, slot, SLOT);
  store<u32>(payload, number, NUMBER);
}

export function postHead(peer: u32, type: u32, slot: u32, number: u32): void {
  writeHead(type, 0, slot, number);
  post(peer, HEAD_SIZE);
}

/** Says which fragments have come. */
export function postReceived(peer: u32, flags: u32, slot: u32, number: u32, fragments: Fragments): void {
  writeHead(TYPE_RECEIVED, flags, slot, number);
  store<u32>(outbox(), fragments.low, BITS);
  store<u32>(outbox(), fragments.high, BITS + 4);
  fragments.unsaid = 0;
  post(peer, RECEIVED_SIZE);
}

/** Where the fragment's bytes are written before `postFragment`. */
export function fragmentBytes(): u32 {
  return outbox() + FRAGMENT_BYTES;
}

export function postFragment(
  peer: u32,
  flags: u32,
  slot: u32,
  number: u32,
  fragments: Fragments,
  index: u32,
): void {
  writeHead(TYPE_FRAGMENT, flags, slot, number);
  store<u32>(outbox(), index * FRAGMENT_MAX, OFFSET);
  post(peer, FRAGMENT_BYTES + sizeOfFragment(fragments, index));
}
