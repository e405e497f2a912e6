/**
 * One instruction statement to bytes in a section. The syntax is the operand column of the instruction
 * table; pseudo-instructions are replaced first, those that choose by a value or distance have a file of
 * their own (choice.ts). Branches and jumps of symbols elsewhere take the form that the linker completes.
 */
import { encodeField, patternFields, registerNumber } from '../../hw/cpu/fields.ts';
import type { Instruction } from '../../hw/manual/isa.ts';
import { choiceOf } from './choice.ts';
import { BY_NAME, branchForms, emit, jumpForms, type Surroundings } from './encode.ts';
import type { Token } from './lexer.ts';
import { readOperands } from './operand.ts';
import { expandPseudo, pseudoForms, WITH_IMMEDIATE } from './pseudo.ts';
import { SourceFault } from './source-error.ts';

const ORDERS: Readonly<Record<string, number>> = { '': 0, rl: 1, aq: 2, aqrl: 3 };

/** Assembles one instruction at the end of the current section. */
export function assembleInstruction(mnemonic: Token, rest: readonly Token[], at: Surroundings): void {
  const operands = splitOperands(rest);
  const choice = choiceOf(mnemonic, operands, at);
  if (choice !== undefined) {
    choice(mnemonic, operands, at);
    return;
  }
  const expansion = expandPseudo(mnemonic, operands, !at.absent.has('Zbb'));
  if (expansion !== undefined) {
    for (const [name, ...tokens] of expansion) assembleInstruction(name!, tokens, at);
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

function assembleRow(
  row: Instruction,
  order: number,
  mnemonic: Token,
  tokens: readonly Token[],
  at: Surroundings,
): void {
  const reader = at.reader(tokens, mnemonic);
  const { values, pending } = readOperands(row, order, reader, at.symbols);
  reader.finish();
  let word = row.match;
  for (const { name, field } of patternFields(row.operands)) word |= encodeField(field, values.get(name)!)!;
  const target = pending.find(({ kind }) => kind === 'BRANCH' || kind === 'JAL');
  if (target === undefined) {
    emit(row, word, values, pending, mnemonic, at);
    return;
  }
  const isBranch = target.kind === 'BRANCH';
  const forms = isBranch
    ? branchForms(row, word, values, at.compresses)
    : jumpForms(values.get('rd')!, at.compresses);
  at.section.appendChoice(forms, target.expression);
}
