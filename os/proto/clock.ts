/**
 * The time of day. Intervals are measured by the `time` register instead, which nobody sets.
 */

/** @contract 5 */
export interface Clock {
  /** @idempotent */
  now(): Instant;
  /** Nanoseconds since 1970-01-01 00:00 UTC. */
  set(nanoseconds: u64): void;
}

//@unmanaged
export class Instant {
  /** Since 1970-01-01 00:00 UTC. */
  nanoseconds: u64 = 0;
}
