/**
 * What is known of each node's health (SWIM: Das, Gupta, Motivala, 2002). A node's own word, in the latest
 * incarnation and with the highest refutation, counts before what others say of it; of equal ones the worse.
 *
 *     alive ─ net loses it, or it does not answer ─→ suspect ─ SUSPECT_MS or HUNG_MS ─→ dead        left: its own word
 *       ↑──────────── it says so, one refutation higher ───────────┴────────────────────┘
 *
 * No node that net reaches counts as dead by hearsay: it is asked first.
 */
import { MEMBER_ALIVE, MEMBER_DEAD, MEMBER_LEFT, MEMBER_SUSPECT } from '../../proto/member.ts';
import { HUNG_MS, NODES_MAX, SUSPECT_MS } from './limits.ts';
import { bitOf, nodesEnd, noteNodes } from './roster.ts';

//@unmanaged
export class Health {
  /** Of which the rest is said; 0 while it was never heard of. */
  incarnation: u32 = 0;
  refutation: u32 = 0;
  /** MEMBER_…. */
  state: u32 = 0;
  /** Since when, in ms. */
  since: u32 = 0;
  /** The incarnation in which net reaches it; 0 where it does not. */
  reached: u32 = 0;
  /** When it is to be asked again, 0: not; and how long after that once more. */
  againAt: u32 = 0;
  pause: u32 = 0;
}

const HEALTH_SIZE: u32 = 28;
/** No time at all. */
export const NEVER_MS: u32 = 0xffff_ffff;

const table = memory.data(1792, 4);

export function healthOf(node: u32): Health {
  assert(node < NODES_MAX && offsetof<Health>() === HEALTH_SIZE);
  return changetype<Health>(table + node * HEALTH_SIZE);
}

/** This node's own, from the beginning; what net reaches stays known. */
export function beginHealth(self: u32, incarnation: u32, now: u32): void {
  const own = healthOf(self);
  noteNodes(bitOf(self));
  own.incarnation = own.reached = incarnation;
  own.refutation = 0;
  setState(own, MEMBER_ALIVE, now);
}

function setState(health: Health, state: u32, now: u32): void {
  health.state = state;
  health.since = now;
}

/** Whether net reaches it in the incarnation that is spoken of. */
//@inline
export function isReached(health: Health): bool {
  return health.reached !== 0 && health.reached === health.incarnation;
}

/** Takes in what somebody says of a node; true where it is news. */
export function takeWord(node: u32, incarnation: u32, refutation: u32, state: u32, now: u32): bool {
  const health = healthOf(node);
  if (!isLater(health, incarnation, refutation, state)) return false;
  noteNodes(bitOf(node));
  health.incarnation = incarnation;
  health.refutation = refutation;
  const isAsked = state === MEMBER_DEAD && isReached(health);
  const taken = isAsked ? MEMBER_SUSPECT : state;
  // whom net does not reach here, others vouch for: for a while
  if (taken !== health.state || taken === MEMBER_ALIVE) setState(health, taken, now);
  return true;
}

/** Worse is later; of a node that is reached, dead is no worse than suspect. */
function isLater(health: Health, incarnation: u32, refutation: u32, state: u32): bool {
  if (incarnation !== health.incarnation) return incarnation > health.incarnation;
  if (health.state === MEMBER_LEFT) return false;
  if (refutation !== health.refutation) return refutation > health.refutation;
  if (state === MEMBER_DEAD && isReached(health)) return health.state < MEMBER_SUSPECT;
  return state > health.state;
}

/** This node does not see itself so: it says so, louder. True where that is needed. */
export function refute(self: u32, incarnation: u32, refutation: u32, state: u32): bool {
  const own = healthOf(self);
  if (incarnation !== own.incarnation || own.state === MEMBER_LEFT) return false;
  if (state === MEMBER_ALIVE && refutation <= own.refutation) return false;
  if (state !== MEMBER_ALIVE && refutation < own.refutation) return false;
  own.refutation = state === MEMBER_ALIVE ? refutation : refutation + 1;
  return state !== MEMBER_ALIVE;
}

/** It does not answer. */
export function suspect(node: u32, now: u32): void {
  if (healthOf(node).state === MEMBER_ALIVE) setState(healthOf(node), MEMBER_SUSPECT, now);
}

/** This node goes. */
export function sayGoodBye(self: u32, now: u32): void {
  if (healthOf(self).state !== MEMBER_LEFT) setState(healthOf(self), MEMBER_LEFT, now);
}

/** Who is not reached for too long is suspect, and who was that for too long is dead. When next, or NEVER_MS. */
export function bury(now: u32): u32 {
  let next = NEVER_MS;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    if (!isDoubtful(health)) continue;
    if (now >= dueOf(health)) setState(health, health.state + 1, now);
    if (isDoubtful(health)) next = min<u32>(next, dueOf(health));
  }
  return next;
}

/** Whether time alone makes it worse: alive, suspect and dead follow each other. */
function isDoubtful(health: Health): bool {
  return health.state === MEMBER_SUSPECT || (health.state === MEMBER_ALIVE && !isReached(health));
}

//@inline
function dueOf(health: Health): u32 {
  return health.since + (isReached(health) ? HUNG_MS : SUSPECT_MS);
}

/** Those who live as far as is known here and can be reached, this node among them. */
export function present(): u64 {
  let nodes: u64 = 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    if (health.state === MEMBER_ALIVE && isReached(health)) nodes |= bitOf(node);
  }
  return nodes;
}

/** All that net reaches, but for this node. */
export function reachable(self: u32): u64 {
  let nodes: u64 = 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (node !== self && healthOf(node).reached !== 0) nodes |= bitOf(node);
  }
  return nodes;
}
