/**
 * Sorting by a comparison that may make objects. The library's own sort keeps some elements outside the array
 * for a while, where the collector does not see them; here only numbers are moved.
 *
 *     const order = orderOf(items.length, (i, j) => compare(items[i], items[j]));    items a global
 */

/** The numbers below `count`, in order; equal ones stay as they are. */
export function orderOf(count: i32, compare: (i: i32, j: i32) => i32): i32[] {
  let order: i32[] = [];
  for (let index = 0; index < count; index++) order.push(index);
  let other: i32[] = order.slice(0);
  for (let run = 1; run < count; run *= 2) {
    for (let start = 0; start < count; start += 2 * run)
      merge(order, other, start, min(start + run, count), min(start + 2 * run, count), compare);
    const sorted = other;
    other = order;
    order = sorted;
  }
  return order;
}

function merge(
  from: i32[],
  to: i32[],
  start: i32,
  middle: i32,
  end: i32,
  compare: (i: i32, j: i32) => i32,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = left < middle && (right === end || compare(from[left], from[right]) <= 0);
    to[at] = takesLeft ? from[left++] : from[right++];
  }
}
