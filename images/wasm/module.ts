/**
 * A WebAssembly module as data: what the reader gives and every later stage takes.
 *
 * Index spaces put imports first. Types are numbers as in the binary format.
 */

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const FUNCREF = 0x70;

export type ValueType = typeof I32 | typeof I64 | typeof F32 | typeof F64;

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

export interface ImportName {
  readonly module: string;
  readonly name: string;
}

export interface WasmFunction {
  readonly index: number;
  readonly typeIndex: number;
  readonly type: FunctionType;
  readonly import?: ImportName;
  readonly body?: Code;
}

export interface Table {
  readonly limits: Limits;
  readonly import?: ImportName;
}

export interface Memory {
  readonly limits: Limits;
  readonly import?: ImportName;
}

export interface Global extends GlobalType {
  readonly import?: ImportName;
  readonly initial?: ConstantExpression;
}

/** i64 and f64 constants are two words; an f32 is its bits. */
export type ConstantExpression =
  | { readonly kind: 'constant'; readonly type: ValueType; readonly low: number; readonly high: number }
  | { readonly kind: 'global'; readonly index: number };

export interface Export {
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global';
  readonly index: number;
}

export type SegmentMode =
  | { readonly kind: 'active'; readonly offset: ConstantExpression }
  | { readonly kind: 'passive' }
  | { readonly kind: 'declared' };

export interface ElementSegment {
  readonly mode: SegmentMode;
  /** Function indices; undefined is a null reference. */
  readonly functions: readonly (number | undefined)[];
}

export interface DataSegment {
  readonly mode: SegmentMode;
  readonly bytes: Uint8Array;
}

/**
 * A function's body, decoded once. Instruction i is `op[i]` (0xfcNN for the prefixed ones), with up to two
 * immediates `a[i]`, `b[i]`, and `offset[i]` its place in the module:
 *
 *     block, loop, if       a = block type: type index, or -64, -1…-4 as in the binary format
 *     br, br_if, local.*, global.*, call, data.drop, elem.drop    a = index
 *     br_table              a = index into `branchTables`, whose last target is the default
 *     call_indirect         a = type index, b = table
 *     loads and stores      a = offset, b = log2 of the alignment
 *     constants             a = low word, b = high word
 *     memory.init, table.init, table.copy    a, b = the two indices in their order
 */
export interface Code {
  readonly locals: readonly ValueType[];
  readonly count: number;
  readonly op: Uint16Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly offset: Uint32Array;
  readonly branchTables: readonly (readonly number[])[];
}

export interface CustomSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface WasmModule {
  readonly types: readonly FunctionType[];
  readonly functions: readonly WasmFunction[];
  readonly tables: readonly Table[];
  readonly memories: readonly Memory[];
  readonly globals: readonly Global[];
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  readonly dataCount: number | undefined;
  readonly custom: readonly CustomSection[];
  /** Names of functions from the name section, by index. */
  readonly functionNames: ReadonlyMap<number, string>;
}
