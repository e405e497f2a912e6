/**
 * Work of unbounded length, cut in steps: how much a step may do, and the answer that asks for another.
 */

/** Derived handles, or pages, that one step deals with. */
export const STEP_BUDGET: u32 = 64;

export const INSTRUCTION_ECALL_SIZE: u32 = 4;

/** Not an error that anybody gets: the system call is executed again. */
export const RESTART: i32 = i32.MIN_VALUE;
