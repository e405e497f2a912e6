/**
 * How fast to go with a peer. How long to wait before something is sent again: measured round trips, smoothed,
 * and four times their deviation; never from what was sent twice (Karn and Partridge, SIGCOMM 1987). How many
 * fragments may be on the way, of all calls with the peer together: one more whenever some have come, half as
 * many when one was lost (Jacobson, "Congestion avoidance and control", SIGCOMM 1988).
 *
 * Times are steps of 12.8 µs, differences of them wrap.
 */
import { PEER_PACE, PEER_WINDOWS, peerAt } from '../tables.ts';

const PATIENCE_FIRST: u32 = 500;
const PATIENCE_MIN: u32 = 50;
const PATIENCE_MAX: u32 = 20_000;
const DOUBLINGS_MAX: u32 = 6;
const WINDOW_FIRST: u32 = 8;
const WINDOW_MAX: u32 = 32;
const WINDOW_MIN: u32 = 2;

//@unmanaged
class Pace {
  /** Eight times the smoothed round trip, four times its deviation; 0 before the first. */
  smoothed: u32 = 0;
  deviation: u32 = 0;
  /** Fragments that may be on the way beyond WINDOW_FIRST, and those that are. */
  growth: i32 = 0;
  onTheWay: u32 = 0;
  /** Something could not be sent for want of room. */
  isHeldUp: u32 = 0;
}

function paceOf(peer: u32): Pace {
  assert(PEER_PACE + offsetof<Pace>() <= PEER_WINDOWS);
  return changetype<Pace>(peerAt(peer) + PEER_PACE);
}

/** A round trip to the peer took so long. */
export function learnRoundTrip(peer: u32, steps: u32): void {
  const pace = paceOf(peer);
  const known = <i32>pace.smoothed;
  if (known === 0) {
    pace.smoothed = max<u32>(1, steps << 3);
    pace.deviation = steps << 1;
    return;
  }
  const error = <i32>steps - (known >> 3);
  pace.smoothed = max<i32>(1, known + error);
  pace.deviation = pace.deviation + abs<i32>(error) - (pace.deviation >> 2);
}

/** The smoothed round trip to the node, µs; 0 before the first. */
export function roundTrip(peer: u32): u32 {
  return (paceOf(peer).smoothed << 3) / 5;
}

/** Steps to wait for an answer, after so many tries. */
export function patience(peer: u32, tries: u32): u32 {
  const pace = paceOf(peer);
  const known = pace.smoothed;
  const base = known === 0 ? PATIENCE_FIRST : max<u32>(PATIENCE_MIN, (known >> 3) + pace.deviation);
  return min<u32>(PATIENCE_MAX, base << min<u32>(tries, DOUBLINGS_MAX));
}

/** Whether one more fragment may go now; if so, it counts as being on the way. */
export function takeRoom(peer: u32): bool {
  const pace = paceOf(peer);
  if (pace.onTheWay >= WINDOW_FIRST + pace.growth) {
    pace.isHeldUp = 1;
    return false;
  }
  pace.onTheWay += 1;
  return true;
}

/** So many fragments are on the way no more, however that came. */
export function giveRoom(peer: u32, count: u32): void {
  const pace = paceOf(peer);
  assert(count <= pace.onTheWay);
  pace.onTheWay -= count;
}

/** Some have come, and none was lost. */
export function widen(peer: u32): void {
  const pace = paceOf(peer);
  pace.growth = min<i32>(WINDOW_MAX - WINDOW_FIRST, pace.growth + 1);
}

/** One was lost. */
export function narrow(peer: u32): void {
  const pace = paceOf(peer);
  const window = max<i32>(WINDOW_MIN, (<i32>WINDOW_FIRST + pace.growth) >> 1);
  pace.growth = window - <i32>WINDOW_FIRST;
}

/** Whether anybody waits for room, who is to try again now. */
export function wasHeldUp(peer: u32): bool {
  const pace = paceOf(peer);
  if (pace.isHeldUp === 0) return false;
  pace.isHeldUp = 0;
  return true;
}
