/**
 * The disassembler against GNU objdump, where that is present, over words of every row of the
 * instruction table, and its symbols. That its texts assemble to the same bits is proven by
 * test/compiler/assembler-instructions.test.ts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disassemble, instructionSize } from '../../hw/cpu/disassemble.ts';
import { CSR_NUMBERS } from '../../hw/manual/csr-names.ts';
import { ISA } from '../../hw/manual/isa.ts';

const hasGnu = ['as', 'objdump'].every(
  tool => spawnSync(`riscv64-unknown-elf-${tool}`, ['--version']).status === 0,
);

test('targets are told with the symbol that is there', () => {
  const symbol = (address: number) => (address === 0x8000_0010 ? 'loop' : undefined);
  expect(disassemble(0x0100_006f, 0x8000_0000, symbol)).toBe('j 0x80000010 <loop>');
  expect(disassemble(0xffdf_f06f, 0x8000_0000, symbol)).toBe('j 0x7ffffffc');
});

test('the lowest bits tell how long an instruction is', () => {
  expect(instructionSize(0x8082)).toBe(2);
  expect(instructionSize(0x0000_8067)).toBe(4);
});

const CSRS = Object.values(CSR_NUMBERS);

/** Words of each row in turn with random operands; fences without reserved bits, CSRs that have names. */
function sampleWords(): number[] {
  const bits = fc.sample(fc.integer({ min: 0, max: 0xffff_ffff }), { seed: 5, numRuns: 30 * ISA.length });
  return bits.map((random, index) => {
    const { name, mask, match, size, operands } = ISA[index % ISA.length]!;
    const csr = operands.includes('csr') ? CSRS[random % CSRS.length]! << 20 : random & 0xfff0_0000;
    const chosen = name.startsWith('fence')
      ? random & (name === 'fence' ? 0x0ff0_0000 : 0)
      : csr | (random & 0xf_ffff);
    const word = ((chosen & ~mask) | match) >>> 0;
    return size === 2 ? word & 0xffff : word;
  });
}

/** objdump's text of each word, at ascending addresses from 0. */
function objdump(words: readonly number[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'disassemble-'));
  try {
    const source = words.map(word => `.insn ${instructionSize(word)}, 0x${word.toString(16)}\n`).join('');
    writeFileSync(join(folder, 'a.s'), source);
    const object = join(folder, 'a.o');
    const march = '-march=rv32imac_zicsr_zifencei_zba_zbb';
    execFileSync('riscv64-unknown-elf-as', [march, '-mabi=ilp32', '-o', object, join(folder, 'a.s')]);
    const text = execFileSync('riscv64-unknown-elf-objdump', ['-d', '-z', object], { encoding: 'utf8' });
    return text.split('\n').flatMap(line => /^\s+[0-9a-f]+:\t[0-9a-f]+\s+(.*)$/.exec(line)?.[1] ?? []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** c.addi16sp with the reserved immediate 0, which objdump shows all the same. */
const RESERVED = 0x6101;

/** objdump's text without its tab and notes, with the plain names of what it shortens or spells otherwise. */
function inOurWords(theirs: string): string {
  return theirs
    .replace(/\s*(#|<).*$/, '')
    .replace('\t', ' ')
    .trim()
    .replace(/^(add|and|or|xor|slt|sll|srl|sra|ror) (.*,-?\d\w*)$/, '$1i $2')
    .replace(/^sltu (.*,-?\d+)$/, 'sltiu $1')
    .replace(/^csr(r?[wsc]) (.*,\d+)$/, 'csr$1i $2')
    .replace(/^(b\w+|j|jal) (.*,)?([0-9a-f]+)$/, '$1 $20x$3')
    .replaceAll('unknown', '0')
    .replace(/^fence w,0$/, 'pause')
    .replace(/^(c\.s\w+)64 (.*)$/, '$1 $2,0x0')
    .replace(/^c\.nop (.*)$/, 'c.addi zero,$1')
    .replace(/^\.2byte 0x(\w+)$/, (_whole, digits) => `.half 0x${digits.padStart(4, '0')}`);
}

test.skipIf(!hasGnu)('objdump says the same of every instruction', () => {
  const words = sampleWords().filter(word => word !== RESERVED);
  const theirs = objdump(words);
  expect(theirs).toHaveLength(words.length);
  let pc = 0;
  const differences = words.flatMap((word, index) => {
    const ours = disassemble(word, pc);
    pc += instructionSize(word);
    return ours === inOurWords(theirs[index]!) ? [] : [`${word.toString(16)}: ${ours} | ${theirs[index]}`];
  });
  expect(differences).toEqual([]);
});
