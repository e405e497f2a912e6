/**
 * How much there is of everything: fixed pools, allocated once at boot. Accounts share them out: the first
 * space's limits are these numbers, every other space's come out of its creator's, so that a pool is never
 * empty for an account that has something left.
 */

export const SPACES_MAX: u32 = 128;
export const THREADS_MAX: u32 = 256;
export const PORTS_MAX: u32 = 1024;
export const MEMORIES_MAX: u32 = 2048;
/** Timers; as many watches, which accounts count as timers. */
export const TIMERS_MAX: u32 = 2048;
/** Handles of one space; of all spaces together in accounts. */
export const HANDLES_PER_SPACE_MAX: u32 = 1024;
export const HANDLES_MAX: u32 = SPACES_MAX * HANDLES_PER_SPACE_MAX;
/** Mapped regions of one space. */
export const REGIONS_PER_SPACE_MAX: u32 = 32;
/** Mappings of one memory, in all spaces: what happens to a page is told to each. */
export const REGIONS_PER_MEMORY_MAX: u32 = 256;
/** Sources of the PLIC, 0 counted. */
export const INTERRUPT_SOURCES: u32 = 96;

export const PRIORITIES: u32 = 32;
export const PRIORITY_MAX: u32 = PRIORITIES - 1;
/** From here on: drivers, and those who have to answer in time. */
export const PRIORITY_URGENT: u32 = 24;

/** Pages of one memory object. */
export const MEMORY_PAGES_MAX: u32 = 16_384;

/** Ticks of `time` (0.1 µs): how long a thread runs before its equals have their turn. */
export const SLICE_TICKS: u32 = 100_000;

/** Pages whose changes one call reports. */
export const CHANGES_MAX: u32 = 128;
/** Threads that wait to run are counted so far. */
export const RUNNABLE_MAX: u32 = 64;
/** Copied to or from lent memory by one call. */
export const LENT_COPY_MAX: u32 = 4096;
/** Who lends memory is told of what is delivered beyond a multiple of this, and of a first piece so large. */
export const LENT_TOLD: u32 = 8192;
export const LENT_TOLD_FIRST: u32 = 1024;
export const LOG_SIZE_MAX: u32 = 256;
/** Bytes of the log that can still be read: a power of two. */
export const LOG_KEPT: u32 = 16_384;
