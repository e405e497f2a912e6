/**
 * The names of a module's symbols.
 *
 *     exported functions, globals, tables   <module>.<export>, global; the first export names the symbol
 *     imported                              <their module>.<name>, undefined
 *     other functions                       their debug name, or function[index], local
 *     other globals, tables, segments       global[index], table[index], data[index], elements[index], local
 */
import type { Export, WasmModule } from '../wasm/module.ts';

export class Names {
  private readonly module: WasmModule;
  private readonly prefix: string;
  private readonly functions: string[] = [];

  constructor(module: WasmModule, prefix: string) {
    this.module = module;
    this.prefix = prefix;
    const taken = new Set<string>();
    for (const { name } of module.exports) taken.add(this.exported(name));
    for (const fn of module.functions) {
      const from = fn.import;
      if (from !== undefined) {
        this.functions.push(`${from.module}.${from.name}`);
        continue;
      }
      const wanted = module.functionNames.get(fn.index) ?? `function[${fn.index}]`;
      let name = wanted;
      for (let copy = 1; taken.has(name); copy++) name = `${wanted}.${copy}`;
      taken.add(name);
      this.functions.push(name);
    }
  }

  exported(name: string): string {
    return `${this.prefix}.${name}`;
  }

  function(index: number): string {
    return this.functions[index]!;
  }

  global(index: number): string {
    return this.other('global', index, this.module.globals[index]!.import);
  }

  table(): string {
    return this.other('table', 0, this.module.tables[0]!.import);
  }

  data(index: number): string {
    return `data[${index}]`;
  }

  elements(index: number): string {
    return `elements[${index}]`;
  }

  /** Exports of one item, by their symbols. */
  exportsOf(kind: Export['kind'], index: number): readonly string[] {
    return this.module.exports
      .filter(e => e.kind === kind && e.index === index)
      .map(e => this.exported(e.name));
  }

  private other(
    kind: 'global' | 'table',
    index: number,
    from: { module: string; name: string } | undefined,
  ): string {
    return from === undefined ? `${kind}[${index}]` : `${from.module}.${from.name}`;
  }
}
