/**
 * From guest sources to an executable: compile, translate, assemble, link; and only what has changed.
 *
 *     .ts ─ compileGuest ─→ .wasm ─ translate ─→ object ┐
 *     .wasm ──────────────────────── translate ─→ object ┼─ link ─→ ELF
 *     .s ─────────────────────────── assemble ──→ object ┤
 *     runtime ──────────────────────────────────→ object ┘
 *
 * Every module NAME has a function `NAME.start` that must run before any other of it. Beside its entry may lie
 * `<entry>.order`: functions whose code is to lie together, one a line, so that they do not fight for the places of
 * the instruction cache; after # there is a comment.
 *
 * The ELF is kept under .build/guest, named by the hash of everything that it was made from, the tool
 * chain's own sources among it. A failed build leaves nothing behind.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble } from '../assembler/assemble.ts';
import type { LinkDescription } from '../link/description.ts';
import { type Extensions, link } from '../link/link.ts';
import type { StackUse } from '../link/stack.ts';
import type { ObjectFile } from '../object.ts';
import type { Profile } from '../riscv/target.ts';
import { translate } from '../riscv/translate.ts';
import { readModule } from '../wasm/reader.ts';
import { compileGuest } from './compile.ts';
import type { GuestProfile } from './profile.ts';
import { runtimeObjects } from './runtime.ts';
import { withZeroMemory } from './static-memory.ts';

export interface GuestImage {
  readonly modules: readonly GuestInput[];
  /** Paths of assembly files, relative to the project. */
  readonly assembly: readonly string[];
  readonly description: LinkDescription;
  readonly extensions: Extensions;
}

/** A module: its exports are the global symbols `<name>.<export>`, and `<name>.start` begins it. */
export type GuestInput =
  | {
      readonly name: string;
      /** Path of the entry source, relative to the project. */
      readonly entry: string;
      /** More sources whose exports are the module's. */
      readonly beside?: readonly string[];
      readonly profile: GuestProfile;
      readonly memoryBase?: number;
      /** What `entry` is relative to; absent: the project. */
      readonly baseDir?: string;
    }
  | { readonly name: string; readonly wasm: Uint8Array; readonly profile: Profile };

export interface BuiltImage {
  readonly elf: Uint8Array;
  readonly sizes: Readonly<Record<string, number>>;
  readonly stacks: Readonly<Record<string, StackUse>>;
}

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
export const BUILD_CACHE = join(PROJECT_DIRECTORY, '.build', 'guest');

/** Throws GuestError, AssemblyError, WasmError or LinkError: each has a message for a person. */
export async function buildGuest(image: GuestImage): Promise<BuiltImage> {
  const modules = await Promise.all(image.modules.map(wasmOf));
  const assembly = image.assembly.map(assemblySource);
  const description = { ...image.description, first: image.modules.flatMap(orderOf) };
  const key = hashOf([toolChainHash(), description, image.extensions, assembly, modules.map(keyOf)]);
  const kept = fromCache(key);
  if (kept !== undefined) return kept;

  const objects = assembly.map(({ name, text }) => assemble(text, { name }));
  for (const module of modules) objects.push(moduleObject(module, image.extensions));
  const bounded = modules.some(module => module.profile === 'strict');
  objects.push(...(await runtimeObjects({ bounded, ...image.extensions })));
  const { elf, sizes, stacks } = link(objects, description, image.extensions);
  return keep(key, { elf, sizes: Object.fromEntries(sizes), stacks: Object.fromEntries(stacks) });
}

/** Names of functions that are to lie together. */
function orderOf(input: GuestInput): readonly string[] {
  if ('wasm' in input) return [];
  const file = join(input.baseDir ?? PROJECT_DIRECTORY, input.entry.replace(/\.ts$/, '.order'));
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map(line => line.replace(/#.*/, '').trim()).filter(name => name !== '');
}

/** Named relative to the project, or by the file alone: no folder of this host may get into the output. */
function assemblySource(file: string): { readonly name: string; readonly text: string } {
  const path = resolve(PROJECT_DIRECTORY, file);
  const name = relative(PROJECT_DIRECTORY, path).replaceAll('\\', '/');
  return { name: name.startsWith('../') ? basename(path) : name, text: readFileSync(path, 'utf8') };
}

interface Translatable {
  readonly name: string;
  readonly profile: Profile;
  readonly wasm: Uint8Array;
  readonly sourceMap?: string;
  /** Where memory must be zero if no segment fills it. */
  readonly memory: readonly [start: number, end: number];
}

async function wasmOf(input: GuestInput): Promise<Translatable> {
  if ('wasm' in input) return { ...input, memory: [0, firstMemorySize(input.wasm)] };
  const { name, profile } = input;
  const { wasm, sourceMap, memoryBase, memoryEnd } = await compileGuest(input);
  const end = profile === 'kernel' ? memoryEnd : firstMemorySize(wasm);
  return { name, profile, wasm, sourceMap, memory: [memoryBase, Math.max(memoryBase, end)] };
}

const WASM_PAGE_SIZE = 65_536;

/** What the module's own memory has at first; an imported one is another's. */
function firstMemorySize(wasm: Uint8Array): number {
  const memory = readModule(wasm).memories[0];
  return memory === undefined || memory.import !== undefined ? 0 : memory.limits.min * WASM_PAGE_SIZE;
}

function moduleObject(module: Translatable, extensions: Extensions): ObjectFile {
  const { name, profile, wasm, sourceMap, memory } = module;
  const options = { name, profile, ...extensions, ...(sourceMap === undefined ? {} : { sourceMap }) };
  return withStart(withZeroMemory(translate(wasm, options), ...memory), `${name}.start`);
}

const RETURN = Uint8Array.of(0x82, 0x80);

/** A module that needs nothing done at start has a function that does nothing: who starts it need not know. */
function withStart(object: ObjectFile, name: string): ObjectFile {
  if (object.symbols.some(symbol => symbol.name === name)) return object;
  const section = `.text.${name}`;
  const text = { name: section, access: 'rx', alignment: 2, bytes: RETURN, size: RETURN.length } as const;
  const place = { section, offset: 0 };
  const symbol = { name, binding: 'global', kind: 'function', place, size: RETURN.length } as const;
  return {
    ...object,
    sections: [...object.sections, { ...text, relocations: [], lines: [] }],
    symbols: [...object.symbols, { ...symbol, stack: { frameSize: 0, calls: [] } }],
  };
}

function keyOf({ name, profile, wasm, sourceMap, memory }: Translatable): readonly unknown[] {
  return [name, profile, createHash('sha256').update(wasm).digest('hex'), sourceMap, memory];
}

const TOOL_CHAIN = ['assembler', 'guest', 'link', 'optimise', 'riscv', 'runtime', 'softfloat', 'ssa', 'wasm'];

let toolChain: string | undefined;

/** All sources that decide about the output; they stay the same while this process runs. */
function toolChainHash(): string {
  toolChain ??= hashOfToolChain();
  return toolChain;
}

function hashOfToolChain(): string {
  const hash = createHash('sha256');
  for (const folder of TOOL_CHAIN) {
    const directory = join(PROJECT_DIRECTORY, 'images', folder);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter(each => /\.[ts]s?$/.test(each)).sort()) {
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(directory, file)));
    }
  }
  return hash.digest('hex');
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

function fromCache(key: string): BuiltImage | undefined {
  const path = join(BUILD_CACHE, key);
  if (!existsSync(`${path}.json`)) return undefined;
  const report = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Omit<BuiltImage, 'elf'>;
  return { elf: new Uint8Array(readFileSync(`${path}.elf`)), ...report };
}

/** The report comes last: where it is, the whole is. */
function keep(key: string, image: BuiltImage): BuiltImage {
  mkdirSync(BUILD_CACHE, { recursive: true });
  const path = join(BUILD_CACHE, key);
  putInPlace(`${path}.elf`, image.elf);
  putInPlace(`${path}.json`, JSON.stringify({ sizes: image.sizes, stacks: image.stacks }));
  return image;
}

function putInPlace(path: string, contents: Uint8Array | string): void {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, path);
}
