/**
 * Calls from this node to others'. A call is sent until something comes back: its reply, or a sign that the
 * server has it. Its data is read from the caller's lent memory whenever it is sent, and the reply's data is
 * written there as it comes, so that nothing of it is kept here.
 *
 *     SENDING ─ all fragments have come ─→ WAITING ─ reply ─→ RECEIVING ─ all of its data ─→ answered, FREE
 *
 */
import { ERROR_NODE_LOST } from '../../../abi/errors.ts';
import { THREADS_MAX } from '../../../abi/limits.ts';
import { incarnationStated } from '../link-state.ts';
import { acknowledgeDone } from './done.ts';
import {
  beginFragments,
  type Fragments,
  isComplete,
  isFragment,
  isTimeToSay,
  learn,
  loseAll,
  nextToSend,
  sizeOfFragment,
  take,
} from './fragments.ts';
import { answerCaller, isCallerWaiting, readCaller, writeCaller } from './local.ts';
import { fragmentBytes, outbox, post, postFragment, postReceived } from './outbox.ts';
import { learnRoundTrip, patience } from './pace.ts';
import {
  BITS,
  DATA_SIZE,
  EXTRAS_SIZE,
  FLAG_EXTRAS,
  FLAG_OF_REPLY,
  FLAGS,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  HELD,
  INLINE_MAX,
  NUMBER,
  OFFSET,
  PLAIN_SIZE,
  SENT,
  SLOT,
  TARGET,
  TYPE,
  TYPE_REQUEST,
} from './wire.ts';

const FREE: u32 = 0;
const SENDING: u32 = 1;
const WAITING: u32 = 2;
const RECEIVING: u32 = 3;

/** Between signs of life of a server that has the request. */
const PROBE_STEPS: u32 = 5000;

//@unmanaged
class Call {
  state: u32 = 0;
  peer: u32 = 0;
  /** Of the call among those in this slot. */
  number: u32 = 0;
  /** The kernel's name of the waiting caller. */
  token: u32 = 0;
  beganAt: u32 = 0;
  /** When something was last sent or heard. */
  touchedAt: u32 = 0;
  tries: u32 = 0;
  isBusy: u32 = 0;
  /** The life of the peer that the call is for: no later one may carry it out. */
  incarnation: u32 = 0;
}

/** Behind a Call: the request's fragments, the reply's, and the first packet of either. */
const OUTGOING: u32 = 36;
const INCOMING: u32 = 68;
const HEADER: u32 = 100;
const CALL_SIZE: u32 = 204;

const pool = memory.data(52_224);
let active: u32 = 0;

function callAt(slot: u32): Call {
  return changetype<Call>(pool + slot * CALL_SIZE);
}

//@inline
function outgoingOf(call: Call): Fragments {
  return changetype<Fragments>(changetype<usize>(call) + OUTGOING);
}

//@inline
function incomingOf(call: Call): Fragments {
  return changetype<Fragments>(changetype<usize>(call) + INCOMING);
}

//@inline
function headerOf(call: Call): u32 {
  return changetype<usize>(call) + HEADER;
}

function slotOf(call: Call): u32 {
  return (changetype<usize>(call) - pool) / CALL_SIZE;
}

/** Slots are for everything that is under way; the last RESERVED_SLOTS of them for those whose caller waits. */
const RESERVED_SLOTS: u32 = 128;
export const NO_SLOT: u32 = THREADS_MAX;

/** A free slot; NO_SLOT where there is none for a call, or for what nobody waits for. */
export function takeSlot(isCall: bool): u32 {
  const end = isCall ? THREADS_MAX : THREADS_MAX - RESERVED_SLOTS;
  let slot: u32 = 0;
  while (slot < end && callAt(slot).state !== FREE) slot += 1;
  return slot < end ? slot : NO_SLOT;
}

/** Where to write the slot's request: flags, and from the label on, as the wire has it. */

export function requestAt(slot: u32): u32 {
  return headerOf(callAt(slot));
}

/** Sends the request that was written into the slot to the exported port `target` of the peer. */
export function launch(slot: u32, peer: u32, target: u32, token: u32, now: u32): void {
  const call = callAt(slot);
  assert(call.state === FREE);
  const header = headerOf(call);
  call.number += 1;
  call.peer = peer;
  call.token = token;
  call.beganAt = now;
  call.tries = 0;
  call.isBusy = 0;
  call.incarnation = incarnationStated(peer);
  store<u8>(header, TYPE_REQUEST, TYPE);
  store<u16>(header, slot, SLOT);
  store<u32>(header, call.number, NUMBER);
  store<u32>(header, target, TARGET);
  const hasExtras = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0;
  beginFragments(outgoingOf(call), hasExtras ? load<u32>(header, DATA_SIZE) : 0);
  call.state = outgoingOf(call).count === 0 ? WAITING : SENDING;
  active += 1;
  sendRequest(call, now);
}

/** The first packet, and what the window allows of the fragments. */
function sendRequest(call: Call, now: u32): void {
  call.touchedAt = now;
  const header = headerOf(call);
  const size = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0 ? EXTRAS_SIZE : PLAIN_SIZE;
  const payload = outbox(call.peer);
  memory.copy(payload, header, size);
  let inline: u32 = 0;
  if (size === EXTRAS_SIZE && load<u32>(header, DATA_SIZE) <= INLINE_MAX) {
    inline = load<u32>(header, DATA_SIZE);
    if (!readData(call, 0, payload + EXTRAS_SIZE, inline)) return;
  }
  post(call.peer, size + inline);
  pump(call);
}

function pump(call: Call): void {
  if (isPeerReplaced(call)) return;
  const fragments = outgoingOf(call);
  for (let index = nextToSend(fragments); isFragment(index); index = nextToSend(fragments)) {
    if (!readData(call, index * FRAGMENT_MAX, fragmentBytes(call.peer), sizeOfFragment(fragments, index)))
      return;
    postFragment(call.peer, 0, slotOf(call), call.number, fragments, index);
  }
}

/** The call that the payload is about, in one of the states wanted; none where it is an old one. */
function callOf(peer: u32, payload: u32): Call {
  const slot = <u32>load<u16>(payload, SLOT);
  if (slot >= THREADS_MAX) return changetype<Call>(0);
  const call = callAt(slot);
  const isCurrent = call.state !== FREE && call.peer === peer && call.number === load<u32>(payload, NUMBER);
  return isCurrent ? call : changetype<Call>(0);
}

//@inline
function isNone(call: Call): bool {
  return changetype<usize>(call) === 0;
}

/** The server says which fragments of the request it has. */
export function hearReceived(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call) || call.state !== SENDING) return;
  const fragments = outgoingOf(call);
  call.touchedAt = now;
  call.tries = 0;
  learn(fragments, load<u32>(payload, BITS), load<u32>(payload, BITS + 4));
  if (isComplete(fragments)) call.state = WAITING;
  else pump(call);
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

export function hearReply(peer: u32, payload: u32, now: u32): void {
  const call = callOf(peer, payload);
  if (isNone(call)) {
    acknowledgeDone(peer, load<u16>(payload, SLOT), load<u32>(payload, NUMBER));
    return;
  }
  call.touchedAt = now;
  if (call.state === RECEIVING) return;
  if (call.tries === 0 && call.isBusy === 0)
    learnRoundTrip(peer, now - call.beganAt - load<u32>(payload, HELD));
  const hasExtras = (<u32>load<u8>(payload, FLAGS) & FLAG_EXTRAS) !== 0;
  memory.copy(headerOf(call), payload, hasExtras ? EXTRAS_SIZE : PLAIN_SIZE);
  const size = hasExtras ? load<u32>(payload, DATA_SIZE) : 0;
  beginFragments(incomingOf(call), size);
  call.state = RECEIVING;
  call.tries = 0;
  if (incomingOf(call).count !== 0) return;
  if (size !== 0 && !writeData(call, 0, payload + EXTRAS_SIZE, size)) return;
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
  if (isTimeToSay(fragments)) postReceived(peer, FLAG_OF_REPLY, slotOf(call), call.number, fragments);
  if (isComplete(fragments)) conclude(call);
}

/** The reply is here, and all of its data is in the caller's memory. */
function conclude(call: Call): void {
  release(call);
  answerCaller(call.peer, call.token, <i32>load<u32>(headerOf(call), TARGET), headerOf(call));
}

/** The slot is free again, and the server will hear that it may forget the call. */
function release(call: Call): void {
  call.state = FREE;
  active -= 1;
  acknowledgeDone(call.peer, slotOf(call), call.number);
}

/** Of the peer there is but this incarnation: whether calls to others were carried out nobody will know. */
export function loseCalls(peer: u32, incarnation: u32): void {
  for (let slot: u32 = 0; slot < THREADS_MAX; slot += 1) {
    const call = callAt(slot);
    if (call.state === FREE || call.peer !== peer || call.incarnation === incarnation) continue;
    call.state = FREE;
    active -= 1;
    answerCaller(peer, call.token, ERROR_NODE_LOST, 0);
  }
}

export function hasCalls(): bool {
  return active !== 0;
}

/** Sends again what was not answered for too long, and gives up what nobody waits for. */
export function tickCalls(now: u32): void {
  if (active === 0) return;
  for (let slot: u32 = 0; slot < THREADS_MAX; slot += 1) {
    const call = callAt(slot);
    if (call.state === FREE) continue;
    if (!isCallerWaiting(call.token)) release(call);
    else if (isPeerReplaced(call)) giveUp(call, ERROR_NODE_LOST);
    else remind(call, now);
  }
}

/** Whether the peer has begun anew since the call was made. */
function isPeerReplaced(call: Call): bool {
  const incarnation = incarnationStated(call.peer);
  return incarnation !== call.incarnation && incarnation !== 0;
}

function remind(call: Call, now: u32): void {
  const wait = call.isBusy !== 0 && call.state === WAITING ? PROBE_STEPS : patience(call.peer, call.tries);
  if (now - call.touchedAt < wait) return;
  call.tries += 1;
  if (call.state === RECEIVING) {
    call.touchedAt = now;
    postReceived(call.peer, FLAG_OF_REPLY, slotOf(call), call.number, incomingOf(call));
    return;
  }
  if (call.state === SENDING) loseAll(outgoingOf(call));
  sendRequest(call, now);
}

/** Out of the lent ranges, which follow one another in the data. False where the caller does not wait any more. */
function readData(call: Call, offset: u32, to: u32, size: u32): bool {
  let done: u32 = 0;
  while (done < size) {
    const range = rangeAt(call, offset + done);
    const start = range === 0 ? 0 : load<u32>(headerOf(call), SENT);
    const end = start + load<u32>(headerOf(call) + (range << 2), SENT);
    const want = min<u32>(size - done, end - offset - done);
    const got = readCaller(call.token, range, offset + done - start, to + done, want);
    if (got <= 0) return giveUp(call, got);
    done += got;
  }
  return true;
}

/** Into them: the reply's `sent` says how much of each comes. */
function writeData(call: Call, offset: u32, from: u32, size: u32): bool {
  let done: u32 = 0;
  while (done < size) {
    const range = rangeAt(call, offset + done);
    const start = range === 0 ? 0 : load<u32>(headerOf(call), SENT);
    const end = start + load<u32>(headerOf(call) + (range << 2), SENT);
    const want = min<u32>(size - done, end - offset - done);
    const put = writeCaller(call.token, range, offset + done - start, from + done, want);
    if (put <= 0) return giveUp(call, put);
    done += put;
  }
  return true;
}

function rangeAt(call: Call, offset: u32): u32 {
  return offset < load<u32>(headerOf(call), SENT) ? 0 : 1;
}

/** The caller's memory is not what it was lent as, or the caller is gone. */
function giveUp(call: Call, error: i32): bool {
  release(call);
  answerCaller(call.peer, call.token, error, 0);
  return false;
}
