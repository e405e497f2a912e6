/**
 * Guest sources to WebAssembly: AssemblyScript's compiler with this project's conventions.
 *
 *     entry.ts ──┐  hook: comment decorators, `.ts` endings, constants of hw/manual made u32
 *     'rv' ──────┤  asc -O3 ─→ module + source map, static memory's end
 *     contracts ─┤
 *     memory-end ┘  where a kernel or service seems to allocate: asc, unoptimised ─→ every place where it does
 *
 * What is wrong with a source is a GuestError whose message has a line `file:line:column: error: …` for each.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Compilation, compile, type Diagnostic, formatDiagnostics } from '../../hw/cpu/asc.ts';
import { Op } from '../wasm/opcodes.ts';
import { readModule } from '../wasm/reader.ts';
import { generatedSources } from './generated.ts';
import { hasAllocator, managedAllocations, topLevelEffects } from './managed.ts';
import { checkOptions, compilerOptions, type GuestProfile, isManaged, memoryBaseOf } from './profile.ts';

export interface GuestSource {
  /** Path of the entry file; what it exports is what the module exports. */
  readonly entry: string;
  /** More files whose exports the module has. */
  readonly beside?: readonly string[];
  readonly profile: GuestProfile;
  /** Where static memory begins; absent: the profile's own place. */
  readonly memoryBase?: number;
  /** Absent: the project's folder. */
  readonly baseDir?: string;
  /** Texts that stand for the files of these paths: for tests of what those files' users do. */
  readonly instead?: ReadonlyMap<string, string>;
}

export interface GuestModule {
  readonly wasm: Uint8Array;
  readonly sourceMap: string;
  /** Static memory is [memoryBase, memoryEnd); what no segment fills of it is zero. */
  readonly memoryBase: number;
  readonly memoryEnd: number;
  readonly warnings: string;
}

export class GuestError extends Error {
  override readonly name = 'GuestError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(formatDiagnostics(diagnostics));
    this.diagnostics = diagnostics;
  }
}

/** Throws GuestError, or ContractError for what is wrong with a contract of os/proto. */
export async function compileGuest(source: GuestSource): Promise<GuestModule> {
  const { profile } = source;
  const memoryBase = source.memoryBase ?? memoryBaseOf(profile);
  const module = await compiledWithTable(source, compilerOptions(profile, memoryBase));
  if (!isManaged(profile)) await refuseManaged(source, module);
  const memoryEnd = constantResult(module.wasm, MEMORY_END_NAME);
  const warnings = formatDiagnostics(module.diagnostics.filter(each => each.severity === 'warning'));
  return { wasm: module.wasm, sourceMap: module.sourceMap, memoryBase, memoryEnd, warnings };
}

/** The optimiser drops a table through which nothing calls, though `code_address` still means its entries. */
async function compiledWithTable(source: GuestSource, options: readonly string[]): Promise<Compiled> {
  const module = await compiled(source, options);
  const { functions, tables } = readModule(module.wasm);
  const isNeeded = functions.some(
    ({ import: from }) => from?.module === 'rv' && from.name === 'code_address',
  );
  return isNeeded && tables.length === 0 ? compiled(source, [...options, '--exportTable']) : module;
}

interface Compiled {
  readonly wasm: Uint8Array;
  readonly sourceMap: string;
  readonly diagnostics: readonly Diagnostic[];
}

async function compiled(source: GuestSource, options: readonly string[]): Promise<Compiled> {
  const compilation: Compilation = {
    entries: [source.entry, ...(source.beside ?? []), MEMORY_END_FILE],
    options,
    transform: typedManual,
    virtualFiles: new Map([...VIRTUAL_FILES, ...(await generatedSources()), ...(source.instead ?? [])]),
    sourceMap: true,
    ...(source.baseDir === undefined ? {} : { baseDir: source.baseDir }),
  };
  const result = await compile(compilation);
  if (!result.ok) throw new GuestError(result.diagnostics);
  return { wasm: result.wasm, sourceMap: result.sourceMap!, diagnostics: result.diagnostics };
}

async function refuseManaged(source: GuestSource, module: Compiled): Promise<void> {
  if (hasAllocator(module.sourceMap)) {
    const unoptimised = await compiled(source, checkOptions(source.profile));
    const allocations = managedAllocations(unoptimised.wasm, unoptimised.sourceMap, source.profile);
    if (allocations.length > 0) throw new GuestError(allocations);
  }
  const effects = topLevelEffects(module.wasm, module.sourceMap, source.profile);
  if (effects.length > 0) throw new GuestError(effects);
}

const MEMORY_END_FILE = 'memory-end.ts';
const MEMORY_END_NAME = 'memory_end';
const VIRTUAL_FILES: ReadonlyMap<string, string> = new Map([
  ['rv.ts', readFileSync(fileURLToPath(new URL('rv.ts', import.meta.url)), 'utf8')],
  [MEMORY_END_FILE, `export function ${MEMORY_END_NAME}(): u32 { return u32(__heap_base); }`],
]);

/**
 * The dialect takes an untyped constant above 2^31 for an i64, and any other for an i32; the numbers of the
 * data sheets are all u32 to the guest.
 */
export function typedManual(text: string, file: string): string {
  if (!/(^|\/)hw\/manual\//.test(file)) return text;
  return text.replace(/^export const (\w+) = (?=[\w(~-])(?!\w*\()/gm, 'export const $1: u32 = ');
}

/** What an exported function returns that is nothing but one constant. */
function constantResult(wasm: Uint8Array, name: string): number {
  const module = readModule(wasm);
  const index = module.exports.find(each => each.name === name)?.index;
  const body = index === undefined ? undefined : module.functions[index]?.body;
  if (body?.op[0] !== Op.i32_const) throw new Error(`${name} of the compiled module is not a constant`);
  return body.a[0]! >>> 0;
}
