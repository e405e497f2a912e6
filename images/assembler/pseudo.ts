/**
 * Pseudo-instructions that are short for other instructions (RISC-V assembly programmer's manual,
 * "Pseudoinstructions"): name, operands, what they stand for. The row is chosen by name and count of
 * operands; an operand goes wherever its letter stands, whatever it is.
 *
 * li, la, lla, call, tail and loads and stores of a symbol need more than this table: see `choice.ts`.
 */
import { type Token, tokenize } from './lexer.ts';

type PseudoRow = readonly [name: string, operands: string, ...expansion: string[]];

// biome-ignore format: a table
const ROWS: readonly PseudoRow[] = [
  ['nop',        '',        'addi zero, zero, 0'],
  ['mv',         'd, s',    'addi d, s, 0'],
  ['move',       'd, s',    'addi d, s, 0'],
  ['not',        'd, s',    'xori d, s, -1'],
  ['neg',        'd, s',    'sub d, zero, s'],
  ['seqz',       'd, s',    'sltiu d, s, 1'],
  ['snez',       'd, s',    'sltu d, zero, s'],
  ['sltz',       'd, s',    'slt d, s, zero'],
  ['sgtz',       'd, s',    'slt d, zero, s'],
  ['sgt',        'd, a, b', 'slt d, b, a'],
  ['sgtu',       'd, a, b', 'sltu d, b, a'],
  ['zext.b',     'd, s',    'andi d, s, 255'],
  ['beqz',       's, t',    'beq s, zero, t'],
  ['bnez',       's, t',    'bne s, zero, t'],
  ['blez',       's, t',    'bge zero, s, t'],
  ['bgez',       's, t',    'bge s, zero, t'],
  ['bltz',       's, t',    'blt s, zero, t'],
  ['bgtz',       's, t',    'blt zero, s, t'],
  ['bgt',        'a, b, t', 'blt b, a, t'],
  ['ble',        'a, b, t', 'bge b, a, t'],
  ['bgtu',       'a, b, t', 'bltu b, a, t'],
  ['bleu',       'a, b, t', 'bgeu b, a, t'],
  ['j',          't',       'jal zero, t'],
  ['jal',        't',       'jal ra, t'],
  ['jr',         't',       'jalr zero, t'],
  ['jalr',       't',       'jalr ra, t'],
  ['jalr',       'd, s, i', 'jalr d, i(s)'],
  ['ret',        '',        'jalr zero, 0(ra)'],
  ['csrr',       'd, c',    'csrrs d, c, zero'],
  ['csrw',       'c, s',    'csrrw zero, c, s'],
  ['csrs',       'c, s',    'csrrs zero, c, s'],
  ['csrc',       'c, s',    'csrrc zero, c, s'],
  ['csrwi',      'c, i',    'csrrwi zero, c, i'],
  ['csrsi',      'c, i',    'csrrsi zero, c, i'],
  ['csrci',      'c, i',    'csrrci zero, c, i'],
  ['rdcycle',    'd',       'csrrs d, cycle, zero'],
  ['rdcycleh',   'd',       'csrrs d, cycleh, zero'],
  ['rdtime',     'd',       'csrrs d, time, zero'],
  ['rdtimeh',    'd',       'csrrs d, timeh, zero'],
  ['rdinstret',  'd',       'csrrs d, instret, zero'],
  ['rdinstreth', 'd',       'csrrs d, instreth, zero'],
  ['fence',      '',        'fence iorw, iorw'],
  ['pause',      '',        'fence w, 0'],
  ['sfence.vma', '',        'sfence.vma zero, zero'],
  ['sfence.vma', 's',       'sfence.vma s, zero'],
  ['unimp',      '',        'csrrw zero, cycle, zero'],
];

/** With `.option arch, -zbb`, where the instructions of these names are not to be had. */
// biome-ignore format: a table
const ROWS_WITHOUT_ZBB: readonly PseudoRow[] = [
  ['sext.b',     'd, s',    'slli d, s, 24', 'srai d, d, 24'],
  ['sext.h',     'd, s',    'slli d, s, 16', 'srai d, d, 16'],
  ['zext.h',     'd, s',    'slli d, s, 16', 'srli d, d, 16'],
];

/** The instruction that takes a number where this one takes a register last. */
export const WITH_IMMEDIATE: Readonly<Record<string, string>> = {
  add: 'addi',
  and: 'andi',
  or: 'ori',
  xor: 'xori',
  slt: 'slti',
  sltu: 'sltiu',
  sll: 'slli',
  srl: 'srli',
  sra: 'srai',
  ror: 'rori',
  csrrw: 'csrrwi',
  csrrs: 'csrrsi',
  csrrc: 'csrrci',
};

interface Pseudo {
  readonly parameters: readonly string[];
  readonly expansion: readonly (readonly Token[])[];
}

function prepare(rows: readonly PseudoRow[]): Map<string, Pseudo> {
  const prepared = new Map<string, Pseudo>();
  for (const [name, operands, ...expansion] of rows) {
    const parameters = operands === '' ? [] : operands.split(', ');
    prepared.set(`${name}/${parameters.length}`, {
      parameters,
      expansion: expansion.map(line => tokenize(line, 0)),
    });
  }
  return prepared;
}

const PSEUDO = prepare(ROWS);
const PSEUDO_WITHOUT_ZBB = prepare(ROWS_WITHOUT_ZBB);

/** How the pseudo-instruction is written: its operands, one text for each count of them. */
export function pseudoForms(name: string): string[] {
  return ROWS.filter(row => row[0] === name).map(([, operands]) => `${name} ${operands}`.trimEnd());
}

/** What the statement stands for, token lists of whole instructions; undefined if it is no pseudo-instruction. */
export function expandPseudo(
  mnemonic: Token,
  operands: readonly (readonly Token[])[],
  hasZbb: boolean,
): Token[][] | undefined {
  const key = `${mnemonic.text}/${operands.length}`;
  const pseudo = (hasZbb ? undefined : PSEUDO_WITHOUT_ZBB.get(key)) ?? PSEUDO.get(key);
  return pseudo?.expansion.map(line =>
    line.flatMap((token, index) => {
      const operand = index === 0 ? -1 : pseudo.parameters.indexOf(token.text);
      if (operand >= 0) return operands[operand] ?? [];
      return [{ ...token, line: mnemonic.line, column: mnemonic.column }];
    }),
  );
}
