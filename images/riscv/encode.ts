/**
 * Instructions to bits, by the instruction set's table (hw/manual/isa.ts), and which of them have a
 * compressed form (RV32C; RISC-V unprivileged specification, chapter "C").
 */
import { FIELDS, ISA } from '../../hw/manual/isa.ts';
import { RA, SP, ZERO } from './calling-convention.ts';

interface Encoding {
  readonly match: number;
  readonly operands: string;
}

const ROWS: ReadonlyMap<string, Encoding> = new Map(
  ISA.map(({ name, match, operands }) => [name, { match, operands }]),
);

/** The bits of `value` where the field `name` has them. */
export function field(name: string, value: number): number {
  let bits = 0;
  for (const [low, valueLow, count] of FIELDS[name]!.bits) {
    bits |= ((value >>> valueLow) & ((1 << count) - 1)) << low;
  }
  return bits;
}

function matchOf(name: string): number {
  const row = ROWS.get(name);
  if (row === undefined) throw new Error(`no instruction ${name}`);
  return row.match;
}

/** A 32-bit instruction: register fields are always in the same places; the immediate as its operands say. */
export function encode(name: string, rd: number, rs1: number, rs2: number, immediate: number): number {
  const row = ROWS.get(name);
  if (row === undefined) throw new Error(`no instruction ${name}`);
  let bits = row.match;
  const { operands } = row;
  if (operands.includes('rd')) bits |= rd << 7;
  if (operands.includes('rs1')) bits |= rs1 << 15;
  if (operands.includes('rs2')) bits |= rs2 << 20;
  const kind = immediateField(operands);
  if (kind !== undefined) bits |= field(kind, immediate);
  return bits;
}

const IMMEDIATES = ['immI', 'immS', 'immB', 'immU', 'immJ', 'shamt'] as const;
const immediateFields = new Map<string, string | undefined>();

function immediateField(operands: string): string | undefined {
  if (!immediateFields.has(operands)) {
    immediateFields.set(
      operands,
      IMMEDIATES.find(name => operands.includes(name)),
    );
  }
  return immediateFields.get(operands);
}

const low = (register: number) => register >= 8 && register <= 15;
const sixBits = (value: number) => value >= -32 && value <= 31;

/** The 16-bit form of an instruction whose operands are final, or undefined. Not for jumps and branches. */
export function compress(
  name: string,
  rd: number,
  rs1: number,
  rs2: number,
  immediate: number,
): number | undefined {
  switch (name) {
    case 'addi':
      return compressAddi(rd, rs1, immediate);
    case 'lui':
      return rd !== ZERO && rd !== SP && sixBits(upper(immediate)) && upper(immediate) !== 0
        ? matchOf('c.lui') | (rd << 7) | field('immCIU', immediate)
        : undefined;
    case 'add':
      return compressAdd(rd, rs1, rs2);
    case 'sub':
      return rd === rs1 && low(rd) && low(rs2) ? two('c.sub', rd, rs2) : undefined;
    case 'and':
    case 'or':
    case 'xor':
      if (!low(rd) || !low(rs1) || !low(rs2)) return undefined;
      if (rd === rs1) return two(`c.${name}`, rd, rs2);
      return rd === rs2 ? two(`c.${name}`, rd, rs1) : undefined;
    case 'andi':
      return rd === rs1 && low(rd) && sixBits(immediate)
        ? matchOf('c.andi') | short(rd) | field('immCI', immediate)
        : undefined;
    case 'slli':
      return rd === rs1 && rd !== ZERO && immediate !== 0
        ? matchOf('c.slli') | (rd << 7) | field('shamtC', immediate)
        : undefined;
    case 'srli':
    case 'srai':
      return rd === rs1 && low(rd) && immediate !== 0
        ? matchOf(`c.${name}`) | short(rd) | field('shamtC', immediate)
        : undefined;
    case 'lw':
      if (rs1 === SP && rd !== ZERO && isScaled(immediate, 252))
        return matchOf('c.lwsp') | (rd << 7) | field('immCLSP', immediate);
      return low(rd) && low(rs1) && isScaled(immediate, 124)
        ? matchOf('c.lw') | short(rs1) | ((rd - 8) << 2) | field('immCL', immediate)
        : undefined;
    case 'sw':
      if (rs1 === SP && isScaled(immediate, 252))
        return matchOf('c.swsp') | (rs2 << 2) | field('immCSSP', immediate);
      return low(rs2) && low(rs1) && isScaled(immediate, 124)
        ? matchOf('c.sw') | short(rs1) | ((rs2 - 8) << 2) | field('immCL', immediate)
        : undefined;
    case 'jalr':
      if (immediate !== 0 || rs1 === ZERO) return undefined;
      if (rd === ZERO) return matchOf('c.jr') | (rs1 << 7);
      return rd === RA ? matchOf('c.jalr') | (rs1 << 7) : undefined;
    case 'ebreak':
      return matchOf('c.ebreak');
    default:
      return undefined;
  }
}

/** The immediate of lui as compressed code writes it: 20 bits, signed. */
function upper(immediate: number): number {
  return (immediate << 12) >> 12;
}

function isScaled(offset: number, most: number): boolean {
  return offset >= 0 && offset <= most && (offset & 3) === 0;
}

/** A register of eight in the field at bit 7. */
function short(register: number): number {
  return (register - 8) << 7;
}

function two(name: string, rd: number, rs2: number): number {
  return matchOf(name) | short(rd) | ((rs2 - 8) << 2);
}

function compressAddi(rd: number, rs1: number, immediate: number): number | undefined {
  if (rd === ZERO) return undefined;
  if (rs1 === ZERO && sixBits(immediate)) return matchOf('c.li') | (rd << 7) | field('immCI', immediate);
  if (immediate === 0) return rs1 === ZERO ? undefined : matchOf('c.mv') | (rd << 7) | (rs1 << 2);
  if (rd === rs1 && sixBits(immediate)) return matchOf('c.addi') | (rd << 7) | field('immCI', immediate);
  if (rd === SP && rs1 === SP && (immediate & 15) === 0 && immediate >= -512 && immediate <= 496) {
    return matchOf('c.addi16sp') | field('immCI16', immediate);
  }
  if (rs1 === SP && low(rd) && immediate > 0 && isScaled(immediate, 1020)) {
    return matchOf('c.addi4spn') | ((rd - 8) << 2) | field('immCIW', immediate);
  }
  return undefined;
}

function compressAdd(rd: number, rs1: number, rs2: number): number | undefined {
  if (rd === ZERO) return undefined;
  if (rs1 === ZERO && rs2 !== ZERO) return matchOf('c.mv') | (rd << 7) | (rs2 << 2);
  if (rs2 === ZERO && rs1 !== ZERO) return matchOf('c.mv') | (rd << 7) | (rs1 << 2);
  if (rd === rs1 && rs2 !== ZERO) return matchOf('c.add') | (rd << 7) | (rs2 << 2);
  if (rd === rs2 && rs1 !== ZERO) return matchOf('c.add') | (rd << 7) | (rs1 << 2);
  return undefined;
}

/** The 16-bit form of a jump or branch, whose reach is ±2 KiB or ±256 bytes; 0 is no instruction. */
export function compressJump(
  name: string,
  rs1: number,
  rs2: number,
): { bits: number; field: string } | undefined {
  if (name === 'j') return { bits: matchOf('c.j'), field: 'immCJ' };
  if (name !== 'beq' && name !== 'bne') return undefined;
  const register = rs2 === ZERO ? rs1 : rs1 === ZERO ? rs2 : NaN;
  if (!low(register)) return undefined;
  return { bits: matchOf(name === 'beq' ? 'c.beqz' : 'c.bnez') | short(register), field: 'immCB' };
}
