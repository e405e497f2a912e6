/**
 * The compiled core for hosts that are Node: built from hw/cpu/core on first use, kept under .build.
 *
 *     const hart = new Hart({ core: await loadCore(), … })
 */
import { setFlagsFromString } from 'node:v8';
import { compile, formatDiagnostics } from './asc.ts';

// Slow paths in what the translator makes are marked as rarely taken (section metadata.code.branch_hint); engines
// that do not know it yet only make slower code of it.
setFlagsFromString('--experimental-wasm-branch-hinting');

const OPTIONS = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--uncheckedBehavior', 'always'],
  ...['--importMemory', '--noExportMemory', '--importTable', '--use', 'abort=', '--enable', 'simd'],
];

/** Bytes of machine code executed, roughly; an engine's own measure is 1.8 million. */
const REGION_TIERING_BUDGET = 90_000_000;

let loading: Promise<WebAssembly.Module> | undefined;

/** The module that every hart of this process shares. */
export function loadCore(): Promise<WebAssembly.Module> {
  loading ??= compileCore().then(moduleOf);
  return loading;
}

/**
 * What comes behind the core are regions (hw/cpu/translator): to compile one anew with optimization takes as long as
 * a hundred million bytes of it being executed, so that the engine had better wait longer for it than it does by itself.
 */
function moduleOf(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const core = new WebAssembly.Module(bytes);
  setFlagsFromString(`--wasm-tiering-budget=${REGION_TIERING_BUDGET}`);
  return core;
}

/** The module's bytes, for hosts without a compiler. */
export async function compileCore(): Promise<Uint8Array<ArrayBuffer>> {
  const result = await compile({
    entries: ['hw/cpu/core/core.ts'],
    options: OPTIONS,
    transform: unsignedConstants,
  });
  if (!result.ok) {
    throw new Error(`the CPU core does not compile:\n${formatDiagnostics(result.diagnostics)}`);
  }
  return new Uint8Array(result.wasm);
}

/** The dialect would make the data sheets' constants signed; addresses, masks and costs are not. */
function unsignedConstants(text: string, file: string): string {
  return file.startsWith('hw/manual/') ? text.replace(/^(export const \w+) =/gm, '$1: u32 =') : text;
}
