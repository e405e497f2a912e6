/**
 * Why the last thing did not happen. Functions that give an address, a block or an inode give 0 where they
 * cannot; the reason is here until it is read. Nothing on the way goes on after a 0.
 */

let reason: i32 = 0;

/** Gives 0, for `return refuse(ERROR_…)`. */
export function refuse(error: i32): u32 {
  reason = error;
  return 0;
}

/** The reason, and there is none any more. */
export function takeFault(): i32 {
  const error = reason;
  reason = 0;
  return error;
}

export function isFaulty(): bool {
  return reason !== 0;
}
