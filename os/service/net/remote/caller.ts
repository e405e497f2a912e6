/**
 * Calls from this node to others'. A call is sent until something comes back: its reply, or a sign that the
 * server has it. Its data is read from the caller's lent memory whenever it is sent, and the reply's data is
 * written there as it comes, so that nothing of it is kept here.
 *
 *     SENDING ─ all fragments have come ─→ WAITING ─ reply ─→ RECEIVING ─ all of its data ─→ answered, FREE
 *                                              └─ its data first ─→ HEADLESS ─ reply ─┘
 *
 * Who sends data sees to it that it comes; who waits for a small answer asks again after two round trips or so, and
 * is told then that it takes longer, if it does.
 */
import { ERROR_NODE_LOST } from '../../../abi/errors.ts';
import { CALLS_MAX } from '../limits.ts';
import { incarnationStated } from '../link-state.ts';
import { acknowledgeAgain, acknowledgeDone, sayByCall } from './done.ts';
import {
  beginSending,
  type Exchange,
  exchangeAt,
  FREE,
  firstFree,
  incomingOf,
  isFragmentOf,
  isNone,
  isOf,
  messageOf,
  nextInUse,
  outgoingOf,
  probe,
  pump,
  release,
  sendHead,
  sendMessage,
  takeEarly,
  takeHead,
  takeMessage,
  use,
} from './exchange.ts';
import { callBack, hasForgotten, isComplete, isTimeToSay, learn, take } from './fragments.ts';
import { hurry } from './hurry.ts';
import { answerCaller, isCallerWaiting } from './local.ts';
import { postReceived } from './outbox.ts';
import { flightPatience, learnRoundTrip, PATIENCE_MIN, patience } from './pace.ts';
import { writeCallersData } from './ranges.ts';
import {
  BITS,
  EXTRAS_SIZE,
  FIRST,
  FLAG_ASKS,
  FLAG_FAILED,
  FLAG_HEADLESS,
  FLAG_OF_REPLY,
  FLAGS,
  FRAGMENT,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  fillWords,
  HELD,
  isPlain,
  LABEL,
  NUMBER,
  SLOT,
  TARGET,
  TYPE,
  TYPE_REQUEST,
  WRITABLE,
} from './wire.ts';

const SENDING: u32 = 1;
export const WAITING: u32 = 2;
const RECEIVING: u32 = 3;
const HEADLESS: u32 = 4;
/** The server has had no room for the request: it is asked again before any data is sent. */
const ASKING: u32 = 5;

/** Between signs of life of a server that has the request. */
const PROBE_STEPS: u32 = 5000;
/** Between two requests to a server that had no room. */
const ASK_STEPS: u32 = 200;
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
  sayByCall(peer, slot);
  send(call, now);
}

function send(call: Exchange, now: u32): void {
  hurry(PATIENCE_MIN);
  settle(call, sendMessage(call, now));
}

/** Something has come of the call. */
function hearOf(call: Exchange, now: u32): void {
  call.touchedAt = now;
  if (call.tries === 0) return;
  call.tries = 0;
  hurry(PATIENCE_MIN);
}

/** More of the request's data, where it is still going out: there is room again. */
export function pumpCalls(peer: u32, now: u32): void {
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (call.peer === peer && call.state === SENDING) pumpOn(call, now);
  }
}

function pumpOn(call: Exchange, now: u32): void {
  if (isPeerReplaced(call)) return;
  settle(call, pump(call, now));
}

function settle(call: Exchange, fault: i32): void {
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
  if (isNone(call) || call.state === RECEIVING || call.state === HEADLESS) return;
  const fragments = outgoingOf(call);
  const first = load<u32>(payload, FIRST);
  const bits = load<u64>(payload, BITS);
  if (fragments.count === 0) return;
  if (hasForgotten(fragments, first, bits)) {
    callBack(fragments, peer);
    beginSending(call);
    call.state = SENDING;
    hurry(PATIENCE_MIN);
  }
  if (call.state === ASKING) call.state = SENDING;
  if (call.state !== SENDING) return;
  hearOf(call, now);
  learn(fragments, peer, first, bits, now);
  if ((<u32>load<u8>(payload, FLAGS) & FLAG_HEADLESS) !== 0) {
    const fault = isPeerReplaced(call) ? 0 : sendHead(call, now);
    if (fault !== 0) giveUp(call, fault);
    if (fault !== 0 || isComplete(fragments)) return;
  }
  if (isComplete(fragments)) {
    call.state = WAITING;
    hurry(PATIENCE_MIN);
  } else pumpOn(call, now);
}

/** The server has the whole request and works on it. */
export function hearBusy(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) return;
  if (call.state === SENDING || call.state === ASKING) call.state = WAITING;
  call.touchedAt = now;
  call.isBusy = 1;
  call.tries = 0;
}

/** The server could not reach this node for a while, and has given the call up: it was carried out, or begun. */
export function hearGone(peer: u32, payload: u32): void {
  const call = callOf(peer, payload);
  if (!isNone(call)) giveUp(call, ERROR_NODE_LOST);
}

/** The server has no room for the request and its data. */
export function hearFull(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call) || call.state !== SENDING) return;
  callBack(outgoingOf(call), peer);
  const message = messageOf(call);
  store<u8>(message, <u32>load<u8>(message, FLAGS) | FLAG_ASKS, FLAGS);
  call.state = ASKING;
  call.touchedAt = now;
  hurry(ASK_STEPS);
}

export function hearReply(peer: u32, payload: u32, size: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) {
    acknowledgeDone(peer, load<u16>(payload, SLOT), load<u32>(payload, NUMBER));
    return;
  }
  if (call.state === WAITING && (call.tries | call.isBusy) === 0)
    learnRoundTrip(peer, now - call.beganAt - load<u32>(payload, HELD));
  if (isPlain(payload)) {
    end(call);
    fillWords(payload, size);
    answer(call, payload);
    return;
  }
  hearRichReply(call, payload, now);
}

/** One with data or handles. */
function hearRichReply(call: Exchange, payload: u32, now: u32): void {
  if (call.state === RECEIVING) return;
  if (call.state === HEADLESS) {
    if (!isOf(call, payload)) return;
    takeHead(call, payload, EXTRAS_SIZE);
    call.state = RECEIVING;
    if (isComplete(incomingOf(call))) conclude(call);
    return;
  }
  beginReceiving(call, RECEIVING, now);
  const data = takeMessage(call, payload);
  if (incomingOf(call).count !== 0) return;
  if (data !== 0 && !writeData(call, 0, payload + EXTRAS_SIZE, data)) return;
  conclude(call);
}

/** Something of the reply has come: the request is over. */
function beginReceiving(call: Exchange, state: u32, now: u32): void {
  if (outgoingOf(call).count !== 0) callBack(outgoingOf(call), call.peer);
  call.state = state;
  call.touchedAt = now;
  call.tries = 0;
  hurry(waitOf(call));
}

/** A fragment of the reply's data. */
export function hearReplyFragment(peer: u32, payload: u32, size: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) {
    acknowledgeAgain(peer, load<u16>(payload, SLOT), load<u32>(payload, NUMBER));
    return;
  }
  if (call.state !== RECEIVING && call.state !== HEADLESS) {
    beginReceiving(call, HEADLESS, now);
    takeEarly(call, payload);
  }
  const fragments = incomingOf(call);
  if (!isFragmentOf(call, payload)) return;
  const index = load<u32>(payload, FRAGMENT);
  hearOf(call, now);
  if (take(fragments, index)) {
    if (!writeData(call, index * FRAGMENT_MAX, payload + FRAGMENT_BYTES, size - FRAGMENT_BYTES)) return;
  }
  if (isTimeToSay(fragments) || (<u32>load<u8>(payload, FLAGS) & FLAG_ASKS) !== 0) sayReceived(call);
  if (call.state === RECEIVING && isComplete(fragments)) conclude(call);
}

function sayReceived(call: Exchange): void {
  const flags = call.state === HEADLESS ? FLAG_OF_REPLY | FLAG_HEADLESS : FLAG_OF_REPLY;
  postReceived(call.peer, flags, call.slot, call.number, incomingOf(call));
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

/** Sends again what was not answered for too long, and gives up what nobody waits for. → steps until the next time. */
export function tickCalls(now: u32): u32 {
  let soonest = PROBE_STEPS;
  for (let slot = nextInUse(0, CALLS_MAX); slot < CALLS_MAX; slot = nextInUse(slot + 1, CALLS_MAX)) {
    const call = exchangeAt(slot);
    if (!isCallerWaiting(call.token)) end(call);
    else if (isPeerReplaced(call)) giveUp(call, ERROR_NODE_LOST);
    else soonest = min<u32>(soonest, remind(call, now));
  }
  return soonest;
}

/** Whether the peer has begun anew since the call was made. */
function isPeerReplaced(call: Exchange): bool {
  const incarnation = incarnationStated(call.peer);
  return incarnation !== call.incarnation && incarnation !== 0;
}

/** → steps until it is to be looked at again. */
function remind(call: Exchange, now: u32): u32 {
  const passed = now - call.touchedAt;
  const wait = waitOf(call);
  if (passed < wait) return wait - passed;
  if (call.state === SENDING) settle(call, probe(call, now));
  else {
    call.tries += 1;
    call.touchedAt = now;
    if (call.state === WAITING || call.state === ASKING) settle(call, sendHead(call, now));
    else sayReceived(call);
  }
  return waitOf(call);
}

function waitOf(call: Exchange): u32 {
  if (call.state === SENDING) return flightPatience(call.peer, call.tries);
  if (call.state === ASKING) return ASK_STEPS;
  if (call.state !== WAITING) return flightPatience(call.peer, call.tries + 2);
  if (call.isBusy !== 0) return PROBE_STEPS;
  return hasMuchRoom(messageOf(call))
    ? flightPatience(call.peer, call.tries)
    : patience(call.peer, call.tries);
}

/** Whether the answer to a request may have so much data that it takes longer than most. */
function hasMuchRoom(request: u32): bool {
  return !isPlain(request) && load<u32>(request, WRITABLE) + load<u32>(request, WRITABLE + 4) > FRAGMENT_MAX;
}
