/**
 * How large a cluster the member service is made for, and its clocks, in milliseconds.
 */

/** Node numbers are 0 … NODES_MAX − 1. */
export const NODES_MAX: u32 = 64;

/** How long a node that net has lost may be found again before it counts as dead. */
export const SUSPECT_MS: u32 = 10;
/** The same for one that net reaches, but that does not answer. */
export const HUNG_MS: u32 = 1500;
/** One other node is asked so often how it is: each, by somebody, about once in that time. */
export const PROBE_MS: u32 = 1000;
/** After a question without an answer the next comes so much later, then twice as much, up to AGAIN_MAX_MS. */
export const AGAIN_MS: u32 = 8;
export const AGAIN_MAX_MS: u32 = 250;
/** How many others are to ask a node that has not answered. */
export const HELPERS: u32 = 3;
/** What is wanted of a view must stay the same so long before it is proposed: one view for many changes at once. */
export const SETTLE_MS: u32 = 2;
/** Each node waits so much longer than the one before it, so that one alone proposes while all is well. */
export const RANK_MS: u32 = 8;
/** After that, and so much for each voter, a ballot without an end is tried again; then after twice as long, …. */
export const RETRY_MS: u32 = 12;
export const VOTER_MS: u32 = 1;
export const CALLS_DOUBLING: u32 = 5;
