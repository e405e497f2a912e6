/**
 * Arithmetic of f64 in integers: IEEE 754 binary64, round to nearest, ties to even, as WebAssembly has it.
 *
 *     bit   63   62 … 52    51 … 0
 *          sign  exponent  fraction      value = ±1.fraction × 2^(exponent − 1023), ±0.fraction × 2^−1022 for 0
 *
 * The twin of f32.ts with wider words: between unpacking and packing a significand has its leading one at
 * bit 62, with ten bits below the result's last place and a sticky bit. What the 32-bit machine can decide
 * on the upper word alone is decided there.
 */
import { reciprocal } from './reciprocal.ts';
import { squareRoot } from './square-root.ts';

const SIGN: u64 = 0x8000_0000_0000_0000;
const INFINITY: u64 = 0x7ff0_0000_0000_0000;
const NAN: u64 = 0x7ff8_0000_0000_0000;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
const HIDDEN: u64 = 0x0010_0000_0000_0000;
const ONE: u64 = 0x3ff0_0000_0000_0000;

export function f64_add(a: u64, b: u64): u64 {
  return i32(upper(a) ^ upper(b)) < 0 ? difference(a, b ^ SIGN) : sum(a, b);
}

export function f64_sub(a: u64, b: u64): u64 {
  return i32(upper(a) ^ upper(b)) < 0 ? sum(a, b ^ SIGN) : difference(a, b);
}

export function f64_mul(a: u64, b: u64): u64 {
  const sign = (a ^ b) & SIGN;
  let exponentA: i32 = exponentOf(a);
  let exponentB: i32 = exponentOf(b);
  let fractionA = a & FRACTION;
  let fractionB = b & FRACTION;
  if (exponentA === 2047 || exponentB === 2047) {
    if (isNan(a) || isNan(b) || a << 1 === 0 || b << 1 === 0) return NAN;
    return sign | INFINITY;
  }
  if (exponentA === 0) {
    if (fractionA === 0) return sign;
    exponentA = 12 - i32(clz(fractionA));
    fractionA <<= 1 - exponentA;
  }
  if (exponentB === 0) {
    if (fractionB === 0) return sign;
    exponentB = 12 - i32(clz(fractionB));
    fractionB <<= 1 - exponentB;
  }
  const significand = productUpper((fractionA | HIDDEN) << 11, (fractionB | HIDDEN) << 10);
  const exponent = exponentA + exponentB - 1022;
  if (i32(upper(significand)) < 0x4000_0000) return pack(sign, exponent - 1, significand << 1);
  return pack(sign, exponent, significand);
}

/** The upper 64 bits of the product, its lower 64 as a sticky bit. */
//@inline
function productUpper(a: u64, b: u64): u64 {
  const low = u64(lower(a)) * u64(lower(b));
  const middle = u64(upper(a)) * u64(lower(b)) + u64(upper(low));
  const other = u64(lower(a)) * u64(upper(b)) + u64(lower(middle));
  const high = u64(upper(a)) * u64(upper(b)) + u64(upper(middle)) + u64(upper(other));
  return high | u64(u32((lower(low) | lower(other)) !== 0));
}

export function f64_div(a: u64, b: u64): u64 {
  const sign = (a ^ b) & SIGN;
  let exponentA: i32 = exponentOf(a);
  let exponentB: i32 = exponentOf(b);
  let fractionA = a & FRACTION;
  let fractionB = b & FRACTION;
  if (exponentA === 2047) return fractionA !== 0 || exponentB === 2047 ? NAN : sign | INFINITY;
  if (exponentB === 2047) return fractionB !== 0 ? NAN : sign;
  if (exponentB === 0) {
    if (fractionB === 0) return a << 1 === 0 ? NAN : sign | INFINITY;
    exponentB = 12 - i32(clz(fractionB));
    fractionB <<= 1 - exponentB;
  }
  if (exponentA === 0) {
    if (fractionA === 0) return sign;
    exponentA = 12 - i32(clz(fractionA));
    fractionA <<= 1 - exponentA;
  }
  return quotient(sign, exponentA - exponentB + 1023, fractionA | HIDDEN, fractionB | HIDDEN);
}

/**
 * Two digits of 31 bits, each the upper remainder times the divisor's reciprocal: at most a few too small,
 * and made exact against the remainder. The divisor's leading one is at bit 60, so that eight of it fit.
 */
function quotient(sign: u64, exponent: i32, dividend: u64, divisor: u64): u64 {
  divisor <<= 8;
  dividend <<= 8;
  if (dividend < divisor) {
    dividend <<= 1;
    exponent -= 1;
  }
  let remainder = dividend - divisor;
  const inverse = reciprocal(u32(divisor >> 29)) - 2;
  let digit = digitOf(remainder, inverse);
  remainder = (remainder << 31) - multiplied(divisor, digit);
  while (remainder >= divisor) {
    remainder -= divisor;
    digit += 1;
  }
  let significand = (u64(1) << 62) + (u64(digit) << 31);
  digit = digitOf(remainder, inverse);
  remainder = (remainder << 31) - multiplied(divisor, digit);
  while (remainder >= divisor) {
    remainder -= divisor;
    digit += 1;
  }
  significand += u64(digit) | u64(u32(remainder !== 0));
  return pack(sign, exponent, significand);
}

/**
 * remainder × 2^31 ÷ divisor, from their upper 32 bits. The divisor is up to one unit larger than those say
 * and its inverse therefore up to two smaller, which the caller has subtracted.
 */
//@inline
function digitOf(remainder: u64, inverse: u32): u32 {
  return u32((u64(u32(remainder >> 29)) * u64(inverse)) >> 32);
}

/** The product's lower 64 bits. */
//@inline
function multiplied(a: u64, digit: u32): u64 {
  return u64(lower(a)) * u64(digit) + (u64(upper(a) * digit) << 32);
}

/** The root of 64 bits of the number, then 31 bits more by division, made exact against their square. */
export function f64_sqrt(a: u64): u64 {
  if (a << 1 === 0) return a;
  if (isNan(a) || i64(a) < 0) return NAN;
  if (a === INFINITY) return a;
  let exponent: i32 = exponentOf(a);
  let fraction = a & FRACTION;
  if (exponent === 0) {
    exponent = 12 - i32(clz(fraction));
    fraction <<= 1 - exponent;
  }
  exponent -= 1023;
  const scaled = (fraction | HIDDEN) << (10 + (exponent & 1));
  const root = squareRoot(scaled);
  const rest = scaled - u64(root) * u64(root);
  let low = u32((u64(u32(rest >> 1)) * u64(reciprocal(root))) >> 32);
  let remainder = (rest << 30) - u64(low) * u64(root);
  while (remainder >= u64(root)) {
    remainder -= u64(root);
    low += 1;
  }
  const square = u64(low) * u64(low);
  remainder <<= 32;
  const sticky = u64(u32(remainder !== square));
  const significand = (u64(root) << 31) + u64(low) - u64(u32(remainder < square));
  return pack(0, (exponent >> 1) + 1023, significand | sticky);
}

export function f64_min(a: u64, b: u64): u64 {
  if (isNan(a) || isNan(b)) return NAN;
  return orderOf(a) < orderOf(b) ? a : b;
}

export function f64_max(a: u64, b: u64): u64 {
  if (isNan(a) || isNan(b)) return NAN;
  return orderOf(a) < orderOf(b) ? b : a;
}

export function f64_ceil(a: u64): u64 {
  return towards(a, i64(a) >= 0);
}

export function f64_floor(a: u64): u64 {
  return towards(a, i64(a) < 0);
}

export function f64_trunc(a: u64): u64 {
  const exponent = exponentOf(a);
  if (exponent >= 1075) return isNan(a) ? NAN : a;
  if (exponent < 1023) return a & SIGN;
  return a & ~(FRACTION >> (exponent - 1023));
}

export function f64_nearest(a: u64): u64 {
  const exponent = exponentOf(a);
  if (exponent >= 1075) return isNan(a) ? NAN : a;
  if (exponent < 1022) return a & SIGN;
  if (exponent === 1022) return (a & SIGN) | ((a & FRACTION) !== 0 ? ONE : 0);
  const unit: u64 = u64(1) << (1075 - exponent);
  const half = unit >> 1;
  const odd: u64 = (a & unit) !== 0 ? 1 : 0;
  return (a + half - 1 + odd) & ~(unit - 1);
}

export function f64_eq(a: u64, b: u64): u32 {
  if (isNan(a) || isNan(b)) return 0;
  return u32(a === b || (a | b) << 1 === 0);
}

export function f64_lt(a: u64, b: u64): u32 {
  if (isNan(a) || isNan(b) || (a | b) << 1 === 0) return 0;
  return u32(orderOf(a) < orderOf(b));
}

export function f64_le(a: u64, b: u64): u32 {
  if (isNan(a) || isNan(b)) return 0;
  return u32((a | b) << 1 === 0 || orderOf(a) <= orderOf(b));
}

/**
 * The nearest f64 to ±significand × 2^(exponent − 1085), leading one at bit 62; `exponent` is then the
 * result's own. Below 1 the result is subnormal, from 2047 on infinite.
 */
export function pack(sign: u64, exponent: i32, significand: u64): u64 {
  if (exponent >= 2047) return sign | INFINITY;
  if (exponent < 1) {
    significand = shiftRightSticky(significand, 1 - exponent);
    exponent = 1;
  }
  return round(sign, exponent, significand);
}

/** The hidden bit is added to the exponent field, and so is the carry of rounding up. */
//@inline
function round(sign: u64, exponent: i32, significand: u64): u64 {
  const tie = u32((lower(significand) & 0x3ff) === 0x200);
  const rounded = ((significand + 0x200) >> 10) & ~u64(tie);
  return (sign | rounded) + (u64((exponent - 1) << 20) << 32);
}

/** |a| + |b| with the sign they share. */
function sum(a: u64, b: u64): u64 {
  if (a << 1 < b << 1) {
    const smaller = a;
    a = b;
    b = smaller;
  }
  let exponent: i32 = exponentOf(a);
  if (exponent === 2047) return isNan(a) ? NAN : a;
  let exponentB: i32 = exponentOf(b);
  let significand = (a & FRACTION) << 9;
  let smaller = (b & FRACTION) << 9;
  if (exponent === 0) exponent = 1;
  else significand |= HIDDEN << 9;
  if (exponentB === 0) exponentB = 1;
  else smaller |= HIDDEN << 9;
  significand += shiftRightSticky(smaller, exponent - exponentB);
  if (upper(significand) < 0x4000_0000) return round(a & SIGN, exponent, significand << 1);
  return exponent === 2046 ? (a & SIGN) | INFINITY : round(a & SIGN, exponent + 1, significand);
}

/** ||a| − |b|| with a's sign where |a| is larger, its opposite where |b| is, and +0 where they are equal. */
function difference(a: u64, b: u64): u64 {
  let sign = a & SIGN;
  if (a << 1 < b << 1) {
    const smaller = a;
    a = b;
    b = smaller;
    sign ^= SIGN;
  }
  let exponent: i32 = exponentOf(a);
  if (exponent === 2047) return isNan(a) || exponentOf(b) === 2047 ? NAN : sign | INFINITY;
  let exponentB: i32 = exponentOf(b);
  let significand = (a & FRACTION) << 10;
  let smaller = (b & FRACTION) << 10;
  if (exponent === 0) exponent = 1;
  else significand |= HIDDEN << 10;
  if (exponentB === 0) exponentB = 1;
  else smaller |= HIDDEN << 10;
  significand -= shiftRightSticky(smaller, exponent - exponentB);
  if (significand === 0) return 0;
  const shift = min<i32>(i32(clz(significand)) - 1, exponent - 1);
  return round(sign, exponent - shift, significand << shift);
}

/** Away from zero to the next integer if asked to, else towards zero. */
//@inline
function towards(a: u64, away: bool): u64 {
  const exponent = exponentOf(a);
  if (exponent >= 1075) return isNan(a) ? NAN : a;
  if (exponent < 1023) {
    if (a << 1 === 0 || !away) return a & SIGN;
    return (a & SIGN) | ONE;
  }
  const below = FRACTION >> (exponent - 1023);
  return (away ? a + below : a) & ~below;
}

//@inline
function shiftRightSticky(value: u64, count: i32): u64 {
  if (count > 63) return u64(u32(value !== 0));
  const lost = value & ((u64(1) << count) - 1);
  return (value >> count) | u64(u32(lost !== 0));
}

//@inline
function upper(a: u64): u32 {
  return u32(a >> 32);
}

//@inline
function lower(a: u64): u32 {
  return u32(a);
}

//@inline
function exponentOf(a: u64): i32 {
  return (upper(a) >> 20) & 0x7ff;
}

//@inline
function isNan(a: u64): bool {
  return (upper(a) & 0x7fff_ffff) + u32(lower(a) !== 0) > 0x7ff0_0000;
}

/** Numbers in the order of these integers are in their own order, with −0 before +0. */
//@inline
function orderOf(a: u64): i64 {
  return i64(a) ^ i64(u64(i64(a) >> 63) >> 1);
}
