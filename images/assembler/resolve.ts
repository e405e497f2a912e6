/**
 * Fixups to bits: what can be known is written in place, the rest becomes relocations.
 *
 * Known are constants, distances within a section, and in a flat assembly (`addresses` given) every
 * address. %pcrel_lo takes the value of the %pcrel_hi at its label, so those are done last.
 */

import { encodeField, fieldRange } from '../../hw/cpu/fields.ts';
import { FIELDS } from '../../hw/manual/isa.ts';
import type { Relocation, RelocationKind } from '../object.ts';
import type { Expression } from './expression.ts';
import { DISTANCE_FIELDS, type Fixup, type SectionBuilder } from './section.ts';
import { SourceFault } from './source-error.ts';
import type { SymbolTable } from './symbols.ts';

/** The addresses of all sections, for a flat assembly. */
export type Addresses = (section: object) => bigint;

export interface Resolved {
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
}

const DATA_SIZES: Readonly<Record<string, number>> = { data8: 1, data16: 2, '32': 4, data64: 8 };

/** What a lower half refers to: by the offset of the upper half, its distance, or undefined where the linker does it. */
type Uppers = Map<number, bigint | undefined>;

/** Writes every fixup of the section. Faults are added to the list. */
export function resolveSection(
  section: SectionBuilder,
  symbols: SymbolTable,
  addresses: Addresses | undefined,
  faults: SourceFault[],
): Resolved {
  const { bytes, fixups } = section.contents();
  const relocations: Relocation[] = [];
  const uppers: Uppers = new Map();
  const context = { section, symbols, addresses, view: new DataView(bytes.buffer), uppers };
  const isLower = ({ kind }: Fixup) => kind === 'PCREL_LO12_I' || kind === 'PCREL_LO12_S';
  for (const fixup of [...fixups.filter(fixup => !isLower(fixup)), ...fixups.filter(isLower)]) {
    try {
      const relocation = isLower(fixup) ? resolveLower(fixup, context) : resolve(fixup, context);
      if (relocation !== undefined) relocations.push(relocation);
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      faults.push(error);
    }
  }
  relocations.sort((a, b) => a.offset - b.offset);
  return { bytes, relocations };
}

interface Context {
  readonly section: SectionBuilder;
  readonly symbols: SymbolTable;
  readonly addresses: Addresses | undefined;
  readonly view: DataView;
  readonly uppers: Uppers;
}

function resolve(fixup: Fixup, context: Context): Relocation | undefined {
  const { kind, expression, offset } = fixup;
  const isRelative =
    kind === 'CALL' ||
    kind === 'PCREL_HI20' ||
    (typeof kind === 'string' && DISTANCE_FIELDS[kind as RelocationKind]);
  const value = isRelative ? distance(fixup, context) : address(expression, context);
  if (kind === 'PCREL_HI20' || kind === 'CALL') context.uppers.set(offset, value);
  if (value === undefined) return relocation(fixup, context);
  write(fixup, value, context.view);
  return undefined;
}

/** Target minus place, where both are known. */
function distance(
  { expression, offset }: Fixup,
  { section, symbols, addresses }: Context,
): bigint | undefined {
  if (addresses !== undefined) {
    return BigInt.asIntN(32, symbols.absolute(expression, addresses) - addresses(section) - BigInt(offset));
  }
  const { base, constant } = symbols.relative(expression);
  return base === section ? constant - BigInt(offset) : undefined;
}

function address(expression: Expression, { symbols, addresses }: Context): bigint | undefined {
  if (addresses !== undefined) return symbols.absolute(expression, addresses);
  const { base, constant } = symbols.relative(expression);
  return base === undefined ? constant : undefined;
}

function resolveLower(fixup: Fixup, context: Context): Relocation | undefined {
  const { expression } = fixup;
  const { base, constant } = context.symbols.relative(expression);
  const at = Number(constant);
  if (base !== context.section || !context.uppers.has(at)) {
    throw new SourceFault(
      expression,
      '%pcrel_lo wants the label of the auipc with %pcrel_hi in this section: put a label before that auipc and name it here',
    );
  }
  const value = context.uppers.get(at);
  if (value === undefined) return relocation(fixup, context);
  write(fixup, value, context.view);
  return undefined;
}

function relocation({ kind, offset, expression }: Fixup, { symbols }: Context): Relocation {
  if (typeof kind !== 'string' || kind === 'data8' || kind === 'data16' || kind === 'data64') {
    throw new SourceFault(
      expression,
      'an address is known only after linking and does not fit here: only .word, la, %hi and %lo take addresses',
    );
  }
  const value = symbols.relative(expression);
  const name = symbols.nameOn(value.base, expression);
  if (name === undefined) {
    throw new SourceFault(
      expression,
      'the distance to a number is known only after linking: jump to a symbol, or to . plus a number',
    );
  }
  const { line, column } = expression;
  const addend = value.constant - symbols.relative({ kind: 'symbol', name, line, column }).constant;
  symbols.get(name).isWanted = true;
  return { kind, offset, symbol: name, addend: Number(addend) };
}

function write({ kind, offset, expression }: Fixup, value: bigint, view: DataView): void {
  if (typeof kind !== 'string') {
    orField(view, offset, kind.field, value, expression);
    return;
  }
  const field = DISTANCE_FIELDS[kind as RelocationKind];
  if (field !== undefined) {
    orField(view, offset, field, value, expression);
    return;
  }
  const size = DATA_SIZES[kind];
  if (size !== undefined) {
    writeData(view, offset, size, value, expression);
    return;
  }
  if (value < -(1n << 31n) || value >= 1n << 32n)
    throw new SourceFault(expression, `${value} has more than 32 bits`);
  const low = BigInt.asIntN(12, value);
  const high = BigInt.asUintN(20, (value - low) >> 12n);
  switch (kind) {
    case 'HI20':
    case 'PCREL_HI20':
      orField(view, offset, 'immU', high, expression);
      return;
    case 'LO12_I':
    case 'PCREL_LO12_I':
      orField(view, offset, 'immI', low, expression);
      return;
    case 'LO12_S':
    case 'PCREL_LO12_S':
      orField(view, offset, 'immS', low, expression);
      return;
    case 'CALL':
      orField(view, offset, 'immU', high, expression);
      orField(view, offset + 4, 'immI', low, expression);
      return;
    default:
      throw new Error(`the assembler makes no fixups of kind ${kind}`);
  }
}

function orField(view: DataView, offset: number, name: string, value: bigint, expression: Expression): void {
  const field = FIELDS[name]!;
  const bits = encodeField(field, Number(value));
  if (bits === undefined) throw new SourceFault(expression, outOfRange(name, Number(value)));
  if (bits >= 0x1_0000 || offset + 4 <= view.byteLength) {
    view.setUint32(offset, view.getUint32(offset, true) | bits, true);
  } else {
    view.setUint16(offset, view.getUint16(offset, true) | bits, true);
  }
}

/** One line about a value that a field cannot hold. */
export function outOfRange(name: string, value: number): string {
  const field = FIELDS[name]!;
  const { least, most, unit } = fieldRange(field);
  const multiple = unit === 1 ? '' : `, in steps of ${unit}`;
  if (field.kind === 'target') {
    return `the target is ${value} bytes away, reach is ${least} to ${most}${multiple}: use a longer jump (j, tail, call)`;
  }
  return `${value} does not fit: give ${least} to ${most}${multiple}, or load it into a register with li`;
}

export function writeData(
  view: DataView,
  offset: number,
  size: number,
  value: bigint,
  expression: Expression,
): void {
  const bits = BigInt(size * 8);
  if (value < -(1n << (bits - 1n)) || value >= 1n << bits) {
    throw new SourceFault(
      expression,
      `${value} does not fit in ${size} ${size === 1 ? 'byte' : 'bytes'}: use a wider directive`,
    );
  }
  for (let index = 0; index < size; index += 1) {
    view.setUint8(offset + index, Number((value >> BigInt(8 * index)) & 0xffn));
  }
}
