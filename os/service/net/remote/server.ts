/**
 * Calls from other nodes to this one's ports, each carried out at most once: a request is known by its caller's
 * node and incarnation, slot and number, and its reply is kept until the caller says that it has it.
 *
 *     HEADLESS ─ the request itself ─┐
 *     ARRIVING ─ all data ─→ EXECUTING ─ finishService ─→ ANSWERED ─ done ─→ FREE
 *                               └─ nobody wants it: ORPHAN ─ finishService ─→ FREE
 *
 * While a call is carried out, what has been delivered for its reply can be sent already (deliverService).
 *
 * Of each slot of each node the last number that was begun is remembered for ever, so that a request that comes
 * late, after its reply was forgotten, is not carried out again.
 *
 *     a slot's entry     the last number begun 4 · the record of its present service 4, 0 for none
 */
import { CALLS_MAX, NODES_MAX, SERVICES_MAX } from '../limits.ts';
import { bufferOf, giveBuffer, takeBuffer } from './buffers.ts';
import { DONE_STEPS } from './done.ts';
import {
  beginSending,
  type Exchange,
  exchangeAt,
  firstFree,
  goOnSending,
  incomingOf,
  indexOf,
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
import {
  extend,
  isComplete,
  isFragment,
  isHeadPassed,
  isTimeToSay,
  lastOnTheWay,
  learn,
  stopSending,
  take,
} from './fragments.ts';
import { hurry } from './hurry.ts';
import { beginService, cancelService } from './local.ts';
import { postHead, postReceived } from './outbox.ts';
import { flightPatience, patience } from './pace.ts';
import {
  BITS,
  DATA_SIZE,
  DONE_COUNT,
  DONE_PAIRS,
  EXTRAS_SIZE,
  FIRST,
  FLAG_ASKS,
  FLAG_HEADLESS,
  FLAG_OF_REPLY,
  FLAGS,
  FRAGMENT,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  FRAGMENT_OF,
  HELD,
  isPlain,
  NUMBER,
  SLOT,
  TYPE,
  TYPE_BUSY,
  TYPE_FULL,
  TYPE_GONE,
  TYPE_REPLY,
  WRITABLE,
} from './wire.ts';

const ARRIVING: u32 = 1;
export const EXECUTING: u32 = 2;
export const ANSWERED: u32 = 3;
const ORPHAN: u32 = 4;
/** Fragments of its data have come, but not the request. */
const HEADLESS: u32 = 5;

const RECORDS_END: u32 = CALLS_MAX + SERVICES_MAX;
/** A request whose data does not come on is forgotten after so many steps. */
const ARRIVAL_STEPS: u32 = 200_000;

const ENTRY_SHIFT: u32 = 3;
/** Not at the beginning of a page: tables.ts. */
const entries = memory.data(131_904, 4096) + 832;

function serviceAt(index: u32): Exchange {
  assert(index < SERVICES_MAX);
  return exchangeAt(CALLS_MAX + index);
}

/** The request that service `index` is about, as the wire has it, or the reply that is to be written over it. */
export function serviceHeader(index: u32): u32 {
  return messageOf(serviceAt(index));
}

/** The node that has sent it. */
export function servicePeer(index: u32): u32 {
  return serviceAt(index).peer;
}

/** Its request's data; from there on DATA_MAX bytes. */
export function serviceBuffer(index: u32): u32 {
  return bufferOf(index);
}

function numberOf(service: Exchange): u32 {
  return indexOf(service) - CALLS_MAX;
}

//@inline
export function entryOf(peer: u32, slot: u32): u32 {
  assert(peer < NODES_MAX && slot < CALLS_MAX);
  return entries + ((peer * CALLS_MAX + slot) << ENTRY_SHIFT);
}

/** The service for that slot of the peer; none where there is none. */
function find(peer: u32, slot: u32): Exchange {
  if (slot >= CALLS_MAX) return changetype<Exchange>(0);
  return changetype<Exchange>(load<u32>(entryOf(peer, slot), 4));
}

/** The service that the payload is about; none where it is an old one, or none any more. */
function serviceOf(peer: u32, payload: u32): Exchange {
  const service = find(peer, load<u16>(payload, SLOT));
  if (isNone(service) || service.number !== load<u32>(payload, NUMBER)) return changetype<Exchange>(0);
  return service;
}

export function hearRequest(peer: u32, payload: u32, size: u32, now: u32): void {
  const slot = <u32>load<u16>(payload, SLOT);
  const number = load<u32>(payload, NUMBER);
  const before = find(peer, slot);
  if (!isNone(before) && before.number === number) {
    if (before.state === HEADLESS) complete(before, payload);
    else remind(before, now);
    return;
  }
  const service = open(peer, slot, number, now);
  if (!isNone(service)) accept(service, payload, size);
}

/** A service for that call; none where it is an old one, or where all are in use. */
//@inline
function open(peer: u32, slot: u32, number: u32, now: u32): Exchange {
  if (slot >= CALLS_MAX) return changetype<Exchange>(0);
  const entry = entryOf(peer, slot);
  const before = changetype<Exchange>(load<u32>(entry, 4));
  if (number <= load<u32>(entry)) {
    sayGone(peer, slot, number);
    return changetype<Exchange>(0);
  }
  if (!isNone(before)) {
    if (number < before.number) return changetype<Exchange>(0);
    forget(before);
  }
  const index = firstFree(CALLS_MAX, RECORDS_END);
  if (index === RECORDS_END) {
    postHead(peer, TYPE_FULL, slot, number);
    return changetype<Exchange>(0);
  }
  const service = exchangeAt(index);
  use(index);
  nameService(service, entry, peer, slot, number, now);
  service.state = ARRIVING;
  return service;
}

/** The service is for that call, whose slot has the entry. */
//@inline
export function nameService(
  service: Exchange,
  entry: u32,
  peer: u32,
  slot: u32,
  number: u32,
  now: u32,
): void {
  store<u32>(entry, changetype<usize>(service), 4);
  service.peer = peer;
  service.slot = slot;
  service.number = number;
  service.beganAt = now;
  service.touchedAt = now;
  service.tries = 0;
  service.way = FLAG_OF_REPLY;
}

/** Of the last call of a slot that was begun: who asks again for what is forgotten, waits in vain. */
function sayGone(peer: u32, slot: u32, number: u32): void {
  if (number === load<u32>(entryOf(peer, slot))) postHead(peer, TYPE_GONE, slot, number);
}

function accept(service: Exchange, payload: u32, size: u32): void {
  if (isPlain(payload)) {
    takeHead(service, payload, size);
    execute(service);
    return;
  }
  if (!takeBuffer(numberOf(service), roomOf(payload), 0)) {
    refuse(service);
    return;
  }
  const data = takeMessage(service, payload);
  if (incomingOf(service).count !== 0) {
    if ((<u32>load<u8>(payload, FLAGS) & FLAG_ASKS) !== 0) sayReceived(service);
    return;
  }
  if (data !== 0) memory.copy(bufferOf(numberOf(service)), payload + EXTRAS_SIZE, data);
  execute(service);
}

/** There is no buffer for it: the caller will ask again. */
function refuse(service: Exchange): void {
  postHead(service.peer, TYPE_FULL, service.slot, service.number);
  forget(service);
}

/** What a request needs of its buffer. */
function roomOf(payload: u32): u32 {
  return load<u32>(payload, DATA_SIZE) + load<u32>(payload, WRITABLE) + load<u32>(payload, WRITABLE + 4);
}

/** The request comes after some of its data. */
function complete(service: Exchange, payload: u32): void {
  if (!isOf(service, payload)) return;
  const fragments = incomingOf(service);
  if (!takeBuffer(numberOf(service), roomOf(payload), fragments.size)) return;
  takeHead(service, payload, EXTRAS_SIZE);
  service.state = ARRIVING;
  if (isComplete(fragments)) execute(service);
}

function execute(service: Exchange): void {
  store<u32>(entryOf(service.peer, service.slot), service.number);
  service.state = EXECUTING;
  beginService(numberOf(service));
}

/** A fragment of a request's data. */
export function hearRequestFragment(peer: u32, payload: u32, size: u32, now: u32): void {
  let service = serviceOf(peer, payload);
  if (isNone(service)) service = openEarly(peer, payload, now);
  if (isNone(service)) return;
  if (service.state !== ARRIVING && service.state !== HEADLESS) {
    remind(service, now);
    return;
  }
  const fragments = incomingOf(service);
  const index = load<u32>(payload, FRAGMENT);
  if (!isFragmentOf(service, payload)) return;
  service.touchedAt = now;
  if (take(fragments, index)) {
    const to = bufferOf(numberOf(service)) + index * FRAGMENT_MAX;
    memory.copy(to, payload + FRAGMENT_BYTES, size - FRAGMENT_BYTES);
  }
  if (isTimeToSay(fragments) || (<u32>load<u8>(payload, FLAGS) & FLAG_ASKS) !== 0) sayReceived(service);
  if (service.state === ARRIVING && isComplete(fragments)) execute(service);
}

/** For a request that has not come, but whose data has begun to. */
function openEarly(peer: u32, payload: u32, now: u32): Exchange {
  const service = open(peer, load<u16>(payload, SLOT), load<u32>(payload, NUMBER), now);
  if (isNone(service)) return service;
  if (!takeBuffer(numberOf(service), load<u32>(payload, FRAGMENT_OF), 0)) {
    refuse(service);
    return changetype<Exchange>(0);
  }
  service.state = HEADLESS;
  takeEarly(service, payload);
  return service;
}

function sayReceived(service: Exchange): void {
  const flags = service.state === HEADLESS ? FLAG_HEADLESS : 0;
  postReceived(service.peer, flags, service.slot, service.number, incomingOf(service));
}

/** The caller asks again. */
function remind(service: Exchange, now: u32): void {
  if (service.state === ARRIVING) sayReceived(service);
  else if (service.state === EXECUTING) postHead(service.peer, TYPE_BUSY, service.slot, service.number);
  else sendHead(service, now);
}

/**
 * The call has been carried out: its reply stands in the header from the label on, with flags, and, with
 * FLAG_EXTRAS, sizes; its data from `dataAt` on in the service's buffer. False where nobody
 * wants it any more.
 */
export function finishService(index: u32, dataAt: u32, now: u32): bool {
  const service = serviceAt(index);
  if (service.state === ORPHAN) {
    close(service);
    return false;
  }
  assert(service.state === EXECUTING);
  const message = messageOf(service);
  store<u8>(message, TYPE_REPLY, TYPE);
  store<u16>(message, service.slot, SLOT);
  store<u32>(message, service.number, NUMBER);
  store<u32>(message, now - service.beganAt, HELD);
  service.dataAt = dataAt;
  if (outgoingOf(service).isOpen !== 0) goOnSending(service);
  else beginSending(service);
  service.state = ANSWERED;
  sendMessage(service, now);
  hurry(DONE_STEPS);
  return true;
}

/** Whether there can be so much data in the reply, in the first range, that some of it can go before the rest is there. */
export function canDeliver(index: u32): bool {
  return load<u32>(serviceHeader(index), WRITABLE) > FRAGMENT_MAX;
}

/** So much is there for the reply already, from the beginning of the first range that is lent for writing. */
export function deliverService(index: u32, size: u32, now: u32): void {
  const service = serviceAt(index);
  if (service.state !== EXECUTING || size < FRAGMENT_MAX) return;
  const request = messageOf(service);
  service.dataAt = load<u32>(request, DATA_SIZE);
  extend(outgoingOf(service), load<u32>(request, WRITABLE), size);
  pump(service, now);
  hurry(DONE_STEPS);
}

/** More of the replies' data that are still going out: there is room again. */
export function pumpServices(peer: u32, now: u32): void {
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    const service = exchangeAt(at);
    if (service.peer === peer && outgoingOf(service).count !== 0) pump(service, now);
  }
}

/** The caller says which fragments of the reply it has. */
export function hearReplyReceived(peer: u32, payload: u32, now: u32): void {
  const service = serviceOf(peer, payload);
  const slot = <u32>load<u16>(payload, SLOT);
  if (isNone(service) && slot < CALLS_MAX) sayGone(peer, slot, load<u32>(payload, NUMBER));
  if (isNone(service) || outgoingOf(service).count === 0) return;
  const fragments = outgoingOf(service);
  service.touchedAt = now;
  if (service.tries !== 0) hurry(DONE_STEPS);
  service.tries = 0;
  learn(fragments, peer, load<u32>(payload, FIRST), load<u64>(payload, BITS), now);
  const isHeadless = (<u32>load<u8>(payload, FLAGS) & FLAG_HEADLESS) !== 0;
  if (isHeadless && service.state === ANSWERED && isHeadPassed(fragments)) sendHead(service, now);
  pump(service, now);
}

/** The caller has these replies, or wants them no more. */
export function hearDone(peer: u32, payload: u32): void {
  const count = load<u32>(payload, DONE_COUNT);
  for (let index: u32 = 0; index < count; index += 1) {
    const pair = payload + DONE_PAIRS + (index << 3);
    const service = find(peer, load<u32>(pair));
    if (!isNone(service) && service.number === load<u32>(pair, 4)) forget(service);
  }
}

/** Nobody wants its answer, or needs it any more. */
function forget(service: Exchange): void {
  store<u32>(entryOf(service.peer, service.slot), 0, 4);
  if (service.state !== EXECUTING) {
    close(service);
    return;
  }
  service.state = ORPHAN;
  stopSending(outgoingOf(service), service.peer);
  cancelService(numberOf(service));
}

//@inline
function close(service: Exchange): void {
  giveBuffer(numberOf(service));
  release(service);
}

/** The peer is gone, or has begun anew: what it asked for nobody waits for. */
export function loseServices(peer: u32): void {
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    const service = exchangeAt(at);
    if (service.state !== ORPHAN && service.peer === peer) forget(service);
  }
}

/** It has begun anew, and so do its calls' numbers. */
export function forgetNumbers(peer: u32): void {
  memory.fill(entryOf(peer, 0), 0, CALLS_MAX << ENTRY_SHIFT);
}

/**
 * Sends replies again that nobody has said to have, and forgets requests that never became whole.
 * → steps until the next time.
 */
export function tickServices(now: u32): u32 {
  let soonest = ARRIVAL_STEPS;
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    const service = exchangeAt(at);
    const isArriving = service.state === ARRIVING || service.state === HEADLESS;
    if (isArriving && now - service.touchedAt >= ARRIVAL_STEPS) forget(service);
    const isSending = service.state === ANSWERED || isFragment(lastOnTheWay(outgoingOf(service)));
    if (isSending) soonest = min<u32>(soonest, sendAgain(service, now));
  }
  return soonest;
}

/** → steps until it is to be looked at again. */
function sendAgain(service: Exchange, now: u32): u32 {
  const passed = now - service.touchedAt;
  const wait = waitOf(service);
  if (passed < wait) return wait - passed;
  probe(service, now);
  return waitOf(service);
}

function waitOf(service: Exchange): u32 {
  if (isFragment(lastOnTheWay(outgoingOf(service)))) return flightPatience(service.peer, service.tries);
  return DONE_STEPS + patience(service.peer, service.tries + 1);
}
