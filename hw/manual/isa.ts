/**
 * The instruction set, one row an instruction: RV32I, M, A, C, Zicsr, Zifencei, Zba, Zbb and the
 * privileged instructions (RISC-V unprivileged specification 20191213 with Zba/Zbb 1.0.0, chapters
 * "RV32/64G Instruction Set Listings" and "C"; privileged specification 1.12).
 *
 * A word is an instance of a row where (word & mask) === match and every operand marked ≠n is not n;
 * the first such row counts. Words whose lowest two bits are both set have 32 bits, others 16.
 * `operands` is the assembly syntax, written with the names of FIELDS; [order] stands for the
 * mnemonic's ending .aq, .rl or .aqrl. `expansion` is the instruction that a compressed one is short
 * for. Words in no row are illegal; compressed HINTs (rd = x0, shift by 0) belong to their rows.
 *
 *     FIELDS     name → what kind of operand and where its bits are
 *     RV32I …    extension → rows [name, mask, match, operands, expansion]
 *     ISA        all rows as objects
 */

/** `count` bits of an operand from its bit `valueLow` on are in the instruction from bit `low` on. */
export type FieldBits = readonly [low: number, valueLow: number, count: number];

/**
 * register: x0–x31. register8: x8–x15, stored less 8. target: distance from this instruction, signed,
 * even. upper: the upper 20 bits of a word. fence: a set of i, o, r, w. order: acquire and release.
 */
export type FieldKind =
  | 'register'
  | 'register8'
  | 'signed'
  | 'unsigned'
  | 'target'
  | 'upper'
  | 'csr'
  | 'fence'
  | 'order';

export interface Field {
  readonly kind: FieldKind;
  readonly bits: readonly FieldBits[];
}

// biome-ignore format: a table
export const FIELDS: Readonly<Record<string, Field>> = {
  'rd':      { kind: 'register',  bits: [[7, 0, 5]] },
  'rs1':     { kind: 'register',  bits: [[15, 0, 5]] },
  'rs2':     { kind: 'register',  bits: [[20, 0, 5]] },
  'immI':    { kind: 'signed',    bits: [[20, 0, 12]] },
  'immS':    { kind: 'signed',    bits: [[7, 0, 5], [25, 5, 7]] },
  'immB':    { kind: 'target',    bits: [[8, 1, 4], [25, 5, 6], [7, 11, 1], [31, 12, 1]] },
  'immU':    { kind: 'upper',     bits: [[12, 0, 20]] },
  'immJ':    { kind: 'target',    bits: [[21, 1, 10], [20, 11, 1], [12, 12, 8], [31, 20, 1]] },
  'shamt':   { kind: 'unsigned',  bits: [[20, 0, 5]] },
  'csr':     { kind: 'csr',       bits: [[20, 0, 12]] },
  'uimm':    { kind: 'unsigned',  bits: [[15, 0, 5]] },
  'pred':    { kind: 'fence',     bits: [[24, 0, 4]] },
  'succ':    { kind: 'fence',     bits: [[20, 0, 4]] },
  'order':   { kind: 'order',     bits: [[25, 0, 2]] },
  // compressed; in `rd` form the register at bits 11:7 is source and destination
  "rd'":     { kind: 'register8', bits: [[2, 0, 3]] },
  "rs1'":    { kind: 'register8', bits: [[7, 0, 3]] },
  "rs2'":    { kind: 'register8', bits: [[2, 0, 3]] },
  'rs2c':    { kind: 'register',  bits: [[2, 0, 5]] },
  'immCI':   { kind: 'signed',    bits: [[2, 0, 5], [12, 5, 1]] },
  'immCIU':  { kind: 'upper',     bits: [[2, 0, 5], [12, 5, 1]] },
  'immCI16': { kind: 'signed',    bits: [[2, 5, 1], [3, 7, 2], [5, 6, 1], [6, 4, 1], [12, 9, 1]] },
  'immCIW':  { kind: 'unsigned',  bits: [[5, 3, 1], [6, 2, 1], [7, 6, 4], [11, 4, 2]] },
  'immCL':   { kind: 'unsigned',  bits: [[5, 6, 1], [6, 2, 1], [10, 3, 3]] },
  'immCLSP': { kind: 'unsigned',  bits: [[2, 6, 2], [4, 2, 3], [12, 5, 1]] },
  'immCSSP': { kind: 'unsigned',  bits: [[7, 6, 2], [9, 2, 4]] },
  'immCB':   { kind: 'target',    bits: [[2, 5, 1], [3, 1, 2], [5, 6, 2], [10, 3, 2], [12, 8, 1]] },
  'immCJ':   { kind: 'target',    bits: [[2, 5, 1], [3, 1, 3], [6, 7, 1], [7, 6, 1], [8, 10, 1], [9, 8, 2],
                                         [11, 4, 1], [12, 11, 1]] },
  'shamtC':  { kind: 'unsigned',  bits: [[2, 0, 5]] },
};

export type Extension = 'I' | 'M' | 'A' | 'C' | 'Zicsr' | 'Zifencei' | 'Zba' | 'Zbb' | 'privileged';

export type InstructionRow = readonly [
  name: string,
  mask: number,
  match: number,
  operands: string,
  expansion?: string,
];

// biome-ignore format: a table
export const RV32I: readonly InstructionRow[] = [
  ['lui',        0x0000_007f, 0x0000_0037, 'rd, immU'],
  ['auipc',      0x0000_007f, 0x0000_0017, 'rd, immU'],
  ['jal',        0x0000_007f, 0x0000_006f, 'rd, immJ'],
  ['jalr',       0x0000_707f, 0x0000_0067, 'rd, immI(rs1)'],
  ['beq',        0x0000_707f, 0x0000_0063, 'rs1, rs2, immB'],
  ['bne',        0x0000_707f, 0x0000_1063, 'rs1, rs2, immB'],
  ['blt',        0x0000_707f, 0x0000_4063, 'rs1, rs2, immB'],
  ['bge',        0x0000_707f, 0x0000_5063, 'rs1, rs2, immB'],
  ['bltu',       0x0000_707f, 0x0000_6063, 'rs1, rs2, immB'],
  ['bgeu',       0x0000_707f, 0x0000_7063, 'rs1, rs2, immB'],
  ['lb',         0x0000_707f, 0x0000_0003, 'rd, immI(rs1)'],
  ['lh',         0x0000_707f, 0x0000_1003, 'rd, immI(rs1)'],
  ['lw',         0x0000_707f, 0x0000_2003, 'rd, immI(rs1)'],
  ['lbu',        0x0000_707f, 0x0000_4003, 'rd, immI(rs1)'],
  ['lhu',        0x0000_707f, 0x0000_5003, 'rd, immI(rs1)'],
  ['sb',         0x0000_707f, 0x0000_0023, 'rs2, immS(rs1)'],
  ['sh',         0x0000_707f, 0x0000_1023, 'rs2, immS(rs1)'],
  ['sw',         0x0000_707f, 0x0000_2023, 'rs2, immS(rs1)'],
  ['addi',       0x0000_707f, 0x0000_0013, 'rd, rs1, immI'],
  ['slti',       0x0000_707f, 0x0000_2013, 'rd, rs1, immI'],
  ['sltiu',      0x0000_707f, 0x0000_3013, 'rd, rs1, immI'],
  ['xori',       0x0000_707f, 0x0000_4013, 'rd, rs1, immI'],
  ['ori',        0x0000_707f, 0x0000_6013, 'rd, rs1, immI'],
  ['andi',       0x0000_707f, 0x0000_7013, 'rd, rs1, immI'],
  ['slli',       0xfe00_707f, 0x0000_1013, 'rd, rs1, shamt'],
  ['srli',       0xfe00_707f, 0x0000_5013, 'rd, rs1, shamt'],
  ['srai',       0xfe00_707f, 0x4000_5013, 'rd, rs1, shamt'],
  ['add',        0xfe00_707f, 0x0000_0033, 'rd, rs1, rs2'],
  ['sub',        0xfe00_707f, 0x4000_0033, 'rd, rs1, rs2'],
  ['sll',        0xfe00_707f, 0x0000_1033, 'rd, rs1, rs2'],
  ['slt',        0xfe00_707f, 0x0000_2033, 'rd, rs1, rs2'],
  ['sltu',       0xfe00_707f, 0x0000_3033, 'rd, rs1, rs2'],
  ['xor',        0xfe00_707f, 0x0000_4033, 'rd, rs1, rs2'],
  ['srl',        0xfe00_707f, 0x0000_5033, 'rd, rs1, rs2'],
  ['sra',        0xfe00_707f, 0x4000_5033, 'rd, rs1, rs2'],
  ['or',         0xfe00_707f, 0x0000_6033, 'rd, rs1, rs2'],
  ['and',        0xfe00_707f, 0x0000_7033, 'rd, rs1, rs2'],
  // a fence with reserved bits (fm, rd, rs1) is a fence with those sets
  ['fence.tso',  0xfff0_707f, 0x8330_000f, ''],
  ['fence',      0x0000_707f, 0x0000_000f, 'pred, succ'],
  ['ecall',      0xffff_ffff, 0x0000_0073, ''],
  ['ebreak',     0xffff_ffff, 0x0010_0073, ''],
];

// biome-ignore format: a table
export const RV32M: readonly InstructionRow[] = [
  ['mul',        0xfe00_707f, 0x0200_0033, 'rd, rs1, rs2'],
  ['mulh',       0xfe00_707f, 0x0200_1033, 'rd, rs1, rs2'],
  ['mulhsu',     0xfe00_707f, 0x0200_2033, 'rd, rs1, rs2'],
  ['mulhu',      0xfe00_707f, 0x0200_3033, 'rd, rs1, rs2'],
  ['div',        0xfe00_707f, 0x0200_4033, 'rd, rs1, rs2'],
  ['divu',       0xfe00_707f, 0x0200_5033, 'rd, rs1, rs2'],
  ['rem',        0xfe00_707f, 0x0200_6033, 'rd, rs1, rs2'],
  ['remu',       0xfe00_707f, 0x0200_7033, 'rd, rs1, rs2'],
];

// biome-ignore format: a table
export const RV32A: readonly InstructionRow[] = [
  ['lr.w',       0xf9f0_707f, 0x1000_202f, '[order] rd, (rs1)'],
  ['sc.w',       0xf800_707f, 0x1800_202f, '[order] rd, rs2, (rs1)'],
  ['amoswap.w',  0xf800_707f, 0x0800_202f, '[order] rd, rs2, (rs1)'],
  ['amoadd.w',   0xf800_707f, 0x0000_202f, '[order] rd, rs2, (rs1)'],
  ['amoxor.w',   0xf800_707f, 0x2000_202f, '[order] rd, rs2, (rs1)'],
  ['amoand.w',   0xf800_707f, 0x6000_202f, '[order] rd, rs2, (rs1)'],
  ['amoor.w',    0xf800_707f, 0x4000_202f, '[order] rd, rs2, (rs1)'],
  ['amomin.w',   0xf800_707f, 0x8000_202f, '[order] rd, rs2, (rs1)'],
  ['amomax.w',   0xf800_707f, 0xa000_202f, '[order] rd, rs2, (rs1)'],
  ['amominu.w',  0xf800_707f, 0xc000_202f, '[order] rd, rs2, (rs1)'],
  ['amomaxu.w',  0xf800_707f, 0xe000_202f, '[order] rd, rs2, (rs1)'],
];

// biome-ignore format: a table
export const ZICSR: readonly InstructionRow[] = [
  ['csrrw',      0x0000_707f, 0x0000_1073, 'rd, csr, rs1'],
  ['csrrs',      0x0000_707f, 0x0000_2073, 'rd, csr, rs1'],
  ['csrrc',      0x0000_707f, 0x0000_3073, 'rd, csr, rs1'],
  ['csrrwi',     0x0000_707f, 0x0000_5073, 'rd, csr, uimm'],
  ['csrrsi',     0x0000_707f, 0x0000_6073, 'rd, csr, uimm'],
  ['csrrci',     0x0000_707f, 0x0000_7073, 'rd, csr, uimm'],
];

// biome-ignore format: a table
export const ZIFENCEI: readonly InstructionRow[] = [
  // the reserved bits (immediate, rd, rs1) are ignored
  ['fence.i',    0x0000_707f, 0x0000_100f, ''],
];

// biome-ignore format: a table
export const ZBA: readonly InstructionRow[] = [
  ['sh1add',     0xfe00_707f, 0x2000_2033, 'rd, rs1, rs2'],
  ['sh2add',     0xfe00_707f, 0x2000_4033, 'rd, rs1, rs2'],
  ['sh3add',     0xfe00_707f, 0x2000_6033, 'rd, rs1, rs2'],
];

// biome-ignore format: a table
export const ZBB: readonly InstructionRow[] = [
  ['andn',       0xfe00_707f, 0x4000_7033, 'rd, rs1, rs2'],
  ['orn',        0xfe00_707f, 0x4000_6033, 'rd, rs1, rs2'],
  ['xnor',       0xfe00_707f, 0x4000_4033, 'rd, rs1, rs2'],
  ['clz',        0xfff0_707f, 0x6000_1013, 'rd, rs1'],
  ['ctz',        0xfff0_707f, 0x6010_1013, 'rd, rs1'],
  ['cpop',       0xfff0_707f, 0x6020_1013, 'rd, rs1'],
  ['sext.b',     0xfff0_707f, 0x6040_1013, 'rd, rs1'],
  ['sext.h',     0xfff0_707f, 0x6050_1013, 'rd, rs1'],
  ['zext.h',     0xfff0_707f, 0x0800_4033, 'rd, rs1'],
  ['min',        0xfe00_707f, 0x0a00_4033, 'rd, rs1, rs2'],
  ['minu',       0xfe00_707f, 0x0a00_5033, 'rd, rs1, rs2'],
  ['max',        0xfe00_707f, 0x0a00_6033, 'rd, rs1, rs2'],
  ['maxu',       0xfe00_707f, 0x0a00_7033, 'rd, rs1, rs2'],
  ['rol',        0xfe00_707f, 0x6000_1033, 'rd, rs1, rs2'],
  ['ror',        0xfe00_707f, 0x6000_5033, 'rd, rs1, rs2'],
  ['rori',       0xfe00_707f, 0x6000_5013, 'rd, rs1, shamt'],
  ['orc.b',      0xfff0_707f, 0x2870_5013, 'rd, rs1'],
  ['rev8',       0xfff0_707f, 0x6980_5013, 'rd, rs1'],
];

// biome-ignore format: a table
export const PRIVILEGED: readonly InstructionRow[] = [
  ['sret',       0xffff_ffff, 0x1020_0073, ''],
  ['mret',       0xffff_ffff, 0x3020_0073, ''],
  ['wfi',        0xffff_ffff, 0x1050_0073, ''],
  ['sfence.vma', 0xfe00_7fff, 0x1200_0073, 'rs1, rs2'],
];

// biome-ignore format: a table
export const RV32C: readonly InstructionRow[] = [
  ['c.addi4spn', 0xe003, 0x0000, "rd', sp, immCIW≠0", "addi rd', sp, immCIW"],
  ['c.lw',       0xe003, 0x4000, "rd', immCL(rs1')",  "lw rd', immCL(rs1')"],
  ['c.sw',       0xe003, 0xc000, "rs2', immCL(rs1')", "sw rs2', immCL(rs1')"],
  ['c.nop',      0xffff, 0x0001, '',                  'addi zero, zero, 0'],
  ['c.addi',     0xe003, 0x0001, 'rd, immCI',         'addi rd, rd, immCI'],
  ['c.jal',      0xe003, 0x2001, 'immCJ',             'jal ra, immCJ'],
  ['c.li',       0xe003, 0x4001, 'rd, immCI',         'addi rd, zero, immCI'],
  ['c.addi16sp', 0xef83, 0x6101, 'sp, immCI16≠0',     'addi sp, sp, immCI16'],
  // with rd = sp, and no immediate, not c.lui but reserved
  ['c.lui',      0xe003, 0x6001, 'rd≠2, immCIU≠0',    'lui rd, immCIU'],
  ['c.srli',     0xfc03, 0x8001, "rs1', shamtC",      "srli rs1', rs1', shamtC"],
  ['c.srai',     0xfc03, 0x8401, "rs1', shamtC",      "srai rs1', rs1', shamtC"],
  ['c.andi',     0xec03, 0x8801, "rs1', immCI",       "andi rs1', rs1', immCI"],
  ['c.sub',      0xfc63, 0x8c01, "rs1', rs2'",        "sub rs1', rs1', rs2'"],
  ['c.xor',      0xfc63, 0x8c21, "rs1', rs2'",        "xor rs1', rs1', rs2'"],
  ['c.or',       0xfc63, 0x8c41, "rs1', rs2'",        "or rs1', rs1', rs2'"],
  ['c.and',      0xfc63, 0x8c61, "rs1', rs2'",        "and rs1', rs1', rs2'"],
  ['c.j',        0xe003, 0xa001, 'immCJ',             'jal zero, immCJ'],
  ['c.beqz',     0xe003, 0xc001, "rs1', immCB",       "beq rs1', zero, immCB"],
  ['c.bnez',     0xe003, 0xe001, "rs1', immCB",       "bne rs1', zero, immCB"],
  ['c.slli',     0xf003, 0x0002, 'rd, shamtC',        'slli rd, rd, shamtC'],
  ['c.lwsp',     0xe003, 0x4002, 'rd≠0, immCLSP(sp)', 'lw rd, immCLSP(sp)'],
  ['c.jr',       0xf07f, 0x8002, 'rd≠0',              'jalr zero, 0(rd)'],
  ['c.mv',       0xf003, 0x8002, 'rd, rs2c≠0',        'add rd, zero, rs2c'],
  ['c.ebreak',   0xffff, 0x9002, '',                  'ebreak'],
  ['c.jalr',     0xf07f, 0x9002, 'rd≠0',              'jalr ra, 0(rd)'],
  ['c.add',      0xf003, 0x9002, 'rd, rs2c≠0',        'add rd, rd, rs2c'],
  ['c.swsp',     0xe003, 0xc002, 'rs2c, immCSSP(sp)', 'sw rs2c, immCSSP(sp)'],
];

export interface Instruction {
  readonly name: string;
  readonly mask: number;
  readonly match: number;
  readonly operands: string;
  readonly expansion: string | undefined;
  readonly extension: Extension;
  /** Bytes: 2 or 4. */
  readonly size: 2 | 4;
}

const TABLES: readonly (readonly [Extension, readonly InstructionRow[]])[] = [
  ['I', RV32I],
  ['M', RV32M],
  ['A', RV32A],
  ['Zicsr', ZICSR],
  ['Zifencei', ZIFENCEI],
  ['Zba', ZBA],
  ['Zbb', ZBB],
  ['privileged', PRIVILEGED],
  ['C', RV32C],
];

export const ISA: readonly Instruction[] = TABLES.flatMap(([extension, rows]) =>
  rows.map(([name, mask, match, operands, expansion]) => ({
    name,
    mask,
    match,
    operands,
    expansion,
    extension,
    size: extension === 'C' ? 2 : 4,
  })),
);
