/**
 * The names of the integer registers (RISC-V psABI 1.0, chapter "Integer Register Convention").
 *
 *     x0 zero    x1 ra      x2 sp      x3 gp      x4 tp      x5–x7 t0–t2
 *     x8 s0, fp  x9 s1      x10–x17 a0–a7         x18–x27 s2–s11     x28–x31 t3–t6
 *
 * Saved over a call by who is called: sp, s0–s11. The others may have changed after it.
 */

/** By number. */
// biome-ignore format: a table
export const REGISTER_NAMES: readonly string[] = [
  'zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5',
  'a6', 'a7', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6',
];
