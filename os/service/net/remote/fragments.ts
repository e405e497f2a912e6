/**
 * The data of one message in fragments, seen from either end. The sender has as many of them on the way as its
 * pace allows (pace.ts); the receiver says which it has, and what is missing behind one that has come is sent again
 * at once.
 *
 *     bit n     fragment n, of FRAGMENT_MAX bytes, the last one shorter
 */
import { giveRoom, narrow, takeRoom, widen } from './pace.ts';
import { FRAGMENT_MAX, FRAGMENTS_MAX, INLINE_MAX } from './wire.ts';

/** The receiver speaks after so many. */
const SAY_AFTER: u32 = 4;
const NONE_LEFT: u32 = 0xffff_ffff;

//@unmanaged
export class Fragments {
  /** 0 where the message has none: no data, or all of it in the first packet. */
  count: u32 = 0;
  size: u32 = 0;
  /** Come, or known to have come. */
  low: u32 = 0;
  high: u32 = 0;
  /** Sender: sent and not yet known to have come. */
  sentLow: u32 = 0;
  sentHigh: u32 = 0;
  /** Receiver: how many came since it last said so. */
  unsaid: u32 = 0;
}

export function beginFragments(fragments: Fragments, size: u32): void {
  fragments.size = size;
  fragments.count = size <= INLINE_MAX ? 0 : (size + FRAGMENT_MAX - 1) / FRAGMENT_MAX;
  assert(fragments.count <= FRAGMENTS_MAX);
  fragments.low = 0;
  fragments.high = 0;
  fragments.sentLow = 0;
  fragments.sentHigh = 0;
  fragments.unsaid = 0;
}

export function isComplete(fragments: Fragments): bool {
  const count = fragments.count;
  return fragments.low === lowMask(count) && fragments.high === highMask(count);
}

export function sizeOfFragment(fragments: Fragments, index: u32): u32 {
  return min<u32>(FRAGMENT_MAX, fragments.size - index * FRAGMENT_MAX);
}

/** Receiver: notes a fragment; false where it came before, or cannot be one of this message. */
export function take(fragments: Fragments, index: u32, size: u32): bool {
  if (index >= fragments.count || size !== sizeOfFragment(fragments, index)) return false;
  fragments.unsaid += 1;
  if (hasBit(fragments.low, fragments.high, index)) return false;
  if (index < 32) fragments.low |= (<u32>1) << index;
  else fragments.high |= (<u32>1) << (index - 32);
  return true;
}

/** Receiver: whether it is time to say what has come: every few, at the end, and when one is missing. */
export function isTimeToSay(fragments: Fragments): bool {
  return fragments.unsaid >= SAY_AFTER || isComplete(fragments) || hasHole(fragments);
}

function hasHole(fragments: Fragments): bool {
  const inOrder = fragments.high === 0 || ~fragments.low === 0;
  return (
    !inOrder || (fragments.low & (fragments.low + 1)) !== 0 || (fragments.high & (fragments.high + 1)) !== 0
  );
}

/** Sender: the next fragment to send, which then counts as sent; NONE_LEFT where there is no room or all are out. */
export function nextToSend(fragments: Fragments, peer: u32): u32 {
  const openLow = lowMask(fragments.count) & ~(fragments.low | fragments.sentLow);
  const openHigh = highMask(fragments.count) & ~(fragments.high | fragments.sentHigh);
  if ((openLow | openHigh) === 0 || !takeRoom(peer)) return NONE_LEFT;
  if (openLow !== 0) {
    const index = ctz<u32>(openLow);
    fragments.sentLow |= (<u32>1) << index;
    return index;
  }
  const index = ctz<u32>(openHigh);
  fragments.sentHigh |= (<u32>1) << index;
  return index + 32;
}

export function isFragment(index: u32): bool {
  return index !== NONE_LEFT;
}

/**
 * Sender: the receiver has these. What was sent before one of them and has not come is taken for lost: wires
 * keep the order, so it is sent again, at a slower pace.
 */
export function learn(fragments: Fragments, peer: u32, low: u32, high: u32): void {
  const hadLow = fragments.low;
  const hadHigh = fragments.high;
  fragments.low |= low & lowMask(fragments.count);
  fragments.high |= high & highMask(fragments.count);
  if (fragments.low === hadLow && fragments.high === hadHigh) return;
  const newest = fragments.high !== 0 ? 63 - clz<u32>(fragments.high) : 31 - clz<u32>(fragments.low);
  const lostLow = fragments.sentLow & ~fragments.low & lowMask(newest);
  const lostHigh = fragments.sentHigh & ~fragments.high & highMask(newest);
  const sent = countSent(fragments);
  fragments.sentLow &= ~(fragments.low | lostLow);
  fragments.sentHigh &= ~(fragments.high | lostHigh);
  giveRoom(peer, sent - countSent(fragments));
  if ((lostLow | lostHigh) !== 0) narrow(peer);
  else widen(peer);
}

/** Sender: whether the receiver no longer has all that it had: it has forgotten the message, and begins anew with it. */
export function hasForgotten(fragments: Fragments, low: u32, high: u32): bool {
  return ((fragments.low & ~low) | (fragments.high & ~high)) !== 0;
}

/** Sender: nothing was heard for too long. All that was sent counts as lost. */
export function loseAll(fragments: Fragments, peer: u32): void {
  if (fragments.count === 0) return;
  callBack(fragments, peer);
  narrow(peer);
}

/** Sender: none of those on the way is waited for any more. */
export function callBack(fragments: Fragments, peer: u32): void {
  giveRoom(peer, countSent(fragments));
  fragments.sentLow = 0;
  fragments.sentHigh = 0;
}

function countSent(fragments: Fragments): u32 {
  return popcnt<u32>(fragments.sentLow) + popcnt<u32>(fragments.sentHigh);
}

/** Bits of the first `count` fragments. */
function lowMask(count: u32): u32 {
  return count >= 32 ? 0xffff_ffff : ((<u32>1) << count) - 1;
}

function highMask(count: u32): u32 {
  if (count <= 32) return 0;
  return count >= 64 ? 0xffff_ffff : ((<u32>1) << (count - 32)) - 1;
}

function hasBit(low: u32, high: u32, index: u32): bool {
  return index < 32 ? ((low >> index) & 1) !== 0 : ((high >> (index - 32)) & 1) !== 0;
}
