/**
 * The operations of decoded instructions: the cases of the interpreter's switch, and what the translator
 * finds in an instruction that the core explains to it.
 *
 * Zero must be UNDECODED, since fresh lines are zero; the numbers have no other meaning.
 */
/** Not decoded yet: decode the block that begins here. */
export const UNDECODED = 0;
// ALU with an immediate; _2 is the compressed form (a step of 16 bytes), _4 the full one.
export const ADDI_2 = 1;
export const ADDI_4 = 2;
export const CONSTANT_2 = 3;
export const CONSTANT_4 = 4;
export const SLLI_2 = 5;
export const SLLI_4 = 6;
export const SRLI_2 = 7;
export const SRLI_4 = 8;
export const SRAI_2 = 9;
export const SRAI_4 = 10;
export const ANDI_2 = 11;
export const ANDI_4 = 12;
export const ORI = 13;
export const XORI = 14;
export const SLTI = 15;
export const SLTIU = 16;
export const AUIPC = 17;
// ALU with registers.
export const ADD_2 = 18;
export const ADD_4 = 19;
export const SUB_2 = 20;
export const SUB_4 = 21;
export const XOR_2 = 22;
export const XOR_4 = 23;
export const OR_2 = 24;
export const OR_4 = 25;
export const AND_2 = 26;
export const AND_4 = 27;
export const SLL = 28;
export const SLT = 29;
export const SLTU = 30;
export const SRL = 31;
export const SRA = 32;
// Multiplication and division.
export const MUL = 33;
export const MULH = 34;
export const MULHSU = 35;
export const MULHU = 36;
export const DIV = 37;
export const DIVU = 38;
export const REM = 39;
export const REMU = 40;
// Bit manipulation.
export const SH1ADD = 41;
export const SH2ADD = 42;
export const SH3ADD = 43;
export const ANDN = 44;
export const ORN = 45;
export const XNOR = 46;
export const CLZ = 47;
export const CTZ = 48;
export const CPOP = 49;
export const MAX = 50;
export const MAXU = 51;
export const MIN = 52;
export const MINU = 53;
export const SEXT_B = 54;
export const SEXT_H = 55;
export const ZEXT_H = 56;
export const ROL = 57;
export const ROR = 58;
export const RORI = 59;
export const ORC_B = 60;
export const REV8 = 61;
// Memory.
export const LW_2 = 62;
export const LW_4 = 63;
export const LH = 64;
export const LHU = 65;
export const LB = 66;
export const LBU = 67;
export const SW_2 = 68;
export const SW_4 = 69;
export const SH = 70;
export const SB = 71;
export const LR = 72;
export const SC = 73;
export const AMO = 74;
// Branches: by direction (which is what is predicted) and by whether the target is in the same line or page.
// BEQZ and BNEZ are the compressed forms.
export const BEQ_BACK_LINE = 75;
export const BNE_BACK_LINE = 76;
export const BLT_BACK_LINE = 77;
export const BGE_BACK_LINE = 78;
export const BLTU_BACK_LINE = 79;
export const BGEU_BACK_LINE = 80;
export const BEQ_BACK_PAGE = 81;
export const BNE_BACK_PAGE = 82;
export const BLT_BACK_PAGE = 83;
export const BGE_BACK_PAGE = 84;
export const BLTU_BACK_PAGE = 85;
export const BGEU_BACK_PAGE = 86;
export const BEQ_FORWARD_LINE = 87;
export const BNE_FORWARD_LINE = 88;
export const BLT_FORWARD_LINE = 89;
export const BGE_FORWARD_LINE = 90;
export const BLTU_FORWARD_LINE = 91;
export const BGEU_FORWARD_LINE = 92;
export const BEQ_FORWARD_PAGE = 93;
export const BNE_FORWARD_PAGE = 94;
export const BLT_FORWARD_PAGE = 95;
export const BGE_FORWARD_PAGE = 96;
export const BLTU_FORWARD_PAGE = 97;
export const BGEU_FORWARD_PAGE = 98;
export const BEQZ_BACK_LINE = 99;
export const BNEZ_BACK_LINE = 100;
export const BEQZ_BACK_PAGE = 101;
export const BNEZ_BACK_PAGE = 102;
export const BEQZ_FORWARD_LINE = 103;
export const BNEZ_FORWARD_LINE = 104;
export const BEQZ_FORWARD_PAGE = 105;
export const BNEZ_FORWARD_PAGE = 106;
/** A branch to another page. */
export const BRANCH_FAR = 107;
// Jumps.
export const JAL_LINE = 108;
export const JAL_PAGE = 109;
export const JAL_FAR = 110;
export const JALR = 111;
// The rest.
export const FENCE = 112;
export const CSR = 113;
export const SYSTEM = 114;
export const ILLEGAL = 115;
// Not instructions: the end of a line (or page, the last below), of what is decoded outside any line, an instruction that crosses a line or
// page, a stop put over another entry.
export const LINE_END = 116;
export const SCRATCH_END = 117;
export const CROSS_LINE = 118;
export const CROSS_PAGE = 119;
export const STOP = 120;
export const PAGE_END = 121;
// csrr and csrrw of a CSR that is a plain cell.
export const CSR_READ_PLAIN = 122;
export const CSR_SWAP_PLAIN = 123;
/** An entry of a region: its function's index is in the link field, the parameter in the immediate. */
export const REGION = 124;
