/**
 * This node's network cards: ports 0 … of net. Their registers are mapped one page after the other at
 * DEVICE_ADDRESS, their interrupts are the bits 0 … of the service's port, and their rings lie in the kept memory,
 * CARD_PAGES each, with a page behind them for what a later instance of the service is to know.
 */
import { unlikely } from 'rv';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { DEVICE_ADDRESS } from '../../abi/start.ts';
import {
  addressByte,
  CARD_PAGES,
  CARD_SIZE,
  frameAtHand,
  frameToSend,
  type NetworkCard,
  openCard,
  sendFrame,
  takeSent,
} from '../../lib/network-card.ts';
import { KEPT_ADDRESS, openKept, placesOfKept } from '../../runtime/kept.ts';
import { handleNamed } from '../../runtime/start.ts';
import { PORTS_MAX } from './limits.ts';
import { ETHERNET_SIZE, ETHERNET_SOURCE, ETHERNET_TYPE } from './packet.ts';
import { beginToCut, cut, pieceMax } from './pieces.ts';
import { ADDRESSES_AT, CARDS_AT, INTERRUPTS_AT } from './tables.ts';

const ADDRESS_SIZE: u32 = 6;
const ADDRESS_STRIDE: u32 = 8;

const spare = memory.data(1600, 4) + 2;
let count: u32 = 0;

//@inline
export function cardAt(port: u32): NetworkCard {
  return changetype<NetworkCard>(CARDS_AT + port * CARD_SIZE);
}

//@inline
export function cardCount(): u32 {
  return count;
}

/** Opens all there are. → 0, or why one of them cannot be used. */
export function openCards(): i32 {
  findInterrupts();
  const kept = openKept(count * CARD_PAGES + 1);
  if (kept < 0) return kept;
  for (let port: u32 = 0; port < count; port += 1) {
    const at = changetype<usize>(cardAt(port));
    const registers = DEVICE_ADDRESS + (port << PAGE_SHIFT);
    const base = KEPT_ADDRESS + ((port * CARD_PAGES) << PAGE_SHIFT);
    const opened = openCard(at, registers, base, placesOfKept() + ((port * CARD_PAGES) << 2));
    if (opened < 0) return opened;
    noteAddress(port);
  }
  return 0;
}

/** A word of the kept memory, behind what the cards have; 0 at first. */
export function keptWord(): u32 {
  return KEPT_ADDRESS + ((count * CARD_PAGES) << PAGE_SHIFT);
}

/** There are as many of them as there are cards. */
function findInterrupts(): void {
  store<u32>(INTERRUPTS_AT, handleNamed('interrupt'));
  store<u32>(INTERRUPTS_AT, handleNamed('interrupt1'), 4);
  store<u32>(INTERRUPTS_AT, handleNamed('interrupt2'), 8);
  store<u32>(INTERRUPTS_AT, handleNamed('interrupt3'), 12);
  while (count < PORTS_MAX && load<u32>(INTERRUPTS_AT + (count << 2)) !== 0) count += 1;
}

function noteAddress(port: u32): void {
  for (let index: u32 = 0; index < ADDRESS_SIZE; index += 1) {
    store<u8>(ADDRESSES_AT + port * ADDRESS_STRIDE + index, addressByte(cardAt(port), index));
  }
}

//@inline
export function interruptOf(port: u32): u32 {
  return load<u32>(INTERRUPTS_AT + (port << 2));
}

/** For packets that are to be sent: while there is time. */
export function takeAllSent(): void {
  for (let port: u32 = 0; port < count; port += 1) takeSent(cardAt(port));
}

/** Where a packet for the wire can be made so that it is sent without a copy; elsewhere while the card has no room. */
//@inline
export function openPacket(port: u32): u32 {
  const frame = frameToSend(cardAt(port));
  return frame === 0 ? spare : frame;
}

/** A packet for the wire; lost where the card has no buffer left. */
export function transmit(port: u32, packet: u32, size: u32): void {
  const card = cardAt(port);
  if (size - ETHERNET_SIZE > card.mtu) {
    unlikely();
    transmitPieces(port, packet, size);
    return;
  }
  let frame = packet;
  if (frame !== frameAtHand(card)) {
    unlikely();
    frame = copied(card, packet, size);
    if (frame === 0) return;
  }
  send(port, frame, size);
}

/** The same for one that is too long for the wire. */
function transmitPieces(port: u32, packet: u32, size: u32): void {
  const card = cardAt(port);
  const most = pieceMax(card.mtu);
  const all = size - ETHERNET_SIZE;
  beginToCut();
  if (packet !== spare) memory.copy(spare, packet, size);
  for (let offset: u32 = 0; offset < all; offset += most) {
    const frame = frameToSend(card);
    if (frame === 0) return;
    send(port, frame, cut(frame, spare, offset, min<u32>(most, all - offset), all));
  }
}

//@inline
function send(port: u32, frame: u32, size: u32): void {
  const address = ADDRESSES_AT + port * ADDRESS_STRIDE;
  store<u32>(frame, load<u32>(address), ETHERNET_SOURCE);
  store<u16>(frame, load<u16>(address, 4), ETHERNET_SOURCE + 4);
  sendFrame(cardAt(port), size);
}

/** A packet that was made elsewhere, where the card sends it from; 0 where there is no room. */
function copied(card: NetworkCard, packet: u32, size: u32): u32 {
  const frame = frameToSend(card);
  if (frame === 0) return 0;
  store<u32>(frame, load<u32>(packet));
  store<u16>(frame, load<u16>(packet, 4), 4);
  memory.copy(frame + ETHERNET_TYPE, packet + ETHERNET_TYPE, size - ETHERNET_TYPE);
  return frame;
}
