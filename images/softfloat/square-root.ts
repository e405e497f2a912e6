/**
 * The integer square root of 64 bits, by Karatsuba's recursion: the root of the upper half bit by bit, the
 * lower half of the root by one division, corrected by at most one (P. Zimmermann, "Karatsuba Square
 * Root", INRIA RR-3805).
 */

/** The largest s with s × s ≤ n, for n with one of its two highest bits set. */
export function squareRoot(n: u64): u32 {
  const upper = u32(n >> 32);
  let root: u32 = 0;
  let remainder = upper;
  for (let bit: u32 = 1 << 15; bit !== 0; bit >>= 1) {
    const trial = ((root << 1) + bit) * bit;
    if (trial <= remainder) {
      remainder -= trial;
      root += bit;
    }
  }
  const half = (remainder << 15) | u32((n >> 17) & 0x7fff);
  const digit = min<u32>(half / root, 0xffff);
  const candidate = (u64(root) << 16) + u64(digit);
  return u32(candidate - u64(u32(candidate * candidate > n)));
}
