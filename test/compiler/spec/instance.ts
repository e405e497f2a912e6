/**
 * The modules of a script that live together in one machine, and the steps to be done there.
 *
 * A group begins with a module that imports from no other module of the script; one that does joins the
 * group of those. Memory is at address 0, so that a group has one.
 */
import type { ObjectFile } from '../../../images/object.ts';
import { translate } from '../../../images/riscv/translate.ts';
import { F64, I64, type WasmModule, type ValueType as WasmType } from '../../../images/wasm/module.ts';
import { readModule } from '../../../images/wasm/reader.ts';
import type { Value } from './script.ts';

/** One entry of the list in bare/invoke.s. */
export interface Step {
  readonly kind: 'call' | 'read';
  readonly symbol: string;
  readonly words: readonly number[];
  readonly resultWords: number;
}

export interface Instance {
  /** Its symbols begin with this and a dot. */
  readonly prefix: string;
  readonly module: WasmModule;
  readonly object: ObjectFile;
}

export class Group {
  readonly instances: Instance[] = [];
  readonly steps: Step[] = [];
  /** The instance that stands behind a module name of imports, at any time. */
  private readonly registered: ReadonlyMap<string, Instance>;

  constructor(spectest: Instance, registered: ReadonlyMap<string, Instance>) {
    this.registered = registered;
    this.instances.push(spectest);
  }

  /** Translates the module into the group; its start, if it needs one, is the next step. Throws WasmError. */
  add(binary: Uint8Array, prefix: string): Instance {
    const instance = translated(binary, prefix, this.registered);
    this.instances.push(instance);
    const symbol = `${prefix}.start`;
    if (instance.object.symbols.some(each => each.name === symbol)) {
      this.steps.push({ kind: 'call', symbol, words: [], resultWords: 0 });
    }
    return instance;
  }

  invoke(instance: Instance, field: string, values: readonly Value[]): void {
    const exported = instance.module.exports.find(each => each.name === field && each.kind === 'function');
    if (exported === undefined) throw new Error(`${instance.prefix} exports no function ${field}`);
    const { results } = instance.module.functions[exported.index]!.type;
    const symbol = exportSymbol(instance, field, this.registered);
    const words = values.flatMap(value => ('words' in value ? value.words : []));
    this.steps.push({ kind: 'call', symbol, words, resultWords: wordCount(results) });
  }

  get(instance: Instance, field: string): void {
    const exported = instance.module.exports.find(each => each.name === field && each.kind === 'global');
    if (exported === undefined) throw new Error(`${instance.prefix} exports no global ${field}`);
    const { type } = instance.module.globals[exported.index]!;
    this.steps.push({
      kind: 'read',
      symbol: exportSymbol(instance, field, this.registered),
      words: [],
      resultWords: wordCount([type]),
    });
  }

  /** The memory's limits in pages: of the module that has its own, else of spectest's if it is imported. */
  get memory(): { pagesFirst: number; pagesLimit: number } {
    const [spectest, ...others] = this.instances.map(({ module }) => module.memories);
    const memories = others.flat();
    const [limits] = [
      ...memories.filter(each => each.import === undefined),
      ...(memories.length > 0 ? spectest! : []),
    ].map(each => each.limits);
    return { pagesFirst: limits?.min ?? 0, pagesLimit: limits === undefined ? 0 : (limits.max ?? 65_536) };
  }
}

function wordCount(types: readonly WasmType[]): number {
  return types.reduce((sum, type) => sum + (type === I64 || type === F64 ? 2 : 1), 0);
}

export function translated(
  binary: Uint8Array,
  prefix: string,
  registered: ReadonlyMap<string, Instance>,
): Instance {
  const object = translate(binary, { name: prefix, profile: 'strict', zba: true, zbb: true });
  const module = readModule(binary);
  return { prefix, module, object: withImports(object, module, registered) };
}

/** The symbol behind an export, through modules that hand on what they import. */
function exportSymbol(instance: Instance, field: string, registered: ReadonlyMap<string, Instance>): string {
  const { module, prefix } = instance;
  const found = module.exports.find(each => each.name === field);
  if (found === undefined) return `${prefix}.${field}`;
  const spaces = {
    function: module.functions,
    table: module.tables,
    memory: module.memories,
    global: module.globals,
  };
  const from = spaces[found.kind][found.index]?.import;
  const behind = from === undefined ? undefined : registered.get(from.module);
  return from === undefined || behind === undefined
    ? `${prefix}.${field}`
    : exportSymbol(behind, from.name, registered);
}

/** Imports name a module by what it is registered as; its symbols have its own prefix. */
function withImports(
  object: ObjectFile,
  { functions, tables, memories, globals }: WasmModule,
  registered: ReadonlyMap<string, Instance>,
): ObjectFile {
  const names = new Map<string, string>();
  for (const { import: from } of [...functions, ...tables, ...memories, ...globals]) {
    const behind = from === undefined ? undefined : registered.get(from.module);
    if (from === undefined || behind === undefined) continue;
    names.set(`${from.module}.${from.name}`, exportSymbol(behind, from.name, registered));
  }
  const rename = (name: string) => names.get(name) ?? name;
  return {
    ...object,
    sections: object.sections.map(section => ({
      ...section,
      relocations: section.relocations.map(each => ({ ...each, symbol: rename(each.symbol) })),
    })),
    symbols: object.symbols.map(symbol =>
      symbol.place === undefined ? { ...symbol, name: rename(symbol.name) } : symbol,
    ),
  };
}

/** The list of steps as an object: `bare_steps`. */
export function stepsObject(steps: readonly Step[]): ObjectFile {
  const words: number[] = [];
  const relocations = steps.map(({ kind, symbol, words: given, resultWords }) => {
    const offset = 4 * words.length + 4;
    const padded = [...given, ...new Array<number>(Math.max(0, 8 - given.length)).fill(0)];
    words.push(kind === 'call' ? 1 : 2, 0, given.length, resultWords, ...padded);
    return { offset, kind: '32' as const, symbol, addend: 0 };
  });
  const bytes = new Uint8Array(Uint32Array.from([...words, 0]).buffer);
  const name = '.rodata.steps';
  return {
    name: 'the steps',
    sections: [{ name, access: 'r', alignment: 4, bytes, size: bytes.length, relocations, lines: [] }],
    symbols: [
      {
        name: 'bare_steps',
        binding: 'global',
        kind: 'object',
        place: { section: name, offset: 0 },
        size: bytes.length,
      },
    ],
  };
}
