/**
 * NH, the fast half of UMAC (Black, Halevi, Krawczyk, Krovetz and Rogaway, CRYPTO 1999; RFC 4418, 5.2), twice:
 * two 64-bit sums over a message, by keys of their own. Of two different messages, whatever they are, the
 * difference of a sum is any one value with a chance of 2⁻³² over its key; so a sum that is hidden by adding a
 * number that nobody knows, and that is used once, proves the message (Wegman and Carter, 1981). The first sum
 * is over all of it, the second over the first HEAD_SIZE bytes: a forger of those has to meet both.
 *
 *     head keys     for each 8 bytes: two words for the first sum, two for the second
 *     tail keys     for each 8 bytes behind the head: two words for the first sum
 *
 * Both sums begin with the size, so that no message is another with zeros behind it.
 */
import { chaskey } from './chaskey.ts';

/** Bytes hashed at once, at most. */
const SIZE_MAX: u32 = 1536;
export const HEAD_SIZE: u32 = 96;
/** Two blocks. */
const PAIR: u32 = 16;
/** Bytes behind the head that are hashed in one turn. */
const BLOCK: u32 = 32;
/** Where they lie, or on the way to another place. */
const IN_PLACE: u32 = 0;
const COPIED: u32 = 1;
const HEAD_KEYS: u32 = HEAD_SIZE << 1;
const KEYS: u32 = HEAD_KEYS + SIZE_MAX - HEAD_SIZE;

/** And what is loaded behind them. */
const keys = memory.data(1664, 64);
const rest = memory.data(8, 8);

/** Draws the long key from an expanded one (chaskey.ts), by blocks that begin with `domain`. */
export function setUniversalKey(secret: u32, domain: u32): void {
  assert(KEYS === 1632);
  for (let at: u32 = 0; at < KEYS; at += 16) chaskey(secret, domain, at, 0, 0, keys + at);
}

/**
 * Both sums of `size` bytes at `address`, a multiple of 4, on top of those at `pad`, to the 16 bytes at `into`. Where
 * `from` is not 0 only the head is there: the rest is copied behind it from `from`, another multiple of 4, on the way.
 * The shortest calls and answers between nodes are two blocks: these are done at once.
 */
export function hashOnto(address: u32, size: u32, pad: u32, into: u32, from: u32): void {
  let first = u64(size) + load<u64>(pad);
  let second = u64(size) + load<u64>(pad, 8);
  if (size !== PAIR) {
    if (from === 0) hashMore(first, second, address, size, into);
    else hashCopied(first, second, address, size, into, from);
    return;
  }
  const a = load<u32>(address);
  const b = load<u32>(address, 4);
  const c = load<u32>(address, 8);
  const d = load<u32>(address, 12);
  const e = load<u32>(keys);
  const f = load<u32>(keys, 4);
  const g = load<u32>(keys, 8);
  const h = load<u32>(keys, 12);
  const i = load<u32>(keys, 16);
  const j = load<u32>(keys, 20);
  const k = load<u32>(keys, 24);
  const l = load<u32>(keys, 28);
  first += u64(a + e) * u64(b + f);
  second += u64(a + g) * u64(b + h);
  first += u64(c + i) * u64(d + j);
  second += u64(c + k) * u64(d + l);
  store<u64>(into, first);
  store<u64>(into, second, 8);
}

function hashMore(start: u64, otherStart: u64, address: u32, size: u32, into: u32): void {
  hash(start, otherStart, address, size, into, IN_PLACE, 0);
}

function hashCopied(start: u64, otherStart: u64, address: u32, size: u32, into: u32, from: u32): void {
  hash(start, otherStart, address, size, into, COPIED, from);
}

/** `how`: IN_PLACE, or COPIED from `from`. */
//@inline
function hash(start: u64, otherStart: u64, address: u32, size: u32, into: u32, how: u32, from: u32): void {
  assert(size <= SIZE_MAX);
  let first = start;
  let second = otherStart;
  let key = keys;
  let at = address;
  const whole = size & ~7;
  const headEnd = address + min<u32>(whole, HEAD_SIZE);
  for (; at !== headEnd; at += 8) {
    first += product(at, key);
    second += product(at, key + 8);
    key += 16;
  }
  store<u64>(into, second, 8);
  const wholeEnd = address + whole;
  if (wholeEnd - at >= BLOCK) {
    const blocks = (wholeEnd - at) & ~(BLOCK - 1);
    if (how === IN_PLACE) first = addBlocks(first, at, at + blocks, key, IN_PLACE, 0);
    else first = addBlocks(first, from, from + blocks, key, COPIED, at);
    key += blocks;
    at += blocks;
  }
  if (how === COPIED) memory.copy(at, from + (at - headEnd), address + size - at);
  for (; at !== wholeEnd; at += 8) {
    first += product(at, key);
    key += 8;
  }
  if (whole !== size) {
    fillRest(at, size & 7);
    first += product(rest, key);
    if (whole < HEAD_SIZE) store<u64>(into, load<u64>(into, 8) + product(rest, key + 8), 8);
  }
  store<u64>(into, first);
}

/** The last bytes, and zeros behind them. */
function fillRest(address: u32, size: u32): void {
  let low: u32 = 0;
  let high: u32 = 0;
  if (size >= 4) low = load<u32>(address);
  for (let at = size & 4; at < size; at += 1) {
    const byte = (<u32>load<u8>(address + at)) << ((at & 3) << 3);
    if (size >= 4) high |= byte;
    else low |= byte;
  }
  store<u32>(rest, low);
  store<u32>(rest, high, 4);
}

/**
 * The tail's sum on top of `sum`, in whole blocks, which where `how` is COPIED go to `to`. What a turn needs is loaded
 * at the end of the one before, so that nothing is waited for; the last turn loads what is not used.
 */
//@inline
function addBlocks(sum: u64, start: u32, end: u32, keyStart: u32, how: u32, into: u32): u64 {
  let total = sum;
  let at = start;
  let key = keyStart;
  let to = into;
  let a = load<u32>(at);
  let b = load<u32>(at, 4);
  let c = load<u32>(at, 8);
  let d = load<u32>(at, 12);
  let e = load<u32>(at, 16);
  let f = load<u32>(at, 20);
  let g = load<u32>(at, 24);
  let h = load<u32>(at, 28);
  let i = load<u32>(key);
  let j = load<u32>(key, 4);
  let k = load<u32>(key, 8);
  let l = load<u32>(key, 12);
  let m = load<u32>(key, 16);
  let n = load<u32>(key, 20);
  let o = load<u32>(key, 24);
  let p = load<u32>(key, 28);
  while (at !== end) {
    if (how === COPIED) {
      store<u32>(to, a);
      store<u32>(to, b, 4);
      store<u32>(to, c, 8);
      store<u32>(to, d, 12);
      store<u32>(to, e, 16);
      store<u32>(to, f, 20);
      store<u32>(to, g, 24);
      store<u32>(to, h, 28);
      to += BLOCK;
    }
    total += u64(a + i) * u64(b + j);
    total += u64(c + k) * u64(d + l);
    total += u64(e + m) * u64(f + n);
    total += u64(g + o) * u64(h + p);
    a = load<u32>(at, BLOCK);
    b = load<u32>(at, BLOCK + 4);
    c = load<u32>(at, BLOCK + 8);
    d = load<u32>(at, BLOCK + 12);
    e = load<u32>(at, BLOCK + 16);
    f = load<u32>(at, BLOCK + 20);
    g = load<u32>(at, BLOCK + 24);
    h = load<u32>(at, BLOCK + 28);
    i = load<u32>(key, BLOCK);
    j = load<u32>(key, BLOCK + 4);
    k = load<u32>(key, BLOCK + 8);
    l = load<u32>(key, BLOCK + 12);
    m = load<u32>(key, BLOCK + 16);
    n = load<u32>(key, BLOCK + 20);
    o = load<u32>(key, BLOCK + 24);
    p = load<u32>(key, BLOCK + 28);
    at += BLOCK;
    key += BLOCK;
  }
  return total;
}

//@inline
function product(words: u32, by: u32): u64 {
  const left = load<u32>(words) + load<u32>(by);
  const right = load<u32>(words, 4) + load<u32>(by, 4);
  return u64(left) * u64(right);
}
