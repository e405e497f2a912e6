/**
 * Between integers and floats, and between the two widths of floats, in integers.
 *
 * To floats: round to nearest, ties to even. From floats: towards zero. Out of range a saturating
 * conversion gives the nearest bound, and 0 for a NaN; a trapping one traps first. The bounds are compared
 * as bits: positive floats are ordered as their bits are, and doubling drops the sign.
 */
import { pack as packF32 } from './f32.ts';
import { pack as packF64 } from './f64.ts';

//@external("runtime", "trap_invalid_conversion")
declare function trapInvalidConversion(): void;

//@external("runtime", "trap_integer_overflow")
declare function trapIntegerOverflow(): void;

export function f32_convert_i32_s(value: i32): u32 {
  return value < 0 ? packWord(0x8000_0000, 0 - u32(value)) : packWord(0, u32(value));
}

export function f32_convert_i32_u(value: u32): u32 {
  return packWord(0, value);
}

export function f32_convert_i64_s(value: i64): u32 {
  return value < 0 ? packDouble(0x8000_0000, 0 - u64(value)) : packDouble(0, u64(value));
}

export function f32_convert_i64_u(value: u64): u32 {
  return packDouble(0, value);
}

function packWord(sign: u32, magnitude: u32): u32 {
  if (magnitude === 0) return 0;
  const shift = clz(magnitude);
  const normal = magnitude << shift;
  return packF32(sign, 158 - shift, (normal >> 1) | (normal & 1));
}

function packDouble(sign: u32, magnitude: u64): u32 {
  if (magnitude === 0) return 0;
  const shift = i32(clz(magnitude));
  const normal = magnitude << shift;
  return packF32(sign, 190 - shift, u32(normal >> 33) | u32(u32(normal << 31 !== 0)));
}

/** Exact: every i32 is an f64. */
export function f64_convert_i32_s(value: i32): u64 {
  return value < 0 ? exactF64(0xc1d0_0000, 0 - u32(value)) : exactF64(0x41d0_0000, u32(value));
}

export function f64_convert_i32_u(value: u32): u64 {
  return exactF64(0x41d0_0000, value);
}

/** `upper` is sign and exponent of 2^30; the leading one, at bit 31, adds one to the exponent. */
//@inline
function exactF64(upper: u32, magnitude: u32): u64 {
  if (magnitude === 0) return 0;
  const shift = clz(magnitude);
  const normal = magnitude << shift;
  return (u64(upper - (shift << 20) + (normal >> 11)) << 32) | u64(normal << 21);
}

export function f64_convert_i64_s(value: i64): u64 {
  return value < 0 ? packLong(0x8000_0000_0000_0000, 0 - u64(value)) : packLong(0, u64(value));
}

export function f64_convert_i64_u(value: u64): u64 {
  return packLong(0, value);
}

function packLong(sign: u64, magnitude: u64): u64 {
  if (magnitude === 0) return 0;
  const shift = i32(clz(magnitude));
  const normal = magnitude << shift;
  return packF64(sign, 1086 - shift, (normal >> 1) | (normal & 1));
}

export function f32_demote_f64(a: u64): u32 {
  const exponent = i32(u32(a >> 52) & 0x7ff);
  const sign = u32(a >> 32) & 0x8000_0000;
  if (exponent === 2047) return a << 12 !== 0 ? 0x7fc0_0000 : sign | 0x7f80_0000;
  if (exponent === 0) return sign;
  const significand = ((a << 10) & 0x3fff_ffff_ffff_ffff) | 0x4000_0000_0000_0000;
  return packF32(sign, exponent - 896, u32(significand >> 32) | u32(u32(significand) !== 0));
}

export function f64_promote_f32(a: u32): u64 {
  let exponent: u32 = (a >> 23) & 0xff;
  let fraction: u32 = a & 0x007f_ffff;
  const sign = a & 0x8000_0000;
  if (exponent === 255) {
    if (fraction !== 0) return 0x7ff8_0000_0000_0000;
    exponent = 1151;
  } else if (exponent === 0) {
    if (fraction === 0) return u64(sign) << 32;
    const shift = clz(fraction) - 8;
    fraction = (fraction << shift) & 0x007f_ffff;
    exponent = 1 - shift;
  }
  return (u64(sign | ((exponent + 896) << 20) | (fraction >> 3)) << 32) | u64(fraction << 29);
}

export function i32_trunc_f32_s(a: u32): i32 {
  if (a << 1 >= 0x9e00_0000 && a !== 0xcf00_0000) trapF32(a);
  return i32_trunc_sat_f32_s(a);
}

export function i32_trunc_f32_u(a: u32): u32 {
  if (a >= 0x4f80_0000 && a << 1 >= 0x7f00_0000) trapF32(a);
  return i32_trunc_sat_f32_u(a);
}

export function i64_trunc_f32_s(a: u32): i64 {
  if (a << 1 >= 0xbe00_0000 && a !== 0xdf00_0000) trapF32(a);
  return i64_trunc_sat_f32_s(a);
}

export function i64_trunc_f32_u(a: u32): u64 {
  if (a >= 0x5f80_0000 && a << 1 >= 0x7f00_0000) trapF32(a);
  return i64_trunc_sat_f32_u(a);
}

export function i32_trunc_f64_s(a: u64): i32 {
  const limit: u64 = i64(a) < 0 ? 0xc1e0_0000_0020_0000 : 0x41e0_0000_0000_0000;
  if (a >= limit) trapF64(a);
  return i32_trunc_sat_f64_s(a);
}

export function i32_trunc_f64_u(a: u64): u32 {
  if (a >= 0x41f0_0000_0000_0000 && a << 1 >= 0x7fe0_0000_0000_0000) trapF64(a);
  return i32_trunc_sat_f64_u(a);
}

export function i64_trunc_f64_s(a: u64): i64 {
  if (a << 1 >= 0x87c0_0000_0000_0000 && a !== 0xc3e0_0000_0000_0000) trapF64(a);
  return i64_trunc_sat_f64_s(a);
}

export function i64_trunc_f64_u(a: u64): u64 {
  if (a >= 0x43f0_0000_0000_0000 && a << 1 >= 0x7fe0_0000_0000_0000) trapF64(a);
  return i64_trunc_sat_f64_u(a);
}

function trapF32(a: u32): void {
  if (isNanF32(a)) trapInvalidConversion();
  trapIntegerOverflow();
}

function trapF64(a: u64): void {
  if (isNanF64(a)) trapInvalidConversion();
  trapIntegerOverflow();
}

export function i32_trunc_sat_f32_s(a: u32): i32 {
  const exponent = i32((a >> 23) & 0xff);
  if (exponent >= 158) return isNanF32(a) ? 0 : i32(0x7fff_ffff + (a >> 31));
  const magnitude = i32(magnitudeF32(a, exponent));
  return i32(a) < 0 ? -magnitude : magnitude;
}

export function i32_trunc_sat_f32_u(a: u32): u32 {
  const exponent = i32((a >> 23) & 0xff);
  if (isNanF32(a) || i32(a) < 0) return 0;
  return exponent >= 159 ? 0xffff_ffff : magnitudeF32(a, exponent);
}

export function i64_trunc_sat_f32_s(a: u32): i64 {
  return i64_trunc_sat_f64_s(f64_promote_f32(a));
}

export function i64_trunc_sat_f32_u(a: u32): u64 {
  return i64_trunc_sat_f64_u(f64_promote_f32(a));
}

export function i32_trunc_sat_f64_s(a: u64): i32 {
  const exponent = i32(u32(a >> 52) & 0x7ff);
  if (exponent >= 1054) return isNanF64(a) ? 0 : i32(0x7fff_ffff + u32(a >> 63));
  const magnitude = i32(magnitudeF64(a, exponent));
  return i64(a) < 0 ? -magnitude : magnitude;
}

export function i32_trunc_sat_f64_u(a: u64): u32 {
  const exponent = i32(u32(a >> 52) & 0x7ff);
  if (isNanF64(a) || i64(a) < 0) return 0;
  return exponent >= 1055 ? 0xffff_ffff : magnitudeF64(a, exponent);
}

export function i64_trunc_sat_f64_s(a: u64): i64 {
  const exponent = i32(u32(a >> 52) & 0x7ff);
  if (exponent >= 1086) return isNanF64(a) ? 0 : i64(0x7fff_ffff_ffff_ffff + (a >> 63));
  const magnitude = i64(longMagnitude(a, exponent));
  return i64(a) < 0 ? -magnitude : magnitude;
}

export function i64_trunc_sat_f64_u(a: u64): u64 {
  const exponent = i32(u32(a >> 52) & 0x7ff);
  if (isNanF64(a) || i64(a) < 0) return 0;
  return exponent >= 1087 ? 0xffff_ffff_ffff_ffff : longMagnitude(a, exponent);
}

/** |a| without its fraction, for |a| < 2^32. */
//@inline
function magnitudeF32(a: u32, exponent: i32): u32 {
  if (exponent < 127) return 0;
  return ((a << 8) | 0x8000_0000) >> (158 - exponent);
}

/** The upper 32 bits of the significand hold every bit of the integer part. */
//@inline
function magnitudeF64(a: u64, exponent: i32): u32 {
  if (exponent < 1023) return 0;
  return (u32(a >> 21) | 0x8000_0000) >> (1054 - exponent);
}

//@inline
function longMagnitude(a: u64, exponent: i32): u64 {
  if (exponent < 1023) return 0;
  return ((a << 11) | 0x8000_0000_0000_0000) >> (1086 - exponent);
}

//@inline
function isNanF32(a: u32): bool {
  return a << 1 > 0xff00_0000;
}

//@inline
function isNanF64(a: u64): bool {
  return a << 1 > 0xffe0_0000_0000_0000;
}
