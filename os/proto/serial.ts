/**
 * A serial line: what its driver does for its one reader and its writers.
 */
import type { In, Out } from './types.ts';

/** @contract 1 */
export interface Serial {
  /** → bytes sent, from the range's beginning: 1 or more. */
  write(from: In): u32;
  /** → bytes that have arrived, 1 or more; waits until there are some. ERROR_BUSY where a reader waits already. */
  read(into: Out): u32;
}
