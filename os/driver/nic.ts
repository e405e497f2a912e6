/**
 * The network card's driver: the frames of os/lib/network-card.ts for the clients of os/proto/nic.ts.
 *
 * A client's frame is copied into a free buffer and is on its way; where there is none it waits for one. Those
 * who ask for frames are served in their order. What nobody asks for stays with the card until it overflows.
 */
import { FRAME_HEADER_SIZE } from '../../hw/manual/ethernet.ts';
import { ERROR_BAD_ARGUMENT, ERROR_TOO_LARGE } from '../abi/errors.ts';
import { NOTIFIED } from '../abi/message.ts';
import { DEVICE_ADDRESS } from '../abi/start.ts';
import {
  addressByte,
  CARD_PAGES,
  CARD_SIZE,
  frameDone,
  frameMax,
  frameToSend,
  hasCarrier,
  type NetworkCard,
  nextFrame,
  openCard,
  sendFrame,
  takeCardInterrupt,
  wantRoom,
} from '../lib/network-card.ts';
import { completeCarrierAfter, completeReceive, completeSend, dispatch } from '../proto/nic.server.ts';
import type { Station } from '../proto/nic.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt, wordAt } from '../runtime/call-queue.ts';
import { KEPT_ADDRESS, openKept, placesOfKept } from '../runtime/kept.ts';
import { deliverLent, fetchLent } from '../runtime/lent.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { handleNamed } from '../runtime/start.ts';
import { acknowledge } from '../runtime/system.ts';

const requestBytes = memory.data(64, 4);
const cardBytes = memory.data(128, 4);
const sendersBytes = memory.data(136, 4);
const receiversBytes = memory.data(136, 4);
const watchersBytes = memory.data(136, 4);

/** Calls that wait for a buffer, for a frame, for the carrier to change; their word is the range's size. */
let senders = changetype<CallQueue>(0);
let receivers = changetype<CallQueue>(0);
let watchers = changetype<CallQueue>(0);
/** A frame that nobody has been given yet, though it was asked for. */
let frame: u32 = 0;
let interrupt: u32 = 0;

export function main(_argument: u32): i32 {
  const opened = open();
  if (opened < 0) return opened;
  const server = changetype<Line>(0);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    if (result === NOTIFIED) takeInterrupt();
    else dispatch(server, request);
    result = nextRequest(request);
  }
  return result;
}

function open(): i32 {
  assert(CARD_SIZE <= 128);
  senders = openCalls(sendersBytes, 136);
  receivers = openCalls(receiversBytes, 136);
  watchers = openCalls(watchersBytes, 136);
  interrupt = handleNamed('interrupt');
  const kept = openKept(CARD_PAGES);
  if (kept < 0) return kept;
  return openCard(cardBytes, DEVICE_ADDRESS, KEPT_ADDRESS, placesOfKept());
}

//@unmanaged
class Line {
  send(request: Message, contentsSize: u32): i32 {
    if (contentsSize < FRAME_HEADER_SIZE) return ERROR_BAD_ARGUMENT;
    if (contentsSize > frameMax(theCard())) return ERROR_TOO_LARGE;
    const kept = keepCall(senders, request.token, contentsSize);
    if (kept === LATER) sendFrames();
    return kept;
  }

  receive(request: Message, intoSize: u32): i32 {
    const kept = keepCall(receivers, request.token, intoSize);
    if (kept === LATER) handOutFrames();
    return kept;
  }

  describe(_request: Message, result: Station): i32 {
    const card = theCard();
    result.addressLow = 0;
    result.addressHigh = addressByte(card, 4) | (addressByte(card, 5) << 8);
    for (let index: u32 = 0; index < 4; index += 1) {
      result.addressLow |= addressByte(card, index) << (index << 3);
    }
    result.frameMax = frameMax(card);
    result.isUp = hasCarrier(card) ? 1 : 0;
    return 0;
  }

  carrierAfter(request: Message, carrier: bool): i32 {
    if (hasCarrier(theCard()) !== carrier) return carrier ? 0 : 1;
    return keepCall(watchers, request.token, carrier ? 1 : 0);
  }
}

function takeInterrupt(): void {
  const hasCarrierChanged = takeCardInterrupt(theCard());
  acknowledge(interrupt);
  sendFrames();
  handOutFrames();
  if (hasCarrierChanged) tellCarrier();
}

/** As many of those who wait to send as there are buffers for. */
function sendFrames(): void {
  const card = theCard();
  while (senders.count > 0) {
    let to = frameToSend(card);
    wantRoom(card, to === 0);
    if (to === 0) to = frameToSend(card);
    if (to === 0) return;
    const token = tokenAt(senders, 0);
    const size = wordAt(senders, 0);
    const copied = fetchLent(token, 0, 0, to, size);
    if (copied === 0) sendFrame(card, size);
    completeSend(token, copied);
    dropCall(senders, 0);
  }
}

/** Frames that have arrived, to those who wait for one. */
function handOutFrames(): void {
  const card = theCard();
  while (receivers.count > 0) {
    if (frame === 0) frame = nextFrame(card);
    if (frame === 0) return;
    const status = deliver(tokenAt(receivers, 0), wordAt(receivers, 0));
    const isTaken = completeReceive(tokenAt(receivers, 0), status) === 0 && status >= 0;
    dropCall(receivers, 0);
    if (!isTaken) continue;
    frameDone(card);
    frame = 0;
  }
}

/** → the frame's size, or why the client cannot have it. */
function deliver(token: u32, room: u32): i32 {
  const size = theCard().frameSize;
  if (size > room) return ERROR_TOO_LARGE;
  const copied = deliverLent(token, 0, 0, frame, size);
  return copied === 0 ? size : copied;
}

function tellCarrier(): void {
  const carrier: u32 = hasCarrier(theCard()) ? 1 : 0;
  let index: u32 = 0;
  while (index < watchers.count) {
    if (wordAt(watchers, index) === carrier) {
      index += 1;
      continue;
    }
    completeCarrierAfter(tokenAt(watchers, index), carrier);
    dropCall(watchers, index);
  }
}

function theCard(): NetworkCard {
  return changetype<NetworkCard>(cardBytes);
}
