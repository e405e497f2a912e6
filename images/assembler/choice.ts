/**
 * Instructions that stand for a choice of others, by the value or distance of their operand.
 *
 *     li rd, n           addi, lui, or lui and addi
 *     la rd, symbol      auipc and addi, relative to the pc (lla too); li where the symbol is a constant
 *     lw rd, symbol      auipc and lw; sw rs, symbol, rt likewise with rt for the address
 *     call, tail symbol  the shortest of c.jal, jal, auipc and jalr (tail: through t1) that reaches
 */
import { registerNumber } from '../../hw/cpu/fields.ts';
import { callForms, emitValues, type Surroundings } from './encode.ts';
import type { Expression } from './expression.ts';
import type { Token } from './lexer.ts';
import { takeRegister } from './operand.ts';
import { type Place, SourceFault } from './source-error.ts';

const LOADS_AND_STORES = new Set(['lb', 'lh', 'lw', 'lbu', 'lhu', 'sb', 'sh', 'sw']);
const T1 = 6;

/** How the instruction is assembled from its operands. */
type Choice = (mnemonic: Token, operands: readonly (readonly Token[])[], at: Surroundings) => void;

const CHOICES: Readonly<Record<string, Choice>> = {
  li: loadImmediate,
  la: loadAddress,
  lla: loadAddress,
  call: (mnemonic, operands, at) => callSymbol(mnemonic, operands, at, 1, 1),
  tail: (mnemonic, operands, at) => callSymbol(mnemonic, operands, at, 0, T1),
};

/** How such an instruction is assembled; undefined for all others. */
export function choiceOf(
  { text }: Token,
  operands: readonly (readonly Token[])[],
  at: Surroundings,
): Choice | undefined {
  const choice = CHOICES[text];
  if (choice !== undefined) return choice;
  return LOADS_AND_STORES.has(text) && symbolOperand(operands[1], at) ? accessSymbol : undefined;
}

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
  at.section.appendChoice(callForms(link, scratch, at.compresses), expression);
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
