/**
 * Replay windows: which sequence numbers of a source have been seen. A number is accepted once; one that is
 * WINDOW_SIZE or more behind the highest is taken for seen.
 *
 * Each source has one window for packets to this node alone and one for packets to everybody, which count
 * apart. A source that has begun anew (a higher incarnation) begins with empty ones; packets of an earlier
 * incarnation are stale for ever.
 *
 *     window     highest 4 · bits for highest − 31 … highest, newest at bit 0, in WINDOW_WORDS words
 */
import { NODES_MAX } from './limits.ts';

const WINDOW_WORDS: u32 = 8;
const WINDOW_SIZE: u32 = WINDOW_WORDS << 5;
const WINDOW_BYTES: u32 = 4 + (WINDOW_WORDS << 2);

export const TO_ME: u32 = 0;
export const TO_EVERYBODY: u32 = 1;

const windows = memory.data(4608);
const incarnations = memory.data(256);

/** What is known of a source's incarnation: 0 for nothing. */
export function incarnationOf(source: u32): u32 {
  return load<u32>(incarnations + (source << 2));
}

/** Notes the number as seen; false where it, or its incarnation, is an old one. */
export function acceptOnce(source: u32, incarnation: u32, way: u32, sequence: u32): bool {
  const known = incarnationOf(source);
  if (incarnation < known) return false;
  if (incarnation > known) beginAnew(source, incarnation);
  return accept(windowOf(source, way), sequence);
}

function beginAnew(source: u32, incarnation: u32): void {
  store<u32>(incarnations + (source << 2), incarnation);
  memory.fill(windowOf(source, TO_ME), 0, WINDOW_BYTES << 1);
}

function windowOf(source: u32, way: u32): u32 {
  assert(source < NODES_MAX);
  return windows + ((source << 1) + way) * WINDOW_BYTES;
}

function accept(window: u32, sequence: u32): bool {
  const highest = load<u32>(window);
  if (sequence > highest) {
    shift(window + 4, sequence - highest);
    store<u32>(window, sequence);
    store<u32>(window, load<u32>(window, 4) | 1, 4);
    return true;
  }
  const behind = highest - sequence;
  if (behind >= WINDOW_SIZE) return false;
  const word = window + 4 + ((behind >> 5) << 2);
  const bit = (<u32>1) << (behind & 31);
  if ((load<u32>(word) & bit) !== 0) return false;
  store<u32>(word, load<u32>(word) | bit);
  return true;
}

/** Ages all bits by `count` numbers. */
function shift(bits: u32, count: u32): void {
  if (count >= WINDOW_SIZE) {
    memory.fill(bits, 0, WINDOW_WORDS << 2);
    return;
  }
  const words = count >> 5;
  const rest = count & 31;
  for (let index: i32 = WINDOW_WORDS - 1; index >= 0; index -= 1) {
    const from = index - <i32>words;
    let word: u32 = 0;
    if (from >= 0) word = load<u32>(bits + ((<u32>from) << 2)) << rest;
    if (from >= 1 && rest !== 0) word |= load<u32>(bits + ((<u32>(from - 1)) << 2)) >> (32 - rest);
    store<u32>(bits + ((<u32>index) << 2), word);
  }
}
