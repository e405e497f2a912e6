/**
 * Calls that wait, in lines: for each its token and how many bytes it is about. The entries are a pool of as many
 * as there can be threads; callers that were cancelled keep theirs until somebody notices, at the latest when the
 * pool is empty.
 */
import { ERROR_NO_SUCH_MESSAGE } from '../../abi/errors.ts';
import { THREADS_MAX } from '../../abi/limits.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { lentRead } from '../../runtime/system.ts';

//@unmanaged
export class Waiting {
  next: Waiting = changetype<Waiting>(0);
  token: u32 = 0;
  size: u32 = 0;
}

//@unmanaged
export class Line {
  first: Waiting = changetype<Waiting>(0);
  last: Waiting = changetype<Waiting>(0);
}

const ENTRY_SIZE: u32 = 12;
const pool = memory.data(256 * 12, 4);

let free = changetype<Waiting>(0);

export function startPool(): void {
  assert(THREADS_MAX === 256 && offsetof<Waiting>() === ENTRY_SIZE);
  for (let index: u32 = 0; index < THREADS_MAX; index += 1) {
    release(changetype<Waiting>(pool + index * ENTRY_SIZE));
  }
}

/** At the line's end; false where the pool is empty. */
export function join(line: Line, token: u32, size: u32): bool {
  const entry = free;
  if (isNone(entry)) return false;
  free = entry.next;
  entry.token = token;
  entry.size = size;
  entry.next = none<Waiting>();
  if (isNone(line.first)) line.first = entry;
  else line.last.next = entry;
  line.last = entry;
  return true;
}

/** The first leaves. */
export function leave(line: Line): void {
  const entry = line.first;
  line.first = entry.next;
  release(entry);
}

/** Those whose callers do not wait any more leave. */
export function dropGone(line: Line): void {
  let previous = none<Waiting>();
  let entry = line.first;
  while (!isNone(entry)) {
    const next = entry.next;
    if (lentRead(entry.token, 0, 0, pool, 0) !== ERROR_NO_SUCH_MESSAGE) {
      previous = entry;
    } else {
      if (isNone(previous)) line.first = next;
      else previous.next = next;
      release(entry);
    }
    entry = next;
  }
  line.last = previous;
}

function release(entry: Waiting): void {
  entry.next = free;
  free = entry;
}
