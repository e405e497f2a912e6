/**
 * Objects made by hand, for stories about the linker: instruction words in, a section a function.
 *
 *     text('main', [JAL_RA, RET], { calls: [{ at: 0, kind: 'JAL', to: 'callee' }] })
 */
import type {
  ObjectFile,
  ObjectSymbol,
  Relocation,
  RelocationKind,
  Section,
  SourceLine,
} from '../../images/object.ts';

export const RET = 0x00008067;
export const NOP = 0x00000013;
export const JAL_RA = 0x000000ef;
export const LUI_A0 = 0x00000537;
export const AUIPC_A0 = 0x00000517;
export const ADDI_A0_A0 = 0x00050513;
export const ADDI_A0_GP = 0x00018513;
export const SW_A0_A0 = 0x00a52023;
export const BEQZ_A0 = 0x00050063;

export interface Piece {
  readonly section: Section;
  readonly symbols: readonly ObjectSymbol[];
}

interface Use {
  readonly at: number;
  readonly kind: RelocationKind;
  readonly to: string;
  readonly addend?: number;
}

interface TextOptions {
  readonly uses?: readonly Use[];
  readonly lines?: readonly SourceLine[];
  readonly stack?: NonNullable<ObjectSymbol['stack']>;
  readonly binding?: 'local' | 'global';
}

/** A function in a section of its own. */
export function text(name: string, words: readonly number[], options: TextOptions = {}): Piece {
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  const section = pieceSection(`.text.${name}`, 'rx', bytes, bytes.length, options.uses ?? []);
  const symbol: ObjectSymbol = {
    name,
    binding: options.binding ?? 'global',
    kind: 'function',
    place: { section: section.name, offset: 0 },
    size: bytes.length,
    ...(options.stack === undefined ? {} : { stack: options.stack }),
  };
  return { section: { ...section, lines: options.lines ?? [] }, symbols: [symbol] };
}

/** Data, zero-filled beyond its bytes. */
export function data(
  name: string,
  access: 'r' | 'rw',
  bytes: readonly number[],
  options: { size?: number; address?: number; uses?: readonly Use[] } = {},
): Piece {
  const size = options.size ?? bytes.length;
  const section = pieceSection(
    `.${access}.${name}`,
    access,
    Uint8Array.from(bytes),
    size,
    options.uses ?? [],
  );
  const place = { section: section.name, offset: 0 };
  return {
    section: options.address === undefined ? section : { ...section, address: options.address },
    symbols: [{ name, binding: 'global', kind: 'object', place, size }],
  };
}

/** A name for a place inside a piece's section. */
export function label(piece: Piece, name: string, offset: number): Piece {
  const place = { section: piece.section.name, offset };
  return { ...piece, symbols: [...piece.symbols, { name, binding: 'local', kind: 'none', place, size: 0 }] };
}

export function object(name: string, ...pieces: readonly Piece[]): ObjectFile {
  return {
    name,
    sections: pieces.map(piece => piece.section),
    symbols: pieces.flatMap(piece => piece.symbols),
  };
}

function pieceSection(
  name: string,
  access: Section['access'],
  bytes: Uint8Array,
  size: number,
  uses: readonly Use[],
): Section {
  const relocations = uses.map(
    ({ at, kind, to, addend }): Relocation => ({ offset: at, kind, symbol: to, addend: addend ?? 0 }),
  );
  return { name, access, alignment: 4, bytes, size, relocations, lines: [] };
}
