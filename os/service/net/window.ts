/**
 * Replay windows: which sequence numbers of a source have been seen. A number is accepted once; one that is
 * WINDOW_SIZE or more behind the highest is taken for seen. The bits lie in a ring of words by number, so that
 * nothing is moved when the highest grows: words that it passes are emptied (RFC 6479).
 *
 * Each source has one window for packets to this node alone and one for packets to everybody, which count
 * apart. A source that has begun anew (a higher incarnation) begins with empty ones; packets of an earlier
 * incarnation are stale for ever.
 *
 *     window     highest 4 · WINDOW_WORDS words; number n has bit n mod 32 of word n / 32 mod WINDOW_WORDS
 *
 * One word of the ring is always ahead of the window's end.
 */
import { unlikely } from 'rv';
import { PEER_INCARNATION, PEER_WINDOWS, peerAt } from './tables.ts';

const WINDOW_WORDS: u32 = 8;
const WINDOW_SIZE: u32 = (WINDOW_WORDS - 1) << 5;
const WINDOW_BYTES: u32 = 4 + (WINDOW_WORDS << 2);

export const TO_ME: u32 = 0;
export const TO_EVERYBODY: u32 = 1;

/** What is known of a source's incarnation: 0 for nothing. */
//@inline
export function incarnationOf(source: u32): u32 {
  return load<u32>(peerAt(source), PEER_INCARNATION);
}

/** Notes the number as seen; false where it, or its incarnation, is an old one. */
export function acceptOnce(source: u32, incarnation: u32, way: u32, sequence: u32): bool {
  const known = incarnationOf(source);
  if (incarnation < known) return false;
  if (incarnation > known) beginAnew(source, incarnation);
  return acceptFrom(source, way, sequence);
}

/** The same where the incarnation is the one that is known. */
//@inline
export function acceptFrom(source: u32, way: u32, sequence: u32): bool {
  return accept(windowOf(source, way), sequence);
}

function beginAnew(source: u32, incarnation: u32): void {
  store<u32>(peerAt(source), incarnation, PEER_INCARNATION);
  memory.fill(windowOf(source, TO_ME), 0, WINDOW_BYTES << 1);
}

//@inline
function windowOf(source: u32, way: u32): u32 {
  return peerAt(source) + PEER_WINDOWS + way * WINDOW_BYTES;
}

//@inline
function accept(window: u32, sequence: u32): bool {
  const highest = load<u32>(window);
  const bit = (<u32>1) << (sequence & 31);
  const word = wordOf(window, sequence >> 5);
  if (sequence > highest) {
    if (highest >> 5 !== sequence >> 5) {
      unlikely();
      empty(window, highest >> 5, sequence >> 5);
    }
    store<u32>(window, sequence);
    store<u32>(word, load<u32>(word) | bit);
    return true;
  }
  unlikely();
  if (highest - sequence >= WINDOW_SIZE || (load<u32>(word) & bit) !== 0) return false;
  store<u32>(word, load<u32>(word) | bit);
  return true;
}

/** The words behind the one with the highest number so far, up to the one with the new. */
function empty(window: u32, from: u32, to: u32): void {
  const count = min<u32>(to - from, WINDOW_WORDS);
  for (let index: u32 = 0; index < count; index += 1) store<u32>(wordOf(window, to - index), 0);
}

//@inline
function wordOf(window: u32, number: u32): u32 {
  return window + 4 + ((number & (WINDOW_WORDS - 1)) << 2);
}
