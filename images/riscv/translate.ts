/**
 * The back end's face: the bytes of a WebAssembly module in, an object file of RV32IMAC code out.
 *
 * What the object holds, for a module translated under the name N:
 *
 *     .text.<function>         code, one section a function          N.<export> for what is exported
 *     .data.<global>           a word or two, addressed through gp   N.<export>
 *     .memory.<n>              a data segment, at its own address
 *     .segment.<n>             a passive segment and its descriptor
 *     .table.<n>               { type id, code } per entry           N.<export>
 *     N.memory_pages_min/_max  plain values: the memory's limits in pages of 64 KiB
 *     N.start                  does what is left of instantiation: segments and globals whose values are
 *                              not known before linking, then the module's start function
 *
 * Imports become undefined symbols `<module>.<name>`, save those of the module `rv` (intrinsics.ts); the
 * runtime's functions are undefined symbols `runtime.<name>` (runtime-symbols.ts).
 */
import type { ObjectFile } from '../object.ts';
import type { TargetOptions } from './target.ts';

/** Throws WasmError for a module that is not valid, or uses or imports what is not supported. */
export function translate(module: Uint8Array, options: TargetOptions): ObjectFile {
  throw new Error(`${options.name}: ${module.length} bytes cannot be translated yet`);
}
