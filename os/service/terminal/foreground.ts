/**
 * Who is in the foreground, and the signals that go to process groups: those who have to be told are in a
 * short queue until the thread that tells the process service comes for the next.
 */

const SIGNALS: u32 = 16;
const ENTRY_SHIFT: u32 = 3;

const queue = memory.data(128, 4);
/** Signals ever queued and taken. */
let queued: u32 = 0;
let taken: u32 = 0;
/** 0 for none: then nobody is in the background. */
let foreground: u32 = 0;

export function foregroundGroup(): u32 {
  return foreground;
}

export function setForegroundGroup(group: u32): void {
  foreground = group;
}

/** Group 0 is a caller who does not say. */
export function isInBackground(group: u32): bool {
  return group !== 0 && foreground !== 0 && group !== foreground;
}

/** The group gets the signal. Where nobody comes for them, the oldest stay. */
export function signalGroup(group: u32, signal: u32): void {
  if (group === 0 || queued - taken === SIGNALS) return;
  const at = queue + ((queued & (SIGNALS - 1)) << ENTRY_SHIFT);
  store<u32>(at, group);
  store<u32>(at, signal, 4);
  queued += 1;
}

export function hasSignal(): bool {
  return queued !== taken;
}

/** The group of the oldest signal. */
export function signalledGroup(): u32 {
  return load<u32>(queue + ((taken & (SIGNALS - 1)) << ENTRY_SHIFT));
}

export function signalOfGroup(): u32 {
  return load<u32>(queue + ((taken & (SIGNALS - 1)) << ENTRY_SHIFT), 4);
}

export function signalTold(): void {
  taken += 1;
}
