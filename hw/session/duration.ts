/**
 * Simulated time as people write and read it.
 *
 *     nanoseconds('5ms')  →  5_000_000          nanoseconds(250) → 250, which is nanoseconds already
 *     timeText(1_234_567_890)  →  '1.234567890 s'
 *     briefTime(5_000_000)     →  '5 ms'
 */

/** Nanoseconds, or a number with its unit: '250ns' '10us' '5ms' '1.5s' '2min'. */
export type Duration = number | string;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  µs: 1_000,
  ms: 1_000_000,
  s: 1_000_000_000,
  min: 60_000_000_000,
};

/** Throws an error of one line for what is no duration. */
export function nanoseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isSafeInteger(duration) && duration >= 0) return duration;
    throw new Error(`${duration} is not a time: give whole nanoseconds from 0`);
  }
  const match = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*(ns|us|µs|ms|s|min)\s*$/.exec(duration);
  if (match === null) throw new Error(`"${duration}" is not a time: write for example 250us, 5ms or 1.5s`);
  return Math.round(Number(match[1]) * UNITS[match[2]!]!);
}

/** Seconds to the nanosecond. */
export function timeText(ns: number): string {
  const seconds = Math.floor(ns / UNITS['s']!);
  return `${seconds}.${String(ns % UNITS['s']!).padStart(9, '0')} s`;
}

/** In the largest unit that leaves a number of at least one, to three digits. */
export function briefTime(ns: number): string {
  const unit = ['s', 'ms', 'µs'].find(name => ns >= UNITS[name]!) ?? 'ns';
  const value = ns / UNITS[unit]!;
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
}
