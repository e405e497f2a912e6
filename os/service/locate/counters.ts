/**
 * What the service has done since its start: messages sent by kind (message.ts), then searches by how they went.
 */
import { LOCATE_COUNTERS } from '../../proto/locate.ts';

const words = memory.data(80, 4);

/** Behind the messages, whose kinds are 1 … 12. */
export const SEARCHES: u32 = 13;
/** The resource was here. */
export const OWN: u32 = 14;
/** The hint was right, or was not. */
export const HITS: u32 = 15;
export const WRONG: u32 = 16;
/** There was no hint. */
export const MISSES: u32 = 17;

export function addSent(kind: u32): void {
  count(kind);
}

export function count(counter: u32): void {
  assert(counter < LOCATE_COUNTERS);
  const at = words + (counter << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** LOCATE_COUNTERS words; the first is not used. */
export function counters(): u32 {
  return words;
}
