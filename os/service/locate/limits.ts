/**
 * How much the locate service has room for, and its clocks in beats of 0.8 ms (time.ts).
 */

/** Node numbers are 0 … NODES_MAX − 1: sets of nodes are the bits of a u64. */
export const NODES_MAX: u32 = 64;
/** Resources that this node has, and those of it that have gone and are not told everywhere yet. */
export const OWN_MAX: u32 = 128;
/** Rows about other nodes' resources: a power of two, of which three quarters may be used. */
export const ROWS_MAX: u32 = 4096;
/** Places found lately: a power of two. */
export const HINTS_MAX: u32 = 256;
/** Searches at a time. */
export const SEARCHES_MAX: u32 = 64;

/** What was not answered is said again, and then after twice as long each time: who is slow is not to be flooded. */
export const REPEAT_BEATS: u32 = 24;
export const REPEAT_MAX_BEATS: u32 = 192;
/** A keeper that does not know all yet is asked again so soon. */
export const SOON_BEATS: u32 = 2;
/** How long after its start a service may take to bind what it has, and after this one's to bind it again. */
export const BINDING_BEATS: u32 = 64;
/** How long a search may take in all. */
export const SEARCH_BEATS: u32 = 3600;
/** Within this time the new holder has told everybody what became of a resource that has left. */
export const SETTLE_BEATS: u32 = 600;
/** How often a search follows places that turn out wrong before it takes the resource to be gone. */
export const WRONG_MAX: u32 = 16;
/** And how many of these in a row may be what holders say of each other. */
export const MOVES_MAX: u32 = 8;
/** Rounds of a search, at most: the last one asks everybody who is left. */
export const ROUNDS_MAX: u32 = 9;
