/**
 * How fast to go with a peer. How long to wait before something is sent again: measured round trips, smoothed,
 * and four times their deviation, at least two round trips in all; never from what was sent twice (Karn and Partridge,
 * SIGCOMM 1987). Fragments wait in queues, so that their flights are measured apart. How many of them may be on the
 * way, of all calls with the peer together: one more for each measured flight as long as they do not take much longer
 * than they can, one less where they do, since then they only wait in a queue, and others behind them (Brakmo and
 * Peterson, "TCP Vegas", 1995); half as many when one was lost.
 *
 * Times are steps of 12.8 µs, differences of them wrap.
 */
import { PEER_PACE, PEER_WINDOWS, peerAt } from '../tables.ts';

/** As long as nothing is known of the peer. */
const PATIENCE_FIRST: u32 = 500;
export const PATIENCE_MIN: u32 = 14;
const PATIENCE_MAX: u32 = 20_000;
const FLIGHT_FIRST: u32 = 150;
const DOUBLINGS_MAX: u32 = 7;
const WINDOW_FIRST: u32 = 8;
const WINDOW_MAX: u32 = 32;
const WINDOW_MIN: u32 = 4;
/** Steps that a flight may take beside twice the shortest, and from where on it takes too long. */
const QUEUE_GOOD: u32 = 40;
const QUEUE_BAD: u32 = 80;

/** Eight times a smoothed time, four times its deviation; 0 before the first. */
//@unmanaged
class Estimate {
  smoothed: u32 = 0;
  deviation: u32 = 0;
}

//@unmanaged
class Pace {
  /** Of small calls' round trips, and of fragments until they are known to have come: two estimates. */
  smoothed: u32 = 0;
  deviation: u32 = 0;
  flightSmoothed: u32 = 0;
  flightDeviation: u32 = 0;
  /** Fragments that may be on the way beyond WINDOW_FIRST, and those that are. */
  growth: i16 = 0;
  onTheWay: u16 = 0;
  /** The shortest flight, 0 before the first. */
  shortest: u16 = 0;
  /** Something could not be sent for want of room. */
  isHeldUp: u16 = 0;
}

function paceOf(peer: u32): Pace {
  assert(PEER_PACE + offsetof<Pace>() <= PEER_WINDOWS);
  return changetype<Pace>(peerAt(peer) + PEER_PACE);
}

function tripsOf(peer: u32): Estimate {
  return changetype<Estimate>(changetype<usize>(paceOf(peer)) + offsetof<Pace>('smoothed'));
}

function flightsOf(peer: u32): Estimate {
  return changetype<Estimate>(changetype<usize>(paceOf(peer)) + offsetof<Pace>('flightSmoothed'));
}

/** A round trip to the peer took so long. */
export function learnRoundTrip(peer: u32, steps: u32): void {
  improve(tripsOf(peer), steps);
}

/** So long after a fragment was sent it was known to have come. */
export function learnFlight(peer: u32, steps: u32): void {
  improve(flightsOf(peer), steps);
  const pace = paceOf(peer);
  const shortest = <u32>pace.shortest;
  if (shortest === 0 || steps < shortest) pace.shortest = <u16>min<u32>(0xffff, max<u32>(1, steps));
  const limit = (<u32>pace.shortest) << 1;
  if (steps <= limit + QUEUE_GOOD) widen(pace);
  else if (steps > limit + QUEUE_BAD && <i32>pace.growth > <i32>WINDOW_MIN - <i32>WINDOW_FIRST)
    pace.growth -= 1;
}

function widen(pace: Pace): void {
  if (<i32>pace.growth < <i32>(WINDOW_MAX - WINDOW_FIRST)) pace.growth += 1;
}

function improve(estimate: Estimate, steps: u32): void {
  const known = <i32>estimate.smoothed;
  if (known === 0) {
    estimate.smoothed = max<u32>(1, steps << 3);
    estimate.deviation = steps << 1;
    return;
  }
  const error = <i32>steps - (known >> 3);
  estimate.smoothed = max<i32>(1, known + error);
  estimate.deviation = estimate.deviation + abs<i32>(error) - (estimate.deviation >> 2);
}

/** The smoothed round trip to the node, µs; 0 before the first. */
export function roundTrip(peer: u32): u32 {
  return (paceOf(peer).smoothed << 3) / 5;
}

/** Steps to wait for an answer, after so many tries. */
export function patience(peer: u32, tries: u32): u32 {
  return delayed(tripsOf(peer), PATIENCE_FIRST, tries);
}

/** Steps to wait to hear of fragments, after so many tries. */
export function flightPatience(peer: u32, tries: u32): u32 {
  return delayed(flightsOf(peer), FLIGHT_FIRST, tries);
}

function delayed(estimate: Estimate, first: u32, tries: u32): u32 {
  const known = estimate.smoothed >> 3;
  const base =
    estimate.smoothed === 0 ? first : max<u32>(PATIENCE_MIN, known + max<u32>(known, estimate.deviation));
  return min<u32>(PATIENCE_MAX, base << min<u32>(tries, DOUBLINGS_MAX));
}

/** How many fragments may be on the way. */
export function windowOf(peer: u32): u32 {
  return WINDOW_FIRST + <u32>paceOf(peer).growth;
}

/** Whether one more fragment may go now; if so, it counts as being on the way. */
export function takeRoom(peer: u32): bool {
  const pace = paceOf(peer);
  if (<u32>pace.onTheWay >= windowOf(peer)) {
    pace.isHeldUp = 1;
    return false;
  }
  pace.onTheWay += 1;
  return true;
}

/** So many fragments are on the way no more, however that came. */
export function giveRoom(peer: u32, count: u32): void {
  const pace = paceOf(peer);
  assert(count <= <u32>pace.onTheWay);
  pace.onTheWay -= <u16>count;
}

/** One was lost. */
export function narrow(peer: u32): void {
  const pace = paceOf(peer);
  const window = max<i32>(WINDOW_MIN, windowOf(peer) >> 1);
  pace.growth = <i16>(window - <i32>WINDOW_FIRST);
}

/** Whether anybody waits for room, who is to try again now. */
export function wasHeldUp(peer: u32): bool {
  const pace = paceOf(peer);
  if (pace.isHeldUp === 0) return false;
  pace.isHeldUp = 0;
  return true;
}
