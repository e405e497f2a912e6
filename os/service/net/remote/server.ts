/**
 * Calls from other nodes to this one's ports, each carried out at most once: a request is known by its caller's
 * node and incarnation, slot and number, and its reply is kept until the caller says that it has it.
 *
 *     ARRIVING ─ all data ─→ EXECUTING ─ finishService ─→ ANSWERED ─ done ─→ FREE
 *                               └─ nobody wants it: ORPHAN ─ finishService ─→ FREE
 *
 * Of each slot of each node the last number that was begun is remembered for ever, so that a request that comes
 * late, after its reply was forgotten, is not carried out again.
 *
 *     a slot's entry     the last number begun 4 · the record of its present service 4, 0 for none
 */
import { NODES_MAX } from '../limits.ts';
import {
  beginSending,
  bufferOf,
  CALLS_MAX,
  type Exchange,
  exchangeAt,
  firstFree,
  incomingOf,
  indexOf,
  isNone,
  messageOf,
  nextInUse,
  outgoingOf,
  pump,
  release,
  SERVICES_MAX,
  sendMessage,
  takeMessage,
  use,
} from './exchange.ts';
import { isComplete, isTimeToSay, learn, loseAll, take } from './fragments.ts';
import { beginService, cancelService } from './local.ts';
import { postHead, postReceived } from './outbox.ts';
import { patience } from './pace.ts';
import {
  BITS,
  DONE_COUNT,
  DONE_PAIRS,
  EXTRAS_SIZE,
  FLAG_OF_REPLY,
  FRAGMENT_BYTES,
  FRAGMENT_MAX,
  HELD,
  NUMBER,
  OFFSET,
  SLOT,
  TYPE,
  TYPE_BUSY,
  TYPE_GONE,
  TYPE_REPLY,
} from './wire.ts';

const ARRIVING: u32 = 1;
export const EXECUTING: u32 = 2;
export const ANSWERED: u32 = 3;
const ORPHAN: u32 = 4;

const RECORDS_END: u32 = CALLS_MAX + SERVICES_MAX;
/** A request whose data does not come on is forgotten after so many steps. */
const ARRIVAL_STEPS: u32 = 200_000;

const ENTRY_SHIFT: u32 = 3;
const entries = memory.data(131_072, 8);

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
  return bufferOf(serviceAt(index));
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
  if (slot >= CALLS_MAX) return;
  const entry = entryOf(peer, slot);
  const number = load<u32>(payload, NUMBER);
  const before = changetype<Exchange>(load<u32>(entry, 4));
  if (!isNone(before) && before.number === number) {
    remind(before, now);
    return;
  }
  if (number <= load<u32>(entry)) {
    sayGone(peer, slot, number);
    return;
  }
  if (!isNone(before)) forget(before);
  const index = firstFree(CALLS_MAX, RECORDS_END);
  // where all are in use the caller will ask again
  if (index === RECORDS_END) return;
  const service = exchangeAt(index);
  use(index);
  store<u32>(entry, changetype<usize>(service), 4);
  service.peer = peer;
  service.slot = slot;
  service.number = number;
  service.beganAt = now;
  service.touchedAt = now;
  service.tries = 0;
  service.way = FLAG_OF_REPLY;
  accept(service, payload, size);
}

/** Of the last call of a slot that was begun: who asks again for what is forgotten, waits in vain. */
function sayGone(peer: u32, slot: u32, number: u32): void {
  if (number === load<u32>(entryOf(peer, slot))) postHead(peer, TYPE_GONE, slot, number);
}

function accept(service: Exchange, payload: u32, size: u32): void {
  const data = takeMessage(service, payload, size);
  service.state = ARRIVING;
  if (incomingOf(service).count !== 0) return;
  if (data !== 0) memory.copy(bufferOf(service), payload + EXTRAS_SIZE, data);
  execute(service);
}

function execute(service: Exchange): void {
  store<u32>(entryOf(service.peer, service.slot), service.number);
  service.state = EXECUTING;
  beginService(indexOf(service) - CALLS_MAX);
}

/** A fragment of a request's data. */
export function hearRequestFragment(peer: u32, payload: u32, size: u32, now: u32): void {
  const service = serviceOf(peer, payload);
  if (isNone(service)) return;
  if (service.state !== ARRIVING) {
    remind(service, now);
    return;
  }
  const fragments = incomingOf(service);
  const offset = load<u32>(payload, OFFSET);
  service.touchedAt = now;
  if (take(fragments, offset / FRAGMENT_MAX, size - FRAGMENT_BYTES)) {
    memory.copy(bufferOf(service) + offset, payload + FRAGMENT_BYTES, size - FRAGMENT_BYTES);
  }
  if (isTimeToSay(fragments)) sayReceived(service);
  if (isComplete(fragments)) execute(service);
}

function sayReceived(service: Exchange): void {
  postReceived(service.peer, 0, service.slot, service.number, incomingOf(service));
}

/** The caller asks again. */
function remind(service: Exchange, now: u32): void {
  if (service.state === ARRIVING) sayReceived(service);
  else if (service.state === EXECUTING) postHead(service.peer, TYPE_BUSY, service.slot, service.number);
  else sendMessage(service, now);
}

/**
 * The call has been carried out: its reply stands in the header from the label on, with flags, and, with
 * FLAG_EXTRAS, sizes; its data from `dataAt` on in the service's buffer. False where nobody
 * wants it any more.
 */
export function finishService(index: u32, dataAt: u32, now: u32): bool {
  const service = serviceAt(index);
  if (service.state === ORPHAN) {
    release(service);
    return false;
  }
  assert(service.state === EXECUTING);
  const message = messageOf(service);
  store<u8>(message, TYPE_REPLY, TYPE);
  store<u16>(message, service.slot, SLOT);
  store<u32>(message, service.number, NUMBER);
  store<u32>(message, now - service.beganAt, HELD);
  service.dataAt = dataAt;
  beginSending(service);
  service.state = ANSWERED;
  sendMessage(service, now);
  return true;
}

/** More of the replies' data that are still going out: there is room again. */
export function pumpServices(peer: u32): void {
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    const service = exchangeAt(at);
    if (service.peer === peer && service.state === ANSWERED) pump(service);
  }
}

/** The caller says which fragments of the reply it has. */
export function hearReplyReceived(peer: u32, payload: u32, now: u32): void {
  const service = serviceOf(peer, payload);
  const slot = <u32>load<u16>(payload, SLOT);
  if (isNone(service) && slot < CALLS_MAX) sayGone(peer, slot, load<u32>(payload, NUMBER));
  if (isNone(service) || service.state !== ANSWERED) return;
  service.touchedAt = now;
  service.tries = 0;
  learn(outgoingOf(service), peer, load<u32>(payload, BITS), load<u32>(payload, BITS + 4));
  pump(service);
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
    release(service);
    return;
  }
  service.state = ORPHAN;
  cancelService(indexOf(service) - CALLS_MAX);
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

/** Whether there are any replies that their callers have not acknowledged. */
export function hasHurriedServices(): bool {
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    if (exchangeAt(at).state === ANSWERED) return true;
  }
  return false;
}

/** Sends replies again that nobody has said to have, and forgets requests that never became whole. */
export function tickServices(now: u32): void {
  for (let at = nextInUse(CALLS_MAX, RECORDS_END); at < RECORDS_END; at = nextInUse(at + 1, RECORDS_END)) {
    const service = exchangeAt(at);
    if (service.state === ARRIVING && now - service.touchedAt >= ARRIVAL_STEPS) forget(service);
    if (service.state !== ANSWERED || now - service.touchedAt < patience(service.peer, service.tries + 1))
      continue;
    service.tries += 1;
    loseAll(outgoingOf(service), service.peer);
    sendMessage(service, now);
  }
}
