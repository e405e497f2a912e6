/**
 * Arithmetic of f32 in integers: IEEE 754 binary32, round to nearest, ties to even, as WebAssembly has it.
 *
 *     bit   31   30 … 23    22 … 0
 *          sign  exponent  fraction      value = ±1.fraction × 2^(exponent − 127), ±0.fraction × 2^−126 for 0
 *
 * Between unpacking and packing a significand has its leading one at bit 30, so that seven bits below the
 * result's last place decide the rounding; what is shifted out beyond them is kept as one sticky bit.
 * Every NaN that comes out is the canonical one, which the specification always allows.
 */

import { squareRoot } from './square-root.ts';

const SIGN: u32 = 0x8000_0000;
const INFINITY: u32 = 0x7f80_0000;
const NAN: u32 = 0x7fc0_0000;
const FRACTION: u32 = 0x007f_ffff;
const HIDDEN: u32 = 0x0080_0000;
/** Twice the bits of infinity: twice the bits of any NaN are more. */
const INFINITY_DOUBLED: u32 = 0xff00_0000;

export function f32_add(a: u32, b: u32): u32 {
  return i32(a ^ b) < 0 ? difference(a, b ^ SIGN) : sum(a, b);
}

export function f32_sub(a: u32, b: u32): u32 {
  return i32(a ^ b) < 0 ? sum(a, b ^ SIGN) : difference(a, b);
}

export function f32_mul(a: u32, b: u32): u32 {
  const sign = (a ^ b) & SIGN;
  let exponentA: i32 = exponentOf(a);
  let exponentB: i32 = exponentOf(b);
  let fractionA = a & FRACTION;
  let fractionB = b & FRACTION;
  if (exponentA === 255 || exponentB === 255) {
    if (isNan(a) || isNan(b) || a << 1 === 0 || b << 1 === 0) return NAN;
    return sign | INFINITY;
  }
  if (exponentA === 0) {
    if (fractionA === 0) return sign;
    exponentA = 9 - clz(fractionA);
    fractionA <<= 1 - exponentA;
  }
  if (exponentB === 0) {
    if (fractionB === 0) return sign;
    exponentB = 9 - clz(fractionB);
    fractionB <<= 1 - exponentB;
  }
  const product = u64((fractionA | HIDDEN) << 8) * u64((fractionB | HIDDEN) << 7);
  let significand = u32(product >> 32) | u32(u32(product) !== 0);
  let exponent = exponentA + exponentB - 126;
  if (significand < 0x4000_0000) {
    significand <<= 1;
    exponent -= 1;
  }
  return pack(sign, exponent, significand);
}

export function f32_div(a: u32, b: u32): u32 {
  const sign = (a ^ b) & SIGN;
  let exponentA: i32 = exponentOf(a);
  let exponentB: i32 = exponentOf(b);
  let fractionA = a & FRACTION;
  let fractionB = b & FRACTION;
  if (exponentA === 255) return fractionA !== 0 || exponentB === 255 ? NAN : sign | INFINITY;
  if (exponentB === 255) return fractionB !== 0 ? NAN : sign;
  if (exponentB === 0) {
    if (fractionB === 0) return a << 1 === 0 ? NAN : sign | INFINITY;
    exponentB = 9 - clz(fractionB);
    fractionB <<= 1 - exponentB;
  }
  if (exponentA === 0) {
    if (fractionA === 0) return sign;
    exponentA = 9 - clz(fractionA);
    fractionA <<= 1 - exponentA;
  }
  return quotient(sign, exponentA - exponentB + 127, fractionA | HIDDEN, fractionB | HIDDEN);
}

/** Four digits of eight bits each: a remainder below 2^24 times 2^8 still fits a word. */
//@inline
function quotient(sign: u32, exponent: i32, dividend: u32, divisor: u32): u32 {
  if (dividend < divisor) {
    dividend <<= 1;
    exponent -= 1;
  }
  let significand: u32 = 1;
  let remainder = dividend - divisor;
  for (let digit = 0; digit < 3; digit++) {
    remainder <<= 8;
    const next = remainder / divisor;
    remainder -= next * divisor;
    significand = (significand << 8) | next;
  }
  remainder <<= 6;
  const last = remainder / divisor;
  remainder -= last * divisor;
  significand = (significand << 6) | last;
  return pack(sign, exponent, significand | u32(remainder !== 0));
}

export function f32_sqrt(a: u32): u32 {
  if (a << 1 === 0) return a;
  if (isNan(a) || i32(a) < 0) return NAN;
  if (a === INFINITY) return a;
  let exponent: i32 = exponentOf(a);
  let fraction = a & FRACTION;
  if (exponent === 0) {
    exponent = 9 - clz(fraction);
    fraction <<= 1 - exponent;
  }
  exponent -= 127;
  const scaled = u64((fraction | HIDDEN) << (7 + (exponent & 1))) << 32;
  const root = squareRoot(scaled);
  const sticky = u32(u64(root) * u64(root) !== scaled);
  return pack(0, (exponent >> 1) + 127, (root >> 1) | sticky);
}

export function f32_min(a: u32, b: u32): u32 {
  if (isNan(a) || isNan(b)) return NAN;
  return orderOf(a) < orderOf(b) ? a : b;
}

export function f32_max(a: u32, b: u32): u32 {
  if (isNan(a) || isNan(b)) return NAN;
  return orderOf(a) < orderOf(b) ? b : a;
}

export function f32_ceil(a: u32): u32 {
  return towards(a, i32(a) >= 0);
}

export function f32_floor(a: u32): u32 {
  return towards(a, i32(a) < 0);
}

export function f32_trunc(a: u32): u32 {
  const exponent = exponentOf(a);
  if (exponent >= 150) return isNan(a) ? NAN : a;
  if (exponent < 127) return a & SIGN;
  return a & ~(FRACTION >> (exponent - 127));
}

export function f32_nearest(a: u32): u32 {
  const exponent = exponentOf(a);
  if (exponent >= 150) return isNan(a) ? NAN : a;
  if (exponent < 126) return a & SIGN;
  if (exponent === 126) return (a & SIGN) | (a & FRACTION ? 0x3f80_0000 : 0);
  const unit: u32 = 1 << (150 - exponent);
  const half = unit >> 1;
  const odd = a & unit ? 1 : 0;
  return (a + half - 1 + odd) & ~(unit - 1);
}

export function f32_eq(a: u32, b: u32): u32 {
  if (isNan(a) || isNan(b)) return 0;
  return u32(a === b || (a | b) << 1 === 0);
}

export function f32_lt(a: u32, b: u32): u32 {
  if (isNan(a) || isNan(b) || (a | b) << 1 === 0) return 0;
  return u32(orderOf(a) < orderOf(b));
}

export function f32_le(a: u32, b: u32): u32 {
  if (isNan(a) || isNan(b)) return 0;
  return u32((a | b) << 1 === 0 || orderOf(a) <= orderOf(b));
}

/**
 * The nearest f32 to ±significand × 2^(exponent − 157), leading one at bit 30; `exponent` is then the
 * result's own. Below 1 the result is subnormal, from 255 on infinite.
 */
export function pack(sign: u32, exponent: i32, significand: u32): u32 {
  if (exponent >= 255) return sign | INFINITY;
  if (exponent < 1) {
    significand = shiftRightSticky(significand, 1 - exponent);
    exponent = 1;
  }
  return round(sign, exponent, significand);
}

/** The hidden bit is added to the exponent field, and so is the carry of rounding up. */
//@inline
function round(sign: u32, exponent: i32, significand: u32): u32 {
  const tie = u32((significand & 0x7f) === 0x40);
  const rounded = ((significand + 0x40) >> 7) & ~tie;
  return sign | (((exponent - 1) << 23) + rounded);
}

/** |a| + |b| with the sign they share. */
function sum(a: u32, b: u32): u32 {
  if (a << 1 < b << 1) {
    const smaller = a;
    a = b;
    b = smaller;
  }
  let exponent: i32 = exponentOf(a);
  if (exponent === 255) return isNan(a) ? NAN : a;
  let exponentB: i32 = exponentOf(b);
  let significand = (a & FRACTION) << 6;
  let smaller = (b & FRACTION) << 6;
  if (exponent === 0) exponent = 1;
  else significand |= HIDDEN << 6;
  if (exponentB === 0) exponentB = 1;
  else smaller |= HIDDEN << 6;
  significand += shiftRightSticky(smaller, exponent - exponentB);
  if (significand < 0x4000_0000) return round(a & SIGN, exponent, significand << 1);
  return exponent === 254 ? (a & SIGN) | INFINITY : round(a & SIGN, exponent + 1, significand);
}

/** ||a| − |b|| with a's sign where |a| is larger, its opposite where |b| is, and +0 where they are equal. */
function difference(a: u32, b: u32): u32 {
  let sign = a & SIGN;
  if (a << 1 < b << 1) {
    const smaller = a;
    a = b;
    b = smaller;
    sign ^= SIGN;
  }
  let exponent: i32 = exponentOf(a);
  if (exponent === 255) return isNan(a) || exponentOf(b) === 255 ? NAN : sign | INFINITY;
  let exponentB: i32 = exponentOf(b);
  let significand = (a & FRACTION) << 7;
  let smaller = (b & FRACTION) << 7;
  if (exponent === 0) exponent = 1;
  else significand |= HIDDEN << 7;
  if (exponentB === 0) exponentB = 1;
  else smaller |= HIDDEN << 7;
  significand -= shiftRightSticky(smaller, exponent - exponentB);
  if (significand === 0) return 0;
  const shift = min<i32>(clz(significand) - 1, exponent - 1);
  return round(sign, exponent - shift, significand << shift);
}

/** Away from zero to the next integer if asked to, else towards zero. */
//@inline
function towards(a: u32, away: bool): u32 {
  const exponent = exponentOf(a);
  if (exponent >= 150) return isNan(a) ? NAN : a;
  if (exponent < 127) {
    if (a << 1 === 0 || !away) return a & SIGN;
    return (a & SIGN) | 0x3f80_0000;
  }
  const below = FRACTION >> (exponent - 127);
  return (away ? a + below : a) & ~below;
}

//@inline
function shiftRightSticky(value: u32, count: i32): u32 {
  if (count > 31) return u32(value !== 0);
  const lost = value & ((1 << count) - 1);
  return (value >> count) | u32(lost !== 0);
}

//@inline
function exponentOf(a: u32): i32 {
  return (a >> 23) & 0xff;
}

//@inline
function isNan(a: u32): bool {
  return a << 1 > INFINITY_DOUBLED;
}

/** Numbers in the order of these integers are in their own order, with −0 before +0. */
//@inline
function orderOf(a: u32): i32 {
  return i32(a) ^ i32(u32(i32(a) >> 31) >> 1);
}
