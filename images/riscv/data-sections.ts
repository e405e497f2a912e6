/**
 * A module's data as sections: globals, the table, segments.
 *
 *     .data.<global>       its value, one or two words
 *     .table.<n>           count, 0, then { type id, code } per entry; the symbol is the first entry
 *     .memory.<n>          an active data segment at its address
 *     .segment.<n>         { address, size } of a segment that is used at run time: the descriptor
 *     .rodata.segment.<n>  its contents: bytes, or entries as in a table
 *
 * Active segments at known addresses are simply there when the program is loaded; in the strict profile, which
 * checks their bounds as instantiation does, and where the address is an imported global, the start function
 * copies them (start.ts).
 */
import type { ObjectSymbol, Relocation, Section } from '../object.ts';
import { WasmError } from '../wasm/bytes.ts';
import { type ConstantExpression, F64, I64, type WasmModule } from '../wasm/module.ts';
import type { Names } from './names.ts';
import { typeId } from './signature.ts';
import type { TargetOptions } from './target.ts';

const PAGE_SIZE = 65536;
const TABLE_HEADER_SIZE = 8;
const ENTRY_SIZE = 8;

export interface DataSections {
  readonly sections: Section[];
  readonly symbols: ObjectSymbol[];
}

/** Whether an active segment is placed when linking; else it is copied at start. */
export function isPlaced(
  offset: ConstantExpression,
  options: TargetOptions,
): offset is ConstantExpression & { kind: 'constant' } {
  return offset.kind === 'constant' && options.profile !== 'strict';
}

export function dataSections(module: WasmModule, names: Names, options: TargetOptions): DataSections {
  const out: DataSections = { sections: [], symbols: [] };
  addGlobals(out, module, names);
  addTable(out, module, names, options);
  addData(out, module, names, options);
  addElements(out, module, names, options);
  return out;
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

interface Contents {
  readonly name: string;
  readonly access: 'r' | 'rw';
  readonly bytes: Uint8Array;
  readonly relocations?: readonly Relocation[];
  readonly address?: number;
}

function addSection(out: DataSections, { name, access, bytes, relocations = [], address }: Contents): void {
  const section = {
    name,
    access,
    alignment: address === undefined ? 8 : 1,
    bytes,
    size: bytes.length,
    relocations,
    lines: [],
  };
  out.sections.push(address === undefined ? section : { ...section, address });
}

function addSymbols(
  out: DataSections,
  section: string,
  offset: number,
  size: number,
  own: string,
  exported: readonly string[],
): void {
  const place = { section, offset };
  out.symbols.push({ name: own, binding: 'local', kind: 'object', place, size });
  for (const name of exported) out.symbols.push({ name, binding: 'global', kind: 'object', place, size });
}

function addGlobals(out: DataSections, module: WasmModule, names: Names): void {
  module.globals.forEach(({ type, initial, import: from }, index) => {
    if (from !== undefined) return;
    const wide = type === I64 || type === F64;
    const [low, high] = initial?.kind === 'constant' ? [initial.low, initial.high] : [0, 0];
    const bytes = wide ? words(low, high) : words(low);
    const name = `.data.${names.global(index)}`;
    addSection(out, { name, access: 'rw', bytes });
    addSymbols(out, name, 0, bytes.length, names.global(index), names.exportsOf('global', index));
  });
}

function addTable(out: DataSections, module: WasmModule, names: Names, options: TargetOptions): void {
  const [table] = module.tables;
  if (table === undefined || table.import !== undefined) return;
  const count = table.limits.min;
  const size = TABLE_HEADER_SIZE + count * ENTRY_SIZE;
  if (size > 2 ** 26) throw new WasmError(`the table has ${count} entries, which does not fit a program`, 0);
  const entries = new Map<number, number | undefined>();
  for (const { mode, functions } of module.elements) {
    if (mode.kind !== 'active' || !isPlaced(mode.offset, options)) continue;
    const first = mode.offset.low >>> 0;
    if (first + functions.length > count) throw new WasmError('an element segment lies outside the table', 0);
    functions.forEach((index, i) => {
      entries.set(first + i, index);
    });
  }
  const { bytes, relocations } = entryContents(entries, count, module, names);
  const whole = new Uint8Array(size);
  whole.set(words(count, 0));
  whole.set(bytes, TABLE_HEADER_SIZE);
  const moved = relocations.map(relocation => ({
    ...relocation,
    offset: relocation.offset + TABLE_HEADER_SIZE,
  }));
  addSection(out, { name: '.table.0', access: 'rw', bytes: whole, relocations: moved });
  addSymbols(out, '.table.0', TABLE_HEADER_SIZE, bytes.length, names.table(), names.exportsOf('table', 0));
}

/** Table entries: the type's number, and a relocation for the code's address. */
function entryContents(
  entries: ReadonlyMap<number, number | undefined>,
  count: number,
  module: WasmModule,
  names: Names,
): { bytes: Uint8Array; relocations: Relocation[] } {
  const ids = new Int32Array(count * (ENTRY_SIZE / 4));
  const relocations: Relocation[] = [];
  for (const [entry, index] of entries) {
    ids[2 * entry] = 0;
    if (index === undefined) continue;
    ids[2 * entry] = typeId(module.functions[index]!.type);
    relocations.push({
      offset: ENTRY_SIZE * entry + 4,
      kind: '32',
      symbol: names.function(index),
      addend: 0,
    });
  }
  const live = new Map(relocations.map(relocation => [relocation.offset, relocation]));
  return {
    bytes: new Uint8Array(ids.buffer),
    relocations: [...live.values()].sort((a, b) => a.offset - b.offset),
  };
}

function addDescriptor(
  out: DataSections,
  contents: Uint8Array,
  relocations: readonly Relocation[],
  size: number,
  own: string,
): void {
  const place = `.rodata.segment.${own}`;
  const descriptor = `.segment.${own}`;
  addSection(out, { name: place, access: 'r', bytes: contents, relocations });
  const address: Relocation = { offset: 0, kind: '32', symbol: `${own}.contents`, addend: 0 };
  addSection(out, { name: descriptor, access: 'rw', bytes: words(0, size), relocations: [address] });
  addSymbols(out, place, 0, contents.length, `${own}.contents`, []);
  addSymbols(out, descriptor, 0, 8, own, []);
}

function addData(out: DataSections, module: WasmModule, names: Names, options: TargetOptions): void {
  const limit = (module.memories[0]?.limits.min ?? 0) * PAGE_SIZE;
  module.data.forEach(({ mode, bytes }, index) => {
    if (mode.kind === 'active' && isPlaced(mode.offset, options)) {
      const address = mode.offset.low >>> 0;
      if (address + bytes.length > limit)
        throw new WasmError(`data segment ${index} lies outside the memory`, 0);
      if (bytes.length > 0) addSection(out, { name: `.memory.${index}`, access: 'rw', bytes, address });
      if (!usesDataSegments(module)) return;
    }
    const dropped = mode.kind === 'active' && isPlaced(mode.offset, options);
    addDescriptor(out, dropped ? new Uint8Array() : bytes, [], dropped ? 0 : bytes.length, names.data(index));
  });
}

/** Only a module with a data count section can name segments in its code. */
function usesDataSegments(module: WasmModule): boolean {
  return module.dataCount !== undefined;
}

function addElements(out: DataSections, module: WasmModule, names: Names, options: TargetOptions): void {
  module.elements.forEach(({ mode, functions }, index) => {
    const dropped = mode.kind === 'declared' || (mode.kind === 'active' && isPlaced(mode.offset, options));
    const list = dropped ? [] : functions;
    const contents = entryContents(new Map(list.map((f, i) => [i, f])), list.length, module, names);
    addDescriptor(out, contents.bytes, contents.relocations, list.length, names.elements(index));
  });
}
