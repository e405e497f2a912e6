/**
 * SipHash-1-3: 64 bits by which a holder of the 128-bit key knows that a message is another holder's
 * (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; one round a word and three at the end).
 *
 * Words are little-endian; `address` need not be aligned.
 */

const C0: u64 = 0x736f_6d65_7073_6575;
const C1: u64 = 0x646f_7261_6e64_6f6d;
const C2: u64 = 0x6c79_6765_6e65_7261;
const C3: u64 = 0x7465_6462_7974_6573;
const FINAL_ROUNDS: u32 = 3;
const LAST_BYTES_SHIFT: u64 = 56;

/** Of `size` bytes at `address`, with the sixteen bytes at `key`. The state is in locals: registers, mostly. */
export function sipHash(key: u32, address: u32, size: u32): u64 {
  let v0 = load<u64>(key) ^ C0;
  let v1 = load<u64>(key, 8) ^ C1;
  let v2 = load<u64>(key) ^ C2;
  let v3 = load<u64>(key, 8) ^ C3;
  const words = size >> 3;
  for (let index: u32 = 0; index <= words + FINAL_ROUNDS; index += 1) {
    let word: u64 = 0;
    if (index < words) word = load<u64>(address + (index << 3));
    else if (index === words) word = lastWord(address + (words << 3), size);
    else if (index === words + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 += v1;
    v2 += v3;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 = rotl<u64>(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v2 = rotl<u64>(v2, 32);
    v0 ^= word;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}

/** The bytes that are left, and the size's low byte on top. */
function lastWord(address: u32, size: u32): u64 {
  let word = (<u64>(size & 0xff)) << LAST_BYTES_SHIFT;
  const rest = size & 7;
  for (let index: u32 = 0; index < rest; index += 1) {
    word |= u64(load<u8>(address + index)) << u64(index << 3);
  }
  return word;
}
