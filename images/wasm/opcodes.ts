/**
 * The instructions of WebAssembly that are supported: number, name, immediates, and for those that only
 * take and give values their signature (`ii:i`; i, I, f, F for i32, i64, f32, f64).
 *
 * Core specification 1.1, section 5.4 and the index of instructions; bulk memory and non-trapping
 * conversions have the prefix 0xfc, written here as 0xfcNN.
 */

export type Immediates =
  | 'none'
  | 'block'
  | 'index'
  | 'indirect'
  | 'table'
  | 'memory'
  | 'constant'
  | 'special';

export interface Opcode {
  readonly code: number;
  readonly name: string;
  readonly immediates: Immediates;
  /** Undefined where validation is special. */
  readonly signature: string | undefined;
}

const INTEGER_BINARY = 'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';
const INTEGER_COMPARE = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const FLOAT_UNARY = 'abs neg ceil floor trunc nearest sqrt';
const FLOAT_COMPARE = 'eq ne lt gt le ge';

/** Several instructions with one signature each, written once for a type and its letter. */
const each = (names: string, type: string, signature: string) =>
  names.replace(/\w+/g, name => `${type}.${name}=${signature}`);
const integer = (type: string, i: string) =>
  `${each('clz ctz popcnt', type, `${i}:${i}`)} ${each(INTEGER_BINARY, type, `${i}${i}:${i}`)}`;
const float = (type: string, f: string) =>
  `${each(FLOAT_UNARY, type, `${f}:${f}`)} ${each('add sub mul div min max copysign', type, `${f}${f}:${f}`)}`;

/** The first instruction's number, the immediates of all, `name=signature` of each in the order of the numbers. */
// biome-ignore format: a table
const ROWS: readonly (readonly [number, Immediates, string])[] = [
  [0x00, 'none', 'unreachable nop=:'],
  [0x02, 'block', 'block loop if'],
  [0x05, 'none', 'else'],
  [0x0b, 'none', 'end'],
  [0x0c, 'index', 'br br_if'],
  [0x0e, 'table', 'br_table'],
  [0x0f, 'none', 'return'],
  [0x10, 'index', 'call'],
  [0x11, 'indirect', 'call_indirect'],
  [0x1a, 'none', 'drop select'],
  [0x20, 'index', 'local.get local.set local.tee global.get global.set'],
  [0x28, 'memory', 'i32.load=i:i i64.load=i:I f32.load=i:f f64.load=i:F'],
  [0x2c, 'memory', 'i32.load8_s=i:i i32.load8_u=i:i i32.load16_s=i:i i32.load16_u=i:i'],
  [0x30, 'memory', each('load8_s load8_u load16_s load16_u load32_s load32_u', 'i64', 'i:I')],
  [0x36, 'memory', 'i32.store=ii: i64.store=iI: f32.store=if: f64.store=iF:'],
  [0x3a, 'memory', 'i32.store8=ii: i32.store16=ii: i64.store8=iI: i64.store16=iI: i64.store32=iI:'],
  [0x3f, 'special', 'memory.size=:i memory.grow=i:i'],
  [0x41, 'constant', 'i32.const=:i i64.const=:I f32.const=:f f64.const=:F'],
  [0x45, 'none', `i32.eqz=i:i ${each(INTEGER_COMPARE, 'i32', 'ii:i')}`],
  [0x50, 'none', `i64.eqz=I:i ${each(INTEGER_COMPARE, 'i64', 'II:i')}`],
  [0x5b, 'none', each(FLOAT_COMPARE, 'f32', 'ff:i')],
  [0x61, 'none', each(FLOAT_COMPARE, 'f64', 'FF:i')],
  [0x67, 'none', integer('i32', 'i')],
  [0x79, 'none', integer('i64', 'I')],
  [0x8b, 'none', float('f32', 'f')],
  [0x99, 'none', float('f64', 'F')],
  [0xa7, 'none', 'i32.wrap_i64=I:i i32.trunc_f32_s=f:i i32.trunc_f32_u=f:i i32.trunc_f64_s=F:i i32.trunc_f64_u=F:i'],
  [0xac, 'none', 'i64.extend_i32_s=i:I i64.extend_i32_u=i:I'],
  [0xae, 'none', 'i64.trunc_f32_s=f:I i64.trunc_f32_u=f:I i64.trunc_f64_s=F:I i64.trunc_f64_u=F:I'],
  [0xb2, 'none', 'f32.convert_i32_s=i:f f32.convert_i32_u=i:f f32.convert_i64_s=I:f f32.convert_i64_u=I:f'],
  [0xb6, 'none', 'f32.demote_f64=F:f'],
  [0xb7, 'none', 'f64.convert_i32_s=i:F f64.convert_i32_u=i:F f64.convert_i64_s=I:F f64.convert_i64_u=I:F'],
  [0xbb, 'none', 'f64.promote_f32=f:F'],
  [0xbc, 'none', 'i32.reinterpret_f32=f:i i64.reinterpret_f64=F:I f32.reinterpret_i32=i:f f64.reinterpret_i64=I:F'],
  [0xc0, 'none', 'i32.extend8_s=i:i i32.extend16_s=i:i i64.extend8_s=I:I i64.extend16_s=I:I i64.extend32_s=I:I'],
  [0xfc00, 'none', each('trunc_sat_f32_s trunc_sat_f32_u', 'i32', 'f:i')],
  [0xfc02, 'none', each('trunc_sat_f64_s trunc_sat_f64_u', 'i32', 'F:i')],
  [0xfc04, 'none', each('trunc_sat_f32_s trunc_sat_f32_u', 'i64', 'f:I')],
  [0xfc06, 'none', each('trunc_sat_f64_s trunc_sat_f64_u', 'i64', 'F:I')],
  [0xfc08, 'special', 'memory.init=iii:'],
  [0xfc09, 'index', 'data.drop=:'],
  [0xfc0a, 'special', 'memory.copy=iii: memory.fill=iii: table.init=iii:'],
  [0xfc0d, 'index', 'elem.drop=:'],
  [0xfc0e, 'special', 'table.copy=iii:'],
];

export const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  ROWS.flatMap(([first, immediates, row]) =>
    row.split(' ').map((text, i) => {
      const [name = '', signature] = text.split('=');
      return [first + i, { code: first + i, name, immediates, signature }] as const;
    }),
  ),
);

export const Op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  call_indirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  global_get: 0x23,
  global_set: 0x24,
  memory_size: 0x3f,
  memory_grow: 0x40,
  i32_const: 0x41,
  i64_const: 0x42,
  f32_const: 0x43,
  f64_const: 0x44,
  memory_init: 0xfc08,
  data_drop: 0xfc09,
  memory_copy: 0xfc0a,
  memory_fill: 0xfc0b,
  table_init: 0xfc0c,
  elem_drop: 0xfc0d,
  table_copy: 0xfc0e,
} as const;

/** What an unsupported first byte (or 0xfcNN) belongs to, for the error message. */
export function unsupportedFeature(code: number): string | undefined {
  if (code === 0x12 || code === 0x13) return 'tail calls';
  if (code === 0x14 || code === 0x15) return 'typed function references';
  if ((code >= 0x06 && code <= 0x0a) || code === 0x18 || code === 0x19 || code === 0x1f)
    return 'exception handling';
  if (code === 0x1c || code === 0x25 || code === 0x26 || (code >= 0xd0 && code <= 0xd2))
    return 'reference types';
  if (code >= 0xfc0f && code <= 0xfc11) return 'reference types';
  if (code >= 0xfc13 && code <= 0xfc16) return 'wide arithmetic';
  if (code === 0xfb) return 'garbage collection';
  if (code === 0xfd) return 'vector instructions';
  if (code === 0xfe) return 'threads';
  return undefined;
}

/** log2 of the bytes that a load or store accesses. */
export function accessSizeLog2(code: number): number {
  return [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2][code - 0x28]!;
}
