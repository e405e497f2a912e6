/**
 * One call between two nodes, as either end keeps it: the caller's node a request that goes out and a reply that
 * comes in (caller.ts), the server's node the other way round (server.ts). What both do is here: to send a message
 * and its data as often as it takes, and to take one in.
 *
 *     0    Exchange
 *     48   the message, as the wire has it, without its data: the request, then the reply over it
 *     136  fragments that go out      196  fragments that come in
 *
 * Records 0 … CALLS_MAX − 1 are calls, by slot, the others services. A bit for each says which are in use.
 */
import { CALLS_MAX, SERVICES_MAX } from '../limits.ts';
import { IN_USE_AT } from '../tables.ts';
import { bufferOf } from './buffers.ts';
import {
  beginFragments,
  type Fragments,
  isFragment,
  isOfSize,
  isTimeToAsk,
  lastOnTheWay,
  loseAll,
  nextToSend,
  settle,
  sizeOfFragment,
  stopSending,
} from './fragments.ts';
import { COPIED_FROM, fragmentBytes, outbox, post, postFragment } from './outbox.ts';
import { readCallersData } from './ranges.ts';
import {
  copyHead,
  copyMessage,
  DATA_SIZE,
  EXTRAS_SIZE,
  FLAG_ASKS,
  FLAG_EXTRAS,
  FLAG_PART,
  FLAGS,
  FRAGMENT,
  FRAGMENT_MAX,
  FRAGMENT_OF,
  FRAGMENT_SHARE,
  INLINE_MAX,
  isPlain,
  SENT,
  sizeOfMessage,
  WORDS,
} from './wire.ts';

const RECORDS: u32 = CALLS_MAX + SERVICES_MAX;

/** Times that the other end is asked before everything is sent again. */
const PROBES_MAX: u32 = 2;

/** The record is in use for nothing. */
export const FREE: u32 = 0;

//@unmanaged
export class Exchange {
  state: u32 = 0;
  peer: u32 = 0;
  /** The caller's name of the call: which slot, and the how many-th in it. */
  slot: u32 = 0;
  number: u32 = 0;
  /** When the call was made, or has come. */
  beganAt: u32 = 0;
  /** When something was last sent or heard. */
  touchedAt: u32 = 0;
  tries: u32 = 0;
  /** Of a call: the kernel's name of the waiting caller, 0 for none. */
  token: u32 = 0;
  /** Of a call: the server has said that it takes time. */
  isBusy: u32 = 0;
  /** Of a call: the life of the peer that it is for; no later one may carry it out. */
  incarnation: u32 = 0;
  /** Of what goes out: FLAG_OF_REPLY, or none. */
  way: u32 = 0;
  /** Of a service: where in its buffer the reply's data is. */
  dataAt: u32 = 0;
}

const MESSAGE: u32 = 48;
const OUTGOING: u32 = 136;
const INCOMING: u32 = 196;
const RECORD_SHIFT: u32 = 8;

/** In a page it begins where no other part does that a call needs (tables.ts). */
const records = memory.data(77_824, 4096) + 3200;
//@inline
export function exchangeAt(index: u32): Exchange {
  return changetype<Exchange>(records + (index << RECORD_SHIFT));
}

//@inline
export function indexOf(exchange: Exchange): u32 {
  return (changetype<usize>(exchange) - records) >> RECORD_SHIFT;
}

//@inline
export function isNone(exchange: Exchange): bool {
  return changetype<usize>(exchange) === 0;
}

//@inline
export function messageOf(exchange: Exchange): u32 {
  return changetype<usize>(exchange) + MESSAGE;
}

//@inline
export function outgoingOf(exchange: Exchange): Fragments {
  return changetype<Fragments>(changetype<usize>(exchange) + OUTGOING);
}

//@inline
export function incomingOf(exchange: Exchange): Fragments {
  return changetype<Fragments>(changetype<usize>(exchange) + INCOMING);
}

/** The lowest record from `first` on that is not in use, `end` for none; both are multiples of 32. */
export function firstFree(first: u32, end: u32): u32 {
  assert(offsetof<Exchange>() <= MESSAGE && RECORDS <= 288);
  for (let index = first; index < end; index += 32) {
    const free = ~load<u32>(IN_USE_AT + (index >> 3));
    if (free !== 0) return index + ctz<u32>(free);
  }
  return end;
}

/** The next one in use from `index` on, `end` for none. */
export function nextInUse(index: u32, end: u32): u32 {
  let at = index;
  while (at < end) {
    const left = load<u32>(IN_USE_AT + ((at >> 5) << 2)) >> (at & 31);
    if (left !== 0) return min<u32>(end, at + ctz<u32>(left));
    at = (at | 31) + 1;
  }
  return end;
}

export function use(index: u32): void {
  const word = IN_USE_AT + ((index >> 5) << 2);
  store<u32>(word, load<u32>(word) | ((<u32>1) << (index & 31)));
}

/** The record is free; what it has on the way counts no more. */
export function release(exchange: Exchange): void {
  const index = indexOf(exchange);
  const word = IN_USE_AT + ((index >> 5) << 2);
  store<u32>(word, load<u32>(word) & ~((<u32>1) << (index & 31)));
  exchange.state = FREE;
  stopSending(outgoingOf(exchange), exchange.peer);
}

/** The message that stands in the record goes out from here on: a new one. */
export function beginSending(exchange: Exchange): void {
  const message = messageOf(exchange);
  const hasExtras = (<u32>load<u8>(message, FLAGS) & FLAG_EXTRAS) !== 0;
  if (!hasExtras) beginFragments(outgoingOf(exchange), 0, 0);
  else beginFragments(outgoingOf(exchange), load<u32>(message, DATA_SIZE), load<u32>(message, SENT));
}

/** The same where some of its data has gone ahead of it. */
export function goOnSending(exchange: Exchange): void {
  const message = messageOf(exchange);
  if (isPlain(message)) stopSending(outgoingOf(exchange), exchange.peer);
  else settle(outgoingOf(exchange), load<u32>(message, DATA_SIZE), load<u32>(message, SENT));
}

/** The first packet, and what there is room for of the fragments. → 0, or why the data cannot be had. */
export function sendMessage(exchange: Exchange, now: u32): i32 {
  const fault = sendHead(exchange, now);
  return fault !== 0 || outgoingOf(exchange).count === 0 ? fault : pump(exchange, now);
}

/** The first packet. → 0, or why the data in it cannot be had. */
export function sendHead(exchange: Exchange, now: u32): i32 {
  exchange.touchedAt = now;
  const message = messageOf(exchange);
  const size = sizeOfMessage(message);
  const payload = outbox(exchange.peer);
  copyHead(payload, message);
  for (let at = WORDS; at < size; at += 4) store<u32>(payload + at, load<u32>(message + at));
  const inline = size === EXTRAS_SIZE ? inlineOf(message) : 0;
  if (inline !== 0) {
    const fault = readData(exchange, 0, payload + EXTRAS_SIZE, inline);
    if (fault !== 0) return fault;
  }
  post(exchange.peer, size + inline);
  outgoingOf(exchange).headAt = <u16>outgoingOf(exchange).end;
  return 0;
}

/** How much data is in the first packet of a message with extras. */
function inlineOf(message: u32): u32 {
  const size = load<u32>(message, DATA_SIZE);
  return size <= INLINE_MAX ? size : 0;
}

/** Fragments, as many as there is room for. → 0, or why the data cannot be had. */
export function pump(exchange: Exchange, now: u32): i32 {
  const peer = exchange.peer;
  const fragments = outgoingOf(exchange);
  let index = nextToSend(fragments, peer, now);
  if (!isFragment(index)) return 0;
  exchange.touchedAt = now;
  while (isFragment(index)) {
    const next = nextToSend(fragments, peer, now);
    const asks = isTimeToAsk(fragments, peer, index, next);
    const fault = sendFragment(exchange, index, asks ? FLAG_ASKS : 0);
    if (fault !== 0) return fault;
    index = next;
  }
  return 0;
}

/**
 * The other end has been silent for too long: it is asked with what it should have heard last, the message or its
 * last fragment; after some tries everything begins anew. → 0, or why the data cannot be had.
 */
export function probe(exchange: Exchange, now: u32): i32 {
  const fragments = outgoingOf(exchange);
  exchange.tries += 1;
  if (exchange.tries > PROBES_MAX) loseAll(fragments, exchange.peer);
  const last = lastOnTheWay(fragments);
  if (!isFragment(last)) return fragments.isOpen !== 0 ? pump(exchange, now) : sendMessage(exchange, now);
  exchange.touchedAt = now;
  return sendFragment(exchange, last, FLAG_ASKS);
}

function sendFragment(exchange: Exchange, index: u32, flags: u32): i32 {
  const peer = exchange.peer;
  const fragments = outgoingOf(exchange);
  const size = sizeOfFragment(fragments, index);
  const offset = index * FRAGMENT_MAX;
  const from = bytesAt(exchange, offset, size);
  const fault = readData(exchange, offset, fragmentBytes(peer), from === 0 ? size : COPIED_FROM);
  if (fault !== 0) return fault;
  const part = fragments.isOpen !== 0 ? FLAG_PART : 0;
  postFragment(peer, exchange.way | flags | part, exchange.slot, exchange.number, fragments, index, from);
  return 0;
}

/** Where a fragment's bytes from COPIED_FROM on can be copied from while it is sent; 0 for nowhere. */
function bytesAt(exchange: Exchange, offset: u32, size: u32): u32 {
  const service = indexOf(exchange) - CALLS_MAX;
  if (<i32>service < 0 || size <= COPIED_FROM) return 0;
  const from = bufferOf(service) + exchange.dataAt + offset + COPIED_FROM;
  return (from & 3) === 0 ? from : 0;
}

/** A call's data is in its caller's memory, a service's in its buffer. */
function readData(exchange: Exchange, offset: u32, to: u32, size: u32): i32 {
  if (indexOf(exchange) < CALLS_MAX)
    return readCallersData(exchange.token, messageOf(exchange), offset, to, size);
  memory.copy(to, bufferOf(indexOf(exchange) - CALLS_MAX) + exchange.dataAt + offset, size);
  return 0;
}

/** Takes in the first packet of a message with extras; gives the size of its data. */
export function takeMessage(exchange: Exchange, payload: u32): u32 {
  takeHead(exchange, payload, EXTRAS_SIZE);
  const data = load<u32>(payload, DATA_SIZE);
  beginFragments(incomingOf(exchange), data, load<u32>(payload, SENT));
  return data;
}

/** Takes in the first packet as it is: `size` bytes, or EXTRAS_SIZE. */
//@inline
export function takeHead(exchange: Exchange, payload: u32, size: u32): void {
  copyMessage(messageOf(exchange), payload, size);
}

/** A fragment has come before the first packet: what it says of the data is all that is known of the message. */
export function takeEarly(exchange: Exchange, payload: u32): void {
  const fragments = incomingOf(exchange);
  beginFragments(fragments, load<u32>(payload, FRAGMENT_OF), load<u32>(payload, FRAGMENT_SHARE));
  if (isPart(payload)) fragments.isOpen = 1;
  noteSizes(exchange);
}

/** Whether a fragment is of the data that is known of, which it may tell the size of. */
export function isFragmentOf(exchange: Exchange, payload: u32): bool {
  const fragments = incomingOf(exchange);
  const size = load<u32>(payload, FRAGMENT_OF);
  const wasOpen = fragments.isOpen !== 0;
  if (!isOfSize(fragments, size, load<u32>(payload, FRAGMENT_SHARE), isPart(payload))) return false;
  if (wasOpen) noteSizes(exchange);
  return !isPart(payload) || (load<u32>(payload, FRAGMENT) + 1) * FRAGMENT_MAX <= fragments.size;
}

/** What is known of its data, while the message has not come. */
function noteSizes(exchange: Exchange): void {
  const message = messageOf(exchange);
  const fragments = incomingOf(exchange);
  store<u32>(message, fragments.size, DATA_SIZE);
  store<u32>(message, fragments.share, SENT);
  store<u32>(message, fragments.size - fragments.share, SENT + 4);
}

//@inline
function isPart(fragment: u32): bool {
  return (<u32>load<u8>(fragment, FLAGS) & FLAG_PART) !== 0;
}

/** Whether a message's data can be what its fragments have said. */
export function isOf(exchange: Exchange, payload: u32): bool {
  if (isPlain(payload)) return false;
  return isOfSize(incomingOf(exchange), load<u32>(payload, DATA_SIZE), load<u32>(payload, SENT), false);
}
