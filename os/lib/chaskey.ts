/**
 * Chaskey-12 of one block: a keyed permutation of 128 bits, made for 32-bit processors (Mouha, Mennink, Van
 * Herrewege, Watanabe, Preneel and Verbauwhede, "Chaskey: an efficient MAC algorithm for 32-bit
 * microcontrollers", SAC 2014; twelve rounds as in ISO/IEC 29192-6). Who does not have the key cannot tell what it
 * gives from chance.
 *
 *     key       16 bytes as they are given · 16 bytes more, which `expandKey` makes of them
 *
 * Words are little-endian, addresses multiples of 4.
 */
export const CHASKEY_KEY_SIZE: u32 = 32;

const ROUNDS: u32 = 12;
/** x¹²⁸ in the field of the polynomial x¹²⁸ + x⁷ + x² + x + 1. */
const REDUCTION: u32 = 0x87;

/** Makes the key's second half: the first, doubled. */
export function expandKey(key: u32): void {
  const carry: u32 = load<u32>(key, 12) >> 31;
  store<u32>(key, (load<u32>(key) << 1) ^ (carry * REDUCTION), 16);
  store<u32>(key, (load<u32>(key, 4) << 1) | (load<u32>(key) >> 31), 20);
  store<u32>(key, (load<u32>(key, 8) << 1) | (load<u32>(key, 4) >> 31), 24);
  store<u32>(key, (load<u32>(key, 12) << 1) | (load<u32>(key, 8) >> 31), 28);
}

/** Of the block of four words, to the 16 bytes at `into`. */
export function chaskey(key: u32, word0: u32, word1: u32, word2: u32, word3: u32, into: u32): void {
  let v0 = word0 ^ load<u32>(key) ^ load<u32>(key, 16);
  let v1 = word1 ^ load<u32>(key, 4) ^ load<u32>(key, 20);
  let v2 = word2 ^ load<u32>(key, 8) ^ load<u32>(key, 24);
  let v3 = word3 ^ load<u32>(key, 12) ^ load<u32>(key, 28);
  for (let round: u32 = 0; round < ROUNDS; round += 1) {
    v0 += v1;
    v1 = rotl<u32>(v1, 5) ^ v0;
    v0 = rotl<u32>(v0, 16);
    v2 += v3;
    v3 = rotl<u32>(v3, 8) ^ v2;
    v0 += v3;
    v3 = rotl<u32>(v3, 13) ^ v0;
    v2 += v1;
    v1 = rotl<u32>(v1, 7) ^ v2;
    v2 = rotl<u32>(v2, 16);
  }
  store<u32>(into, v0 ^ load<u32>(key, 16));
  store<u32>(into, v1 ^ load<u32>(key, 20), 4);
  store<u32>(into, v2 ^ load<u32>(key, 24), 8);
  store<u32>(into, v3 ^ load<u32>(key, 28), 12);
}
