/**
 * Ranges that a caller has lent, copied whole: the kernel copies up to a page at a time.
 */
import { ERROR_BAD_ARGUMENT } from '../abi/errors.ts';
import { lentDeliver, lentRead } from './system.ts';

/** Out of the caller's range. → 0, or why that cannot be: the range is shorter, or not the caller's to read. */
export function fetchLent(token: u32, range: u32, offset: u32, to: u32, size: u32): i32 {
  let done: u32 = 0;
  while (done < size) {
    const count = lentRead(token, range, offset + done, to + done, size - done);
    if (count <= 0) return count === 0 ? ERROR_BAD_ARGUMENT : count;
    done += count;
  }
  return 0;
}

/** Into it, for good: no byte is delivered twice. → 0, or why that cannot be. */
export function deliverLent(token: u32, range: u32, offset: u32, from: u32, size: u32): i32 {
  let done: u32 = 0;
  while (done < size) {
    const count = lentDeliver(token, range, offset + done, from + done, size - done);
    if (count <= 0) return count === 0 ? ERROR_BAD_ARGUMENT : count;
    done += count;
  }
  return 0;
}
