/**
 * The objects that translated code may need without naming them: float arithmetic, divisions of i64,
 * copying of memory, traps. The linker keeps of them what is used.
 *
 * What depends on the system is not here: `runtime.memory_size` and `runtime.memory_grow` come with it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assemble } from '../assembler/assemble.ts';
import type { Extensions } from '../link/link.ts';
import type { ObjectFile } from '../object.ts';
import { translate } from '../riscv/translate.ts';
import { compileGuest } from './compile.ts';

interface RuntimeOptions extends Extensions {
  /** Whether memory.copy and memory.fill check their bounds before they write. */
  readonly bounded: boolean;
}

const RUNTIME_NAME = 'runtime';

export async function runtimeObjects({ bounded, zba, zbb }: RuntimeOptions): Promise<readonly ObjectFile[]> {
  const entries = ['arithmetic.ts', 'segments.ts', bounded ? 'memory-bounded.ts' : 'memory-unbounded.ts'];
  const objects: ObjectFile[] = [runtimeAssembly()];
  for (const entry of entries) objects.push(await runtimeObject(entry, { zba, zbb }));
  return objects;
}

const made = new Map<string, Promise<ObjectFile>>();

function runtimeObject(entry: string, extensions: Extensions): Promise<ObjectFile> {
  const key = `${entry} ${extensions.zba} ${extensions.zbb}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const object = translated(entry, extensions);
  made.set(key, object);
  return object;
}

async function translated(entry: string, extensions: Extensions): Promise<ObjectFile> {
  const { wasm, sourceMap } = await compileGuest({ entry: `images/runtime/${entry}`, profile: 'kernel' });
  const object = translate(wasm, { name: RUNTIME_NAME, profile: 'kernel', sourceMap, ...extensions });
  // Each part has a mark of where its static data ends, for its own memory; the parts share one name.
  const symbols = object.symbols.filter(({ name }) => name !== `${RUNTIME_NAME}.memory_end`);
  return { ...object, name: `runtime (${entry})`, symbols };
}

function runtimeAssembly(): ObjectFile {
  const file = fileURLToPath(new URL('../runtime/traps.s', import.meta.url));
  return assemble(readFileSync(file, 'utf8'), { name: 'images/runtime/traps.s' });
}
