/**
 * Reciprocals of 32-bit words by multiplication: the start of every wide division.
 */

/**
 * 2^63 ÷ divisor for a divisor with its bit 31 set, too small by at most three units and never too large.
 *
 * One division of words gives 14 bits; each of Newton's steps, r ← r + r × (1 − divisor × r ÷ 2^63), doubles
 * them. All truncation is downwards, and from below a step never passes the true value.
 */
export function reciprocal(divisor: u32): u32 {
  const inverse: u32 = (0x7fff_ffff / ((divisor >> 16) + 1)) << 16;
  return refined(refined(inverse, divisor), divisor);
}

//@inline
function refined(inverse: u32, divisor: u32): u32 {
  const error = ~u32((u64(inverse) * u64(divisor)) >> 31);
  return inverse + u32((u64(inverse) * u64(error)) >> 32);
}
