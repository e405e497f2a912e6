/**
 * Relocations to bits: RISC-V ELF psABI 1.0, chapter "Relocations", each checked for its range.
 *
 *     S  the symbol's address   A  the addend   P  the address of the relocated place   GP  the global pointer
 *
 *     32                S + A                    the word
 *     BRANCH            S + A - P                B-type, ±4 KiB
 *     JAL               S + A - P                J-type, ±1 MiB; a function farther off through an island
 *     RVC_BRANCH        S + A - P                CB-type, ±256 bytes
 *     RVC_JUMP          S + A - P                CJ-type, ±2 KiB
 *     CALL              S + A - P                auipc and the I-type behind it
 *     PCREL_HI20        S + A - P                U-type, rounded
 *     PCREL_LO12_I/_S   what the PCREL_HI20 at S left
 *     HI20, LO12_I/_S   S + A                    U-type, rounded; I- or S-type
 *     GPREL_I/_S        S + A - GP               I- or S-type, ±2 KiB
 */
import type { Relocation } from '../object.ts';
import { ISLAND_ENTRY_SIZE, inReach, islandEntry } from './island.ts';
import type { Layout } from './layout.ts';
import { type Definition, LinkError, type Part, type SymbolTable } from './symbols.ts';

/** The contents of every loaded part with its relocations done. Throws LinkError naming each that does not reach. */
export function relocateAll(layout: Layout, table: SymbolTable): ReadonlyMap<Part, Uint8Array> {
  const contents = new Map<Part, Uint8Array>();
  const problems: string[] = [];
  for (const section of layout.sections) {
    for (const part of section.parts) {
      const bytes = part.section.bytes.slice();
      contents.set(part, bytes);
      const place = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const relocation of part.section.relocations) {
        const problem = relocate(place, relocation, part, layout, table);
        if (problem === undefined) continue;
        const where = `${part.object.name} (${part.section.name} + 0x${relocation.offset.toString(16)})`;
        problems.push(`${where}: ${relocation.kind} to ${relocation.symbol}: ${problem}`);
      }
    }
  }
  for (const island of layout.islands)
    contents.set(island.part, islandBytes(layout, island.part, island.targets));
  if (problems.length > 0) throw new LinkError(problems);
  return contents;
}

/** Does one relocation in place; what is wrong with it, if anything. */
function relocate(
  place: DataView,
  relocation: Relocation,
  part: Part,
  layout: Layout,
  table: SymbolTable,
): string | undefined {
  const { kind, offset, symbol, addend } = relocation;
  const definition = table.find(symbol, part.object);
  if (definition === undefined) return 'the symbol is not defined';
  if (offset + fieldSize(kind) > place.byteLength) return 'the place lies outside the contents';
  const from = (layout.addresses.get(part) ?? 0) + offset;
  const target = layout.addressOf(definition) + addend;
  switch (kind) {
    case '32':
      place.setUint32(offset, target, true);
      return undefined;
    case 'BRANCH':
      return patch32(place, offset, target - from, BRANCH);
    case 'JAL':
      return patch32(place, offset, jumpTarget(definition, target, from, layout) - from, JAL);
    case 'RVC_BRANCH':
      return patch16(place, offset, target - from, RVC_BRANCH);
    case 'RVC_JUMP':
      return patch16(place, offset, target - from, RVC_JUMP);
    case 'CALL':
      setUpper(place, offset, target - from);
      setLowerI(place, offset + 4, target - from);
      return undefined;
    case 'PCREL_HI20':
      setUpper(place, offset, target - from);
      return undefined;
    case 'HI20':
      setUpper(place, offset, target);
      return undefined;
    case 'LO12_I':
      setLowerI(place, offset, target);
      return undefined;
    case 'LO12_S':
      setLowerS(place, offset, target);
      return undefined;
    case 'PCREL_LO12_I':
    case 'PCREL_LO12_S': {
      const value = upperValue(definition, layout, table);
      if (value === undefined) return 'there is no PCREL_HI20 at the symbol';
      (kind === 'PCREL_LO12_I' ? setLowerI : setLowerS)(place, offset, value);
      return undefined;
    }
    case 'GPREL_I':
    case 'GPREL_S': {
      const value = target - (layout.boundaries.get('__global_pointer$') ?? 0);
      if (value < -0x800 || value > 0x7ff) return `${value} bytes from gp, out of reach`;
      (kind === 'GPREL_I' ? setLowerI : setLowerS)(place, offset, value);
      return undefined;
    }
  }
}

function fieldSize(kind: Relocation['kind']): number {
  if (kind === 'CALL') return 8;
  return kind === 'RVC_BRANCH' || kind === 'RVC_JUMP' ? 2 : 4;
}

function jumpTarget(definition: Definition, target: number, from: number, layout: Layout): number {
  if (inReach(from, target)) return target;
  return islandEntry(layout.islands, layout.addresses, from, definition) ?? target;
}

/** What the PCREL_HI20 (or CALL) at the label computed: the low half belongs to the same value. */
function upperValue(label: Definition, layout: Layout, table: SymbolTable): number | undefined {
  const upper = label.part?.section.relocations.find(
    ({ offset, kind }) => offset === label.offset && (kind === 'PCREL_HI20' || kind === 'CALL'),
  );
  const definition = upper && label.part && table.find(upper.symbol, label.part.object);
  if (upper === undefined || definition === undefined) return undefined;
  return layout.addressOf(definition) + upper.addend - layout.addressOf(label);
}

interface Format {
  readonly limit: number;
  /** Instruction bits that hold the distance. */
  readonly mask: number;
  encode(distance: number): number;
}

/** The bit of the distance, moved to its place in the instruction. */
const bits = (value: number, from: number, count: number, to: number) =>
  ((value >> from) & ((1 << count) - 1)) << to;

const BRANCH: Format = {
  limit: 0x1000,
  mask: 0xfe000f80 | 0,
  encode: d => bits(d, 12, 1, 31) | bits(d, 5, 6, 25) | bits(d, 1, 4, 8) | bits(d, 11, 1, 7),
};

const JAL: Format = {
  limit: 0x10_0000,
  mask: 0xfffff000 | 0,
  encode: d => bits(d, 20, 1, 31) | bits(d, 1, 10, 21) | bits(d, 11, 1, 20) | bits(d, 12, 8, 12),
};

const RVC_BRANCH: Format = {
  limit: 0x100,
  mask: 0x1c7c,
  encode: d => bits(d, 8, 1, 12) | bits(d, 3, 2, 10) | bits(d, 6, 2, 5) | bits(d, 1, 2, 3) | bits(d, 5, 1, 2),
};

const RVC_JUMP: Format = {
  limit: 0x800,
  mask: 0x1ffc,
  encode: d =>
    bits(d, 11, 1, 12) |
    bits(d, 4, 1, 11) |
    bits(d, 8, 2, 9) |
    bits(d, 10, 1, 8) |
    bits(d, 6, 1, 7) |
    bits(d, 7, 1, 6) |
    bits(d, 1, 3, 3) |
    bits(d, 5, 1, 2),
};

function refusal(distance: number, { limit }: Format): string | undefined {
  if (distance % 2 !== 0) return `a jump of ${distance} bytes is odd`;
  if (distance < -limit || distance >= limit) return `${distance} bytes away, out of reach (±${limit})`;
  return undefined;
}

function patch32(place: DataView, offset: number, distance: number, format: Format): string | undefined {
  const problem = refusal(distance, format);
  if (problem !== undefined) return problem;
  place.setInt32(offset, (place.getInt32(offset, true) & ~format.mask) | format.encode(distance), true);
  return undefined;
}

function patch16(place: DataView, offset: number, distance: number, format: Format): string | undefined {
  const problem = refusal(distance, format);
  if (problem !== undefined) return problem;
  place.setUint16(offset, (place.getUint16(offset, true) & ~format.mask) | format.encode(distance), true);
  return undefined;
}

/** The upper 20 bits, rounded so that a signed lower half completes them. */
function setUpper(place: DataView, offset: number, value: number): void {
  const upper = (value + 0x800) & 0xfffff000;
  place.setInt32(offset, (place.getInt32(offset, true) & 0xfff) | upper, true);
}

function setLowerI(place: DataView, offset: number, value: number): void {
  place.setInt32(offset, (place.getInt32(offset, true) & 0xfffff) | (value << 20), true);
}

function setLowerS(place: DataView, offset: number, value: number): void {
  const kept = place.getInt32(offset, true) & ~0xfe000f80;
  place.setInt32(offset, kept | bits(value, 5, 7, 25) | bits(value, 0, 5, 7), true);
}

const AUIPC_T1 = 0x317;
const JALR_ZERO_T1 = 0x30067;

function islandBytes(layout: Layout, island: Part, targets: readonly Definition[]): Uint8Array {
  const bytes = new Uint8Array(targets.length * ISLAND_ENTRY_SIZE);
  const place = new DataView(bytes.buffer);
  targets.forEach((target, index) => {
    const at = index * ISLAND_ENTRY_SIZE;
    const distance = layout.addressOf(target) - ((layout.addresses.get(island) ?? 0) + at);
    place.setUint32(at, AUIPC_T1, true);
    place.setUint32(at + 4, JALR_ZERO_T1, true);
    setUpper(place, at, distance);
    setLowerI(place, at + 4, distance);
  });
  return bytes;
}
