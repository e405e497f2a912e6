/**
 * What nodes say to each other about calls: the payload of data packets. One call is a request, a reply, and
 * what it takes to bring both over once: fragments of their data, acknowledgements, and signs of life.
 *
 *     0   type 1 · flags 1 · slot 2 · number 4       slot and number: the caller's name of the call
 *     8   request: target 4; reply: held 4
 *     12  request, reply: label 4 · words, up to 7 × 4: zeros at their end are left out
 *     44  with EXTRAS, then all words are there: data size 4 · sent sizes 2 × 4 · writable sizes 2 × 4 · shape 4 · handles 4 × 4
 *     84  the data, where all of it fits; else it follows in fragments
 *     8   fragment: number 4 · size of all data 4 · how much of it is of the first range 4 · bytes
 *     8   received: fragments before this one have come 4 · bits 2 × 4, one a fragment from there on
 *     8   done: count 4, {slot 4, number 4} …
 *
 * `target` is the exported port that a request is for. `held` is how long a server had the request, in steps, so
 * that the caller can reckon the time on the way. Of a reply with FAILED the label is why there is none.
 *
 * A fragment says all that it takes to put its bytes in their place, so that the message itself may come late. Where
 * it has not come when fragments have, HEADLESS says so. PART fragments of a reply go while its data is still being
 * made: the sizes that they say are the most there can be, all of it of the first range; the others say how much it is.
 */
import { HANDLES_PER_MESSAGE, LENT_PER_MESSAGE } from '../../../abi/message.ts';

export const TYPE_REQUEST: u32 = 1;
export const TYPE_REPLY: u32 = 2;
export const TYPE_FRAGMENT: u32 = 3;
/** Which fragments have come. */
export const TYPE_RECEIVED: u32 = 4;
/** The server has the request, and its answer takes time. */
export const TYPE_BUSY: u32 = 5;
/** The caller has the replies to these, or no longer wants them: the server may forget them. */
export const TYPE_DONE: u32 = 6;
/** The server has no room for the request now: its data is to wait until some of it is said to have been received. */
export const TYPE_FULL: u32 = 7;
/** The server has lost its caller since it began with the call: there will be no answer. */
export const TYPE_GONE: u32 = 8;

/** It is a send: nobody waits for an answer but that it was received. */
export const FLAG_ONE_WAY: u32 = 1;
export const FLAG_EXTRAS: u32 = 2;
/** Of fragments and what was received: they are a reply's. */
export const FLAG_OF_REPLY: u32 = 4;
/** The call could not be made. */
export const FLAG_FAILED: u32 = 8;
/** Of a fragment: its sender wants to hear which have come. Of a request: before it sends the first. */
export const FLAG_ASKS: u32 = 0x10;
/** Of what was received: the message that it belongs to has not come. */
export const FLAG_HEADLESS: u32 = 0x20;
/** Of a fragment: of the message's data there may be less than it says, or just so much. */
export const FLAG_PART: u32 = 0x40;

export const TYPE: u32 = 0;
export const FLAGS: u32 = 1;
export const SLOT: u32 = 2;
export const NUMBER: u32 = 4;
export const HEAD_SIZE: u32 = 8;

export const TARGET: u32 = 8;
export const HELD: u32 = 8;
export const LABEL: u32 = 12;
export const WORDS: u32 = 16;
export const WORDS_SIZE: u32 = 28;
const PLAIN_SIZE: u32 = 44;
export const DATA_SIZE: u32 = 44;
/** Of each lent range: how much of it is in the data. */
export const SENT: u32 = 48;
/** Of each range lent for writing: its size. */
export const WRITABLE: u32 = 56;
/** Bits 3–0 handles, 7–4 lent ranges, 9–8 and 11–10 how these are lent. */
export const SHAPE: u32 = 64;
/** Ids of the sender's exported ports. */
export const HANDLES: u32 = 68;
export const EXTRAS_SIZE: u32 = 84;

export const FRAGMENT: u32 = 8;
export const FRAGMENT_OF: u32 = 12;
export const FRAGMENT_SHARE: u32 = 16;
export const FRAGMENT_BYTES: u32 = 20;
export const FIRST: u32 = 8;
export const BITS: u32 = 12;
export const RECEIVED_SIZE: u32 = 20;
export const DONE_COUNT: u32 = 8;
export const DONE_PAIRS: u32 = 12;
export const DONE_MAX: u32 = 64;

export const FRAGMENT_MAX: u32 = 1440;
/** Data of one message, and what is lent for writing with it. */
export const DATA_MAX: u32 = 0x10_0000;
/** Data up to this size travels in the first packet. */
export const INLINE_MAX: u32 = 1344;

/** Whether a payload of `size` bytes has the form that its type says. */
export function isWellFormed(payload: u32, size: u32): bool {
  if (size < HEAD_SIZE) return false;
  const type = <u32>load<u8>(payload, TYPE);
  if (type === TYPE_REQUEST || type === TYPE_REPLY) return isWellFormedMessage(payload, size);
  switch (type) {
    case TYPE_FRAGMENT:
      return isWellFormedFragment(payload, size);
    case TYPE_RECEIVED:
      return size === RECEIVED_SIZE;
    case TYPE_DONE:
      return isWellFormedDone(payload, size);
    case TYPE_BUSY:
    case TYPE_FULL:
    case TYPE_GONE:
      return size === HEAD_SIZE;
    default:
      return false;
  }
}

function isWellFormedMessage(payload: u32, size: u32): bool {
  if ((<u32>load<u8>(payload, FLAGS) & FLAG_EXTRAS) === 0)
    return size >= WORDS && size <= PLAIN_SIZE && (size & 3) === 0;
  return isWellFormedWithExtras(payload, size);
}

function isWellFormedWithExtras(payload: u32, size: u32): bool {
  if (size < EXTRAS_SIZE || !isShape(load<u32>(payload, SHAPE))) return false;
  const data = load<u32>(payload, DATA_SIZE);
  if (data > DATA_MAX || size !== EXTRAS_SIZE + (data <= INLINE_MAX ? data : 0)) return false;
  const sent = load<u32>(payload, SENT);
  const writable = load<u32>(payload, WRITABLE);
  if (sent > data || load<u32>(payload, SENT + 4) !== data - sent || writable > DATA_MAX - data) return false;
  return load<u32>(payload, WRITABLE + 4) <= DATA_MAX - data - writable;
}

function isShape(shape: u32): bool {
  return shapeHandles(shape) <= HANDLES_PER_MESSAGE && shapeRanges(shape) <= LENT_PER_MESSAGE;
}

export function shapeHandles(shape: u32): u32 {
  return shape & 0xf;
}

export function shapeRanges(shape: u32): u32 {
  return (shape >> 4) & 0xf;
}

/** LENT_… of a range. */
export function shapeAccess(shape: u32, range: u32): u32 {
  return (shape >> (8 + (range << 1))) & 3;
}

/** The size of a message without its data, and without the zeros at the end of its words. */
export function sizeOfMessage(header: u32): u32 {
  if ((<u32>load<u8>(header, FLAGS) & FLAG_EXTRAS) !== 0) return EXTRAS_SIZE;
  let size = PLAIN_SIZE;
  if ((load<u32>(header, WORDS + 24) | load<u32>(header, WORDS + 20) | load<u32>(header, WORDS + 16)) === 0)
    size -= 12;
  while (size > WORDS && load<u32>(header + size - 4) === 0) size -= 4;
  return size;
}

/** Whether it can be that of a label and words alone: whole words, seven at most. */
//@inline
export function isPlainSize(size: u32): bool {
  return ((size - WORDS) & ~WORDS_SIZE) === 0;
}

/** How many bytes of the seven words to send: without pairs of zeros at the end. Given: those behind the first two. */
//@inline
export function sizeOfWords(second: u32, third: u32, last: u32): u32 {
  if (last !== 0) return WORDS_SIZE;
  if (third !== 0) return 24;
  return second !== 0 ? 16 : 8;
}

/** What is before the words. */
//@inline
export function storeHead(to: u32, head: u32, number: u32, third: u32, label: u32): void {
  store<u32>(to, head);
  store<u32>(to, number, NUMBER);
  store<u32>(to, third, TARGET);
  store<u32>(to, label, LABEL);
}

//@inline
export function storeWords(to: u32, a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32): void {
  store<u32>(to, a);
  store<u32>(to, b, 4);
  store<u32>(to, c, 8);
  store<u32>(to, d, 12);
  store<u32>(to, e, 16);
  store<u32>(to, f, 20);
  store<u32>(to, g, 24);
}

/** Copies a message of `size` bytes without its data; the words that were left out are zeros again. */
export function copyMessage(to: u32, from: u32, size: u32): void {
  copyHead(to, from);
  copyWords(to + WORDS, from + WORDS);
  fillWords(to, size);
  for (let at = PLAIN_SIZE; at < size; at += 4) store<u32>(to + at, load<u32>(from + at));
}

/** The words that were left out of a message of `size` bytes are zeros again, behind it. */
export function fillWords(message: u32, size: u32): void {
  for (let at = size; at < PLAIN_SIZE; at += 4) store<u32>(message + at, 0);
}

/** The words of a plain message of `size` bytes, with the zeros that were left out. */
//@inline
export function takeWords(to: u32, message: u32, size: u32): void {
  if (size === WORDS) {
    store<u64>(to, 0);
    store<u64>(to, 0, 8);
    store<u64>(to, 0, 16);
    store<u32>(to, 0, 24);
    return;
  }
  fillWords(message, size);
  copyWords(to, message + WORDS);
}

/** Whether the message is label and words alone. */
//@inline
export function isPlain(message: u32): bool {
  return (<u32>load<u8>(message, FLAGS) & FLAG_EXTRAS) === 0;
}

/** What is before the words. */
//@inline
export function copyHead(to: u32, from: u32): void {
  const a = load<u32>(from);
  const b = load<u32>(from, 4);
  const c = load<u32>(from, 8);
  const d = load<u32>(from, 12);
  store<u32>(to, a);
  store<u32>(to, b, 4);
  store<u32>(to, c, 8);
  store<u32>(to, d, 12);
}

/** Seven words. */
//@inline
export function copyWords(to: u32, from: u32): void {
  const a = load<u32>(from);
  const b = load<u32>(from, 4);
  const c = load<u32>(from, 8);
  const d = load<u32>(from, 12);
  const e = load<u32>(from, 16);
  const f = load<u32>(from, 20);
  const g = load<u32>(from, 24);
  store<u32>(to, a);
  store<u32>(to, b, 4);
  store<u32>(to, c, 8);
  store<u32>(to, d, 12);
  store<u32>(to, e, 16);
  store<u32>(to, f, 20);
  store<u32>(to, g, 24);
}

function isWellFormedFragment(payload: u32, size: u32): bool {
  if (size <= FRAGMENT_BYTES) return false;
  const all = load<u32>(payload, FRAGMENT_OF);
  const offset = load<u32>(payload, FRAGMENT) * FRAGMENT_MAX;
  const flags = <u32>load<u8>(payload, FLAGS);
  if ((flags & FLAG_PART) !== 0 && (flags & FLAG_OF_REPLY) === 0) return false;
  if (all > DATA_MAX || all <= INLINE_MAX || load<u32>(payload, FRAGMENT_SHARE) > all) return false;
  if (load<u32>(payload, FRAGMENT) > DATA_MAX / FRAGMENT_MAX || offset >= all) return false;
  return size - FRAGMENT_BYTES === min<u32>(FRAGMENT_MAX, all - offset);
}

function isWellFormedDone(payload: u32, size: u32): bool {
  if (size < DONE_PAIRS) return false;
  const count = load<u32>(payload, DONE_COUNT);
  return count <= DONE_MAX && size === DONE_PAIRS + (count << 3);
}
