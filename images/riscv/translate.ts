/**
 * The back end's face: the bytes of a WebAssembly module in, an object file of RV32IMAC code out.
 *
 *     wasm/reader → ssa/construct → optimise → legalise → select → allocate → lower → emit
 *
 * What the object holds, for a module translated under the name N:
 *
 *     .text.<function>         code, one section a function          N.<export> for what is exported
 *     .rodata.<function>       jump tables of its switches
 *     .data.<global>           a word or two, addressed through gp   N.<export>
 *     .table.0                 { type id, code } per entry           N.<export>
 *     .memory.<n>, .segment.…  data-sections.ts
 *     N.start                  does what is left of instantiation (start.ts); only where something is left
 *
 * Imports become undefined symbols `<module>.<name>`, save those of the module `rv` (intrinsics.ts); the
 * runtime's functions are undefined symbols `runtime.<name>` (runtime-symbols.ts).
 */
import type { ObjectFile, ObjectSymbol, Relocation, Section } from '../object.ts';
import { removeDeadCode } from '../optimise/dead-code.ts';
import { optimise } from '../optimise/optimise.ts';
import { sinkSteps } from '../optimise/sink.ts';
import { construct } from '../ssa/construct.ts';
import type { SsaFunction } from '../ssa/ir.ts';
import { analyse } from '../ssa/order.ts';
import { WasmError } from '../wasm/bytes.ts';
import type { WasmModule } from '../wasm/module.ts';
import { readModule } from '../wasm/reader.ts';
import { allocate } from './allocate.ts';
import { dataSections } from './data-sections.ts';
import { type EmittedFunction, emit } from './emit.ts';
import { makeEnvironment } from './environment.ts';
import { legalise } from './legalise.ts';
import { type LoweredFunction, lower } from './lower.ts';
import { Names } from './names.ts';
import { select } from './select.ts';
import { collidingTypes, signatureText } from './signature.ts';
import { SourceMap } from './source-map.ts';
import { needsStart, startFunction } from './start.ts';
import type { TargetOptions } from './target.ts';

/** Throws WasmError for a module that is not valid, or uses or imports what is not supported. */
export function translate(bytes: Uint8Array, options: TargetOptions): ObjectFile {
  const module = readModule(bytes);
  const names = new Names(module, options.name);
  const colliding = collidingTypes(module);
  if (colliding) throw new WasmError(`the types ${colliding[0]} and ${colliding[1]} have one number`, 0);
  const env = makeEnvironment(module, names, options);
  const map = options.sourceMap === undefined ? undefined : new SourceMap(options.sourceMap);
  const output = new Output(map);
  const inTables = functionsInTables(module);
  for (const fn of module.functions) {
    if (fn.import !== undefined) continue;
    const name = names.function(fn.index);
    const signature = inTables.has(fn.index) ? signatureText(fn.type) : undefined;
    output.addFunction(
      name,
      compile(construct(env, fn, name), options),
      names.exportsOf('function', fn.index),
      signature,
    );
  }
  const start = names.exported('start');
  if (needsStart(module, options)) {
    output.addFunction(
      `${start}.code`,
      compile(startFunction(env, `${start}.code`, options), options),
      [start],
      undefined,
    );
  }
  const data = dataSections(module, names, options);
  const symbols = [...output.symbols, ...data.symbols];
  const sections = [...output.sections, ...data.sections];
  return { name: options.name, sections, symbols: [...symbols, ...undefinedSymbols(sections, symbols)] };
}

interface CompiledFunction {
  readonly lowered: LoweredFunction;
  readonly code: EmittedFunction;
}

function compile(fn: SsaFunction, options: TargetOptions): CompiledFunction {
  optimise(fn, options);
  legalise(fn, options);
  analyse(fn);
  sinkSteps(fn);
  removeDeadCode(fn);
  const machine = select(fn, options);
  const lowered = lower(machine, allocate(machine));
  return { lowered, code: emit(lowered) };
}

function functionsInTables(module: WasmModule): ReadonlySet<number> {
  return new Set(module.elements.flatMap(({ functions }) => functions.filter(index => index !== undefined)));
}

class Output {
  readonly sections: Section[] = [];
  readonly symbols: ObjectSymbol[] = [];
  private readonly map: SourceMap | undefined;

  constructor(map: SourceMap | undefined) {
    this.map = map;
  }

  addFunction(
    name: string,
    { lowered, code }: CompiledFunction,
    exported: readonly string[],
    signature: string | undefined,
  ): void {
    const section = `.text.${name}`;
    const { bytes, relocations } = code;
    this.sections.push({
      name: section,
      access: 'rx',
      alignment: 4,
      bytes,
      size: bytes.length,
      relocations,
      lines: this.lines(code),
    });
    const place = { section, offset: 0 };
    const use = { frameSize: lowered.frameSize, calls: lowered.calls };
    const stack = signature === undefined ? use : { ...use, signature };
    this.symbols.push({ name, binding: 'local', kind: 'function', place, size: bytes.length, stack });
    for (const other of exported) {
      this.symbols.push({
        name: other,
        binding: 'global',
        kind: 'function',
        place,
        size: bytes.length,
        stack,
      });
    }
    this.addJumpTables(name, code);
  }

  private addJumpTables(name: string, { jumpTables }: EmittedFunction): void {
    if (jumpTables.length === 0) return;
    const section = `.rodata.${name}`;
    const relocations: Relocation[] = [];
    for (const { symbol, offsets } of jumpTables) {
      const first = 4 * relocations.length;
      for (const addend of offsets) {
        relocations.push({ offset: 4 * relocations.length, kind: '32', symbol: name, addend });
      }
      const place = { section, offset: first };
      this.symbols.push({ name: symbol, binding: 'local', kind: 'object', place, size: 4 * offsets.length });
    }
    const bytes = new Uint8Array(4 * relocations.length);
    this.sections.push({
      name: section,
      access: 'r',
      alignment: 4,
      bytes,
      size: bytes.length,
      relocations,
      lines: [],
    });
  }

  private lines({ origins }: EmittedFunction): Section['lines'] {
    const { map } = this;
    if (map === undefined) return [];
    const lines: { offset: number; file: string; line: number; column: number }[] = [];
    for (const { offset, origin } of origins) {
      const place = map.find(origin);
      const last = lines[lines.length - 1];
      if (place === undefined || (last?.file === place.file && last.line === place.line)) continue;
      lines.push({ offset, ...place });
    }
    return lines;
  }
}

/** What relocations name and nothing here defines. */
function undefinedSymbols(sections: readonly Section[], symbols: readonly ObjectSymbol[]): ObjectSymbol[] {
  const known = new Set(symbols.map(({ name }) => name));
  const result: ObjectSymbol[] = [];
  for (const { relocations } of sections) {
    for (const { symbol } of relocations) {
      if (known.has(symbol)) continue;
      known.add(symbol);
      result.push({ name: symbol, binding: 'global', kind: 'none', place: undefined, size: 0 });
    }
  }
  return result;
}
