/**
 * Registers and the calling convention: the psABI's ilp32, said in words of 32 bits.
 *
 *     x0 zero  x1 ra  x2 sp  x3 gp  x4 tp
 *     x5–7 t0–2   x28–31 t3–6     scratch, lost over calls
 *     x8–9 s0–1   x18–27 s2–11    kept over calls
 *     x10–17 a0–7                 arguments and results, lost over calls
 *
 * A value of 64 bits is two words, low word first; every value that is not wide is one. Arguments are the
 * words in their order: the first eight in a0–a7, the rest packed on the stack from sp upwards (a wide value
 * may be split between a7 and the stack, and is not aligned there: the one difference to the psABI, which
 * aligns it to eight bytes). Results are likewise the words in their order, in a0–a7, then on the stack
 * behind the stack arguments, in room that the caller made; one value or two words are as in C.
 * sp is a multiple of 16. t6 is the code generator's own scratch register and never holds a value.
 */

export const ZERO = 0;
export const RA = 1;
export const SP = 2;
export const GP = 3;
export const TP = 4;
export const T0 = 5;
export const A0 = 10;
export const A7 = 17;
export const SCRATCH = 31;

export const ARGUMENT_REGISTERS: readonly number[] = [10, 11, 12, 13, 14, 15, 16, 17];

/** Lost over a call, in the order of preference: those that compressed instructions reach come first. */
export const CALLER_SAVED: readonly number[] = [15, 14, 13, 12, 11, 10, 16, 17, 5, 6, 7, 28, 29, 30];
export const CALLEE_SAVED: readonly number[] = [8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27];

export const STACK_ALIGNMENT = 16;
