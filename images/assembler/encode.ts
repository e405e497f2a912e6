/**
 * Instructions to bytes at the end of a section: the row's match and its fields, the 16-bit form where
 * that is asked for and exists, and the forms of jumps and branches, shortest first.
 */
import { encodeField, patternFields } from '../../hw/cpu/fields.ts';
import { type Extension, FIELDS, type Instruction, ISA } from '../../hw/manual/isa.ts';
import type { RelocationKind } from '../object.ts';
import { compress } from './compress.ts';
import type { TokenReader } from './expression.ts';
import type { Token } from './lexer.ts';
import type { Pending } from './operand.ts';
import type { Form, SectionBuilder } from './section.ts';
import type { Place } from './source-error.ts';
import type { SymbolTable } from './symbols.ts';

export const BY_NAME: ReadonlyMap<string, Instruction> = new Map(ISA.map(row => [row.name, row]));
const INVERSE_BRANCH = 0x1000;

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

/** Appends the word, or its 16-bit form. `values` are its operands in the order of the syntax. */
export function emit(
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

/** An instruction from operands that are all numbers, in the order of its syntax. */
export function emitValues(
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

function form(word: number, size: 2 | 4, kind: RelocationKind): Form {
  return { bytes: wordBytes(word, size), kind, offset: 0 };
}

/** A conditional branch: short, plain, or the opposite one over a jump. */
export function branchForms(
  { name }: Instruction,
  word: number,
  values: ReadonlyMap<string, number>,
  compresses: boolean,
): Form[] {
  const forms: Form[] = [form(word, 4, 'BRANCH')];
  const [a, b] = [values.get('rs1')!, values.get('rs2')!];
  const compared = a === 0 ? b : a;
  const isShort =
    (name === 'beq' || name === 'bne') && (a === 0 || b === 0) && compared >= 8 && compared <= 15;
  if (compresses && isShort) {
    const short = BY_NAME.get(name === 'beq' ? 'c.beqz' : 'c.bnez')!;
    forms.unshift(form(short.match | encodeField(FIELDS["rs1'"]!, compared)!, 2, 'RVC_BRANCH'));
  }
  const over = (word ^ INVERSE_BRANCH) | encodeField(FIELDS['immB']!, 8)!;
  forms.push({ bytes: [...wordBytes(over, 4), ...wordBytes(jal(0), 4)], kind: 'JAL', offset: 4 });
  return forms;
}

/** jal with the link in `rd`, or a short jump. */
export function jumpForms(rd: number, compresses: boolean): Form[] {
  const forms = [form(jal(rd), 4, 'JAL')];
  const short = BY_NAME.get(rd === 0 ? 'c.j' : 'c.jal')!;
  if (compresses && rd <= 1) forms.unshift(form(short.match, 2, 'RVC_JUMP'));
  return forms;
}

/** A jump to anywhere: if need be by way of the register `scratch`. */
export function callForms(link: number, scratch: number, compresses: boolean): Form[] {
  const far = [...wordBytes(auipc(scratch), 4), ...wordBytes(jalr(link, scratch), 4)];
  return [...jumpForms(link, compresses), { bytes: far, kind: 'CALL', offset: 0 }];
}

const jal = (rd: number) => BY_NAME.get('jal')!.match | (rd << 7);
const auipc = (rd: number) => BY_NAME.get('auipc')!.match | (rd << 7);
const jalr = (rd: number, rs1: number) => BY_NAME.get('jalr')!.match | (rd << 7) | (rs1 << 15);
