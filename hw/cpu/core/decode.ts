/**
 * From an instruction's bits to a decoded entry: its operation, operands and own cost.
 *
 * Compressed instructions are decoded as the ones they stand for, with the operations of length two.
 * Whatever is not an instruction of this hart becomes ILLEGAL with its bits as immediate.
 */

import * as Op from '../../manual/operations.ts';
import { BASE, CSR_ACCESS, DIVIDE, JUMP_REGISTER, LOAD_USE, MULTIPLY } from '../../manual/timing.ts';
import { expand } from './compressed.ts';
import { plainCell } from './csr.ts';
import { destinationOffset, ENTRY_SIZE, registerOffset } from './entry.ts';

/** In place of a slot number: the entry is outside any line, so that it must not refer to its neighbours. */
export const ISOLATED: u32 = 0xff;

/** Slots of a line's own halfwords; an instruction that crosses is decoded behind them. */
const SLOTS: u32 = 32;

const OPCODE_LOAD: u32 = 0x03;
const OPCODE_FENCE: u32 = 0x0f;
const OPCODE_IMMEDIATE: u32 = 0x13;
const OPCODE_AUIPC: u32 = 0x17;
const OPCODE_STORE: u32 = 0x23;
const OPCODE_ATOMIC: u32 = 0x2f;
const OPCODE_REGISTER: u32 = 0x33;
const OPCODE_LUI: u32 = 0x37;
const OPCODE_BRANCH: u32 = 0x63;
const OPCODE_JALR: u32 = 0x67;
const OPCODE_JAL: u32 = 0x6f;
const OPCODE_SYSTEM: u32 = 0x73;

/** The bits being decoded, as they stand in memory. */
let bitsDecoded: u32 = 0;

/** `at` is the address's offset in its page; `bits` has 16 bits where the lowest two are not both set. */
export function decode(entry: usize, bits: u32, at: u32, slot: u32): void {
  const short = (bits & 3) !== 3;
  bitsDecoded = bits;
  const raw = short ? expand(bits) : bits;
  store<u8>(entry, destinationOffset((raw >> 7) & 31) as u8, 1);
  store<u8>(entry, registerOffset((raw >> 15) & 31) as u8, 2);
  store<u8>(entry, registerOffset((raw >> 20) & 31) as u8, 3);
  store<u32>(entry, bits, 4);
  store<u32>(entry, (BASE << 20) - 1, 8);
  store<u8>(entry, short ? 16 : 32, 12);
  store<u8>(entry, 0, 13);
  store<u16>(entry, (at + (short ? 2 : 4)) as u16, 14);
  store<u8>(entry, operationOf(entry, raw, at, slot, short) as u8);
}

/** The operations whose result a following instruction must wait for. */
export function isLoad(operation: u32): bool {
  switch (operation) {
    case Op.LW_2:
    case Op.LW_4:
    case Op.LH:
    case Op.LHU:
    case Op.LB:
    case Op.LBU:
    case Op.LR:
    case Op.SC:
    case Op.AMO:
      return true;
    default:
      return false;
  }
}

/** The entry is a load whose result the next instruction reads. */
export function loadUse(entry: usize): void {
  addCost(entry, LOAD_USE);
}

/** Whether an instruction, of 16 or 32 bits, reads a register (which is not x0). */
export function readsRegister(bits: u32, register: u32): bool {
  const raw = (bits & 3) !== 3 ? expand(bits) : bits;
  const readsFirst = ((raw >> 15) & 31) === register;
  const readsSecond = ((raw >> 20) & 31) === register;
  switch (raw & 0x7f) {
    case OPCODE_LOAD:
    case OPCODE_IMMEDIATE:
    case OPCODE_JALR:
      return readsFirst;
    case OPCODE_STORE:
    case OPCODE_REGISTER:
    case OPCODE_BRANCH:
    case OPCODE_ATOMIC:
      return readsFirst || readsSecond;
    case OPCODE_SYSTEM:
      if (((raw >> 12) & 7) === 0) return raw >> 25 === 9 && (readsFirst || readsSecond);
      return ((raw >> 12) & 4) === 0 && readsFirst;
    default:
      return false;
  }
}

function operationOf(entry: usize, raw: u32, at: u32, slot: u32, short: bool): u32 {
  switch (raw & 0x7f) {
    case OPCODE_LOAD:
      setImmediate(entry, (raw as i32) >> 20);
      return known(entry, loadOperation((raw >> 12) & 7, short));
    case OPCODE_FENCE:
      return ((raw >> 12) & 7) === 0 ? Op.FENCE : ((raw >> 12) & 7) === 1 ? system(entry) : illegal(entry);
    case OPCODE_IMMEDIATE:
      return immediateOperation(entry, raw, short);
    case OPCODE_AUIPC:
      setImmediate(entry, (raw & 0xffff_f000) + at);
      return Op.AUIPC;
    case OPCODE_STORE:
      setImmediate(entry, (((raw as i32) >> 25) << 5) | ((raw >> 7) & 31));
      return known(entry, storeOperation((raw >> 12) & 7, short));
    case OPCODE_ATOMIC:
      return atomicOperation(entry, raw);
    case OPCODE_REGISTER:
      return registerOperation(entry, raw, short);
    case OPCODE_LUI:
      setImmediate(entry, raw & 0xffff_f000);
      return short ? Op.CONSTANT_2 : Op.CONSTANT_4;
    case OPCODE_BRANCH:
      return branchOperation(entry, raw, at, slot, short);
    case OPCODE_JALR:
      if (((raw >> 12) & 7) !== 0) return illegal(entry);
      setImmediate(entry, (raw as i32) >> 20);
      addCost(entry, JUMP_REGISTER);
      endBlock(entry);
      return Op.JALR;
    case OPCODE_JAL:
      return jalOperation(entry, raw, at, slot);
    case OPCODE_SYSTEM:
      return systemOperation(entry, raw);
    default:
      return illegal(entry);
  }
}

function loadOperation(funct3: u32, short: bool): u32 {
  switch (funct3) {
    case 0:
      return Op.LB;
    case 1:
      return Op.LH;
    case 2:
      return short ? Op.LW_2 : Op.LW_4;
    case 4:
      return Op.LBU;
    case 5:
      return Op.LHU;
    default:
      return Op.ILLEGAL;
  }
}

function storeOperation(funct3: u32, short: bool): u32 {
  switch (funct3) {
    case 0:
      return Op.SB;
    case 1:
      return Op.SH;
    case 2:
      return short ? Op.SW_2 : Op.SW_4;
    default:
      return Op.ILLEGAL;
  }
}

function immediateOperation(entry: usize, raw: u32, short: bool): u32 {
  const imm = (raw as i32) >> 20;
  setImmediate(entry, imm);
  switch ((raw >> 12) & 7) {
    case 0:
      if (((raw >> 15) & 31) === 0) return short ? Op.CONSTANT_2 : Op.CONSTANT_4;
      return short ? Op.ADDI_2 : Op.ADDI_4;
    case 1:
      return known(entry, shiftLeftOperation(raw, short));
    case 2:
      return Op.SLTI;
    case 3:
      return Op.SLTIU;
    case 4:
      return Op.XORI;
    case 5:
      setImmediate(entry, imm & 31);
      return known(entry, shiftRightOperation(raw, short));
    case 6:
      return Op.ORI;
    default:
      return short ? Op.ANDI_2 : Op.ANDI_4;
  }
}

function shiftLeftOperation(raw: u32, short: bool): u32 {
  if (raw >> 25 === 0) return short ? Op.SLLI_2 : Op.SLLI_4;
  if (raw >> 25 !== 0x30) return Op.ILLEGAL;
  switch ((raw >> 20) & 31) {
    case 0:
      return Op.CLZ;
    case 1:
      return Op.CTZ;
    case 2:
      return Op.CPOP;
    case 4:
      return Op.SEXT_B;
    case 5:
      return Op.SEXT_H;
    default:
      return Op.ILLEGAL;
  }
}

function shiftRightOperation(raw: u32, short: bool): u32 {
  switch (raw >> 25) {
    case 0x00:
      return short ? Op.SRLI_2 : Op.SRLI_4;
    case 0x20:
      return short ? Op.SRAI_2 : Op.SRAI_4;
    case 0x30:
      return Op.RORI;
    case 0x14:
      return ((raw >> 20) & 31) === 7 ? Op.ORC_B : Op.ILLEGAL;
    case 0x34:
      return ((raw >> 20) & 31) === 24 ? Op.REV8 : Op.ILLEGAL;
    default:
      return Op.ILLEGAL;
  }
}

function registerOperation(entry: usize, raw: u32, short: bool): u32 {
  const funct3 = (raw >> 12) & 7;
  switch (raw >> 25) {
    case 0x00:
      return baseOperation(funct3, short);
    case 0x01:
      addCost(entry, funct3 < 4 ? MULTIPLY : DIVIDE);
      return Op.MUL + funct3;
    case 0x04:
      return known(entry, funct3 === 4 && ((raw >> 20) & 31) === 0 ? Op.ZEXT_H : Op.ILLEGAL);
    case 0x05:
      return known(entry, minimumMaximumOperation(funct3));
    case 0x10:
      return known(entry, shiftAddOperation(funct3));
    case 0x20:
      return known(entry, negatedOperation(funct3, short));
    case 0x30:
      return known(entry, funct3 === 1 ? Op.ROL : funct3 === 5 ? Op.ROR : Op.ILLEGAL);
    default:
      return illegal(entry);
  }
}

function baseOperation(funct3: u32, short: bool): u32 {
  switch (funct3) {
    case 0:
      return short ? Op.ADD_2 : Op.ADD_4;
    case 1:
      return Op.SLL;
    case 2:
      return Op.SLT;
    case 3:
      return Op.SLTU;
    case 4:
      return short ? Op.XOR_2 : Op.XOR_4;
    case 5:
      return Op.SRL;
    case 6:
      return short ? Op.OR_2 : Op.OR_4;
    default:
      return short ? Op.AND_2 : Op.AND_4;
  }
}

function minimumMaximumOperation(funct3: u32): u32 {
  switch (funct3) {
    case 4:
      return Op.MIN;
    case 5:
      return Op.MINU;
    case 6:
      return Op.MAX;
    case 7:
      return Op.MAXU;
    default:
      return Op.ILLEGAL;
  }
}

function shiftAddOperation(funct3: u32): u32 {
  switch (funct3) {
    case 2:
      return Op.SH1ADD;
    case 4:
      return Op.SH2ADD;
    case 6:
      return Op.SH3ADD;
    default:
      return Op.ILLEGAL;
  }
}

function negatedOperation(funct3: u32, short: bool): u32 {
  switch (funct3) {
    case 0:
      return short ? Op.SUB_2 : Op.SUB_4;
    case 4:
      return Op.XNOR;
    case 5:
      return Op.SRA;
    case 6:
      return Op.ORN;
    case 7:
      return Op.ANDN;
    default:
      return Op.ILLEGAL;
  }
}

function atomicOperation(entry: usize, raw: u32): u32 {
  if (((raw >> 12) & 7) !== 2) return illegal(entry);
  const funct5 = raw >> 27;
  store<u16>(entry, funct5 as u16, 14);
  switch (funct5) {
    case 2:
      return ((raw >> 20) & 31) === 0 ? Op.LR : illegal(entry);
    case 3:
      return Op.SC;
    case 0x00:
    case 0x01:
    case 0x04:
    case 0x08:
    case 0x0c:
    case 0x10:
    case 0x14:
    case 0x18:
    case 0x1c:
      return Op.AMO;
    default:
      return illegal(entry);
  }
}

function branchOperation(entry: usize, raw: u32, at: u32, slot: u32, short: bool): u32 {
  const funct3 = (raw >> 12) & 7;
  if (funct3 === 2 || funct3 === 3) return illegal(entry);
  const distance =
    (((raw as i32) >> 31) << 12) | ((raw >> 20) & 0x7e0) | ((raw >> 7) & 0x1e) | ((raw << 4) & 0x800);
  const backward = (distance as i32) < 0;
  const target = at + distance;
  if (slot === ISOLATED || target >= 0x1000) {
    setImmediate(entry, target);
    store<u16>(entry, (funct3 | (backward ? 8 : 0)) as u16, 14);
    endBlock(entry);
    return Op.BRANCH_FAR;
  }
  if (backward) endBlock(entry);
  const place = setTarget(entry, target, at, slot);
  const group = (backward ? 0 : 2) + place;
  if (short) return Op.BEQZ_BACK_LINE + group * 2 + funct3;
  return Op.BEQ_BACK_LINE + group * 6 + (funct3 < 2 ? funct3 : funct3 - 2);
}

function jalOperation(entry: usize, raw: u32, at: u32, slot: u32): u32 {
  const distance =
    (((raw as i32) >> 31) << 20) | (raw & 0xff000) | ((raw >> 9) & 0x800) | ((raw >> 20) & 0x7fe);
  const target = at + distance;
  endBlock(entry);
  if (slot === ISOLATED || target >= 0x1000) {
    setImmediate(entry, target);
    return Op.JAL_FAR;
  }
  return setTarget(entry, target, at, slot) === 0 ? Op.JAL_LINE : Op.JAL_PAGE;
}

/**
 * A target in the same page: 0 = same line, as a distance; 1 = line offset and slot offset. For an
 * instruction that crosses into the next line, its own line is another one.
 */
function setTarget(entry: usize, target: u32, at: u32, slot: u32): u32 {
  const targetSlot = (target & 63) >> 1;
  if (target >> 6 === at >> 6 && slot < SLOTS) {
    setImmediate(entry, (targetSlot - slot) * ENTRY_SIZE);
    return 0;
  }
  store<u16>(entry, (targetSlot * ENTRY_SIZE) as u16, 4);
  store<u16>(entry, ((target >> 6) << 2) as u16, 6);
  return 1;
}

function systemOperation(entry: usize, raw: u32): u32 {
  const funct3 = (raw >> 12) & 7;
  if (funct3 === 4) return illegal(entry);
  if (funct3 === 0) return system(entry);
  addCost(entry, CSR_ACCESS);
  const cell = plainCell(raw >> 20);
  store<u16>(entry, cell as u16, 14);
  if (cell === 0) return Op.CSR;
  if (funct3 === 1) return Op.CSR_SWAP_PLAIN;
  return funct3 === 2 && ((raw >> 15) & 31) === 0 ? Op.CSR_READ_PLAIN : Op.CSR;
}

/** The immediate keeps the instruction's bits; system.ts looks at them when it is executed. */
function system(entry: usize): u32 {
  endBlock(entry);
  return Op.SYSTEM;
}

function known(entry: usize, operation: u32): u32 {
  return operation === Op.ILLEGAL ? illegal(entry) : operation;
}

/** The immediate becomes what xtval will say: the bits as they stand in memory. */
function illegal(entry: usize): u32 {
  endBlock(entry);
  setImmediate(entry, bitsDecoded);
  return Op.ILLEGAL;
}

function endBlock(entry: usize): void {
  store<u8>(entry, 1, 13);
}

function setImmediate(entry: usize, value: u32): void {
  store<u32>(entry, value, 4);
}

function addCost(entry: usize, cycles: u32): void {
  store<u32>(entry, load<u32>(entry, 8) + (cycles << 20), 8);
}
