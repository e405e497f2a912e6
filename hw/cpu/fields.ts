/**
 * Operands in and out of instruction words, by the FIELDS of the instruction table.
 *
 * The value of an operand is what assembly shows: a register's number, an immediate in its own unit,
 * the distance of a target. Upper immediates are 0 … 0xfffff, those of c.lui too (1 … 31 and 0xfffe0 …
 * 0xfffff). `encodeField` gives the operand's bits in the word or says why the value has no place.
 */
import { FIELDS, type Field, type Instruction, ISA } from '../manual/isa.ts';
import { REGISTER_NAMES } from '../manual/registers.ts';

/** The fields of an operand pattern in order, with the value that each may not have. */
export interface PatternField {
  readonly name: string;
  readonly field: Field;
  readonly excluded: number | undefined;
}

const patternCache = new Map<string, readonly PatternField[]>();

export function patternFields(operands: string): readonly PatternField[] {
  const cached = patternCache.get(operands);
  if (cached !== undefined) return cached;
  const fields = (operands.match(/[A-Za-z][\w']*(≠\d+)?/g) ?? []).flatMap(token => {
    const [name = '', excluded] = token.split('≠');
    const field = FIELDS[name];
    return field === undefined
      ? []
      : [{ name, field, excluded: excluded === undefined ? undefined : +excluded }];
  });
  patternCache.set(operands, fields);
  return fields;
}

export interface FieldRange {
  readonly least: number;
  readonly most: number;
  /** Values are multiples of this. */
  readonly unit: number;
}

export function fieldRange(field: Field): FieldRange {
  const width = Math.max(...field.bits.map(([, valueLow, count]) => valueLow + count));
  const unit = 2 ** Math.min(...field.bits.map(([, valueLow]) => valueLow));
  switch (field.kind) {
    case 'signed':
    case 'target':
      return { least: -(2 ** (width - 1)), most: 2 ** (width - 1) - unit, unit };
    case 'register8':
      return { least: 8, most: 15, unit };
    case 'upper':
      return { least: 0, most: 0xfffff, unit };
    default:
      return { least: 0, most: 2 ** width - unit, unit };
  }
}

/** The bits of the word that hold the value, or undefined where the field cannot hold it. */
export function encodeField(field: Field, value: number): number | undefined {
  const { least, most, unit } = fieldRange(field);
  if (!Number.isInteger(value) || value < least || value > most || value % unit !== 0) return undefined;
  const stored = field.kind === 'register8' ? value - 8 : value;
  let word = 0;
  for (const [low, valueLow, count] of field.bits) {
    word |= ((stored >> valueLow) & (2 ** count - 1)) << low;
  }
  return decodeField(field, word) === value ? word >>> 0 : undefined;
}

export function decodeField(field: Field, word: number): number {
  let value = 0;
  let width = 0;
  for (const [low, valueLow, count] of field.bits) {
    value |= ((word >>> low) & (2 ** count - 1)) << valueLow;
    width = Math.max(width, valueLow + count);
  }
  switch (field.kind) {
    case 'register8':
      return value + 8;
    case 'signed':
    case 'target':
      return (value << (32 - width)) >> (32 - width);
    case 'upper':
      return ((value << (32 - width)) >> (32 - width)) & 0xfffff;
    default:
      return value;
  }
}

/** The row of the instruction table that the word belongs to; the upper half of a short word is ignored. */
export function findInstruction(word: number): Instruction | undefined {
  const size = (word & 3) === 3 ? 4 : 2;
  const bits = size === 4 ? word >>> 0 : word & 0xffff;
  return ISA.find(
    row =>
      row.size === size &&
      (bits & row.mask) >>> 0 === row.match &&
      patternFields(row.operands).every(
        ({ field, excluded }) => excluded === undefined || decodeField(field, bits) !== excluded,
      ),
  );
}

/**
 * Is the 16-bit instruction a HINT: a result for x0, a shift by 0, an addition of 0 to the same
 * register? `values` are the operands of its expansion in the order of the syntax.
 */
export function isCompressedHint(name: string, values: readonly number[]): boolean {
  const [result, , amount] = values;
  switch (name) {
    case 'c.addi':
    case 'c.slli':
      return result === 0 || amount === 0;
    case 'c.li':
    case 'c.lui':
    case 'c.mv':
    case 'c.add':
      return result === 0;
    case 'c.srli':
    case 'c.srai':
      return amount === 0;
    default:
      return false;
  }
}

/** The number of a register by any of its names: x0–x31, the calling convention's, and fp. */
export function registerNumber(name: string): number | undefined {
  if (name === 'fp') return 8;
  const numbered = /^x(\d|[12]\d|3[01])$/.exec(name);
  if (numbered) return Number(numbered[1]);
  const index = REGISTER_NAMES.indexOf(name);
  return index < 0 ? undefined : index;
}
