/**
 * The data of one message in fragments, seen from either end. The sender has as many of them on the way as its
 * pace allows (pace.ts), and asks now and then, and with the last of them, which have come; the receiver says so, and what
 * is missing behind one that has come is sent again at once: wires keep the order. Of what has been sent again that is
 * known when something has come that was sent after it (RFC 8985). Where nothing is heard the sender tries with the
 * last that it has sent, whose answer tells the rest.
 *
 * A message is open while it is not known how much data it has, but how much at most: its first fragments can go,
 * those that are full.
 *
 *     bit n     fragment first + n, of FRAGMENT_MAX bytes, the last one shorter
 */
import { giveRoom, learnFlight, narrow, takeRoom, windowOf } from './pace.ts';
import { FRAGMENT_MAX, INLINE_MAX } from './wire.ts';

/** The receiver speaks after so many that come in order, asked or not. */
const SAY_AFTER: u32 = 16;
/** The sender asks with one in so many, a power of two; and with one in so many where there may be many on the way. */
const ASK_AFTER: u32 = 4;
const ASK_AFTER_MANY: u32 = 8;
const MANY: u32 = 32;
/** Fragments that there are bits for, and by how many `first` goes on. */
const BITS_MAX: u32 = 64;
const STRIDE: u32 = 32;
const STRIDE_BITS: u64 = 0xffff_ffff;
const NONE_LEFT: u32 = 0xffff_ffff;

//@unmanaged
export class Fragments {
  /** Come, or known to have come. */
  come: u64 = 0;
  /** Sender: on the way; and those of them that are so for another time. */
  sent: u64 = 0;
  again: u64 = 0;
  /** 0 where the message has none: no data, or all of it in the first packet. */
  count: u32 = 0;
  size: u32 = 0;
  /** All before it have come; a multiple of STRIDE. */
  first: u32 = 0;
  /** The one after the last that was ever sent, or has come. */
  end: u32 = 0;
  /** Sender: from here on they are sent after those that were sent again. */
  frontier: u32 = 0;
  /** Sender: one whose flight is measured, and since when; NONE_LEFT for none. */
  timed: u32 = 0;
  timedAt: u32 = 0;
  /** How much of it all is of the first range. */
  share: u32 = 0;
  /** Receiver: how many came since it last said so. */
  unsaid: u8 = 0;
  isOpen: u8 = 0;
  /** Sender: the message itself was sent before this one. */
  headAt: u16 = 0;
}

export function beginFragments(fragments: Fragments, size: u32, share: u32): void {
  fragments.count = 0;
  fragments.isOpen = 0;
  settle(fragments, size, share);
  if (fragments.count === 0) return;
  fragments.headAt = 0;
  fragments.come = 0;
  fragments.sent = 0;
  fragments.again = 0;
  fragments.first = 0;
  fragments.end = 0;
  fragments.frontier = 0;
  fragments.timed = NONE_LEFT;
  fragments.unsaid = 0;
}

/** There is so much data, which is what the fragments so far have come of. */
export function settle(fragments: Fragments, size: u32, share: u32): void {
  fragments.isOpen = 0;
  fragments.size = size;
  fragments.share = share;
  fragments.count = size <= INLINE_MAX ? 0 : (size + FRAGMENT_MAX - 1) / FRAGMENT_MAX;
}

/** Sender: so much of the data is there, of `most` bytes of the first range, and maybe all of it. */
export function extend(fragments: Fragments, most: u32, size: u32): void {
  if (fragments.isOpen === 0) {
    beginFragments(fragments, most, most);
    fragments.isOpen = 1;
  }
  fragments.count = size / FRAGMENT_MAX;
}

/** Receiver: whether the data can be so much in all: it is known, or from now on. `isPart`: it is that or less. */
export function isOfSize(fragments: Fragments, size: u32, share: u32, isPart: bool): bool {
  if (isPart) return fragments.isOpen !== 0 ? size === fragments.size : size >= fragments.size;
  if (fragments.isOpen === 0) return size === fragments.size && share === fragments.share;
  const least = fragments.end * FRAGMENT_MAX;
  if (size > fragments.size || share < least) return false;
  settle(fragments, size, share);
  return true;
}

export function isComplete(fragments: Fragments): bool {
  return fragments.isOpen === 0 && fragments.come === bitsBelow(fragments.count - fragments.first);
}

export function sizeOfFragment(fragments: Fragments, index: u32): u32 {
  return min<u32>(FRAGMENT_MAX, fragments.size - index * FRAGMENT_MAX);
}

/** Receiver: notes a fragment; false where it came before, or has no place. */
export function take(fragments: Fragments, index: u32): bool {
  if (index >= fragments.count) return false;
  // behind one that is missing, in the place of one that was, or for another time
  const isOdd = index !== fragments.end;
  fragments.unsaid = <u8>(<u32>fragments.unsaid + (isOdd ? 1 + SAY_AFTER : 1));
  const place = index - fragments.first;
  if (place >= BITS_MAX) return false;
  const bit = (<u64>1) << place;
  if ((fragments.come & bit) !== 0) return false;
  fragments.come |= bit;
  fragments.end = max<u32>(fragments.end, index + 1);
  while (hasCome(fragments)) goOn(fragments);
  return true;
}

/** Receiver: whether it is time to say what has come. */
export function isTimeToSay(fragments: Fragments): bool {
  return <u32>fragments.unsaid >= SAY_AFTER || isComplete(fragments);
}

/** The first STRIDE have come. */
function hasCome(fragments: Fragments): bool {
  return (fragments.come & STRIDE_BITS) === STRIDE_BITS;
}

function goOn(fragments: Fragments): void {
  fragments.come >>= STRIDE;
  fragments.sent >>= STRIDE;
  fragments.again >>= STRIDE;
  fragments.first += STRIDE;
}

/** Sender: the next fragment to send, which then counts as sent; NONE_LEFT where there is no room or all are out. */
export function nextToSend(fragments: Fragments, peer: u32, now: u32): u32 {
  const open = bitsBelow(fragments.count - fragments.first) & ~(fragments.come | fragments.sent);
  if (open === 0 || !takeRoom(peer)) return NONE_LEFT;
  const place = ctz<u64>(open) as u32;
  const bit = (<u64>1) << place;
  const index = fragments.first + place;
  fragments.sent |= bit;
  if (index < fragments.end) {
    fragments.again |= bit;
    fragments.frontier = fragments.end;
    if (index === fragments.timed) fragments.timed = NONE_LEFT;
    return index;
  }
  fragments.end = index + 1;
  if (fragments.timed === NONE_LEFT) {
    fragments.timed = index;
    fragments.timedAt = now;
  }
  return index;
}

/** Sender: whether to ask with this fragment which have come, where `next` is the one that follows it at once. */
export function isTimeToAsk(fragments: Fragments, peer: u32, index: u32, next: u32): bool {
  const isOut = fragments.isOpen !== 0 && fragments.end === fragments.count;
  if (next === NONE_LEFT && !isOut) return true;
  const after = windowOf(peer) >= MANY ? ASK_AFTER_MANY : ASK_AFTER;
  return (index & (after - 1)) === after - 1;
}

export function isFragment(index: u32): bool {
  return index !== NONE_LEFT;
}

/** Sender: the last that is on the way; NONE_LEFT for none. */
export function lastOnTheWay(fragments: Fragments): u32 {
  return fragments.count === 0 || fragments.sent === 0
    ? NONE_LEFT
    : fragments.first + 63 - (clz<u64>(fragments.sent) as u32);
}

/** Sender: whether something has come that was sent after the message itself, or all. */
export function isHeadPassed(fragments: Fragments): bool {
  const last =
    fragments.come === 0 ? fragments.first : fragments.first + 64 - (clz<u64>(fragments.come) as u32);
  return last > <u32>fragments.headAt || last === fragments.count;
}

/** Sender: the receiver has all before `first`, and of those from there on these. */
export function learn(fragments: Fragments, peer: u32, first: u32, bits: u64, now: u32): void {
  if (first > fragments.count || first + STRIDE < fragments.first) return;
  let left: u32 = 0;
  while (fragments.first < first) {
    left += popcnt<u64>(fragments.sent & STRIDE_BITS) as u32;
    goOn(fragments);
  }
  const sent = fragments.sent;
  fragments.come |=
    (first < fragments.first ? bits >> STRIDE : bits) & bitsBelow(fragments.count - fragments.first);
  fragments.sent &= ~fragments.come;
  fragments.again &= fragments.sent;
  giveRoom(peer, left + (popcnt<u64>(sent ^ fragments.sent) as u32));
  timeFlight(fragments, peer, now);
  loseSome(fragments, peer);
  while (hasCome(fragments)) goOn(fragments);
}

/** What was sent before one that has come, and has not, is to be sent again: at a slower pace, once a round trip. */
function loseSome(fragments: Fragments, peer: u32): void {
  if (fragments.come === 0) return;
  const newest = 63 - (clz<u64>(fragments.come) as u32);
  const isPast = fragments.first + newest >= fragments.frontier;
  let lost = fragments.sent & bitsBelow(newest);
  if (!isPast) lost &= ~fragments.again;
  if (lost === 0) return;
  fragments.sent &= ~lost;
  fragments.again &= ~lost;
  giveRoom(peer, popcnt<u64>(lost) as u32);
  if (isPast) narrow(peer);
}

function timeFlight(fragments: Fragments, peer: u32, now: u32): void {
  const timed = fragments.timed;
  if (timed === NONE_LEFT) return;
  const place = timed - fragments.first;
  if (timed >= fragments.first && ((fragments.come >> place) & 1) === 0) return;
  learnFlight(peer, now - fragments.timedAt);
  fragments.timed = NONE_LEFT;
}

/** Sender: whether the receiver no longer has all that it had: it has forgotten the message, and begins anew with it. */
export function hasForgotten(fragments: Fragments, first: u32, bits: u64): bool {
  if (first !== fragments.first) return first < fragments.first;
  return (fragments.come & ~bits) !== 0;
}

/** Sender: nothing was heard for too long. All that was sent counts as lost. */
export function loseAll(fragments: Fragments, peer: u32): void {
  if (fragments.count === 0) return;
  callBack(fragments, peer);
  narrow(peer);
}

/** Sender: none of those on the way is waited for any more. */
export function callBack(fragments: Fragments, peer: u32): void {
  giveRoom(peer, popcnt<u64>(fragments.sent) as u32);
  fragments.sent = 0;
  fragments.again = 0;
  fragments.timed = NONE_LEFT;
}

/** Sender: nothing of it goes any more. */
export function stopSending(fragments: Fragments, peer: u32): void {
  if (fragments.count !== 0) callBack(fragments, peer);
  fragments.count = 0;
  fragments.isOpen = 0;
}

/** Bits of the first `count` fragments. */
function bitsBelow(count: u32): u64 {
  return count >= BITS_MAX ? <u64>-1 : ((<u64>1) << count) - 1;
}
