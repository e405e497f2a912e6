/**
 * How large a cluster net is made for, and its clocks. Times are milliseconds of the service's own ticks.
 *
 * A neighbour that was not heard for SILENCE_MS is gone; a wire that loses its carrier is gone at once. Of a hundred
 * frames that are lost one by one, a hello and the four questions and answers after it are one in 10^9.
 */
import { THREADS_MAX } from '../../abi/limits.ts';

/** Node numbers are 0 … NODES_MAX − 1. */
export const NODES_MAX: u32 = 64;
/** Network interfaces of one node. */
export const PORTS_MAX: u32 = 4;
/** As a destination: everybody. */
export const EVERYBODY: u32 = 0xffff;

/** Who is watched hears, and is heard, so often. */
export const HELLO_MS: u32 = 36;
/**
 * So many neighbours hear a node in every round of hellos, which suffices to notice that it is gone; the others do
 * once in so many rounds, and are told by those when it is in doubt.
 */
export const LISTENERS: u32 = 2;
export const SLOW_ROUNDS: u32 = 4;
/** Who was not heard for so long is asked, and again so much later. */
export const DOUBT_MS: u32 = 38;
export const ASK_MS: u32 = 2;
/** After so long others are told of the doubt. */
export const ALARM_MS: u32 = 42;
export const SILENCE_MS: u32 = 46;
/** Of a crowd everybody hears all others once in so many hellos, and forgets whom nobody watches after so long. */
export const HELLOS_TO_ALL: u32 = 64;
export const UNWATCHED_MS: u32 = 5000;
/** A node says its links anew at least so often, and at once when they change. */
export const REFRESH_MS: u32 = 10_000;
/** What was not said anew for this long is forgotten. */
export const AGE_MAX_MS: u32 = 35_000;
/** How long after one has sent a neighbour all that it knows, before it does so again. */
export const RESEND_MS: u32 = 15;
/** Calls of this node's to others: as many as there can be threads. */
export const CALLS_MAX: u32 = THREADS_MAX;
/** Requests of other nodes that are under way at a time. */
export const SERVICES_MAX: u32 = 32;
/** Stations between source and destination, at most. */
export const HOPS_MAX: u32 = 32;
