/**
 * Everything that waits for a time: a binary heap of deadlines, the earliest first, of which every thread
 * and every timer can have one. Indices count from 1; a step costs at most the heap's depth.
 */
import { THREADS_MAX, TIMERS_MAX } from '../abi/limits.ts';
import { takeAtBoot } from './page.ts';
import type { Deadline } from './structures.ts';

const DEADLINES_MAX: u32 = THREADS_MAX + TIMERS_MAX;

let heap: u32 = 0;
let count: u32 = 0;

export function startDeadlines(): void {
  heap = takeAtBoot((DEADLINES_MAX + 1) << 2);
}

/** The earliest; only to be asked while there is one. */
export function earliest(): Deadline {
  assert(count > 0);
  return at(1);
}

export function hasDeadline(): bool {
  return count > 0;
}

export function insert(deadline: Deadline): void {
  assert(deadline.heapIndex === 0 && count < DEADLINES_MAX);
  count += 1;
  rise(deadline, count);
}

/** Nothing happens where it is in no heap. */
export function remove(deadline: Deadline): void {
  const hole = deadline.heapIndex;
  if (hole === 0) return;
  deadline.heapIndex = 0;
  const last = at(count);
  count -= 1;
  if (hole > count) return;
  if (hole > 1 && isBefore(last, at(hole >> 1))) rise(last, hole);
  else sink(last, hole);
}

/** Puts it at `index` or nearer to the top. */
function rise(deadline: Deadline, index: u32): void {
  while (index > 1) {
    const parent = at(index >> 1);
    if (!isBefore(deadline, parent)) break;
    put(parent, index);
    index >>= 1;
  }
  put(deadline, index);
}

function sink(deadline: Deadline, index: u32): void {
  while (index << 1 <= count) {
    let child = index << 1;
    if (child < count && isBefore(at(child + 1), at(child))) child += 1;
    if (!isBefore(at(child), deadline)) break;
    put(at(child), index);
    index = child;
  }
  put(deadline, index);
}

function put(deadline: Deadline, index: u32): void {
  deadline.heapIndex = index;
  store<u32>(heap + (index << 2), changetype<usize>(deadline));
}

function at(index: u32): Deadline {
  return changetype<Deadline>(load<u32>(heap + (index << 2)));
}

function isBefore(left: Deadline, right: Deadline): bool {
  return left.high < right.high || (left.high === right.high && left.low < right.low);
}
