/**
 * The operands of an instruction, read by the pattern of its row in the instruction table.
 *
 *     values    field → number, in the order of the syntax; 0 where a symbol is waited for
 *     pending   what waits: targets, %hi and its kin, immediates that need a later label
 */
import { encodeField, registerNumber } from '../../hw/cpu/fields.ts';
import { CSR_NUMBERS } from '../../hw/manual/csr-names.ts';
import { FIELDS, type Instruction } from '../../hw/manual/isa.ts';
import type { RelocationKind } from '../object.ts';
import type { Expression, TokenReader } from './expression.ts';
import { outOfRange } from './resolve.ts';
import type { FixupKind } from './section.ts';
import { type Place, SourceFault } from './source-error.ts';
import type { SymbolTable } from './symbols.ts';

const FENCE_SETS = ['w', 'r', 'o', 'i'];
const SP = 2;

/** An operand that waits for a symbol. */
export interface Pending {
  readonly kind: FixupKind;
  readonly expression: Expression;
}

export interface Operands {
  /** By field, in the order of the syntax; 0 where an operand is pending. */
  readonly values: Map<string, number>;
  readonly pending: Pending[];
}

/** Reads the operands; throws where they are not the row's. */
export function readOperands(
  row: Instruction,
  order: number,
  reader: TokenReader,
  symbols: SymbolTable,
): Operands {
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
    } else readOperand(name, excluded, reader, symbols, values, pending);
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

export function takeRegister(reader: TokenReader): number {
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
  symbols: SymbolTable,
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
      value = csrNumber(reader, symbols);
      break;
    default:
      value = readImmediate(name, reader, symbols, pending);
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

function csrNumber(reader: TokenReader, symbols: SymbolTable): number {
  const token = reader.peek();
  const known = token?.kind === 'name' ? CSR_NUMBERS[token.text] : undefined;
  if (known !== undefined) {
    reader.take();
    return known;
  }
  const expression = reader.expression();
  const value = symbols.constantNow(expression);
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

function readImmediate(name: string, reader: TokenReader, symbols: SymbolTable, pending: Pending[]): number {
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
  const constant = symbols.constantNow(expression);
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
