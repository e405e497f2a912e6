/**
 * Every row of the instruction table, there and back: operands to text to bits (assembler), bits to
 * text (disassembler), text to the same bits. Where GNU as and objdump are present, the same bits and
 * texts as theirs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disassemble } from '../../hw/cpu/disassemble.ts';
import { encodeField, fieldRange, findInstruction, patternFields } from '../../hw/cpu/fields.ts';
import { type Instruction, ISA } from '../../hw/manual/isa.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';

const ORIGIN = 0x8000_0000;
const hasGnu = ['as', 'objcopy', 'objdump'].every(
  tool => spawnSync(`riscv64-unknown-elf-${tool}`, ['--version']).status === 0,
);

/** Words of this row with any operands that it allows. */
function wordsOf(row: Instruction): fc.Arbitrary<number> {
  const fields = patternFields(row.operands).map(({ field, excluded }) => {
    const { least, most, unit } = fieldRange(field);
    return fc
      .integer({ min: least / unit, max: most / unit })
      .map(value => (value * unit === excluded ? undefined : encodeField(field, value * unit)))
      .filter(bits => bits !== undefined);
  });
  return fc
    .tuple(...fields)
    .map(parts => parts.reduce((word, part) => (word | part) >>> 0, row.match))
    .filter(word => findInstruction(word) === row);
}

function flatWord(source: string): number {
  const { bytes } = assembleFlat(source, { origin: ORIGIN });
  return bytes.reduce((word, byte, index) => (word | (byte << (8 * index))) >>> 0, 0);
}

test.each(ISA.map(row => [row.name, row] as const))(
  'what the disassembler says of %s makes the same bits again',
  (_name, row) => {
    const property = fc.property(wordsOf(row), word => {
      const text = disassemble(word, ORIGIN);
      const again = flatWord(`.option ${row.size === 4 ? 'norvc' : 'rvc'}\n${text}`);
      // small steps of sp have two short forms
      if (row.name === 'c.addi16sp') expect(disassemble(again, ORIGIN)).toBe(text);
      else expect(`${text} = ${again}`).toBe(`${text} = ${word}`);
    });
    fc.assert(property, { seed: 7, numRuns: 40 });
  },
);

test('words outside the table are told as data', () => {
  expect(disassemble(0xffff_ffff, 0)).toBe('.word 0xffffffff');
  expect(disassemble(0x1234_0000, 0)).toBe('.half 0x0000');
  expect(disassemble(0x8082, 0)).toBe('ret');
});

/** A sample of words of every row, the same on each run. */
function sampleWords(): { readonly row: Instruction; readonly word: number }[] {
  return ISA.flatMap(row => fc.sample(wordsOf(row), { seed: 3, numRuns: 25 }).map(word => ({ row, word })));
}

function withGnu<T>(source: string, action: (object: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'assembler-'));
  try {
    writeFileSync(join(folder, 'a.s'), source);
    const object = join(folder, 'a.o');
    const march = '-march=rv32imac_zicsr_zifencei_zba_zbb';
    execFileSync('riscv64-unknown-elf-as', [march, '-mabi=ilp32', '-o', object, join(folder, 'a.s')]);
    return action(object, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!hasGnu)('GNU as makes the same bits of every text', () => {
  // not its syntax: targets that are numbers in an object, pause, empty fence sets, shifts by 0 as HINTs
  const isForeign = (text: string) => /0x[78]\w{7}$|^pause$|^fence .*\b0\b|^c\.s\w+ .*,0x0$/.test(text);
  const samples = sampleWords().filter(({ word }) => !isForeign(disassemble(word, ORIGIN)));
  const lines = samples.map(
    ({ row, word }) => `.option ${row.size === 2 ? 'rvc' : 'norvc'}\n${disassemble(word, ORIGIN)}`,
  );
  const theirs = withGnu(`${lines.join('\n')}\n`, (object, folder) => {
    execFileSync('riscv64-unknown-elf-objcopy', ['-O', 'binary', object, join(folder, 'a.bin')]);
    return readFileSync(join(folder, 'a.bin'));
  });
  expect(Buffer.from(assembleFlat(lines.join('\n'), { origin: 0 }).bytes).equals(theirs)).toBe(true);
});
