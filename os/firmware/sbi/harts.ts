/**
 * Sets of harts as SBI calls name them: a mask of bits and the hart of its bit 0, or a base of all ones
 * for every hart (SBI 2.0, chapter 3). This machine has hart 0 alone.
 */

const ALL: u32 = 0xffff_ffff;

/** Whether the set names no hart that is not there. */
export function areHarts(mask: u32, base: u32): bool {
  if (base === ALL || mask === 0) return true;
  return base === 0 && mask === 1;
}

/** Whether hart 0, the caller, is in a set that `areHarts` accepted. */
export function isCallerIn(mask: u32, base: u32): bool {
  return base === ALL || mask !== 0;
}
