/**
 * NH, the fast half of UMAC (Black, Halevi, Krawczyk, Krovetz and Rogaway, CRYPTO 1999; RFC 4418, 5.2): two
 * different messages of one size have the same hash with a chance of 2⁻³² over the key, which nobody sees, since
 * the hash goes on into a keyed MAC. Two words of message cost one product.
 */
import { sipHash } from './siphash.ts';

/** Bytes hashed at once, at most. */
export const UNIVERSAL_HASH_MAX: u32 = 1536;

const key = memory.data(1536, 8);
const counter = memory.data(8, 8);
const rest = memory.data(8, 8);

/** Draws the long key from the sixteen bytes at `secret`. */
export function setUniversalKey(secret: u32): void {
  for (let at: u32 = 0; at < UNIVERSAL_HASH_MAX; at += 8) {
    store<u32>(counter, at);
    store<u64>(key + at, sipHash(secret, counter, 8));
  }
}

/** Of `size` bytes at `address`, which is a multiple of 4. */
export function universalHash(address: u32, size: u32): u64 {
  assert(size <= UNIVERSAL_HASH_MAX);
  let sum: u64 = 0;
  const whole = size & ~7;
  for (let at: u32 = 0; at < whole; at += 8) sum += product(address + at, key + at);
  if (whole === size) return sum;
  store<u64>(rest, 0);
  memory.copy(rest, address + whole, size - whole);
  return sum + product(rest, key + whole);
}

//@inline
function product(words: u32, keys: u32): u64 {
  const left = load<u32>(words) + load<u32>(keys);
  const right = load<u32>(words, 4) + load<u32>(keys, 4);
  return u64(left) * u64(right);
}
