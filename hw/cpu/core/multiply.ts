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
  setRd(entry, (((rs1(entry) as i64) * (rs2(entry) as u32 as i64)) >> 32) as i32);
}

//@inline
export function mulhu(entry: usize): void {
  count(COUNT_MULTIPLY);
  setRd(entry, (((rs1(entry) as u32 as u64) * (rs2(entry) as u32 as u64)) >> 32) as i32);
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
