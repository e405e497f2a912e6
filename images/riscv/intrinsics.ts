/**
 * The machine intrinsics: imports from the module `rv`, expanded in place.
 *
 * Signatures are WebAssembly's, one letter a parameter: `i` an i32, `c` an i32 that must be a constant. The
 * last column is what an expansion does to memory as the optimiser sees it:
 *
 *     pure      a register only: may be removed when unused, is never moved over another intrinsic
 *     effect    stays in its place among other effects; plain loads and stores may move across
 *     barrier   nothing moves across
 *     call      a barrier that also loses every caller-saved register (as a call does)
 *     switch    a barrier that loses every register but sp, gp and tp
 *
 * `ecallN(a7, a0, …)` gives a0; directly behind it `ecall_result(n)` gives what the call left in register an.
 * `switch_context(from, to)` stores the resume address and sp to the two words at `from`, and goes on with
 * those at `to`; a new context's two words are its entry and its stack's top.
 * `hint` and `hint_value` are `slti x0, x0, n` and `sltiu x0, value, n`: no effect on any machine, seen by traces.
 * `code_address(index)` is the address of the code behind a function-table entry.
 * `unlikely` is no instruction: where it stands, what comes before it since the last branch, and what only comes
 * of it, hardly ever runs (ssa/order.ts).
 */

export type IntrinsicEffect = 'pure' | 'effect' | 'barrier' | 'call' | 'switch';

export interface Intrinsic {
  readonly parameters: string;
  readonly result: 'i' | '';
  readonly effect: IntrinsicEffect;
}

function row(signature: string, effect: IntrinsicEffect): Intrinsic {
  const [parameters = '', result = ''] = signature.split(':');
  return { parameters, result: result === 'i' ? 'i' : '', effect };
}

export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map([
  ['csr_read', row('c:i', 'effect')],
  ['csr_write', row('ci:', 'barrier')],
  ['csr_swap', row('ci:i', 'barrier')],
  ['csr_set', row('ci:', 'barrier')],
  ['csr_clear', row('ci:', 'barrier')],
  ['csr_read_set', row('ci:i', 'barrier')],
  ['csr_read_clear', row('ci:i', 'barrier')],

  // Volatile: each executes exactly once, in order, with exactly this width. Loads of 8 and 16 bits are unsigned.
  ['load8', row('i:i', 'effect')],
  ['load16', row('i:i', 'effect')],
  ['load32', row('i:i', 'effect')],
  ['store8', row('ii:', 'effect')],
  ['store16', row('ii:', 'effect')],
  ['store32', row('ii:', 'effect')],

  ['ecall0', row('i:i', 'call')],
  ['ecall1', row('ii:i', 'call')],
  ['ecall2', row('iii:i', 'call')],
  ['ecall3', row('iiii:i', 'call')],
  ['ecall4', row('iiiii:i', 'call')],
  ['ecall5', row('iiiiii:i', 'call')],
  ['ecall6', row('iiiiiii:i', 'call')],
  ['ecall7', row('iiiiiiii:i', 'call')],
  ['ecall_result', row('c:i', 'pure')],

  ['wfi', row(':', 'barrier')],
  ['fence', row(':', 'barrier')],
  ['fence_i', row(':', 'barrier')],
  ['sfence_vma', row('ii:', 'barrier')],
  ['sfence_vma_all', row(':', 'barrier')],
  /** Orders the compiler only; no instruction. */
  ['compiler_barrier', row(':', 'barrier')],

  // Word atomics, with acquire and release: address, value → the old value. sc gives 0 for success.
  ['lr', row('i:i', 'barrier')],
  ['sc', row('ii:i', 'barrier')],
  ['amoswap', row('ii:i', 'barrier')],
  ['amoadd', row('ii:i', 'barrier')],
  ['amoxor', row('ii:i', 'barrier')],
  ['amoand', row('ii:i', 'barrier')],
  ['amoor', row('ii:i', 'barrier')],
  ['amomin', row('ii:i', 'barrier')],
  ['amomax', row('ii:i', 'barrier')],
  ['amominu', row('ii:i', 'barrier')],
  ['amomaxu', row('ii:i', 'barrier')],

  ['sp', row(':i', 'effect')],
  ['set_sp', row('i:', 'barrier')],
  ['tp', row(':i', 'effect')],
  ['set_tp', row('i:', 'barrier')],
  ['gp', row(':i', 'effect')],
  ['switch_context', row('ii:', 'switch')],
  ['code_address', row('i:i', 'pure')],

  /** An illegal instruction, and a breakpoint. */
  ['trap', row(':', 'barrier')],
  ['breakpoint', row(':', 'barrier')],
  ['unlikely', row(':', 'effect')],
  ['hint', row('c:', 'effect')],
  ['hint_value', row('ci:', 'effect')],
]);
