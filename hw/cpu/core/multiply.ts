/**
 * Multiplication and division of RV32M: one function an instruction, on a decoded entry. Division by
 * zero and the overflow of -2^31 / -1 have the results of "M" table 7.1; neither traps.
 */
import { COUNT_DIVIDE, COUNT_MULTIPLY } from '../../manual/core-layout.ts';
import { count, rs1, rs2, setRd } from './entry.ts';

//@inline
export function mul(entry: usize): void {
  count(COUNT_MULTIPLY);
  setRd(entry, rs1(entry) * rs2(entry));
}

//@inline
export function mulh(entry: usize): void {
  count(COUNT_MULTIPLY);
  setRd(entry, (((rs1(entry) as i64) * (rs2(entry) as i64)) >> 32) as i32);
}

//@inline
export function mulhsu(entry: usize): void {
  count(COUNT_MULTIPLY);
  setRd(entry, (((rs1(entry) as i64) * wide(load<u8>(entry, 3))) >> 32) as i32);
}

//@inline
export function mulhu(entry: usize): void {
  count(COUNT_MULTIPLY);
  setRd(entry, ((wide(load<u8>(entry, 2)) * wide(load<u8>(entry, 3))) >> 32) as i32);
}

//@inline
export function div(entry: usize): void {
  count(COUNT_DIVIDE);
  const dividend = rs1(entry);
  const divisor = rs2(entry);
  if (divisor === 0) setRd(entry, -1);
  else if (divisor === -1) setRd(entry, 0 - dividend);
  else setRd(entry, dividend / divisor);
}

//@inline
export function divu(entry: usize): void {
  count(COUNT_DIVIDE);
  const divisor = rs2(entry) as u32;
  setRd(entry, divisor === 0 ? -1 : (((rs1(entry) as u32) / divisor) as i32));
}

//@inline
export function rem(entry: usize): void {
  count(COUNT_DIVIDE);
  const dividend = rs1(entry);
  const divisor = rs2(entry);
  if (divisor === 0) setRd(entry, dividend);
  else if (divisor === -1) setRd(entry, 0);
  else setRd(entry, dividend % divisor);
}

//@inline
export function remu(entry: usize): void {
  count(COUNT_DIVIDE);
  const dividend = rs1(entry) as u32;
  const divisor = rs2(entry) as u32;
  setRd(entry, divisor === 0 ? (dividend as i32) : ((dividend % divisor) as i32));
}

/**
 * A register zero-extended. It must be loaded as u32: asc 0.28 at -O3 turns the zero extension of what was
 * loaded as i32 into a sign extension.
 */
//@inline
function wide(offset: usize): i64 {
  return load<u32>(offset);
}
