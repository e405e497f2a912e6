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

export const OPCODES: ReadonlyMap<number, Opcode> = buildTable();

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

function buildTable(): Map<number, Opcode> {
  const table = new Map<number, Opcode>();
  const add = (code: number, immediates: Immediates, rows: string) => {
    for (const row of rows.trim().split(/\s+/)) {
      const [name = '', signature] = row.split('=');
      table.set(code, { code, name, immediates, signature });
      code++;
    }
  };
  add(0x00, 'none', 'unreachable nop=:');
  add(0x02, 'block', 'block loop if');
  add(0x05, 'none', 'else');
  add(0x0b, 'none', 'end');
  add(0x0c, 'index', 'br br_if');
  add(0x0e, 'table', 'br_table');
  add(0x0f, 'none', 'return');
  add(0x10, 'index', 'call');
  add(0x11, 'indirect', 'call_indirect');
  add(0x1a, 'none', 'drop select');
  add(0x20, 'index', 'local.get local.set local.tee global.get global.set');
  add(0x28, 'memory', 'i32.load=i:i i64.load=i:I f32.load=i:f f64.load=i:F');
  add(0x2c, 'memory', 'i32.load8_s=i:i i32.load8_u=i:i i32.load16_s=i:i i32.load16_u=i:i');
  add(
    0x30,
    'memory',
    'i64.load8_s=i:I i64.load8_u=i:I i64.load16_s=i:I i64.load16_u=i:I i64.load32_s=i:I i64.load32_u=i:I',
  );
  add(0x36, 'memory', 'i32.store=ii: i64.store=iI: f32.store=if: f64.store=iF:');
  add(0x3a, 'memory', 'i32.store8=ii: i32.store16=ii: i64.store8=iI: i64.store16=iI: i64.store32=iI:');
  add(0x3f, 'special', 'memory.size=:i memory.grow=i:i');
  add(0x41, 'constant', 'i32.const=:i i64.const=:I f32.const=:f f64.const=:F');
  const compare = (type: string, letter: string) =>
    `eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u`.replace(
      /\w+/g,
      name => `${type}.${name}=${letter}${letter}:i`,
    );
  const compareFloat = (type: string, letter: string) =>
    `eq ne lt gt le ge`.replace(/\w+/g, name => `${type}.${name}=${letter}${letter}:i`);
  add(0x45, 'none', `i32.eqz=i:i ${compare('i32', 'i')} i64.eqz=I:i ${compare('i64', 'I')}`);
  add(0x5b, 'none', `${compareFloat('f32', 'f')} ${compareFloat('f64', 'F')}`);
  const integer = (type: string, letter: string) =>
    'clz ctz popcnt'.replace(/\w+/g, name => `${type}.${name}=${letter}:${letter}`) +
    ' ' +
    'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr'.replace(
      /\w+/g,
      name => `${type}.${name}=${letter}${letter}:${letter}`,
    );
  const float = (type: string, letter: string) =>
    'abs neg ceil floor trunc nearest sqrt'.replace(/\w+/g, name => `${type}.${name}=${letter}:${letter}`) +
    ' ' +
    'add sub mul div min max copysign'.replace(
      /\w+/g,
      name => `${type}.${name}=${letter}${letter}:${letter}`,
    );
  add(
    0x67,
    'none',
    `${integer('i32', 'i')} ${integer('i64', 'I')} ${float('f32', 'f')} ${float('f64', 'F')}`,
  );
  add(
    0xa7,
    'none',
    'i32.wrap_i64=I:i i32.trunc_f32_s=f:i i32.trunc_f32_u=f:i i32.trunc_f64_s=F:i i32.trunc_f64_u=F:i',
  );
  add(0xac, 'none', 'i64.extend_i32_s=i:I i64.extend_i32_u=i:I');
  add(0xae, 'none', 'i64.trunc_f32_s=f:I i64.trunc_f32_u=f:I i64.trunc_f64_s=F:I i64.trunc_f64_u=F:I');
  add(
    0xb2,
    'none',
    'f32.convert_i32_s=i:f f32.convert_i32_u=i:f f32.convert_i64_s=I:f f32.convert_i64_u=I:f f32.demote_f64=F:f',
  );
  add(
    0xb7,
    'none',
    'f64.convert_i32_s=i:F f64.convert_i32_u=i:F f64.convert_i64_s=I:F f64.convert_i64_u=I:F f64.promote_f32=f:F',
  );
  add(
    0xbc,
    'none',
    'i32.reinterpret_f32=f:i i64.reinterpret_f64=F:I f32.reinterpret_i32=i:f f64.reinterpret_i64=I:F',
  );
  add(
    0xc0,
    'none',
    'i32.extend8_s=i:i i32.extend16_s=i:i i64.extend8_s=I:I i64.extend16_s=I:I i64.extend32_s=I:I',
  );
  add(
    0xfc00,
    'none',
    'i32.trunc_sat_f32_s=f:i i32.trunc_sat_f32_u=f:i i32.trunc_sat_f64_s=F:i i32.trunc_sat_f64_u=F:i',
  );
  add(
    0xfc04,
    'none',
    'i64.trunc_sat_f32_s=f:I i64.trunc_sat_f32_u=f:I i64.trunc_sat_f64_s=F:I i64.trunc_sat_f64_u=F:I',
  );
  add(0xfc08, 'special', 'memory.init=iii:');
  add(0xfc09, 'index', 'data.drop=:');
  add(0xfc0a, 'special', 'memory.copy=iii: memory.fill=iii: table.init=iii:');
  add(0xfc0d, 'index', 'elem.drop=:');
  add(0xfc0e, 'special', 'table.copy=iii:');
  return table;
}

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
