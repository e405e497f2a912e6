/**
 * Finds managed allocation in programs that may have none: every call, in a source of the project, to a
 * function that allocates, be it directly (`new`) or inside the compiler's library (`push`, string `+`).
 *
 * It looks at the unoptimised module, where no call has been inlined or moved yet, and at its source map; but
 * only where something of the allocator is left in the optimised one, inlined or not.
 * A start function is refused too: it is top-level code with effects, and nothing would run it.
 */
import type { Diagnostic } from '../../hw/cpu/asc.ts';
import type { WasmModule } from '../wasm/module.ts';
import { Op } from '../wasm/opcodes.ts';
import { readModule } from '../wasm/reader.ts';
import { type MappedPlace, placeAt, readSourceMap } from './source-map.ts';

const ALLOCATORS = [
  '~lib/rt/stub/__new',
  '~lib/rt/stub/__renew',
  '~lib/rt/stub/__alloc',
  '~lib/rt/stub/__realloc',
];
const ALLOCATOR_FILE = '~lib/rt/stub.ts';
const LIBRARY = '~lib/';

/** By the source map of a module, optimised or not. */
export function hasAllocator(sourceMap: string): boolean {
  return readSourceMap(sourceMap).some(place => place.file === ALLOCATOR_FILE);
}

export function managedAllocations(
  wasm: Uint8Array,
  sourceMap: string,
  profile: string,
): readonly Diagnostic[] {
  const module = readModule(wasm);
  const places = readSourceMap(sourceMap);
  const callers = callersOf(module);
  const nameOf = (index: number) => module.functionNames.get(index) ?? '';
  const allocating = new Set<number>();
  const work = module.functions.map(f => f.index).filter(index => ALLOCATORS.includes(nameOf(index)));
  const found: Diagnostic[] = [];
  for (let callee = work.pop(); callee !== undefined; callee = work.pop()) {
    for (const { caller, offset } of callers.get(callee) ?? []) {
      const place = placeAt(places, offset);
      if (place === undefined || place.file.startsWith(LIBRARY)) {
        if (allocating.has(caller)) continue;
        allocating.add(caller);
        work.push(caller);
      } else {
        found.push(
          diagnostic(
            place,
            `${shortName(nameOf(callee))} allocates managed memory, which a ${profile} has not`,
          ),
        );
      }
    }
  }
  return withoutRepetition(found);
}

/** Top-level code that must run at start, by its first place in the sources. */
export function topLevelEffects(wasm: Uint8Array, sourceMap: string, profile: string): readonly Diagnostic[] {
  const module = readModule(wasm);
  if (module.start === undefined) return [];
  const places = readSourceMap(sourceMap);
  const offsets = module.functions[module.start]?.body?.offset ?? [];
  const own = [...offsets]
    .map(offset => placeAt(places, offset))
    .find(place => place?.file.startsWith(LIBRARY) === false);
  const message = `top-level code with effects, which a ${profile} must not have: do it in a function`;
  return [diagnostic(own ?? { offset: 0, file: '', line: 0, column: 0 }, message)];
}

interface CallSite {
  readonly caller: number;
  readonly offset: number;
}

function callersOf(module: WasmModule): ReadonlyMap<number, readonly CallSite[]> {
  const callers = new Map<number, CallSite[]>();
  for (const { index, body } of module.functions) {
    if (body === undefined) continue;
    for (let i = 0; i < body.count; i++) {
      if (body.op[i] !== Op.call) continue;
      const callee = body.a[i]!;
      const sites = callers.get(callee) ?? [];
      callers.set(callee, sites);
      sites.push({ caller: index, offset: body.offset[i]! });
    }
  }
  return callers;
}

function shortName(name: string): string {
  return ALLOCATORS.includes(name) ? '`new`' : name.slice(name.lastIndexOf('/') + 1);
}

function diagnostic(place: MappedPlace, message: string): Diagnostic {
  return { severity: 'error', message, file: place.file, line: place.line, column: place.column };
}

function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map(diagnostics.map(each => [`${each.file}:${each.line}:${each.column}`, each]));
  return [...byPlace.values()].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}
