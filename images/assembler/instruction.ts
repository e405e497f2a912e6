/**
 * One instruction statement to bytes in a section: the syntax is the operand column of the
 * instruction table, the bits are its fields.
 *
 *     li rd, n           addi, lui, or lui and addi
 *     la rd, symbol      auipc and addi, relative to the pc (lla too); li where the symbol is a constant
 *     lw rd, symbol      auipc and lw; sw rs, symbol, rt likewise with rt for the address
 *     call, tail symbol  the shortest of c.jal, jal, auipc and jalr (tail: through t1) that reaches
 *     beq … symbol       the shortest of c.beqz, beq, bne over a jal
 *
 * Branches, jumps and calls of symbols elsewhere take the form that the linker can complete.
 */
import { encodeField, patternFields, registerNumber } from '../../hw/cpu/fields.ts';
import { CSR_NUMBERS } from '../../hw/manual/csr-names.ts';
import { type Extension, FIELDS, type Instruction, ISA } from '../../hw/manual/isa.ts';
import type { RelocationKind } from '../object.ts';
import { compress } from './compress.ts';
import type { Expression, TokenReader } from './expression.ts';
import type { Token } from './lexer.ts';
import { expandPseudo, pseudoForms, WITH_IMMEDIATE } from './pseudo.ts';
import { outOfRange } from './resolve.ts';
import type { FixupKind, Form, SectionBuilder } from './section.ts';
import { type Place, SourceFault } from './source-error.ts';
import type { SymbolTable } from './symbols.ts';

/** What an instruction needs to know of its surroundings. */
export interface Surroundings {
  readonly section: SectionBuilder;
  readonly symbols: SymbolTable;
  /** Make 16-bit forms where they exist. */
  readonly compresses: boolean;
  /** Extensions switched off by `.option arch`. */
  readonly absent: ReadonlySet<Extension>;
  reader(tokens: readonly Token[], end: Place): TokenReader;
}

/** An operand that waits for a symbol. */
interface Pending {
  readonly kind: FixupKind;
  readonly expression: Expression;
}

const BY_NAME = new Map(ISA.map(row => [row.name, row]));
const LOADS_AND_STORES = new Set(['lb', 'lh', 'lw', 'lbu', 'lhu', 'sb', 'sh', 'sw']);
const ORDERS: Readonly<Record<string, number>> = { '': 0, rl: 1, aq: 2, aqrl: 3 };
const FENCE_SETS = ['w', 'r', 'o', 'i'];
const INVERSE_BRANCH = 0x1000;
const SP = 2;
const T1 = 6;

/** Assembles one instruction at the end of the current section. */
export function assembleInstruction(mnemonic: Token, rest: readonly Token[], at: Surroundings): void {
  const operands = splitOperands(rest);
  const special = SPECIAL[mnemonic.text];
  if (special !== undefined) {
    special(mnemonic, operands, at);
    return;
  }
  const expansion = expandPseudo(mnemonic, operands, !at.absent.has('Zbb'));
  if (expansion !== undefined) {
    for (const [name, ...tokens] of expansion) assembleInstruction(name!, tokens, at);
    return;
  }
  if (LOADS_AND_STORES.has(mnemonic.text) && symbolOperand(operands[1], at)) {
    accessSymbol(mnemonic, operands, at);
    return;
  }
  const { row, order } = findRow(mnemonic, operands, at);
  assembleRow(row, order, mnemonic, rest, at);
}

function splitOperands(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const operands: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '(') depth += 1;
    if (mark === ')') depth -= 1;
    if (mark === ',' && depth === 0) operands.push([]);
    else operands.at(-1)?.push(token);
  }
  return operands;
}

function findRow(
  mnemonic: Token,
  operands: readonly (readonly Token[])[],
  at: Surroundings,
): { row: Instruction; order: number } {
  const [, stem = '', ending = ''] = /^((?:amo\w+|lr|sc)\.w)\.(aqrl|aq|rl)$/.exec(mnemonic.text) ?? [];
  let row = BY_NAME.get(stem || mnemonic.text);
  const last = operands.at(-1)?.[0];
  const immediate = row && WITH_IMMEDIATE[row.name];
  if (immediate !== undefined && last !== undefined && registerNumber(last.text) === undefined) {
    row = BY_NAME.get(immediate);
  }
  if (row === undefined) throw unknown(mnemonic, operands.length);
  if (at.absent.has(row.extension)) {
    const option = row.extension.toLowerCase();
    throw new SourceFault(
      mnemonic,
      `${mnemonic.text} belongs to ${row.extension}, which is switched off: write .option arch, +${option} before it`,
    );
  }
  return { row, order: ORDERS[ending] ?? 0 };
}

function unknown(mnemonic: Token, operandCount: number): SourceFault {
  const forms = pseudoForms(mnemonic.text);
  if (forms.length > 0) {
    const written = forms.join(' or ');
    return new SourceFault(
      mnemonic,
      `${mnemonic.text} does not take ${operandCount} operands: write ${written}`,
    );
  }
  if (/^f(l|s|add|sub|mul|div|mv|cvt|sgn|eq|lt|le|min|max|madd|msub|sqrt|class)/.test(mnemonic.text)) {
    return new SourceFault(
      mnemonic,
      `${mnemonic.text} needs F or D, which the machine does not have: compute in software`,
    );
  }
  return new SourceFault(
    mnemonic,
    `there is no instruction ${mnemonic.text}: the machine has RV32IMAC, Zicsr, Zifencei, Zba and Zbb`,
  );
}

/** A symbol where an access has its address: the operand begins with a name that is no constant. */
function symbolOperand(operand: readonly Token[] | undefined, at: Surroundings): boolean {
  const [first] = operand ?? [];
  if (first === undefined || operand?.at(-1)?.text === ')') return false;
  if (first.kind === 'labelReference') return true;
  if (first.kind !== 'name' || registerNumber(first.text) !== undefined) return false;
  const { line, column } = first;
  return at.symbols.constantNow({ kind: 'symbol', name: first.text, line, column }) === undefined;
}

function assembleRow(
  row: Instruction,
  order: number,
  mnemonic: Token,
  tokens: readonly Token[],
  at: Surroundings,
): void {
  const reader = at.reader(tokens, mnemonic);
  const { values, pending } = readOperands(row, order, reader, at);
  reader.finish();
  let word = row.match;
  for (const { name, field } of patternFields(row.operands)) word |= encodeField(field, values.get(name)!)!;
  const target = pending.find(({ kind }) => kind === 'BRANCH' || kind === 'JAL');
  if (target !== undefined) {
    const forms = target.kind === 'BRANCH' ? branchForms(row, word, values, at) : jumpForms(word, values, at);
    at.section.appendChoice(forms, target.expression);
    return;
  }
  emit(row, word, values, pending, mnemonic, at);
}

function emit(
  row: Instruction,
  word: number,
  values: ReadonlyMap<string, number>,
  pending: readonly Pending[],
  place: Place,
  at: Surroundings,
): void {
  const mayCompress = at.compresses && row.size === 4 && pending.length === 0;
  const short = mayCompress ? compress(row.name, [...values.values()]) : undefined;
  if (short !== undefined) at.section.append(wordBytes(short, 2), place);
  else at.section.append(wordBytes(word, row.size), place, pending);
}

function wordBytes(word: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => (word >>> (8 * index)) & 255);
}

interface Operands {
  /** By field, in the order of the syntax; 0 where an operand is pending. */
  readonly values: Map<string, number>;
  readonly pending: Pending[];
}

function readOperands(row: Instruction, order: number, reader: TokenReader, at: Surroundings): Operands {
  const values = new Map<string, number>();
  const pending: Pending[] = [];
  const pattern = row.operands.match(/\[order\]|[A-Za-z][\w']*(?:≠\d+)?|[(),]/g) ?? [];
  for (let index = 0; index < pattern.length; index += 1) {
    const [name = '', excluded] = pattern[index]!.split('≠');
    const opensAddress = pattern[index + 1] === '(';
    if (name === '[order]') values.set('order', order);
    else if (name === ',' || name === ')') reader.expect(name);
    else if (name === '(') openAddress(reader);
    else if (name === 'sp') fixedRegister(reader, SP);
    else if (opensAddress && bareAddress(reader, row)) {
      values.set(name, 0);
      if (registerAhead(reader) !== undefined) {
        values.set('rs1', takeRegister(reader));
        index += 3;
      }
    } else readOperand(name, excluded, reader, at, values, pending);
  }
  return { values, pending };
}

/** `(` of an address; an offset of 0 may be written before it. */
function openAddress(reader: TokenReader): void {
  const token = reader.peek();
  if (token?.kind === 'number' && token.value === 0n) reader.take();
  reader.expect('(');
}

/** Is the offset left out: (a0), or for jalr just a0? */
function bareAddress(reader: TokenReader, row: Instruction): boolean {
  const token = reader.peek();
  const next = reader.peek(1);
  if (token?.kind === 'mark' && token.text === '(') {
    return next?.kind === 'name' && registerNumber(next.text) !== undefined;
  }
  return row.name === 'jalr' && registerAhead(reader) !== undefined;
}

function registerAhead(reader: TokenReader): number | undefined {
  const token = reader.peek();
  return token?.kind === 'name' ? registerNumber(token.text) : undefined;
}

function takeRegister(reader: TokenReader): number {
  const number = registerAhead(reader);
  if (number === undefined) {
    throw new SourceFault(
      reader.place,
      `expected a register but found ${reader.found()}: write x0 to x31, or zero, ra, sp, gp, tp, t0–t6, s0–s11, a0–a7`,
    );
  }
  reader.take();
  return number;
}

function fixedRegister(reader: TokenReader, wanted: number): void {
  const { place } = reader;
  if (takeRegister(reader) !== wanted)
    throw new SourceFault(place, 'this form works on sp only: write sp here');
}

function readOperand(
  name: string,
  excluded: string | undefined,
  reader: TokenReader,
  at: Surroundings,
  values: Map<string, number>,
  pending: Pending[],
): void {
  const { place } = reader;
  const field = FIELDS[name]!;
  let value: number;
  switch (field.kind) {
    case 'register':
    case 'register8':
      value = takeRegister(reader);
      if (field.kind === 'register8' && (value < 8 || value > 15)) {
        throw new SourceFault(
          place,
          'this form reaches the registers s0, s1 and a0 to a5 only: use one of them',
        );
      }
      break;
    case 'fence':
      value = fenceSet(reader);
      break;
    case 'csr':
      value = csrNumber(reader, at);
      break;
    default:
      value = readImmediate(name, reader, at, pending);
  }
  if (excluded !== undefined && value === Number(excluded) && pending.length === 0) {
    throw new SourceFault(
      place,
      `${excludedText(field.kind, excluded)} is not allowed here: use the instruction without c.`,
    );
  }
  values.set(name, value);
}

const excludedText = (kind: string, excluded: string) => (kind === 'register' ? `x${excluded}` : excluded);

function fenceSet(reader: TokenReader): number {
  const token = reader.take();
  if (token?.kind === 'number' && token.value === 0n) return 0;
  if (token?.kind !== 'name' || !/^i?o?r?w?$/.test(token.text)) {
    throw new SourceFault(
      token ?? reader.place,
      'a fence takes sets of i, o, r and w in this order: write fence rw, rw',
    );
  }
  return [...token.text].reduce((set, letter) => set | (1 << FENCE_SETS.indexOf(letter)), 0);
}

function csrNumber(reader: TokenReader, at: Surroundings): number {
  const token = reader.peek();
  const known = token?.kind === 'name' ? CSR_NUMBERS[token.text] : undefined;
  if (known !== undefined) {
    reader.take();
    return known;
  }
  const expression = reader.expression();
  const value = at.symbols.constantNow(expression);
  if (value === undefined) {
    throw new SourceFault(
      expression,
      `there is no CSR ${token?.text}: see hw/manual/csr-names.ts, or give its number`,
    );
  }
  if (value < 0n || value > 0xfffn)
    throw new SourceFault(expression, `CSR numbers are 0 to 0xfff, not ${value}`);
  return Number(value);
}

/** Target fields and the relocations that fill them. */
const TARGET_KINDS: Readonly<Record<string, RelocationKind>> = {
  immB: 'BRANCH',
  immJ: 'JAL',
  immCB: 'RVC_BRANCH',
  immCJ: 'RVC_JUMP',
};

const OPERATOR_KINDS: Readonly<Record<string, RelocationKind>> = {
  '%hi immU': 'HI20',
  '%pcrel_hi immU': 'PCREL_HI20',
  '%lo immI': 'LO12_I',
  '%lo immS': 'LO12_S',
  '%pcrel_lo immI': 'PCREL_LO12_I',
  '%pcrel_lo immS': 'PCREL_LO12_S',
};

function readImmediate(name: string, reader: TokenReader, at: Surroundings, pending: Pending[]): number {
  const token = reader.peek();
  if (token?.kind === 'mark' && /^%[a-z]/.test(token.text)) {
    reader.take();
    const kind = OPERATOR_KINDS[`${token.text} ${name}`];
    if (kind === undefined) {
      throw new SourceFault(
        token,
        `${token.text} does not go here: the _hi ones belong to lui and auipc, the _lo ones to 12-bit immediates`,
      );
    }
    reader.expect('(');
    pending.push({ kind, expression: reader.expression() });
    reader.expect(')');
    return 0;
  }
  const expression = reader.expression();
  const target = TARGET_KINDS[name];
  if (target !== undefined) {
    pending.push({ kind: target, expression });
    return 0;
  }
  const constant = at.symbols.constantNow(expression);
  if (constant === undefined) {
    pending.push({ kind: { field: name }, expression });
    return 0;
  }
  return checkedImmediate(name, constant, expression);
}

/** The value for the field; a 32-bit pattern like 0xfffffffe counts as the negative number that it is. */
function checkedImmediate(name: string, constant: bigint, place: Place): number {
  const field = FIELDS[name]!;
  const isPattern = field.kind === 'signed' && constant >= 1n << 31n && constant < 1n << 32n;
  const value = Number(isPattern ? BigInt.asIntN(32, constant) : constant);
  if (encodeField(field, value) === undefined) throw new SourceFault(place, outOfRange(name, value));
  return value;
}

function form(word: number, size: 2 | 4, kind: RelocationKind): Form {
  return { bytes: wordBytes(word, size), kind, offset: 0 };
}

function branchForms(
  row: Instruction,
  word: number,
  values: ReadonlyMap<string, number>,
  at: Surroundings,
): Form[] {
  const forms: Form[] = [form(word, 4, 'BRANCH')];
  const [a, b] = [values.get('rs1')!, values.get('rs2')!];
  const compared = a === 0 ? b : a;
  const isShort =
    (row.name === 'beq' || row.name === 'bne') && (a === 0 || b === 0) && compared >= 8 && compared <= 15;
  if (at.compresses && isShort) {
    const short = BY_NAME.get(row.name === 'beq' ? 'c.beqz' : 'c.bnez')!;
    forms.unshift(form(short.match | encodeField(FIELDS["rs1'"]!, compared)!, 2, 'RVC_BRANCH'));
  }
  const over = (word ^ INVERSE_BRANCH) | encodeField(FIELDS['immB']!, 8)!;
  forms.push({ bytes: [...wordBytes(over, 4), ...wordBytes(jal(0), 4)], kind: 'JAL', offset: 4 });
  return forms;
}

function jumpForms(word: number, values: ReadonlyMap<string, number>, at: Surroundings): Form[] {
  const rd = values.get('rd')!;
  const forms = [form(word, 4, 'JAL')];
  if (at.compresses && rd <= 1)
    forms.unshift(form(BY_NAME.get(rd === 0 ? 'c.j' : 'c.jal')!.match, 2, 'RVC_JUMP'));
  return forms;
}

const jal = (rd: number) => BY_NAME.get('jal')!.match | (rd << 7);
const auipc = (rd: number) => BY_NAME.get('auipc')!.match | (rd << 7);
const jalr = (rd: number, rs1: number) => BY_NAME.get('jalr')!.match | (rd << 7) | (rs1 << 15);

type Special = (mnemonic: Token, operands: readonly (readonly Token[])[], at: Surroundings) => void;

const SPECIAL: Readonly<Record<string, Special>> = {
  li: loadImmediate,
  la: loadAddress,
  lla: loadAddress,
  call: (mnemonic, operands, at) => callSymbol(mnemonic, operands, at, 1, 1),
  tail: (mnemonic, operands, at) => callSymbol(mnemonic, operands, at, 0, T1),
};

function wantOperands(mnemonic: Token, operands: readonly (readonly Token[])[], example: string): void {
  if (operands.length === example.split(',').length && operands.every(operand => operand.length > 0)) return;
  throw new SourceFault(
    mnemonic,
    `${mnemonic.text} does not take ${operands.length} operands: write ${example}`,
  );
}

function oneExpression(tokens: readonly Token[], end: Place, at: Surroundings): Expression {
  const reader = at.reader(tokens, end);
  const expression = reader.expression();
  reader.finish();
  return expression;
}

function oneRegister(tokens: readonly Token[], end: Place, at: Surroundings): number {
  const reader = at.reader(tokens, end);
  const register = takeRegister(reader);
  reader.finish();
  return register;
}

function loadImmediate(mnemonic: Token, operands: readonly (readonly Token[])[], at: Surroundings): void {
  wantOperands(mnemonic, operands, 'li a0, 5');
  const rd = oneRegister(operands[0]!, mnemonic, at);
  const expression = oneExpression(operands[1]!, mnemonic, at);
  const constant = at.symbols.constantNow(expression);
  if (constant === undefined) {
    throw new SourceFault(
      expression,
      'li takes a number that is known here: define it above with .equ, or use la for an address',
    );
  }
  emitConstant(rd, constant, expression, mnemonic, at);
}

function emitConstant(rd: number, constant: bigint, expression: Place, place: Place, at: Surroundings): void {
  if (constant < -(1n << 31n) || constant >= 1n << 32n) {
    throw new SourceFault(
      expression,
      `${constant} has more than 32 bits: load its halves into two registers`,
    );
  }
  const value = Number(BigInt.asIntN(32, constant));
  const low = (value << 20) >> 20;
  const high = ((value - low) >>> 12) & 0xfffff;
  if (high !== 0) emitValues('lui', [rd, high], place, at);
  if (high === 0) emitValues('addi', [rd, 0, low], place, at);
  else if (low !== 0) emitValues('addi', [rd, rd, low], place, at);
}

/** An instruction from operands that are all numbers, in the order of its syntax. */
function emitValues(
  name: string,
  operands: readonly number[],
  place: Place,
  at: Surroundings,
  pending: Pending[] = [],
): void {
  const row = BY_NAME.get(name)!;
  const values = new Map<string, number>();
  let word = row.match;
  patternFields(row.operands).forEach(({ name: fieldName, field }, index) => {
    values.set(fieldName, operands[index]!);
    word |= encodeField(field, operands[index]!)!;
  });
  emit(row, word, values, pending, place, at);
}

function loadAddress(mnemonic: Token, operands: readonly (readonly Token[])[], at: Surroundings): void {
  wantOperands(mnemonic, operands, 'la a0, symbol');
  const rd = oneRegister(operands[0]!, mnemonic, at);
  const expression = oneExpression(operands[1]!, mnemonic, at);
  const constant = at.symbols.constantNow(expression);
  if (constant !== undefined) {
    emitConstant(rd, constant, expression, mnemonic, at);
    return;
  }
  const low = emitUpper(rd, expression, mnemonic, at);
  emitValues('addi', [rd, rd, 0], mnemonic, at, [{ kind: 'PCREL_LO12_I', expression: low }]);
}

/** auipc with the upper part of the distance; returns what %pcrel_lo is to name. */
function emitUpper(rd: number, expression: Expression, mnemonic: Token, at: Surroundings): Expression {
  const name = at.symbols.hidden(at.section.end, mnemonic);
  emitValues('auipc', [rd, 0], mnemonic, at, [{ kind: 'PCREL_HI20', expression }]);
  return { kind: 'symbol', name, line: expression.line, column: expression.column };
}

function accessSymbol(mnemonic: Token, operands: readonly (readonly Token[])[], at: Surroundings): void {
  const isStore = mnemonic.text.startsWith('s');
  wantOperands(mnemonic, operands, isStore ? 'sw a0, symbol, t0' : 'lw a0, symbol');
  const register = oneRegister(operands[0]!, mnemonic, at);
  const base = isStore ? oneRegister(operands[2]!, mnemonic, at) : register;
  if (base === 0) throw new SourceFault(mnemonic, 'x0 cannot hold the address: use another register');
  const expression = oneExpression(operands[1]!, mnemonic, at);
  const low = emitUpper(base, expression, mnemonic, at);
  const kind = isStore ? 'PCREL_LO12_S' : 'PCREL_LO12_I';
  emitValues(mnemonic.text, [register, 0, base], mnemonic, at, [{ kind, expression: low }]);
}

function callSymbol(
  mnemonic: Token,
  operands: readonly (readonly Token[])[],
  at: Surroundings,
  link: number,
  scratch: number,
): void {
  wantOperands(mnemonic, operands, `${mnemonic.text} symbol`);
  const expression = oneExpression(operands[0]!, mnemonic, at);
  const forms = jumpForms(jal(link), new Map([['rd', link]]), at);
  const bytes = [...wordBytes(auipc(scratch), 4), ...wordBytes(jalr(link, scratch), 4)];
  forms.push({ bytes, kind: 'CALL', offset: 0 });
  at.section.appendChoice(forms, expression);
}
