/**
 * The functions that translated code calls without the module naming them: floating point, the divisions
 * of i64, memory and table operations, traps. Some object named `runtime` must export them, so that their
 * symbols are `runtime.<name>`.
 *
 * Signatures are written  arguments:results  with one letter a value:
 *
 *     w  a word: i32, an address, or the bits of an f32
 *     d  a double word: i64 or the bits of an f64, two registers, low word first
 *
 * in the ilp32 calling convention of calling-convention.ts. A module in which the front end declares f32 as
 * u32 and f64 as u64 has exactly these signatures. Descriptors are addresses of what data-sections.ts lays
 * out. Functions with the word "traps" in their row end in a trap instead of returning; in profiles without
 * the bounds of memory operations the runtime may leave the checks out.
 */

export const RUNTIME_FUNCTIONS = {
  f32_add: 'ww:w',
  f32_sub: 'ww:w',
  f32_mul: 'ww:w',
  f32_div: 'ww:w',
  f32_sqrt: 'w:w',
  f32_min: 'ww:w',
  f32_max: 'ww:w',
  f32_ceil: 'w:w',
  f32_floor: 'w:w',
  f32_trunc: 'w:w',
  f32_nearest: 'w:w',
  // Comparisons give 1 or 0, and 0 where an operand is a NaN; ne, gt and ge are made of these.
  f32_eq: 'ww:w',
  f32_lt: 'ww:w',
  f32_le: 'ww:w',

  f64_add: 'dd:d',
  f64_sub: 'dd:d',
  f64_mul: 'dd:d',
  f64_div: 'dd:d',
  f64_sqrt: 'd:d',
  f64_min: 'dd:d',
  f64_max: 'dd:d',
  f64_ceil: 'd:d',
  f64_floor: 'd:d',
  f64_trunc: 'd:d',
  f64_nearest: 'd:d',
  f64_eq: 'dd:w',
  f64_lt: 'dd:w',
  f64_le: 'dd:w',

  f32_convert_i32_s: 'w:w',
  f32_convert_i32_u: 'w:w',
  f32_convert_i64_s: 'd:w',
  f32_convert_i64_u: 'd:w',
  f64_convert_i32_s: 'w:d',
  f64_convert_i32_u: 'w:d',
  f64_convert_i64_s: 'd:d',
  f64_convert_i64_u: 'd:d',
  f32_demote_f64: 'd:w',
  f64_promote_f32: 'w:d',

  // traps: invalid_conversion for a NaN, integer_overflow out of range
  i32_trunc_f32_s: 'w:w',
  i32_trunc_f32_u: 'w:w',
  i32_trunc_f64_s: 'd:w',
  i32_trunc_f64_u: 'd:w',
  i64_trunc_f32_s: 'w:d',
  i64_trunc_f32_u: 'w:d',
  i64_trunc_f64_s: 'd:d',
  i64_trunc_f64_u: 'd:d',
  i32_trunc_sat_f32_s: 'w:w',
  i32_trunc_sat_f32_u: 'w:w',
  i32_trunc_sat_f64_s: 'd:w',
  i32_trunc_sat_f64_u: 'd:w',
  i64_trunc_sat_f32_s: 'w:d',
  i64_trunc_sat_f32_u: 'w:d',
  i64_trunc_sat_f64_s: 'd:d',
  i64_trunc_sat_f64_u: 'd:d',

  // The translated code has already dealt with a divisor of zero and with overflow where they trap; else
  // as RISC-V's own division: quotient all ones or the dividend, remainder the dividend or 0.
  i64_div_s: 'dd:d',
  i64_div_u: 'dd:d',
  i64_rem_s: 'dd:d',
  i64_rem_u: 'dd:d',

  // Pages of 64 KiB. memory_grow gives the old size, or -1.
  memory_size: ':w',
  memory_grow: 'w:w',
  // destination, source, count · destination, byte, count — traps: memory_bounds, before anything is written
  memory_copy: 'www:',
  memory_fill: 'www:',
  // destination, offset in the segment, count, descriptor — traps: memory_bounds
  memory_init: 'wwww:',
  // destination, source, count, destination table, source table — traps: table_bounds
  table_copy: 'wwwww:',
  // destination, offset in the segment, count, table, descriptor — traps: table_bounds
  table_init: 'wwwww:',

  // Never return. `ra` points behind the call, into the function that trapped.
  trap_divide_by_zero: ':',
  trap_integer_overflow: ':',
  trap_table_bounds: ':',
  trap_indirect_type: ':',
  trap_memory_bounds: ':',
} as const;

export type RuntimeFunction = keyof typeof RUNTIME_FUNCTIONS;

export function runtimeSymbol(name: RuntimeFunction): string {
  return `runtime.${name}`;
}
