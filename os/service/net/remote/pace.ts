/**
 * How long to wait for a peer before something is sent again: measured round trips, smoothed, and four times
 * their deviation (Jacobson, "Congestion avoidance and control", SIGCOMM 1988); never from what was sent twice
 * (Karn and Partridge, SIGCOMM 1987). Times are steps of 10 µs, differences of them wrap.
 */
import { NODES_MAX } from '../limits.ts';

const PATIENCE_FIRST: u32 = 500;
const PATIENCE_MIN: u32 = 50;
const PATIENCE_MAX: u32 = 20_000;
const DOUBLINGS_MAX: u32 = 6;

/** For each node: eight times the smoothed round trip, four times its deviation; 0 before the first. */
const smoothed = memory.data(256);
const deviation = memory.data(256);

/** A round trip to the peer took so long. */
export function learnRoundTrip(peer: u32, steps: u32): void {
  assert(peer < NODES_MAX);
  const at = peer << 2;
  const known = <i32>load<u32>(smoothed + at);
  if (known === 0) {
    store<u32>(smoothed + at, max<u32>(1, steps << 3));
    store<u32>(deviation + at, steps << 1);
    return;
  }
  const error = <i32>steps - (known >> 3);
  store<u32>(smoothed + at, max<i32>(1, known + error));
  const spread = <i32>load<u32>(deviation + at);
  store<u32>(deviation + at, spread + abs<i32>(error) - (spread >> 2));
}

/** The smoothed round trip to the node, µs; 0 before the first. */
export function roundTrip(peer: u32): u32 {
  return (load<u32>(smoothed + (peer << 2)) * 10) >> 3;
}

/** Steps to wait for an answer, after so many tries. */
export function patience(peer: u32, tries: u32): u32 {
  const at = peer << 2;
  const known = load<u32>(smoothed + at);
  const base =
    known === 0 ? PATIENCE_FIRST : max<u32>(PATIENCE_MIN, (known >> 3) + load<u32>(deviation + at));
  return min<u32>(PATIENCE_MAX, base << min<u32>(tries, DOUBLINGS_MAX));
}
