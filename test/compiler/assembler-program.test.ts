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

/** The bytes of the code before the label `end`. */
function sizeOfCode(source: string): number {
  return assembleFlat(`${source}\nend:`, { origin: 0 }).symbols.get('end')!;
}

test('a branch too far for itself becomes the opposite branch over a jump', () => {
  expect(words('beq a0, a1, far; .zero 4088; far:')[0]).toBe('7eb50ee3');
  expect(words('beq a0, a1, far; .zero 4092; far:').slice(0, 2)).toEqual(['00b51463', '0000106f']);
  expect(words('far: .zero 4100; bltu a0, a1, far').slice(-2)).toEqual(['00b57463', 'ff9fe06f']);
});

test('calls and jumps take the shortest form that reaches', () => {
  const sizes = [4, 4000, 0x10_0000].map(distance => {
    const call = (option: string) => `.option ${option}\ncall far\nnext: .zero ${distance}\nfar:`;
    return ['rvc', 'norvc'].map(option => assembleFlat(call(option), { origin: 0 }).symbols.get('next'));
  });
  expect(sizes).toEqual([
    [2, 4],
    [4, 4],
    [8, 8],
  ]);
});

test('a longer jump that pushes another out of reach makes that longer too', () => {
  const chain = '.option rvc\nbeqz a0, a\n.zero 250\nbeqz a0, b\na: .zero 254\nb:';
  expect(sizeOfCode(chain)).toBe(4 + 250 + 4 + 254);
});

test('short forms are made only where asked for', () => {
  expect(sizeOfCode('addi a0, a0, 1')).toBe(4);
  expect(
    sizeOfCode('.option rvc; addi a0, a0, 1; .option push; .option norvc; mv a0, a1; .option pop; ret'),
  ).toBe(8);
});

test('alignment in code is filled with instructions that do nothing', () => {
  expect(words('.option rvc; ret; .align 3; ret; nop')).toEqual(['00018082', '00000013', '00018082']);
});

test('macros are unrolled with their operands, defaults and count', () => {
  const macro = '.macro put value, times=2\n.rept \\times\n.word \\value\n.endr\nl\\@: .word l\\@\n.endm\n';
  expect(words(`${macro}put 7\nput (1, 2)`.replace('(1, 2)', '9, 1'))).toEqual(
    [7, 7, 8, 9, 16].map(value => value.toString(16).padStart(8, '0')),
  );
});

test('expressions have the precedence of GNU as, constants may be redefined', () => {
  const source =
    '.set n, 1\n.word n + 2 * 3, 1 | 2 + 4, -n & 0xff, ~0 >> 60, (n == 1) * 2\nn = n + 1\n.word n';
  expect(words(source)).toEqual(['00000007', '00000007', '000000ff', '0000000f', 'fffffffe', '00000002']);
});

test('data directives write little-endian bytes, text and differences of labels', () => {
  const source =
    ".byte 1, -1\n.half 0x1234\na: .dword -2\n.asciz \"hé\\n\"\n.byte b - a, 'z', '\\\\'\nb: .fill 1, 3, 0x010203";
  expect(Buffer.from(assembleFlat(source, { origin: 0 }).bytes).toString('hex')).toBe(
    '01ff3412feffffffffffffff68c3a90a00107a5c030201',
  );
});

test('the place of each instruction in the source is kept', () => {
  const { sections } = assemble('nop\n  li a0, 0x12345\nret', { name: 'a.s' });
  expect(sections[0]?.lines).toEqual([
    { offset: 0, file: 'a.s', line: 1, column: 1 },
    { offset: 4, file: 'a.s', line: 2, column: 3 },
    { offset: 12, file: 'a.s', line: 3, column: 1 },
  ]);
});
