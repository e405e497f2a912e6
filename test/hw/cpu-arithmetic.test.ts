/**
 * Every instruction that computes on registers, at the edges of its operands, against its definition in
 * the unprivileged specification written down here a second time.
 */
import { expect, test } from 'vitest';
import { runProgram } from './rig.ts';

const EDGES = [
  0, 1, 2, 31, 32, 0x7f, 0x80, 0xff00, 0x8000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];
const SHIFTS = [0, 1, 15, 31];

const signed = (x: number) => x | 0;
const high = (a: bigint, b: bigint) => Number(BigInt.asUintN(32, (a * b) >> 32n));
const reverse = (x: number) => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24);
const ones = (x: number): number => (x === 0 ? 0 : (x & 1) + ones(x >>> 1));
const isOverflow = (a: number, b: number) => signed(a) === -0x8000_0000 && signed(b) === -1;
const bytes = (x: number, each: (byte: number) => number) =>
  [0, 8, 16, 24].reduce((word, at) => word | (each((x >>> at) & 0xff) << at), 0);

/** name → result of two unsigned operands, of which any 32-bit reading will do. */
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  sll: (a, b) => a << b,
  slt: (a, b) => Number(signed(a) < signed(b)),
  sltu: (a, b) => Number(a < b),
  xor: (a, b) => a ^ b,
  srl: (a, b) => a >>> b,
  sra: (a, b) => a >> b,
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  mul: (a, b) => Math.imul(a, b),
  mulh: (a, b) => high(BigInt(signed(a)), BigInt(signed(b))),
  mulhsu: (a, b) => high(BigInt(signed(a)), BigInt(b)),
  mulhu: (a, b) => high(BigInt(a), BigInt(b)),
  div: (a, b) => (b === 0 ? -1 : isOverflow(a, b) ? a : signed(a) / signed(b)),
  divu: (a, b) => (b === 0 ? -1 : Math.floor(a / b)),
  rem: (a, b) => (b === 0 ? a : isOverflow(a, b) ? 0 : signed(a) % signed(b)),
  remu: (a, b) => (b === 0 ? a : a % b),
  sh1add: (a, b) => (a << 1) + b,
  sh2add: (a, b) => (a << 2) + b,
  sh3add: (a, b) => (a << 3) + b,
  andn: (a, b) => a & ~b,
  orn: (a, b) => a | ~b,
  xnor: (a, b) => ~(a ^ b),
  min: (a, b) => Math.min(signed(a), signed(b)),
  minu: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(signed(a), signed(b)),
  maxu: (a, b) => Math.max(a, b),
  rol: (a, b) => (a << (b & 31)) | (b % 32 === 0 ? 0 : a >>> (32 - (b & 31))),
  ror: (a, b) => (a >>> (b & 31)) | (b % 32 === 0 ? 0 : a << (32 - (b & 31))),
};

const UNARY: Readonly<Record<string, (a: number) => number>> = {
  clz: a => Math.clz32(a),
  ctz: a => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
  cpop: ones,
  'sext.b': a => (a << 24) >> 24,
  'sext.h': a => (a << 16) >> 16,
  'zext.h': a => a & 0xffff,
  'orc.b': a => bytes(a, byte => (byte === 0 ? 0 : 0xff)),
  rev8: reverse,
};

const IMMEDIATE: Readonly<Record<string, string>> = {
  addi: 'add',
  slti: 'slt',
  sltiu: 'sltu',
  xori: 'xor',
  ori: 'or',
  andi: 'and',
};
const SHIFT_IMMEDIATE: Readonly<Record<string, string>> = {
  slli: 'sll',
  srli: 'srl',
  srai: 'sra',
  rori: 'ror',
};

/** Runs each line, which leaves its result in a0, and gives the results in order. */
function results(lines: readonly string[]): number[] {
  const store = (line: string) => `${line}\n sw a0, 0(s0)\n addi s0, s0, 4`;
  const { word } = runProgram(`la s0, out\n${lines.map(store).join('\n')}\n done\n .balign 4\nout:`);
  return lines.map((_, index) => word('out', 4 * index));
}

const pairs = EDGES.flatMap(a => EDGES.map(b => [a, b] as const));

test.each(Object.entries(BINARY))(
  '%s has the result of its definition at every pair of edges',
  (name, define) => {
    const lines = pairs.map(([a, b]) => `li a1, ${a}\n li a2, ${b}\n ${name} a0, a1, a2`);
    expect(results(lines)).toEqual(pairs.map(([a, b]) => define(a, b) >>> 0));
  },
);

test.each(Object.entries(UNARY))('%s has the result of its definition at every edge', (name, define) => {
  const lines = EDGES.map(a => `li a1, ${a}\n ${name} a0, a1`);
  expect(results(lines)).toEqual(EDGES.map(a => define(a) >>> 0));
});

test.each(Object.entries(IMMEDIATE))('%s is %s with a sign-extended immediate', (name, register) => {
  const cases = EDGES.flatMap(a => [-2048, -1, 0, 1, 2047].map(imm => [a, imm] as const));
  const lines = cases.map(([a, imm]) => `li a1, ${a}\n ${name} a0, a1, ${imm}`);
  expect(results(lines)).toEqual(cases.map(([a, imm]) => BINARY[register]!(a, imm >>> 0) >>> 0));
});

test.each(Object.entries(SHIFT_IMMEDIATE))('%s is %s by a constant', (name, register) => {
  const cases = EDGES.flatMap(a => SHIFTS.map(by => [a, by] as const));
  const lines = cases.map(([a, by]) => `li a1, ${a}\n ${name} a0, a1, ${by}`);
  expect(results(lines)).toEqual(cases.map(([a, by]) => BINARY[register]!(a, by) >>> 0));
});

test('x0 stays zero whatever is written to it', () => {
  expect(
    results(['addi zero, zero, 5\n mv a0, zero', 'lui zero, 1\n mul zero, sp, sp\n mv a0, zero']),
  ).toEqual([0, 0]);
});

test('lui and auipc put twenty bits above twelve zeros', () => {
  const { register, symbols } = runProgram('lui a0, 0xfffff\n here: auipc a1, 0x12345\n done');
  expect(register('a0')).toBe(0xffff_f000);
  expect(register('a1')).toBe((symbols.get('here')! + 0x1234_5000) >>> 0);
});
