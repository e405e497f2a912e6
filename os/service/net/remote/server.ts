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
 *     a service's buffer, DATA_MAX bytes     the request's data, then what is lent for writing; then the reply's data
 */
import { THREADS_MAX } from '../../../abi/limits.ts';
import { NODES_MAX } from '../limits.ts';
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
import { beginService, cancelService } from './local.ts';
import { fragmentBytes, outbox, post, postFragment, postHead, postReceived } from './outbox.ts';
import { patience } from './pace.ts';
import {
  BITS,
  DATA_MAX,
  DATA_SIZE,
  DONE_COUNT,
  DONE_PAIRS,
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
  SLOT,
  TYPE,
  TYPE_BUSY,
  TYPE_REPLY,
} from './wire.ts';

const FREE: u32 = 0;
const ARRIVING: u32 = 1;
const EXECUTING: u32 = 2;
const ANSWERED: u32 = 3;
const ORPHAN: u32 = 4;

export const SERVICES_MAX: u32 = 32;
/** A request whose data does not come on is forgotten after so many steps. */
const ARRIVAL_STEPS: u32 = 200_000;

//@unmanaged
class Service {
  state: u32 = 0;
  peer: u32 = 0;
  slot: u32 = 0;
  number: u32 = 0;
  arrivedAt: u32 = 0;
  touchedAt: u32 = 0;
  tries: u32 = 0;
  reserved: u32 = 0;
}

/** Behind a Service: the request's fragments, the reply's, and the first packet of either. */
const INCOMING: u32 = 32;
const OUTGOING: u32 = 64;
const HEADER: u32 = 96;
const SERVICE_SIZE: u32 = 200;

const pool = memory.data(6400);
const buffers = memory.data(2_097_152, 4096);
/** For each node and slot the last number begun. */
const begun = memory.data(65_536);
/** For each service a word: whose call it is for, and 0 where it is free or nobody wants it any more. */
const keys = memory.data(128, 4);
let active: u32 = 0;

function serviceAt(index: u32): Service {
  assert(index < SERVICES_MAX);
  return changetype<Service>(pool + index * SERVICE_SIZE);
}

//@inline
function incomingOf(service: Service): Fragments {
  return changetype<Fragments>(changetype<usize>(service) + INCOMING);
}

//@inline
function outgoingOf(service: Service): Fragments {
  return changetype<Fragments>(changetype<usize>(service) + OUTGOING);
}

//@inline
function headerOf(service: Service): u32 {
  return changetype<usize>(service) + HEADER;
}

function indexOf(service: Service): u32 {
  return (changetype<usize>(service) - pool) / SERVICE_SIZE;
}

/** The request that service `index` is about, as the wire has it, or the reply that is to be written over it. */
export function serviceHeader(index: u32): u32 {
  return headerOf(serviceAt(index));
}

/** The node that has sent it. */
export function servicePeer(index: u32): u32 {
  return serviceAt(index).peer;
}

/** Its request's data; from there on DATA_MAX bytes. */
export function serviceBuffer(index: u32): u32 {
  return buffers + index * DATA_MAX;
}

function begunAt(peer: u32, slot: u32): u32 {
  return begun + ((peer * THREADS_MAX + slot) << 2);
}

/** The service for that slot of the peer; none where there is none. */
function find(peer: u32, slot: u32): Service {
  const key = keyOf(peer, slot);
  for (let at = keys; at < keys + (SERVICES_MAX << 2); at += 4) {
    if (load<u32>(at) === key) return serviceAt((at - keys) >> 2);
  }
  return changetype<Service>(0);
}

//@inline
function keyOf(peer: u32, slot: u32): u32 {
  return ((peer + 1) << 16) | slot;
}

function setKey(service: Service, key: u32): void {
  store<u32>(keys + (indexOf(service) << 2), key);
}

//@inline
function isNone(service: Service): bool {
  return changetype<usize>(service) === 0;
}

export function hearRequest(peer: u32, payload: u32, now: u32): void {
  const slot = <u32>load<u16>(payload, SLOT);
  if (slot >= THREADS_MAX) return;
  const number = load<u32>(payload, NUMBER);
  let service = find(peer, slot);
  if (!isNone(service) && service.number === number) {
    remind(service, now);
    return;
  }
  if (number <= load<u32>(begunAt(peer, slot))) return;
  if (!isNone(service)) forget(service);
  service = begin(peer, slot, number, now);
  if (isNone(service)) return;
  accept(service, payload);
}

/** A free service for it; none where all are in use: the caller will ask again. */
function begin(peer: u32, slot: u32, number: u32, now: u32): Service {
  let index: u32 = 0;
  while (serviceAt(index).state !== FREE) {
    index += 1;
    if (index === SERVICES_MAX) return changetype<Service>(0);
  }
  const service = serviceAt(index);
  service.peer = peer;
  service.slot = slot;
  service.number = number;
  service.arrivedAt = now;
  service.touchedAt = now;
  service.tries = 0;
  setKey(service, keyOf(peer, slot));
  active += 1;
  return service;
}

function accept(service: Service, payload: u32): void {
  const hasExtras = (<u32>load<u8>(payload, FLAGS) & FLAG_EXTRAS) !== 0;
  memory.copy(headerOf(service), payload, hasExtras ? EXTRAS_SIZE : PLAIN_SIZE);
  const size = hasExtras ? load<u32>(payload, DATA_SIZE) : 0;
  beginFragments(incomingOf(service), size);
  service.state = ARRIVING;
  if (incomingOf(service).count !== 0) return;
  if (size !== 0) memory.copy(serviceBuffer(indexOf(service)), payload + EXTRAS_SIZE, size);
  execute(service);
}

function execute(service: Service): void {
  store<u32>(begunAt(service.peer, service.slot), service.number);
  service.state = EXECUTING;
  beginService(indexOf(service));
}

/** A fragment of a request's data. */
export function hearRequestFragment(peer: u32, payload: u32, size: u32, now: u32): void {
  const service = find(peer, load<u16>(payload, SLOT));
  if (isNone(service) || service.number !== load<u32>(payload, NUMBER)) return;
  if (service.state !== ARRIVING) {
    remind(service, now);
    return;
  }
  const fragments = incomingOf(service);
  const offset = load<u32>(payload, OFFSET);
  service.touchedAt = now;
  if (take(fragments, offset / FRAGMENT_MAX, size - FRAGMENT_BYTES)) {
    memory.copy(serviceBuffer(indexOf(service)) + offset, payload + FRAGMENT_BYTES, size - FRAGMENT_BYTES);
  }
  if (isTimeToSay(fragments)) sayReceived(service);
  if (isComplete(fragments)) execute(service);
}

function sayReceived(service: Service): void {
  postReceived(service.peer, 0, service.slot, service.number, incomingOf(service));
}

/** The caller asks again. */
function remind(service: Service, now: u32): void {
  if (service.state === ARRIVING) sayReceived(service);
  else if (service.state === EXECUTING) postHead(service.peer, TYPE_BUSY, service.slot, service.number);
  else sendReply(service, now);
}

/**
 * The call has been carried out: its reply stands in the header from the label on, with flags, the status as
 * target, and, with FLAG_EXTRAS, sizes; its data from `dataAt` on in the service's buffer.
 */
export function finishService(index: u32, dataAt: u32, now: u32): void {
  const service = serviceAt(index);
  if (service.state === ORPHAN) {
    release(service);
    return;
  }
  assert(service.state === EXECUTING);
  const header = headerOf(service);
  store<u8>(header, TYPE_REPLY, TYPE);
  store<u16>(header, service.slot, SLOT);
  store<u32>(header, service.number, NUMBER);
  store<u32>(header, now - service.arrivedAt, HELD);
  const hasExtras = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0;
  const size = hasExtras ? load<u32>(header, DATA_SIZE) : 0;
  const buffer = serviceBuffer(index);
  if (size !== 0 && dataAt !== 0) memory.copy(buffer, buffer + dataAt, size);
  beginFragments(outgoingOf(service), size);
  service.state = ANSWERED;
  sendReply(service, now);
}

function sendReply(service: Service, now: u32): void {
  service.touchedAt = now;
  const header = headerOf(service);
  const size = (<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0 ? EXTRAS_SIZE : PLAIN_SIZE;
  const payload = outbox(service.peer);
  memory.copy(payload, header, size);
  let inline: u32 = 0;
  if (size === EXTRAS_SIZE && load<u32>(header, DATA_SIZE) <= INLINE_MAX) {
    inline = load<u32>(header, DATA_SIZE);
    memory.copy(payload + EXTRAS_SIZE, serviceBuffer(indexOf(service)), inline);
  }
  post(service.peer, size + inline);
  pump(service);
}

function pump(service: Service): void {
  const fragments = outgoingOf(service);
  const buffer = serviceBuffer(indexOf(service));
  for (let index = nextToSend(fragments); isFragment(index); index = nextToSend(fragments)) {
    memory.copy(fragmentBytes(service.peer), buffer + index * FRAGMENT_MAX, sizeOfFragment(fragments, index));
    postFragment(service.peer, FLAG_OF_REPLY, service.slot, service.number, fragments, index);
  }
}

/** The caller says which fragments of the reply it has. */
export function hearReplyReceived(peer: u32, payload: u32, now: u32): void {
  const service = find(peer, load<u16>(payload, SLOT));
  if (isNone(service) || service.number !== load<u32>(payload, NUMBER) || service.state !== ANSWERED) return;
  service.touchedAt = now;
  service.tries = 0;
  learn(outgoingOf(service), load<u32>(payload, BITS), load<u32>(payload, BITS + 4));
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

function forget(service: Service): void {
  if (service.state !== EXECUTING) {
    release(service);
    return;
  }
  service.state = ORPHAN;
  setKey(service, 0);
  cancelService(indexOf(service));
}

function release(service: Service): void {
  service.state = FREE;
  setKey(service, 0);
  active -= 1;
}

/** The peer is gone, or has begun anew: what it asked for nobody waits for. */
export function loseServices(peer: u32): void {
  for (let index: u32 = 0; index < SERVICES_MAX; index += 1) {
    const service = serviceAt(index);
    if (service.state !== FREE && service.state !== ORPHAN && service.peer === peer) forget(service);
  }
}

/** It has begun anew, and so do its calls' numbers. */
export function forgetNumbers(peer: u32): void {
  assert(peer < NODES_MAX);
  memory.fill(begunAt(peer, 0), 0, THREADS_MAX << 2);
}

export function hasServices(): bool {
  return active !== 0;
}

/** Sends replies again that nobody has said to have, and forgets requests that never became whole. */
export function tickServices(now: u32): void {
  for (let index: u32 = 0; index < SERVICES_MAX && active !== 0; index += 1) {
    const service = serviceAt(index);
    if (service.state === ARRIVING && now - service.touchedAt >= ARRIVAL_STEPS) release(service);
    if (service.state !== ANSWERED || now - service.touchedAt < patience(service.peer, service.tries + 1))
      continue;
    service.tries += 1;
    loseAll(outgoingOf(service));
    sendReply(service, now);
  }
}
