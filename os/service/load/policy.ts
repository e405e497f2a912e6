/**
 * Policies: one node out of those that there are. All of them know only what vectors say; what this node has sent
 * somewhere since then counts as waiting there.
 *
 *     cost      how long a program would take for what a thread alone on a clock of 1 MHz does in 1 s: the threads
 *               there, with its own, over the clock
 */
import {
  POLICY_HERE,
  POLICY_LEAST_LOADED,
  POLICY_PRIORITY,
  POLICY_RANDOM,
  POLICY_TWO_CHOICES,
} from '../../proto/load.ts';
import { NODES_MAX } from './limits.ts';
import { isFresh, vectorOf } from './vectors.ts';

/** Hundredths of threads: one of them. */
const THREAD: u32 = 100;
/** From here on a node counts as busy. */
const BUSY: u32 = 70;

let self: u32 = 0;
let chance: u32 = 1;

export function startPolicies(node: u32, seed: u32): void {
  self = node;
  chance = seed | 1;
}

/** A node out of `nodes`, or this one, with `pages` free if there is one that has them. */
export function choose(policy: u32, nodes: u64, pages: u32, now: u32): u32 {
  if (policy === POLICY_HERE) return self;
  const able = ableOf(nodes, pages, now);
  if (able === 0) return self;
  const node = pick(policy, able);
  vectorOf(node).sent += THREAD;
  return node;
}

/** Those that have told, and have room; where none has room, those that have told. */
function ableOf(nodes: u64, pages: u32, now: u32): u64 {
  let told: u64 = 0;
  let roomy: u64 = 0;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    const bit = (<u64>1) << (<u64>node);
    if ((nodes & bit) === 0 || !isFresh(node, now)) continue;
    told |= bit;
    if (vectorOf(node).free >= pages) roomy |= bit;
  }
  return roomy !== 0 ? roomy : told;
}

function pick(policy: u32, able: u64): u32 {
  switch (policy) {
    case POLICY_RANDOM:
      return anyOf(able);
    case POLICY_LEAST_LOADED:
      return cheapestOf(able);
    case POLICY_TWO_CHOICES:
      return cheapestOf(((<u64>1) << (<u64>anyOf(able))) | ((<u64>1) << (<u64>anyOf(able))));
    default:
      assert(policy === POLICY_PRIORITY);
      return firstIdleOf(able);
  }
}

/** xorshift32 (Marsaglia, 2003). */
function anyOf(nodes: u64): u32 {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  let left = nodes;
  for (let skipped = chance % (popcnt<u64>(nodes) as u32); skipped > 0; skipped -= 1) left &= left - 1;
  return ctz<u64>(left) as u32;
}

/** Of equal ones this node, or else the lowest. */
function cheapestOf(nodes: u64): u32 {
  let best = ctz<u64>(nodes) as u32;
  if (((nodes >> <u64>self) & 1) !== 0) best = self;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (((nodes >> <u64>node) & 1) !== 0 && isCheaper(node, best)) best = node;
  }
  return best;
}

function isCheaper(node: u32, other: u32): bool {
  return (
    (threadsOf(node) + THREAD) * vectorOf(other).clock < (threadsOf(other) + THREAD) * vectorOf(node).clock
  );
}

/** Hundredths of threads that want the node's processor. */
function threadsOf(node: u32): u32 {
  const vector = vectorOf(node);
  return vector.use / 10 + vector.waiting + vector.sent;
}

function firstIdleOf(nodes: u64): u32 {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (((nodes >> <u64>node) & 1) !== 0 && threadsOf(node) < BUSY) return node;
  }
  return cheapestOf(nodes);
}
