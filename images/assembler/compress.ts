/**
 * 32-bit instructions to their 16-bit forms, by the expansions of the instruction table.
 *
 * A compressed row is turned round: where the expansion's operands can be those of the instruction at
 * hand, and the fields of the short form can hold them, that form does. HINTs are never made from
 * instructions that are none.
 */
import { encodeField, isCompressedHint, patternFields, registerNumber } from '../../hw/cpu/fields.ts';
import { FIELDS, type Instruction, ISA } from '../../hw/manual/isa.ts';

interface Short {
  readonly row: Instruction;
  /** The expansion's operands in order: a field of the short form, or a number that it must be. */
  readonly operands: readonly (string | number)[];
}

/** Expansions beside the table's own: other instructions that mean the same. */
const ALTERNATIVES: readonly (readonly [name: string, expansion: string])[] = [
  ['c.mv', 'addi rd, rs2c, 0'],
  ['c.mv', 'add rd, rs2c, zero'],
  ['c.add', 'add rd, rs2c, rd'],
  ['c.and', "and rs1', rs2', rs1'"],
  ['c.or', "or rs1', rs2', rs1'"],
  ['c.xor', "xor rs1', rs2', rs1'"],
];

const SHORTS = new Map<string, Short[]>();
for (const row of ISA) if (row.expansion !== undefined) addShort(row, row.expansion);
for (const [name, expansion] of ALTERNATIVES) addShort(ISA.find(row => row.name === name)!, expansion);

function addShort(row: Instruction, expansion: string): void {
  const [name = '', ...rest] = expansion.split(/[ ,()]+/).filter(Boolean);
  const operands = rest.map(token => {
    if (FIELDS[token] !== undefined) return token;
    return registerNumber(token) ?? Number(token);
  });
  const shorts = SHORTS.get(name);
  if (shorts === undefined) SHORTS.set(name, [{ row, operands }]);
  else shorts.push({ row, operands });
}

/** The 16 bits that mean the same, or undefined. `values` are the operands in the order of the syntax. */
export function compress(name: string, values: readonly number[]): number | undefined {
  for (const { row, operands } of SHORTS.get(name) ?? []) {
    if (isCompressedHint(row.name, values)) continue;
    const fields = unify(operands, values);
    const bits = fields && encode(row, fields);
    if (bits !== undefined) return bits;
  }
  return undefined;
}

function unify(
  operands: readonly (string | number)[],
  values: readonly number[],
): Map<string, number> | undefined {
  const fields = new Map<string, number>();
  for (const [index, operand] of operands.entries()) {
    const value = values[index]!;
    const known = typeof operand === 'number' ? operand : fields.get(operand);
    if (known !== undefined && known !== value) return undefined;
    if (typeof operand === 'string') fields.set(operand, value);
  }
  return fields;
}

function encode(row: Instruction, fields: ReadonlyMap<string, number>): number | undefined {
  let word = row.match;
  for (const { name, field, excluded } of patternFields(row.operands)) {
    const value = fields.get(name)!;
    const bits = value === excluded ? undefined : encodeField(field, value);
    if (bits === undefined) return undefined;
    word |= bits;
  }
  return word;
}
