/**
 * Reads a WebAssembly module: bytes to WasmModule, decoded and validated whole, or a WasmError that says
 * what is wrong and where. Supported: version 1 with sign extension, mutable globals, multi-value, bulk
 * memory and non-trapping conversions. Core specification 1.1, sections 3 (validation) and 5 (binary format).
 */
import { decodeBody } from './body.ts';
import { Bytes, WasmError } from './bytes.ts';
import { constantExpression, constantType, offsetExpression } from './constant.ts';
import { readElements } from './element.ts';
import {
  type CustomSection,
  type DataSegment,
  type ElementSegment,
  type Export,
  F32,
  F64,
  FUNCREF,
  type FunctionType,
  type Global,
  I32,
  I64,
  type ImportName,
  type Limits,
  type Memory,
  type SegmentMode,
  type Table,
  type ValueType,
  type WasmFunction,
  type WasmModule,
} from './module.ts';
import { functionNames } from './names.ts';
import { validateBody } from './validate.ts';

/** The module as far as it has been read: what the later sections are checked against. */
export interface ModuleContext {
  readonly types: FunctionType[];
  readonly functions: WasmFunction[];
  readonly tables: Table[];
  readonly memories: Memory[];
  readonly globals: Global[];
  readonly exports: Export[];
  start: number | undefined;
  readonly elements: ElementSegment[];
  readonly data: DataSegment[];
  dataCount: number | undefined;
  readonly custom: CustomSection[];
  /** How many functions have their body. */
  bodies: number;
  readonly imported: { functions: number; globals: number };
}

const SECTIONS =
  'custom type import function table memory global export start element code data data count'.split(' ');
/** The order in which sections must come, by section number; data count (12) stands between element and code. */
const ORDER = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];
const PAGES_MAX = 65536;

export function readModule(data: Uint8Array): WasmModule {
  const bytes = new Bytes(data, 0, data.length);
  if (data.length < 8) bytes.fail('unexpected end: not a WebAssembly module');
  if (bytes.word() !== 0x6d736100)
    throw new WasmError('magic header not detected: not a WebAssembly module', 0);
  const version = bytes.word();
  if (version !== 1) throw new WasmError(`unknown binary version 0x${(version >>> 0).toString(16)}`, 4);

  const context = emptyContext();
  let last = 0;
  while (!bytes.done) {
    const start = bytes.at;
    const id = bytes.byte();
    const size = bytes.u32();
    const body = bytes.skip(size);
    const section = new Bytes(data, body, body + size);
    if (id === 0) {
      const name = section.text();
      context.custom.push({ name, bytes: data.subarray(section.at, section.end) });
      continue;
    }
    const order = ORDER[id];
    if (id === 13) throw new WasmError('exception handling is not supported (tag section)', start);
    if (order === undefined) throw new WasmError(`malformed section id ${id}`, start);
    if (order <= last)
      throw new WasmError(
        `unexpected content after last section: ${sectionName(id)} section out of order`,
        start,
      );
    last = order;
    READERS[id]!(section, context);
    if (!section.done)
      section.fail(`section size mismatch: bytes behind the ${sectionName(id)} section's contents`);
  }
  finish(context, bytes);
  return { ...context, functionNames: functionNames(context.custom) };
}

function emptyContext(): ModuleContext {
  return {
    types: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    data: [],
    dataCount: undefined,
    custom: [],
    bodies: 0,
    imported: { functions: 0, globals: 0 },
  };
}

function sectionName(id: number): string {
  return id === 12 ? 'data count' : (SECTIONS[id] ?? String(id));
}

function finish(context: ModuleContext, bytes: Bytes): void {
  if (context.imported.functions + context.bodies !== context.functions.length) {
    bytes.fail('function and code section have inconsistent lengths');
  }
  if (context.dataCount !== undefined && context.dataCount !== context.data.length) {
    bytes.fail('data count and data section have inconsistent lengths');
  }
}

/** By section number. */
const READERS: readonly (((bytes: Bytes, context: ModuleContext) => void) | undefined)[] = [
  undefined,
  repeated(readType),
  repeated(readImport),
  repeated(readFunction),
  repeated(readTable),
  repeated(readMemory),
  repeated(readGlobal),
  readExports,
  readStart,
  readElements,
  readCode,
  readData,
  (bytes, context) => {
    context.dataCount = bytes.u32();
  },
];

function repeated(read: (bytes: Bytes, context: ModuleContext) => void) {
  return (bytes: Bytes, context: ModuleContext) => {
    for (let count = bytes.count(); count > 0; count--) read(bytes, context);
  };
}

export function valueType(bytes: Bytes): ValueType {
  const type = bytes.byte();
  if (type === I32 || type === I64 || type === F32 || type === F64) return type;
  if (type === 0x70 || type === 0x6f) bytes.fail('reference types are not supported as value types');
  if (type === 0x7b) bytes.fail('vectors are not supported');
  bytes.fail(`malformed value type 0x${type.toString(16)}`);
}

function readType(bytes: Bytes, context: ModuleContext): void {
  const form = bytes.byte();
  if (form !== 0x60) bytes.fail(`malformed type 0x${form.toString(16)}: only function types are supported`);
  const list = () => Array.from({ length: bytes.count() }, () => valueType(bytes));
  const parameters = list();
  context.types.push({ parameters, results: list() });
}

function typeAt(bytes: Bytes, context: ModuleContext): { typeIndex: number; type: FunctionType } {
  const typeIndex = bytes.u32();
  const type = context.types[typeIndex];
  if (type === undefined) bytes.fail(`unknown type ${typeIndex}`);
  return { typeIndex, type };
}

function readImport(bytes: Bytes, context: ModuleContext): void {
  const from: ImportName = { module: bytes.text(), name: bytes.text() };
  const kind = bytes.byte();
  switch (kind) {
    case 0:
      context.functions.push({ index: context.functions.length, ...typeAt(bytes, context), import: from });
      context.imported.functions++;
      break;
    case 1:
      addTable(bytes, context, { limits: tableLimits(bytes), import: from });
      break;
    case 2:
      addMemory(bytes, context, { limits: memoryLimits(bytes), import: from });
      break;
    case 3:
      context.globals.push({ ...globalType(bytes), import: from });
      context.imported.globals++;
      break;
    default:
      bytes.fail(`malformed import kind ${kind}`);
  }
}

function readFunction(bytes: Bytes, context: ModuleContext): void {
  context.functions.push({ index: context.functions.length, ...typeAt(bytes, context) });
}

function limits(bytes: Bytes, what: string, most: number): Limits {
  const flag = bytes.byte();
  if (flag > 1)
    bytes.fail(
      flag <= 7
        ? `${what} limits: shared and 64-bit ones are not supported`
        : 'integer too large: malformed limits',
    );
  const min = bytes.u32();
  const max = flag === 1 ? bytes.u32() : undefined;
  if (min > most || (max ?? 0) > most) bytes.fail(`${what} size must be at most ${most}`);
  if (max !== undefined && max < min) bytes.fail('size minimum must not be greater than maximum');
  return { min, max };
}

function tableLimits(bytes: Bytes): Limits {
  const type = bytes.byte();
  if (type === 0x6f) bytes.fail('reference types are not supported (a table of externref)');
  if (type !== FUNCREF) bytes.fail(`malformed element type 0x${type.toString(16)}`);
  return limits(bytes, 'table', 2 ** 32 - 1);
}

function memoryLimits(bytes: Bytes): Limits {
  return limits(bytes, 'memory', PAGES_MAX);
}

function addTable(bytes: Bytes, context: ModuleContext, table: Table): void {
  if (context.tables.push(table) > 1) bytes.fail('multiple tables are not supported');
}

function addMemory(bytes: Bytes, context: ModuleContext, memory: Memory): void {
  if (context.memories.push(memory) > 1) bytes.fail('multiple memories are not supported');
}

function readTable(bytes: Bytes, context: ModuleContext): void {
  addTable(bytes, context, { limits: tableLimits(bytes) });
}

function readMemory(bytes: Bytes, context: ModuleContext): void {
  addMemory(bytes, context, { limits: memoryLimits(bytes) });
}

function globalType(bytes: Bytes): { type: ValueType; mutable: boolean } {
  const type = valueType(bytes);
  const mutable = bytes.byte();
  if (mutable > 1) bytes.fail('malformed mutability');
  return { type, mutable: mutable === 1 };
}

function readGlobal(bytes: Bytes, context: ModuleContext): void {
  const type = globalType(bytes);
  const initial = constantExpression(bytes, context);
  if (constantType(initial, context) !== type.type)
    bytes.fail("type mismatch: a global's initial value has another type");
  context.globals.push({ ...type, initial });
}

const EXPORT_KINDS = ['function', 'table', 'memory', 'global'] as const;

function readExports(bytes: Bytes, context: ModuleContext): void {
  const names = new Set<string>();
  const spaces = [context.functions, context.tables, context.memories, context.globals];
  for (let count = bytes.count(); count > 0; count--) {
    const name = bytes.text();
    const number = bytes.byte();
    const kind = EXPORT_KINDS[number];
    if (kind === undefined) bytes.fail(`malformed export kind ${number}`);
    const index = bytes.u32();
    if (index >= spaces[number]!.length) bytes.fail(`unknown ${kind} ${index}`);
    if (names.has(name)) bytes.fail(`duplicate export name ${JSON.stringify(name)}`);
    names.add(name);
    context.exports.push({ name, kind, index });
  }
}

function readStart(bytes: Bytes, context: ModuleContext): void {
  const index = bytes.u32();
  const fn = context.functions[index];
  if (fn === undefined) bytes.fail(`unknown function ${index}`);
  if (fn.type.parameters.length + fn.type.results.length > 0)
    bytes.fail('start function must take and give nothing');
  context.start = index;
}

function readCode(bytes: Bytes, context: ModuleContext): void {
  const count = bytes.count();
  const first = context.imported.functions;
  if (first + count !== context.functions.length)
    bytes.fail('function and code section have inconsistent lengths');
  for (let i = 0; i < count; i++) {
    const size = bytes.u32();
    const start = bytes.skip(size);
    const fn = context.functions[first + i]!;
    const body = decodeBody(new Bytes(bytes.data, start, start + size), valueType);
    validateBody(context, fn, body);
    context.functions[first + i] = { ...fn, body };
  }
  context.bodies = count;
}

function readData(bytes: Bytes, context: ModuleContext): void {
  for (let count = bytes.count(); count > 0; count--) {
    const flag = bytes.u32();
    if (flag > 2) bytes.fail(`malformed data segment flag ${flag}`);
    if (flag === 2) {
      const memory = bytes.u32();
      if (memory !== 0) bytes.fail(`unknown memory ${memory}`);
    }
    let mode: SegmentMode = { kind: 'passive' };
    if (flag !== 1) {
      if (context.memories.length === 0) bytes.fail('unknown memory 0');
      mode = { kind: 'active', offset: offsetExpression(bytes, context) };
    }
    const size = bytes.u32();
    const start = bytes.skip(size);
    context.data.push({ mode, bytes: bytes.data.subarray(start, start + size) });
  }
}
