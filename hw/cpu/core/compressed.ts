/**
 * The C extension: each 16-bit instruction is the 32-bit one it stands for ("C" chapter, RV32C without
 * floating point). Reserved and absent encodings give 0, which is illegal as a 32-bit instruction too.
 */

const OP_IMM: u32 = 0x13;
const OP: u32 = 0x33;
const LUI: u32 = 0x37;
const LOAD_WORD: u32 = 0x2003;
const STORE_WORD: u32 = 0x2023;
const JAL: u32 = 0x6f;
const JALR: u32 = 0x67;
const BRANCH: u32 = 0x63;
const EBREAK: u32 = 0x0010_0073;
const SP: u32 = 2;

export function expand(half: u32): u32 {
  switch (((half & 3) << 3) | (half >> 13)) {
    case 0x00:
      return addi4spn(half);
    case 0x02:
      return immediateI(wordOffset(half), registerA(half), registerB(half)) | LOAD_WORD;
    case 0x06:
      return immediateS(wordOffset(half), registerA(half), registerB(half)) | STORE_WORD;
    case 0x08: // c.addi, c.nop
      return immediateI(imm6(half), full(half), full(half)) | OP_IMM;
    case 0x09: // c.jal
      return immediateJ(jumpOffset(half), 1) | JAL;
    case 0x0a: // c.li
      return immediateI(imm6(half), 0, full(half)) | OP_IMM;
    case 0x0b:
      return luiOrAddi16sp(half);
    case 0x0c:
      return arithmetic(half);
    case 0x0d: // c.j
      return immediateJ(jumpOffset(half), 0) | JAL;
    case 0x0e: // c.beqz
      return immediateB(branchOffset(half), registerA(half)) | BRANCH;
    case 0x0f: // c.bnez
      return immediateB(branchOffset(half), registerA(half)) | BRANCH | 0x1000;
    case 0x10: // c.slli
      return (half & 0x1000) !== 0 ? 0 : immediateI(imm6(half), full(half), full(half)) | OP_IMM | 0x1000;
    case 0x12: // c.lwsp
      return full(half) === 0 ? 0 : immediateI(stackLoadOffset(half), SP, full(half)) | LOAD_WORD;
    case 0x14:
      return jumpMoveAdd(half);
    case 0x16: // c.swsp
      return immediateS(stackStoreOffset(half), SP, (half >> 2) & 31) | STORE_WORD;
    default:
      return 0;
  }
}

function addi4spn(half: u32): u32 {
  const offset = ((half >> 7) & 0x30) | ((half >> 1) & 0x3c0) | ((half >> 4) & 4) | ((half >> 2) & 8);
  return offset === 0 ? 0 : immediateI(offset, SP, registerB(half)) | OP_IMM;
}

function luiOrAddi16sp(half: u32): u32 {
  if (imm6(half) === 0) return 0;
  if (full(half) !== SP) return (imm6(half) << 12) | (full(half) << 7) | LUI;
  const offset =
    (((((half >> 12) & 1) << 31) as i32) >> 22) |
    ((half >> 2) & 0x10) |
    ((half << 1) & 0x40) |
    ((half << 4) & 0x180) |
    ((half << 3) & 0x20);
  return immediateI(offset, SP, SP) | OP_IMM;
}

/** c.srli, c.srai, c.andi, c.sub, c.xor, c.or, c.and. */
function arithmetic(half: u32): u32 {
  const rd = registerA(half);
  const wide = (half & 0x1000) !== 0;
  switch ((half >> 10) & 3) {
    case 0:
      return wide ? 0 : immediateI(imm6(half), rd, rd) | OP_IMM | 0x5000;
    case 1:
      return wide ? 0 : immediateI(imm6(half) | 0x400, rd, rd) | OP_IMM | 0x5000;
    case 2:
      return immediateI(imm6(half), rd, rd) | OP_IMM | 0x7000;
    default:
      break;
  }
  if (wide) return 0;
  const operands = (registerB(half) << 20) | (rd << 15) | (rd << 7) | OP;
  switch ((half >> 5) & 3) {
    case 0:
      return operands | 0x4000_0000;
    case 1:
      return operands | 0x4000;
    case 2:
      return operands | 0x6000;
    default:
      return operands | 0x7000;
  }
}

/** c.jr, c.mv, c.ebreak, c.jalr, c.add. */
function jumpMoveAdd(half: u32): u32 {
  const rd = full(half);
  const rs2 = (half >> 2) & 31;
  const wide = (half & 0x1000) !== 0;
  if (rs2 === 0) {
    if (rd === 0) return wide ? EBREAK : 0;
    return (rd << 15) | JALR | (wide ? 1 << 7 : 0);
  }
  return (rs2 << 20) | ((wide ? rd : 0) << 15) | (rd << 7) | OP;
}

function full(half: u32): u32 {
  return (half >> 7) & 31;
}

/** x8 … x15 in bits 7 … 9. */
function registerA(half: u32): u32 {
  return 8 + ((half >> 7) & 7);
}

/** x8 … x15 in bits 2 … 4. */
function registerB(half: u32): u32 {
  return 8 + ((half >> 2) & 7);
}

/** Sign-extended. */
function imm6(half: u32): u32 {
  return (((((half >> 12) & 1) << 31) as i32) >> 26) | ((half >> 2) & 31);
}

function wordOffset(half: u32): u32 {
  return ((half >> 7) & 0x38) | ((half >> 4) & 4) | ((half << 1) & 0x40);
}

function stackLoadOffset(half: u32): u32 {
  return ((half >> 7) & 0x20) | ((half >> 2) & 0x1c) | ((half << 4) & 0xc0);
}

function stackStoreOffset(half: u32): u32 {
  return ((half >> 7) & 0x3c) | ((half >> 1) & 0xc0);
}

function jumpOffset(half: u32): u32 {
  return (
    (((((half >> 12) & 1) << 31) as i32) >> 20) |
    ((half >> 7) & 0x10) |
    ((half >> 1) & 0x300) |
    ((half << 2) & 0x400) |
    ((half >> 1) & 0x40) |
    ((half << 1) & 0x80) |
    ((half >> 2) & 0xe) |
    ((half << 3) & 0x20)
  );
}

function branchOffset(half: u32): u32 {
  return (
    (((((half >> 12) & 1) << 31) as i32) >> 23) |
    ((half >> 7) & 0x18) |
    ((half << 1) & 0xc0) |
    ((half >> 2) & 6) |
    ((half << 3) & 0x20)
  );
}

function immediateI(imm: u32, rs1: u32, rd: u32): u32 {
  return (imm << 20) | (rs1 << 15) | (rd << 7);
}

function immediateS(imm: u32, rs1: u32, rs2: u32): u32 {
  return ((imm >> 5) << 25) | (rs2 << 20) | (rs1 << 15) | ((imm & 31) << 7);
}

function immediateB(imm: u32, rs1: u32): u32 {
  return (
    (((imm >> 12) & 1) << 31) |
    (((imm >> 5) & 0x3f) << 25) |
    (rs1 << 15) |
    (((imm >> 1) & 15) << 8) |
    (((imm >> 11) & 1) << 7)
  );
}

function immediateJ(imm: u32, rd: u32): u32 {
  return (
    (((imm >> 20) & 1) << 31) |
    (((imm >> 1) & 0x3ff) << 21) |
    (((imm >> 11) & 1) << 20) |
    (((imm >> 12) & 0xff) << 12) |
    (rd << 7)
  );
}
