/**
 * The time of day. Intervals are measured by the `time` register instead, which nobody sets.
 * Moments are nanoseconds since 1970-01-01 00:00 UTC.
 */

/** @contract 5 */
export interface Clock {
  /** @idempotent */
  now(): Instant;
  /** @idempotent */
  set(nanoseconds: u64): void;
  /**
   * Waits for a time of day, also if the clock is set meanwhile. ERROR_TOO_MANY where too many wait already.
   * @idempotent
   */
  waitUntil(nanoseconds: u64): void;
}

//@unmanaged
export class Instant {
  nanoseconds: u64 = 0;
}
