/**
 * How large a cluster the load service is made for, and its clocks, in milliseconds.
 */

/** Node numbers are 0 … NODES_MAX − 1. */
export const NODES_MAX: u32 = 64;

/** This node's own load is measured so often. */
export const MEASURE_MS: u32 = 250;
/** One other node is told all that is known so often. */
export const GOSSIP_MS: u32 = 1000;
/** What was measured longer ago no longer counts. */
export const STALE_MS: u32 = 10_000;
