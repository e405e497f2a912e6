/**
 * Bit manipulation of Zba and Zbb: one function an instruction, on a decoded entry.
 */
import { immediate, rs1, rs2, setRd } from './entry.ts';

//@inline
export function sh1add(entry: usize): void {
  setRd(entry, (rs1(entry) << 1) + rs2(entry));
}

//@inline
export function sh2add(entry: usize): void {
  setRd(entry, (rs1(entry) << 2) + rs2(entry));
}

//@inline
export function sh3add(entry: usize): void {
  setRd(entry, (rs1(entry) << 3) + rs2(entry));
}

//@inline
export function andn(entry: usize): void {
  setRd(entry, rs1(entry) & ~rs2(entry));
}

//@inline
export function orn(entry: usize): void {
  setRd(entry, rs1(entry) | ~rs2(entry));
}

//@inline
export function xnor(entry: usize): void {
  setRd(entry, ~(rs1(entry) ^ rs2(entry)));
}

//@inline
export function countLeadingZeros(entry: usize): void {
  setRd(entry, clz<i32>(rs1(entry)));
}

//@inline
export function countTrailingZeros(entry: usize): void {
  setRd(entry, ctz<i32>(rs1(entry)));
}

//@inline
export function countOnes(entry: usize): void {
  setRd(entry, popcnt<i32>(rs1(entry)));
}

//@inline
export function maximum(entry: usize): void {
  const a = rs1(entry);
  const b = rs2(entry);
  setRd(entry, select<i32>(a, b, a > b));
}

//@inline
export function maximumUnsigned(entry: usize): void {
  const a = rs1(entry);
  const b = rs2(entry);
  setRd(entry, select<i32>(a, b, (a as u32) > (b as u32)));
}

//@inline
export function minimum(entry: usize): void {
  const a = rs1(entry);
  const b = rs2(entry);
  setRd(entry, select<i32>(a, b, a < b));
}

//@inline
export function minimumUnsigned(entry: usize): void {
  const a = rs1(entry);
  const b = rs2(entry);
  setRd(entry, select<i32>(a, b, (a as u32) < (b as u32)));
}

//@inline
export function signExtendByte(entry: usize): void {
  setRd(entry, (rs1(entry) << 24) >> 24);
}

//@inline
export function signExtendHalf(entry: usize): void {
  setRd(entry, (rs1(entry) << 16) >> 16);
}

//@inline
export function zeroExtendHalf(entry: usize): void {
  setRd(entry, rs1(entry) & 0xffff);
}

//@inline
export function rotateLeft(entry: usize): void {
  setRd(entry, rotl<i32>(rs1(entry), rs2(entry)));
}

//@inline
export function rotateRight(entry: usize): void {
  setRd(entry, rotr<i32>(rs1(entry), rs2(entry)));
}

//@inline
export function rotateRightImmediate(entry: usize): void {
  setRd(entry, rotr<i32>(rs1(entry), immediate(entry)));
}

/** Every byte becomes 0xff where it is not zero. */
//@inline
export function orCombine(entry: usize): void {
  const value = rs1(entry);
  const ones = ((value & 0x7f7f7f7f) + 0x7f7f7f7f) | value;
  setRd(entry, (((ones & 0x80808080) as u32) >> 7) * 0xff);
}

//@inline
export function reverseBytes(entry: usize): void {
  setRd(entry, bswap<i32>(rs1(entry)));
}
