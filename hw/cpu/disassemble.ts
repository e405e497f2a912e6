/**
 * Instruction words to text, as GNU objdump prints them: `beqz a0,0x80000010 <loop>`.
 *
 *     disassemble(word, pc, symbol?)   one instruction; the upper half of a short word is ignored
 *     instructionSize(word)            2 or 4 bytes, from the lowest bits
 *
 * Names come from the instruction table, 16-bit forms appear as what they are short for, and the usual
 * pseudo-instructions stand for what they mean. Given back to the assembler (after `.option rvc`), the
 * text makes the same bits again. HINTs keep their compressed names. What is no instruction is .word or .half.
 */
import { CSR_NUMBERS } from '../manual/csr-names.ts';
import { type Field, type Instruction, ISA } from '../manual/isa.ts';
import { REGISTER_NAMES } from '../manual/registers.ts';
import { decodeField, findInstruction, isCompressedHint, patternFields, registerNumber } from './fields.ts';

/** `name` or `name+0x12` of the nearest symbol, if one is near. */
export type NameAddress = (address: number) => string | undefined;

export function instructionSize(word: number): 2 | 4 {
  return (word & 3) === 3 ? 4 : 2;
}

export function disassemble(word: number, pc: number, symbol?: NameAddress): string {
  const row = findInstruction(word);
  if (row === undefined) return unknown(word);
  const fields = patternFields(row.operands);
  const values = new Map(fields.map(({ name, field }) => [name, decodeField(field, word)]));
  const plain = row.expansion === undefined ? undefined : expand(row.expansion, values);
  if (plain === undefined || isCompressedHint(row.name, plain.values)) {
    return render(row, [...values.values()], pc, symbol);
  }
  // `mv` is addi where it has 32 bits, so the table's expansion to add is not shown
  if (row.name === 'c.mv')
    return substituted(
      ['', 'd, z, s', 'mv d,s'],
      plain.values.map(value => REGISTER_NAMES[value]!),
    );
  return render(plain.row, plain.values, pc, symbol);
}

function unknown(word: number): string {
  if (instructionSize(word) === 4) return `.word 0x${(word >>> 0).toString(16).padStart(8, '0')}`;
  return `.half 0x${(word & 0xffff).toString(16).padStart(4, '0')}`;
}

interface Shown {
  readonly row: Instruction;
  /** The operands in the order of the row's syntax. */
  readonly values: readonly number[];
}

/** The instruction that a compressed one is short for. */
function expand(expansion: string, fields: ReadonlyMap<string, number>): Shown {
  const [name = '', ...operands] = expansion.split(/[ ,()]+/).filter(Boolean);
  const row = ISA.find(candidate => candidate.name === name)!;
  const values = operands.map(operand => fields.get(operand) ?? registerNumber(operand) ?? Number(operand));
  return { row, values };
}

type Alias = readonly [name: string, operands: string, text: string];

/** What to write instead: the first row whose operands are those at hand. Small letters stand for any. */
// biome-ignore format: a table
const ALIASES: readonly Alias[] = [
  ['addi',       'zero, zero, 0',     'nop'],
  ['addi',       'd, zero, i',        'li d,i'],
  ['addi',       'd, s, 0',           'mv d,s'],
  ['xori',       'd, s, -1',          'not d,s'],
  ['sub',        'd, zero, s',        'neg d,s'],
  ['sltiu',      'd, s, 1',           'seqz d,s'],
  ['sltu',       'd, zero, s',        'snez d,s'],
  ['slt',        'd, s, zero',        'sltz d,s'],
  ['slt',        'd, zero, s',        'sgtz d,s'],
  ['andi',       'd, s, 255',         'zext.b d,s'],
  ['beq',        's, zero, t',        'beqz s,t'],
  ['bne',        's, zero, t',        'bnez s,t'],
  ['bge',        'zero, s, t',        'blez s,t'],
  ['bge',        's, zero, t',        'bgez s,t'],
  ['blt',        's, zero, t',        'bltz s,t'],
  ['blt',        'zero, s, t',        'bgtz s,t'],
  ['jal',        'zero, t',           'j t'],
  ['jal',        'ra, t',             'jal t'],
  ['jalr',       'zero, 0, ra',       'ret'],
  ['jalr',       'zero, 0, s',        'jr s'],
  ['jalr',       'zero, i, s',        'jr i(s)'],
  ['jalr',       'ra, 0, s',          'jalr s'],
  ['jalr',       'ra, i, s',          'jalr i(s)'],
  ['jalr',       'd, 0, s',           'jalr d,s'],
  ['csrrw',      'zero, cycle, zero', 'unimp'],
  ['csrrs',      'd, cycle, zero',    'rdcycle d'],
  ['csrrs',      'd, time, zero',     'rdtime d'],
  ['csrrs',      'd, instret, zero',  'rdinstret d'],
  ['csrrs',      'd, cycleh, zero',   'rdcycleh d'],
  ['csrrs',      'd, timeh, zero',    'rdtimeh d'],
  ['csrrs',      'd, instreth, zero', 'rdinstreth d'],
  ['csrrs',      'd, c, zero',        'csrr d,c'],
  ['csrrw',      'zero, c, s',        'csrw c,s'],
  ['csrrs',      'zero, c, s',        'csrs c,s'],
  ['csrrc',      'zero, c, s',        'csrc c,s'],
  ['csrrwi',     'zero, c, i',        'csrwi c,i'],
  ['csrrsi',     'zero, c, i',        'csrsi c,i'],
  ['csrrci',     'zero, c, i',        'csrci c,i'],
  ['fence',      '15, 15',            'fence'],
  ['fence',      '1, 0',              'pause'],
  ['sfence.vma', 'zero, zero',        'sfence.vma'],
  ['sfence.vma', 's, zero',           'sfence.vma s'],
];

const ORDERS = ['', '.rl', '.aq', '.aqrl'];
const CSR_NAMES = new Map(Object.entries(CSR_NUMBERS).map(([name, number]) => [number, name]));

function render(
  { name, operands }: Instruction,
  values: readonly number[],
  pc: number,
  symbol?: NameAddress,
): string {
  const fields = patternFields(operands);
  const texts = fields.map(({ field, name: fieldName }, index) =>
    operandText(field, fieldName, values[index]!, pc, symbol),
  );
  const alias = ALIASES.find(candidate => candidate[0] === name && matches(candidate[1], values));
  if (alias !== undefined) return substituted(alias, texts);
  const order = operands.startsWith('[order]') ? ORDERS[values[0]!]! : '';
  let next = 0;
  const written = operands
    .replace('[order] ', () => texts[next++]!)
    .replace(/[A-Za-z][\w']*(?:≠\d+)?/g, token => (token === 'sp' ? token : texts[next++]!))
    .replaceAll(', ', ',');
  return `${name}${order} ${written}`.trimEnd();
}

function matches(pattern: string, values: readonly number[]): boolean {
  return pattern.split(', ').every((wanted, index) => {
    const isAny = /^[a-z]$/.test(wanted);
    return isAny || values[index] === (registerNumber(wanted) ?? CSR_NUMBERS[wanted] ?? Number(wanted));
  });
}

function substituted([, pattern, text]: Alias, texts: readonly string[]): string {
  const letters = pattern.split(', ');
  const [mnemonic = '', rest = ''] = text.split(' ');
  const operands = rest.replace(/\b[a-z]\b/g, letter => texts[letters.indexOf(letter)]!);
  return operands === '' ? mnemonic : `${mnemonic} ${operands}`;
}

function operandText(field: Field, name: string, value: number, pc: number, symbol?: NameAddress): string {
  switch (field.kind) {
    case 'register':
    case 'register8':
      return REGISTER_NAMES[value]!;
    case 'target':
      return targetText((pc + value) >>> 0, symbol);
    case 'upper':
      return `0x${value.toString(16)}`;
    case 'csr':
      return CSR_NAMES.get(value) ?? `0x${value.toString(16)}`;
    case 'fence':
      return fenceText(value);
    case 'order':
      return '';
    default:
      return name === 'shamt' || name === 'shamtC' ? `0x${value.toString(16)}` : String(value);
  }
}

function targetText(address: number, symbol?: NameAddress): string {
  const name = symbol?.(address);
  const number = `0x${address.toString(16)}`;
  return name === undefined ? number : `${number} <${name}>`;
}

function fenceText(set: number): string {
  if (set === 0) return '0';
  return ['i', 'o', 'r', 'w'].filter((_, index) => set & (8 >> index)).join('');
}
