/**
 * The assembler on whole small programs: what the bytes, symbols and relocations of a source are.
 * Every instruction is held against the table, and GNU as, in assembler-instructions.test.ts.
 */
import { expect, test } from 'vitest';
import { assemble, assembleFlat } from '../../images/assembler/assemble.ts';

function words(source: string, origin = 0): string[] {
  const { bytes } = assembleFlat(source, { origin });
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length >> 2 }, (_, index) =>
    view
      .getUint32(index * 4, true)
      .toString(16)
      .padStart(8, '0'),
  );
}

test('li takes one instruction where twelve bits or the upper twenty suffice, and two otherwise', () => {
  expect(words('li a0, -2048')).toEqual(['80000513']);
  expect(words('li a0, 0x12345000')).toEqual(['12345537']);
  expect(words('li a0, 0x12345fff')).toEqual(['12346537', 'fff50513']);
  expect(words('li a0, 0xffffffff')).toEqual(words('li a0, -1'));
});

test('numeric labels mean the nearest definition before or after', () => {
  expect(words('1: nop; j 1b; j 1f; 1: nop')).toEqual(['00000013', 'ffdff06f', '0040006f', '00000013']);
});

test('a section follows the other in memory and symbols have their addresses', () => {
  const { symbols } = assembleFlat('.data\nvalue: .word 1\n.text\nstart: nop\n.bss\nroom: .zero 8', {
    origin: 0x8000_0000,
  });
  expect([...symbols]).toEqual([
    ['value', 0x8000_0004],
    ['start', 0x8000_0000],
    ['room', 0x8000_0008],
  ]);
});

test('an object leaves to the linker what only the linker can know', () => {
  const object = assemble('.globl start\nstart: call elsewhere\nla a0, table\n.data\ntable: .word start + 4');
  const relocations = object.sections.flatMap(section => section.relocations);
  expect(relocations).toEqual([
    { kind: 'CALL', offset: 0, symbol: 'elsewhere', addend: 0 },
    { kind: 'PCREL_HI20', offset: 8, symbol: 'table', addend: 0 },
    { kind: 'PCREL_LO12_I', offset: 12, symbol: '.Lhere.1', addend: 0 },
    { kind: '32', offset: 0, symbol: 'start', addend: 4 },
  ]);
  expect(object.symbols.find(symbol => symbol.name === 'elsewhere')?.place).toBeUndefined();
  expect(object.symbols.find(symbol => symbol.name === '.Lhere.1')?.place).toEqual({
    section: '.text',
    offset: 8,
  });
});
