/**
 * The disassembly as a person reads it: symbols, source lines, instructions.
 */
import { describe, expect, it } from 'vitest';
import { readElf } from '../../hw/elf.ts';
import { readLineTable } from '../../hw/line-table.ts';
import { assemble } from '../../images/assembler/assemble.ts';
import { listing } from '../../images/disassemble.ts';
import { bareDescription } from '../../images/link/description.ts';
import { link } from '../../images/link/link.ts';

const SOURCE = `        .text
        .globl _start
        .type _start, @function
_start:
        li a0, 5
        call leave
        .size _start, . - _start
leave:  ret
`;

const elf = readElf(link([assemble(SOURCE, { name: 'boot.s' })], bareDescription({ base: 0x8000_0000 })).elf);

describe('a listing', () => {
  it('shows symbols, source lines and instructions in their order', () => {
    expect([...listing(elf, [])].join('\n').trim()).toBe(
      [
        '80000000 <_start>:',
        '; boot.s:5',
        '80000000:  00500513  li a0,5',
        '; boot.s:6',
        '80000004:  004000ef  jal 0x80000008 <leave>',
        '',
        '80000008 <leave>:',
        '; boot.s:8',
        '80000008:  00008067  ret',
      ].join('\n'),
    );
  });

  it('shows only the symbols asked for, and refuses one that is not there', () => {
    expect([...listing(elf, ['_start'])].at(-1)).toContain('80000004');
    expect(() => [...listing(elf, ['nobody'])]).toThrow('there is no symbol nobody');
  });
});

describe('the line table', () => {
  it('gives the line of every address in a function and none outside', () => {
    const lines = readLineTable(elf);
    expect(lines.at(0x8000_0004)).toMatchObject({ file: 'boot.s', line: 6 });
    expect(lines.at(0x8000_0006)).toMatchObject({ file: 'boot.s', line: 6 });
    expect(lines.at(0x8000_000c)).toBeUndefined();
    expect(lines.at(0x7fff_fffe)).toBeUndefined();
  });

  it('cut short is refused in one line', () => {
    const section = elf.sections.get('.debug_line')!;
    const sections = new Map(elf.sections).set('.debug_line', {
      ...section,
      bytes: section.bytes.slice(0, -3),
    });
    expect(() => readLineTable({ ...elf, sections })).toThrow('the line table is cut short');
  });

  it('that names a file or folder outside its lists is refused in one line', () => {
    const section = elf.sections.get('.debug_line')!;
    const name = new TextDecoder('latin1').decode(section.bytes).indexOf('boot.s\0');
    const bytes = section.bytes.slice();
    bytes[name + 'boot.s\0'.length] = 9;
    const sections = new Map(elf.sections).set('.debug_line', { ...section, bytes });
    const fault = 'names a file or folder that it does not list';
    expect(() => readLineTable({ ...elf, sections })).toThrow(fault);
  });
});
