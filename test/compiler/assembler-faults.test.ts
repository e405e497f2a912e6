/**
 * What the assembler refuses: each message names the place, says what is wrong and how to mend it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble, assembleFlat } from '../../images/assembler/assemble.ts';
import { AssemblyError } from '../../images/assembler/source-error.ts';

// biome-ignore format: a table
const FAULTS: readonly (readonly [source: string, message: string])[] = [
  ['nop\n  frob a0',             "a.s:2:3: there is no instruction frob: the machine has"],
  ['flw fa0, 0(a0)',             'a.s:1:1: flw needs F or D'],
  ['add a0, a1, q2',             'a.s:1:13: q2 is not defined: define it'],
  ['add a0, b1, a2',             'a.s:1:9: expected a register but found b1: write x0 to x31'],
  ['addi a0, a1, 4096',          'a.s:1:14: 4096 does not fit: give -2048 to 2047, or load it'],
  ['slli a0, a1, 32',            'a.s:1:14: 32 does not fit: give 0 to 31'],
  ['lui a0, -1',                 'a.s:1:9: -1 does not fit: give 0 to 1048575'],
  ['lw a0, 4 a1',                'a.s:1:10: expected ( but found a1'],
  ['add a0, a1',                 'a.s:1:11: expected , but found the end of the statement'],
  ['add a0, a1, a2, a3',         'a.s:1:15: , is too much: end the statement before it'],
  ['mv a0',                      'a.s:1:1: mv does not take 1 operands: write mv d, s'],
  ['li a0',                      'a.s:1:1: li does not take 1 operands: write li a0, 5'],
  ['li a0, later\nlater:',       'a.s:1:8: li takes a number that is known here'],
  ['li a0, 0x100000000',         'a.s:1:8: 4294967296 has more than 32 bits'],
  ['sb zero, here, x0\nhere:',   'a.s:1:1: x0 cannot hold the address'],
  ['csrr a0, mfoo',              'a.s:1:10: there is no CSR mfoo'],
  ['csrr a0, 0x1000',            'a.s:1:10: CSR numbers are 0 to 0xfff, not 4096'],
  ['fence wr, rw',               'a.s:1:7: a fence takes sets of i, o, r and w'],
  ['c.lw t0, 0(a0)',             'a.s:1:6: this form reaches the registers s0, s1 and a0 to a5 only'],
  ['c.addi4spn a0, a1, 4',       'a.s:1:16: this form works on sp only'],
  ['c.jr zero',                  'a.s:1:6: x0 is not allowed here'],
  ['c.lw a0, 3(a0)',             'a.s:1:10: 3 does not fit: give 0 to 124, in steps of 4'],
  ['.option arch, -zbb\nclz a0, a0', 'a.s:2:1: clz belongs to Zbb, which is switched off'],
  ['lui a0, %lo(x)',             'a.s:1:9: %lo does not go here'],
  ['x: addi a0, a0, %pcrel_lo(x)', 'a.s:1:27: %pcrel_lo wants the label of the auipc'],
  ['c.beqz a0, far\n.zero 300\nfar:', 'a.s:1:12: the target is 302 bytes away, reach is -256 to 254'],
  ['j nowhere',                  'a.s:1:3: nowhere is not defined'],
  ['j 1b',                       'a.s:1:3: there is no label 1: before this: write 1f'],
  ['j 1f',                       'a.s:1:3: there is no label 1: after this: write 1b'],
  ['a: nop\na: nop',             'a.s:2:1: a is defined already in line 1'],
  ['a: .equ a, 1',               'a.s:1:4: a is a label already in line 1'],
  ['.equ a, b; .equ b, a; .word a', 'a is defined by itself'],
  ['.byte 256',                  'a.s:1:7: 256 does not fit in 1 byte: use a wider directive'],
  ['.half x',                    'a.s:1:7: x is not defined'],
  ['.word 1 +',                  'a.s:1:10: expected a number or a symbol but found the end'],
  ['.word 1 / 0',                'a.s:1:9: this divides by zero'],
  ['.word 1 << 64',              'a.s:1:9: shift by 0 to 63, not by 64'],
  ['.word 09',                   'a.s:1:7: 09 begins with 0 and is octal'],
  ['.ascii "open',               'a.s:1:8: the closing " is missing'],
  ["li a0, 'ab'",                'a.s:1:8: a character constant holds one byte, this one 2'],
  ['.ascii "\\q"',               'a.s:1:9: there is no escape \\q'],
  ['.ascii 5',                   'a.s:1:8: expected a text in quotes but found 5'],
  ['nop ?',                      'a.s:1:5: the character "?" means nothing here'],
  ['5 nop',                      'a.s:1:1: expected a label, an instruction or a directive but found 5'],
  ['0x5: nop',                   'a.s:1:1: 0x5 is no label'],
  ['.frob',                      'a.s:1:1: there is no directive .frob'],
  ['.balign 3',                  'a.s:1:9: 3 is no power of two'],
  ['.align 99',                  'a.s:1:8: 99 is not allowed here: give 0 to 16'],
  ['.zero later\n.equ later, 4', 'a.s:1:7: this number must be known here'],
  ['.bss\n.word 1',              'a.s:2:1: .bss holds zeros only'],
  ['.bss\nj .',                  '.bss holds zeros only'],
  ['.section .mine',             'a.s:1:1: .mine does not say what it is'],
  ['.section .mine, 5',          'a.s:1:17: the flags of a section are in quotes'],
  ['.section .m, "ax"\n.section .m, "aw"', 'a.s:2:1: .m began as rx'],
  ['.zero 0x10000000; .zero 0x10000000', 'a.s:1:19: .text grows beyond'],
  ['.type a, @thing',            'a.s:1:11: there is no symbol type thing'],
  ['.option fast',               'a.s:1:9: there is no option fast'],
  ['.option pop',                'a.s:1:9: .option pop without .option push'],
  ['.option arch, +f',           'a.s:1:16: f cannot be switched'],
  ['.macro',                     'a.s:1:1: .macro has no .endm'],
  ['.macro 5\n.endm',            'a.s:1:1: a macro needs a name'],
  ['.endr',                      'a.s:1:1: .endr closes nothing'],
  ['.rept x\n.endr',             'a.s:1:6: .rept wants a count that is known here'],
  ['.rept 2000000\nnop\n.endr',  'a.s:1:6: 2000000 repetitions are too many'],
  ['.macro m a\n.endm\nm 1, 2',  'a.s:3:1: the macro m takes 1 operands, not 2'],
  ['.macro m a\n.endm\nm',       'a.s:3:1: the macro m needs a value for a'],
  ['.macro m\nm\nm\n.endm\nm',   'the source unrolls without end'],
];

test.each(FAULTS)('%j is refused', (source, message) => {
  expect(() => assembleFlat(source, { origin: 0x8000_0000, name: 'a.s' })).toThrow(message);
});

// biome-ignore format: a table
const OBJECT_FAULTS: readonly (readonly [source: string, message: string])[] = [
  ['.byte x\nx:',         'a.s:1:7: an address is known only after linking and does not fit here: only .word'],
  ['addi a0, a0, x\nx:',  'a.s:1:14: an address is known only after linking and does not fit here'],
  ['j 16',                'a.s:1:3: the distance to a number is known only after linking: jump to a symbol'],
  ['.word -x\nx:',        'a.s:1:7: - of an address has no value before linking'],
  ['.word x + y\nx: y:',  'a.s:1:9: + of an address has no value before linking'],
  ['.equ x, y\n.word x',  'a.s:1:1: x stands for a symbol of another file'],
  ['x: .size x, x',       'a.s:1:13: the size of x is an address: write . - x'],
];

test.each(OBJECT_FAULTS)('%j is refused in an object', (source, message) => {
  expect(() => assemble(source, { name: 'a.s' })).toThrow(message);
});

test('every fault of a source is told at once, in the order of its lines', () => {
  const source = 'frob\nnop\nadd a0\n.word nowhere2 - nowhere';
  expect(() => assemble(source, { name: 'a.s' })).toThrow(/^a\.s:1:1: .*\na\.s:3:7: .*$/);
});

const WORDS =
  'add lw li beqz call la .word .equ .align .rept .endr .macro .endm a0 sp x 1b 1f 1: x: 5 - ( ) , ; = + . # ' +
  '%lo( "s" \'c\' .bss .section .a,"ax" .option rvc 0x80000000 \\ .size /* @ @';

test('whatever the text, the assembler assembles it or refuses it with a place', () => {
  const word = fc.constantFrom(...WORDS.split(' ').map(text => (text === '@' ? '\n' : text)));
  const property = fc.property(fc.array(word, { maxLength: 30 }), words => {
    try {
      assemble(words.join(' '));
    } catch (error) {
      expect(error).toBeInstanceOf(AssemblyError);
      for (const { place } of (error as AssemblyError).faults) expect(place.line).toBeGreaterThan(0);
    }
  });
  fc.assert(property, { seed: 23, numRuns: 4000 });
});
