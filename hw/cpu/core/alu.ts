/**
 * Integer arithmetic of RV32I: one function an instruction, on a decoded entry. Immediate forms of
 * compressed instructions are the same functions.
 */
import { PAGE_VA } from '../../manual/core-layout.ts';
import { immediate, rs1, rs2, setRd } from './entry.ts';

//@inline
export function addi(entry: usize): void {
  setRd(entry, rs1(entry) + immediate(entry));
}

//@inline
export function slti(entry: usize): void {
  setRd(entry, i32(rs1(entry) < immediate(entry)));
}

//@inline
export function sltiu(entry: usize): void {
  setRd(entry, i32((rs1(entry) as u32) < (immediate(entry) as u32)));
}

//@inline
export function xori(entry: usize): void {
  setRd(entry, rs1(entry) ^ immediate(entry));
}

//@inline
export function ori(entry: usize): void {
  setRd(entry, rs1(entry) | immediate(entry));
}

//@inline
export function andi(entry: usize): void {
  setRd(entry, rs1(entry) & immediate(entry));
}

//@inline
export function slli(entry: usize): void {
  setRd(entry, rs1(entry) << immediate(entry));
}

//@inline
export function srli(entry: usize): void {
  setRd(entry, ((rs1(entry) as u32) >> (immediate(entry) as u32)) as i32);
}

//@inline
export function srai(entry: usize): void {
  setRd(entry, rs1(entry) >> immediate(entry));
}

/** lui and c.li: the immediate is the value. */
//@inline
export function constant(entry: usize): void {
  setRd(entry, immediate(entry));
}

/** The immediate counts from the page's beginning. */
//@inline
export function auipc(entry: usize): void {
  setRd(entry, load<i32>(PAGE_VA) + immediate(entry));
}

//@inline
export function add(entry: usize): void {
  setRd(entry, rs1(entry) + rs2(entry));
}

//@inline
export function sub(entry: usize): void {
  setRd(entry, rs1(entry) - rs2(entry));
}

//@inline
export function sll(entry: usize): void {
  setRd(entry, rs1(entry) << rs2(entry));
}

//@inline
export function slt(entry: usize): void {
  setRd(entry, i32(rs1(entry) < rs2(entry)));
}

//@inline
export function sltu(entry: usize): void {
  setRd(entry, i32((rs1(entry) as u32) < (rs2(entry) as u32)));
}

//@inline
export function xor(entry: usize): void {
  setRd(entry, rs1(entry) ^ rs2(entry));
}

//@inline
export function srl(entry: usize): void {
  setRd(entry, ((rs1(entry) as u32) >> (rs2(entry) as u32)) as i32);
}

//@inline
export function sra(entry: usize): void {
  setRd(entry, rs1(entry) >> rs2(entry));
}

//@inline
export function or(entry: usize): void {
  setRd(entry, rs1(entry) | rs2(entry));
}

//@inline
export function and(entry: usize): void {
  setRd(entry, rs1(entry) & rs2(entry));
}
