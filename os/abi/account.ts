/**
 * What an account counts, in the order of CALL_SPACE_CREATE's arguments. A limit given to a new space is
 * taken from its creator's until the new space and everything charged to it are gone.
 */

/** Physical pages: memory, page tables, handle tables. */
export const RESOURCE_PAGES: u32 = 0;
export const RESOURCE_HANDLES: u32 = 1;
export const RESOURCE_THREADS: u32 = 2;
export const RESOURCE_PORTS: u32 = 3;
export const RESOURCE_MEMORIES: u32 = 4;
/** Timers and watches. */
export const RESOURCE_TIMERS: u32 = 5;
export const RESOURCE_SPACES: u32 = 6;
export const RESOURCES: u32 = 7;

/** Not a resource with a limit: the processor time that the space has used, in cycles. */
export const RESOURCE_CYCLES: u32 = 7;

/** How a space ended (CALL_SPACE_STATUS). */
export const EXIT_LIVES: u32 = 0;
export const EXIT_STATUS: u32 = 1;
export const EXIT_KILLED: u32 = 2;
/** By an exception: word is scause, then pc and stval. */
export const EXIT_FAULT: u32 = 3;
