/**
 * How large a cluster net is made for, and its clocks. Times are milliseconds of the service's own ticks.
 *
 * A neighbour that was not heard for SILENCE_MS is gone; a wire that loses its carrier is gone at once.
 */

/** Node numbers are 0 … NODES_MAX − 1. */
export const NODES_MAX: u32 = 64;
/** Network interfaces of one node. */
export const PORTS_MAX: u32 = 4;
/** As a destination: everybody. */
export const EVERYBODY: u32 = 0xffff;

export const HELLO_MS: u32 = 10;
export const SILENCE_MS: u32 = 45;
/** A node says its links anew at least so often, and at once when they change. */
export const REFRESH_MS: u32 = 1000;
/** What was not said anew for this long is forgotten. */
export const AGE_MAX_MS: u32 = 3500;
/** How long after one has sent a neighbour all that it knows, before it does so again. */
export const RESEND_MS: u32 = 15;
/** Stations between source and destination, at most. */
export const HOPS_MAX: u32 = 32;
