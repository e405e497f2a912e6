/**
 * Live ranges: sorted lists of half-open intervals [start, end), flat in one array: start, end, start, end…
 *
 * Instruction number i reads at position 2i and writes at 2i + 1; a register read last at i and another
 * written there do not overlap. Intervals that touch are one.
 */

export type Ranges = number[];

export function overlap(a: Ranges, b: Ranges): boolean {
  let i = 0;
  let j = 0;
  if (a.length === 0 || b.length === 0) return false;
  if (a.length > 16 * b.length) i = firstEndingAfter(a, b[0]!);
  else if (b.length > 16 * a.length) j = firstEndingAfter(b, a[0]!);
  while (i < a.length && j < b.length) {
    if (a[i + 1]! <= b[j]!) i += 2;
    else if (b[j + 1]! <= a[i]!) j += 2;
    else return true;
  }
  return false;
}

/** Index of the first interval that ends behind `position`. */
export function firstEndingAfter(ranges: Ranges, position: number): number {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** The union. */
export function merge(a: Ranges, b: Ranges): Ranges {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const result: Ranges = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const start = fromA ? a[i]! : b[j]!;
    const end = fromA ? a[i + 1]! : b[j + 1]!;
    if (fromA) i += 2;
    else j += 2;
    const last = result.length - 1;
    if (last > 0 && start <= result[last]!) result[last] = Math.max(result[last]!, end);
    else result.push(start, end);
  }
  return result;
}

/** How many positions they cover. */
export function extent(ranges: Ranges): number {
  let total = 0;
  for (let i = 0; i < ranges.length; i += 2) total += ranges[i + 1]! - ranges[i]!;
  return total;
}
