/**
 * How large a cluster the load service is made for, and its clocks, in milliseconds.
 */

/** Node numbers are 0 … NODES_MAX − 1. */
export const NODES_MAX: u32 = 64;

/** This node's own load is measured so often. */
export const MEASURE_MS: u32 = 250;
/** One other node is told all that is known so often, for some rounds after a change; in calm times less often. */
export const GOSSIP_MS: u32 = 250;
export const CALM_GOSSIP_MS: u32 = 4000;
export const EAGER_ROUNDS: u32 = 8;
/** So many thousandths of the processor's use, more or less, are a change. */
export const CHANGE: u32 = 50;
/** What was measured longer ago no longer counts. */
export const STALE_MS: u32 = 30_000;
