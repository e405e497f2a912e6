/**
 * Division of i64 on a machine that divides words. A divisor of zero and the overflow of the most negative
 * number by −1 give what RISC-V's own instructions would: all ones and the dividend, the dividend and 0.
 */

export function i64_div_u(a: u64, b: u64): u64 {
  const divisor = u32(b);
  if (u32(b >> 32) !== 0) return u64(wideQuotient(a, b));
  if (divisor === 0) return 0xffff_ffff_ffff_ffff;
  const high = u32(a >> 32);
  if (high === 0) return u64(u32(a) / divisor);
  const upper = high / divisor;
  const rest = high - upper * divisor;
  return (u64(upper) << 32) | u64(wordQuotient(rest, u32(a), divisor));
}

export function i64_rem_u(a: u64, b: u64): u64 {
  const divisor = u32(b);
  if (u32(b >> 32) !== 0) return a - u64(wideQuotient(a, b)) * b;
  if (divisor === 0) return a;
  const high = u32(a >> 32);
  if (high === 0) return u64(u32(a) % divisor);
  const rest = high % divisor;
  return u64(u32(a) - wordQuotient(rest, u32(a), divisor) * divisor);
}

export function i64_div_s(a: i64, b: i64): i64 {
  if (b === 0) return -1;
  const quotient = i64_div_u(magnitude(a), magnitude(b));
  return i64(a ^ b) < 0 ? 0 - i64(quotient) : i64(quotient);
}

export function i64_rem_s(a: i64, b: i64): i64 {
  const remainder = i64_rem_u(magnitude(a), magnitude(b));
  return a < 0 ? 0 - i64(remainder) : i64(remainder);
}

//@inline
function magnitude(a: i64): u64 {
  return a < 0 ? 0 - u64(a) : u64(a);
}

/** a ÷ b for b ≥ 2^32: from the upper words, at most one too large before the correction. */
function wideQuotient(a: u64, b: u64): u32 {
  if (b > a) return 0;
  const shift = u32(clz(u32(b >> 32)));
  const divisor = u32((b << shift) >> 32);
  let quotient = wordQuotient(u32(a >> 33), u32(a >> 1), divisor) >> (31 - shift);
  if (quotient !== 0) quotient -= 1;
  return a - u64(quotient) * b >= b ? quotient + 1 : quotient;
}

/**
 * (high × 2^32 + low) ÷ divisor, for high < divisor: two digits of 16 bits, each guessed from the divisor's
 * upper half and at most two too large (Knuth, The Art of Computer Programming, volume 2, 4.3.1 D).
 */
function wordQuotient(high: u32, low: u32, divisor: u32): u32 {
  const shift = clz(divisor);
  if (shift !== 0) {
    divisor <<= shift;
    high = (high << shift) | (low >> (32 - shift));
    low <<= shift;
  }
  const upper = digitOf(high, low >> 16, divisor);
  const rest = ((high << 16) | (low >> 16)) - upper * divisor;
  return (upper << 16) | digitOf(rest, low & 0xffff, divisor);
}

//@inline
function digitOf(high: u32, next: u32, divisor: u32): u32 {
  const divisorHigh = divisor >> 16;
  const divisorLow = divisor & 0xffff;
  let digit = high / divisorHigh;
  let rest = high - digit * divisorHigh;
  while (digit > 0xffff || digit * divisorLow > ((rest << 16) | next)) {
    digit -= 1;
    rest += divisorHigh;
    if (rest > 0xffff) break;
  }
  return digit;
}
