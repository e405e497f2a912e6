/**
 * Calls from this node to others'. A call is sent until something comes back: its reply, or a sign that the
 * server has it. Its data is read from the caller's lent memory whenever it is sent, and the reply's data is
 * written there as it comes, so that nothing of it is kept here.
 *
 *     SENDING ─ all fragments have come ─→ WAITING ─ reply ─→ RECEIVING ─ all of its data ─→ answered, FREE
 *
 */
import { ERROR_NODE_LOST } from '../../../abi/errors.ts';
import { incarnationStated } from '../link-state.ts';
import { acknowledgeDone } from './done.ts';
import {
  beginSending,
  CALLS_MAX,
  type Exchange,
  exchangeAt,
  FREE,
  firstFree,
  incomingOf,
  isNone,
  messageOf,
  nextInUse,
  outgoingOf,
  pump,
  release,
  sendMessage,
  takeMessage,
  use,
} from './exchange.ts';
import { callBack, hasForgotten, isComplete, isTimeToSay, learn, loseAll, take } from './fragments.ts';
import { answerCaller, isCallerWaiting } from './local.ts';
import { postReceived } from './outbox.ts';
import { learnRoundTrip, patience } from './pace.ts';
import { writeCallersData } from './ranges.ts';
import {
  BITS,
  EXTRAS_SIZE,
  FLAG_FAILED,
  FLAG_OF_REPLY,
  FLAGS,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  fillWords,
  HELD,
  isPlain,
  LABEL,
  NUMBER,
  OFFSET,
  SLOT,
  TARGET,
  TYPE,
  TYPE_REQUEST,
} from './wire.ts';

const SENDING: u32 = 1;
export const WAITING: u32 = 2;
const RECEIVING: u32 = 3;

/** Between signs of life of a server that has the request. */
const PROBE_STEPS: u32 = 5000;
/** Slots are for everything that is under way; those from here on for calls whose caller waits. */
const RESERVED_FROM: u32 = 128;
export const NO_SLOT: u32 = CALLS_MAX;

/** A free slot; NO_SLOT where there is none for a call, or for what nobody waits for. */
export function takeSlot(isCall: bool): u32 {
  const end = isCall ? CALLS_MAX : RESERVED_FROM;
  const slot = firstFree(0, end);
  return slot < end ? slot : NO_SLOT;
}

/** Where to write the slot's request: flags, and from the label on, as the wire has it. */
export function requestAt(slot: u32): u32 {
  return messageOf(exchangeAt(slot));
}

/** Sends the request that was written into the slot to the exported port `target` of the peer. */
export function launch(slot: u32, peer: u32, target: u32, token: u32, now: u32): void {
  const call = exchangeAt(slot);
  assert(call.state === FREE);
  use(slot);
  call.slot = slot;
  call.number += 1;
  call.peer = peer;
  call.token = token;
  call.beganAt = now;
  call.tries = 0;
  call.isBusy = 0;
  call.incarnation = incarnationStated(peer);
  const message = messageOf(call);
  store<u8>(message, TYPE_REQUEST, TYPE);
  store<u16>(message, slot, SLOT);
  store<u32>(message, call.number, NUMBER);
  store<u32>(message, target, TARGET);
  beginSending(call);
  call.state = outgoingOf(call).count === 0 ? WAITING : SENDING;
  send(call, now);
}

function send(call: Exchange, now: u32): void {
  const fault = sendMessage(call, now);
  if (fault !== 0) giveUp(call, fault);
}

/** More of the request's data, where it is still going out: there is room again. */
export function pumpCalls(peer: u32): void {
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (call.peer === peer && call.state === SENDING) pumpOn(call);
  }
}

function pumpOn(call: Exchange): void {
  if (isPeerReplaced(call)) return;
  const fault = pump(call);
  if (fault !== 0) giveUp(call, fault);
}

/** The call that the payload is about; none where it is an old one. */
function callOf(peer: u32, payload: u32): Exchange {
  const slot = <u32>load<u16>(payload, SLOT);
  if (slot >= CALLS_MAX) return changetype<Exchange>(0);
  const call = exchangeAt(slot);
  if (call.number !== load<u32>(payload, NUMBER)) return changetype<Exchange>(0);
  return call.state !== FREE && call.peer === peer ? call : changetype<Exchange>(0);
}

/** The server says which fragments of the request it has. */
export function hearReceived(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call) || call.state === RECEIVING) return;
  const fragments = outgoingOf(call);
  if (hasForgotten(fragments, load<u32>(payload, BITS), load<u32>(payload, BITS + 4))) {
    callBack(fragments, peer);
    beginSending(call);
    call.state = SENDING;
  }
  if (call.state !== SENDING) return;
  call.touchedAt = now;
  call.tries = 0;
  learn(fragments, peer, load<u32>(payload, BITS), load<u32>(payload, BITS + 4));
  if (isComplete(fragments)) call.state = WAITING;
  else pumpOn(call);
}

/** The server has the whole request and works on it. */
export function hearBusy(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) return;
  if (call.state === SENDING) call.state = WAITING;
  call.touchedAt = now;
  call.isBusy = 1;
  call.tries = 0;
}

/** The server could not reach this node for a while, and has given the call up: it was carried out, or begun. */
export function hearGone(peer: u32, payload: u32): void {
  const call = callOf(peer, payload);
  if (!isNone(call)) giveUp(call, ERROR_NODE_LOST);
}

export function hearReply(peer: u32, payload: u32, size: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) {
    acknowledgeDone(peer, load<u16>(payload, SLOT), load<u32>(payload, NUMBER));
    return;
  }
  call.touchedAt = now;
  if (call.state === RECEIVING) return;
  if ((call.tries | call.isBusy) === 0) learnRoundTrip(peer, now - call.beganAt - load<u32>(payload, HELD));
  if (isPlain(payload)) {
    end(call);
    fillWords(payload, size);
    answer(call, payload);
    return;
  }
  const data = takeMessage(call, payload, size);
  call.state = RECEIVING;
  call.tries = 0;
  if (incomingOf(call).count !== 0) return;
  if (data !== 0 && !writeData(call, 0, payload + EXTRAS_SIZE, data)) return;
  conclude(call);
}

/** A fragment of the reply's data. */
export function hearReplyFragment(peer: u32, payload: u32, size: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call) || call.state !== RECEIVING) return;
  const fragments = incomingOf(call);
  const offset = load<u32>(payload, OFFSET);
  call.touchedAt = now;
  call.tries = 0;
  if (take(fragments, offset / FRAGMENT_MAX, size - FRAGMENT_BYTES)) {
    if (!writeData(call, offset, payload + FRAGMENT_BYTES, size - FRAGMENT_BYTES)) return;
  }
  if (isTimeToSay(fragments)) postReceived(peer, FLAG_OF_REPLY, call.slot, call.number, fragments);
  if (isComplete(fragments)) conclude(call);
}

/** False where that was in vain, and the call is over. */
function writeData(call: Exchange, offset: u32, from: u32, size: u32): bool {
  const fault = writeCallersData(call.token, messageOf(call), offset, from, size);
  if (fault !== 0) giveUp(call, fault);
  return fault === 0;
}

/** The reply is here, and all of its data is in the caller's memory. */
function conclude(call: Exchange): void {
  end(call);
  answer(call, messageOf(call));
}

function answer(call: Exchange, message: u32): void {
  const hasFailed = (<u32>load<u8>(message, FLAGS) & FLAG_FAILED) !== 0;
  answerCaller(call.peer, call.token, hasFailed ? <i32>load<u32>(message, LABEL) : 0, message);
}

/** The slot is free again, and the server will hear that it may forget the call. */
function end(call: Exchange): void {
  release(call);
  acknowledgeDone(call.peer, call.slot, call.number);
}

/** The caller's memory is not what it was lent as, or the caller or its peer is gone. */
function giveUp(call: Exchange, error: i32): void {
  end(call);
  answerCaller(call.peer, call.token, error, 0);
}

/** Of the peer there is but this incarnation: whether calls to others were carried out nobody will know. */
export function loseCalls(peer: u32, incarnation: u32): void {
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (call.peer !== peer || call.incarnation === incarnation) continue;
    release(call);
    answerCaller(peer, call.token, ERROR_NODE_LOST, 0);
  }
}

/** Whether there are any that their server has not acknowledged. */
export function hasHurriedCalls(): bool {
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (call.isBusy === 0 || call.state !== WAITING) return true;
  }
  return false;
}

/** Sends again what was not answered for too long, and gives up what nobody waits for. */
export function tickCalls(now: u32): void {
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (!isCallerWaiting(call.token)) end(call);
    else if (isPeerReplaced(call)) giveUp(call, ERROR_NODE_LOST);
    else remind(call, now);
  }
}

/** Whether the peer has begun anew since the call was made. */
function isPeerReplaced(call: Exchange): bool {
  const incarnation = incarnationStated(call.peer);
  return incarnation !== call.incarnation && incarnation !== 0;
}

function remind(call: Exchange, now: u32): void {
  const wait = call.isBusy !== 0 && call.state === WAITING ? PROBE_STEPS : patience(call.peer, call.tries);
  if (now - call.touchedAt < wait) return;
  call.tries += 1;
  if (call.state === RECEIVING) {
    call.touchedAt = now;
    postReceived(call.peer, FLAG_OF_REPLY, call.slot, call.number, incomingOf(call));
    return;
  }
  if (call.state === SENDING) loseAll(outgoingOf(call), call.peer);
  send(call, now);
}
