/**
 * The short way of calls that are a label and words alone, with answers that are: most calls are so, and are to cost
 * as little as can be. Their records are those of all calls and services, with the same meaning, so that whatever
 * happens to them otherwise (loss, doubles, cancellation, restarts) is the other files' affair; each function here
 * gives false, with nothing done, where something is not as it mostly is.
 *
 *     takeAnswer ←─ reply ─┐                ┌─ request ─→ takeRequest
 *     callOut ─ request ───┴──── router ────┴──── reply ─ answer
 */
import { unlikely } from 'rv';
import { CALLS_MAX } from '../limits.ts';
import { PAYLOAD } from '../packet.ts';
import { incarnationFor, openData, sendData } from '../router.ts';
import { IN_USE_AT } from '../tables.ts';
import { WAITING } from './caller.ts';
import { acknowledgeDone, DONE_STEPS } from './done.ts';
import { type Exchange, exchangeAt, FREE, indexOf, messageOf } from './exchange.ts';
import { hurry } from './hurry.ts';
import { answerCaller, beginService } from './local.ts';
import { learnRoundTrip, PATIENCE_MIN } from './pace.ts';
import { ANSWERED, EXECUTING, entryOf, nameService } from './server.ts';
import {
  fillWords,
  HELD,
  LABEL,
  NUMBER,
  SLOT,
  sizeOfWords,
  storeHead,
  storeWords,
  TARGET,
  TYPE_REPLY,
  TYPE_REQUEST,
  takeWords,
  WORDS,
} from './wire.ts';

/** Of a service, in place of where its answer's data lies: it has none, and no request's either. */
const NO_DATA: u32 = 0xffff_ffff;
const SERVICES_IN_USE_AT: u32 = IN_USE_AT + (CALLS_MAX >> 3);
const SLOT_SHIFT: u32 = 16;

/** Makes a call whose label and words are at `words`, to the peer's exported port. */
//@inline
export function callPlain(peer: u32, target: u32, token: u32, words: u32, now: u32): bool {
  const free = ~load<u32>(IN_USE_AT);
  if (free === 0) {
    unlikely();
    return false;
  }
  const slot = ctz<u32>(free);
  store<u32>(IN_USE_AT, ~(free & (free - 1)));
  const call = exchangeAt(slot);
  assert(call.state === FREE);
  call.state = WAITING;
  call.peer = peer;
  call.slot = slot;
  call.number += 1;
  call.beganAt = now;
  call.tries = 0;
  call.token = token;
  call.isBusy = 0;
  call.incarnation = incarnationFor(peer);
  hurry(PATIENCE_MIN);
  send(call, TYPE_REQUEST, target, words, now);
  return true;
}

/** Notes the message in the record, from where it is sent again if need be, and sends it. All is read once. */
//@inline
function send(exchange: Exchange, type: u32, third: u32, words: u32, now: u32): void {
  const peer = exchange.peer;
  const number = exchange.number;
  const head = type | (exchange.slot << SLOT_SHIFT);
  const label = load<u32>(words);
  const a = load<u32>(words, 4);
  const b = load<u32>(words, 8);
  const c = load<u32>(words, 12);
  const d = load<u32>(words, 16);
  const e = load<u32>(words, 20);
  const f = load<u32>(words, 24);
  const g = load<u32>(words, 28);
  exchange.touchedAt = now;
  storeWords(messageOf(exchange) + WORDS, a, b, c, d, e, f, g);
  storeHead(messageOf(exchange), head, number, third, label);
  const packet = openData(peer);
  const payload = packet + PAYLOAD;
  storeHead(payload, head, number, third, label);
  let size: u32 = 0;
  if ((a | b | c | d | e | f | g) !== 0) {
    storeWords(payload + WORDS, a, b, c, d, e, f, g);
    size = sizeOfWords(c | d, e | f, g);
  }
  sendData(packet, peer, WORDS + size, 0);
}

/** A plain request that has come from the peer in its present incarnation. */
//@inline
export function takeRequest(peer: u32, payload: u32, size: u32, now: u32): bool {
  const slot = <u32>load<u16>(payload, SLOT);
  if (slot >= CALLS_MAX) return false;
  const entry = entryOf(peer, slot);
  const number = load<u32>(payload, NUMBER);
  if (number <= load<u32>(entry)) return false;
  const service = serviceFor(entry);
  if (changetype<usize>(service) === 0) return false;
  nameService(service, entry, peer, slot, number, now);
  service.state = EXECUTING;
  store<u32>(entry, number);
  const message = messageOf(service);
  store<u32>(message, load<u32>(payload));
  store<u32>(message, load<u32>(payload, TARGET), TARGET);
  store<u32>(message, load<u32>(payload, LABEL), LABEL);
  takeWords(message + WORDS, payload, size);
  beginService(indexOf(service) - CALLS_MAX);
  return true;
}

/** The record of the slot's last call, which was as plain and which this one says is over, or a free one, or none. */
//@inline
function serviceFor(entry: u32): Exchange {
  const before = changetype<Exchange>(load<u32>(entry, 4));
  if (changetype<usize>(before) !== 0) {
    if (before.state === ANSWERED && before.dataAt === NO_DATA) return before;
    unlikely();
    return changetype<Exchange>(0);
  }
  const free = ~load<u32>(SERVICES_IN_USE_AT);
  if (free === 0) {
    unlikely();
    return changetype<Exchange>(0);
  }
  store<u32>(SERVICES_IN_USE_AT, ~(free & (free - 1)));
  return exchangeAt(CALLS_MAX + ctz<u32>(free));
}

/** The answer to service `index`, with its label and words at `words`. */
//@inline
export function answerPlain(index: u32, words: u32, now: u32): bool {
  const service = exchangeAt(CALLS_MAX + index);
  if (service.state !== EXECUTING) {
    unlikely();
    return false;
  }
  service.state = ANSWERED;
  service.dataAt = NO_DATA;
  hurry(DONE_STEPS);
  send(service, TYPE_REPLY, now - service.beganAt, words, now);
  return true;
}

/** A plain reply that has come from the peer in its present incarnation. */
//@inline
export function takeReply(peer: u32, payload: u32, size: u32, now: u32): bool {
  const slot = <u32>load<u16>(payload, SLOT);
  if (slot >= CALLS_MAX) return false;
  const call = exchangeAt(slot);
  const number = load<u32>(payload, NUMBER);
  const isOther = (call.number ^ number) | (call.peer ^ peer) | (call.state ^ WAITING);
  if ((isOther | (load<u32>(messageOf(call)) ^ (TYPE_REQUEST | (slot << SLOT_SHIFT)))) !== 0) return false;
  if ((call.tries | call.isBusy) === 0) learnRoundTrip(peer, now - call.beganAt - load<u32>(payload, HELD));
  const word = IN_USE_AT + ((slot >> 5) << 2);
  store<u32>(word, load<u32>(word) & ~((<u32>1) << (slot & 31)));
  call.state = FREE;
  acknowledgeDone(peer, slot, number);
  if (size === WORDS) takeWords(payload + WORDS, payload, size);
  else fillWords(payload, size);
  answerCaller(peer, call.token, 0, payload);
  return true;
}
