/**
 * Sizes that the file service chooses for itself: memory, batches, how much a single operation may take.
 * What is on the disk does not depend on them; volumes of any of them can be read with others.
 */

/** Blocks that one operation may take at most before the next root; the most is a rename's, some 40. */
export const OPERATION_BLOCKS_MAX: u32 = 48;
/**
 * Blocks that nothing may fill, so that files can be removed from a full volume: whatever is changed is
 * written to a new block first.
 */
export const RESERVED_BLOCKS: u32 = OPERATION_BLOCKS_MAX;
/** What a new name or data in a hole may cost beside itself: pointer blocks, a block of inodes. */
export const GROWTH_OF_NAME: u32 = 8;
export const GROWTH_OF_HOLE: u32 = 4;

/** Data of one write operation. */
export const WRITE_SIZE_MAX: u32 = 32_768;
/** Operations that wait for a batch; what goes beyond is written with the next root instead. */
export const BATCH_SIZE_MAX: u32 = 65_536;
/** The batch, and room for one more operation. */
export const LOG_BUFFER_SIZE: u32 = 102_400;

/** Contiguous blocks that go to or come from the disk in one request. */
export const RUN_BLOCKS_MAX: u32 = 16;
/** Blocks touched last that the cache keeps whatever comes: an address is good until so many others are touched. */
export const RECENT_BLOCKS: u32 = 32;
/** Memory of the smallest cache: 128 blocks, those on their way, and what it needs to find them. */
export const CACHE_SIZE_MIN: u32 = 163_840 + 524_288;

/** The smallest volume: system blocks, the reserve, and something to use. */
export const VOLUME_BLOCKS_MIN: u32 = 128;
export const LOG_BLOCKS_MIN: u32 = 16;
export const LOG_BLOCKS_MAX: u32 = 256;
/** The log's share of a volume: 1 / 2^n. */
export const LOG_SHIFT: u32 = 5;
/** What must be zero for a disk to count as blank: this at the start, and the last two blocks. */
export const BLANK_BLOCKS: u32 = 256;
