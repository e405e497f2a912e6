/**
 * A relocatable object in memory: what the assembler and the compiler's back end make and the linker
 * joins. It follows the ELF gABI and the RISC-V ELF psABI in meaning, without their bytes.
 *
 *     ObjectFile ─ sections ─ bytes, relocations, source lines
 *               └ symbols  ─ name → section + offset, or undefined (to be found in another object)
 *
 * Every function has a section of its own (`.text.<name>`), so that unused ones can be left out.
 */

export interface ObjectFile {
  readonly name: string;
  readonly sections: readonly Section[];
  readonly symbols: readonly ObjectSymbol[];
}

export interface Section {
  readonly name: string;
  /** What the loaded memory allows: `rx` text, `r` read-only data, `rw` data. */
  readonly access: 'rx' | 'r' | 'rw';
  /** Bytes, a power of two. */
  readonly alignment: number;
  /** The contents; for zero-filled memory an empty array beside a `size`. */
  readonly bytes: Uint8Array;
  /** Bytes in memory, at least `bytes.length`; what is beyond the contents is zero. */
  readonly size: number;
  /** Where it must be, for contents whose address the code already knows: WebAssembly's data segments. */
  readonly address?: number;
  readonly relocations: readonly Relocation[];
  readonly lines: readonly SourceLine[];
}

export interface Relocation {
  /** Byte offset in the section. */
  readonly offset: number;
  readonly kind: RelocationKind;
  readonly symbol: string;
  readonly addend: number;
}

/** Names of the RISC-V ELF psABI 1.0, chapter "Relocations", without the R_RISCV_ prefix. */
export type RelocationKind =
  | '32'
  | 'BRANCH'
  | 'JAL'
  | 'RVC_BRANCH'
  | 'RVC_JUMP'
  | 'CALL'
  | 'PCREL_HI20'
  | 'PCREL_LO12_I'
  | 'PCREL_LO12_S'
  | 'HI20'
  | 'LO12_I'
  | 'LO12_S'
  | 'GPREL_I'
  | 'GPREL_S';

export interface ObjectSymbol {
  readonly name: string;
  readonly binding: 'local' | 'global';
  readonly kind: 'function' | 'object' | 'none';
  /** Where it is: a section's name and a byte offset in it; a plain value; or nowhere in this object. */
  readonly place:
    | { readonly section: string; readonly offset: number }
    | { readonly value: number }
    | undefined;
  readonly size: number;
  /** For functions: bytes of stack that one activation takes, and whom it calls. */
  readonly stack?: {
    readonly frameSize: number;
    /** Names of symbols; `*SIGNATURE` stands for a call through a table. */
    readonly calls: readonly string[];
    /** The signature under which a table holds this function's address, if one does. */
    readonly signature?: string;
  };
}

/** From `offset` on, the code belongs to this place in the sources. */
export interface SourceLine {
  readonly offset: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
