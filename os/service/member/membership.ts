/**
 * Membership: this node's part in it, without any wire. It is told the time, whom net reaches and what others say;
 * it says whom it wants to speak with, and what.
 *
 *     setReached, hear, hearNothing; passTime ─→ [ health.ts · ballot.ts ] ─→ takeWanted, writeStatement, view
 *
 * After whatever has happened `passTime` draws the conclusions, and says when it wants to be called next.
 *
 * The next view is wanted as soon as the last one is not what is there: without those that are dead or have left,
 * with those that are there and not in it. The lowest node of the last view that lives proposes it. A node that
 * is in no view, or reaches too few of it, has no say; what was cut off takes the view of the others when it is
 * healed, and comes back in the next one.
 *
 * Where so many of a view have begun anew that they could have decided without those that remember, it has ended
 * for good, and all before it: whoever remembers it forgets it and tells the others, and the founders begin again,
 * all of them together.
 */
import { MEMBER_ALIVE, MEMBER_DEAD, MEMBER_LEFT, MEMBER_SUSPECT } from '../../proto/member.ts';
import {
  beginAfter,
  beginVotes,
  beginWithFounders,
  callBallot,
  current,
  endedNumber,
  forgetVote,
  hearVote,
  isAgreed,
  isMute,
  isOvertaken,
  isQuorum,
  nextView,
  noteEnd,
  ownBallot,
  promised,
  proposeValue,
} from './ballot.ts';
import {
  beginHealth,
  bury,
  healthOf,
  isReached,
  present,
  reachable,
  refute,
  sayGoodBye,
  suspect,
  takeWord,
} from './health.ts';
import {
  AGAIN_MAX_MS,
  AGAIN_MS,
  CALLS_DOUBLING,
  HELPERS,
  NODES_MAX,
  PROBE_MS,
  RANK_MS,
  RETRY_MS,
  SETTLE_MS,
  VOTER_MS,
} from './limits.ts';
import {
  bitOf,
  clear,
  copy,
  decides,
  enter,
  incarnationIn,
  isIn,
  isSameSet,
  nodesEnd,
  noteNodes,
  ROSTER_SIZE,
  type Roster,
} from './roster.ts';
import {
  ACCEPTED,
  CHAIN,
  HEALTH_INCARNATION,
  HEALTH_NODE,
  HEALTH_REFUTATION,
  HEALTH_STATE,
  healthCount,
  healthWord,
  INCARNATION,
  isStatement,
  NODE,
  NUMBER,
  PROMISED,
  readValue,
  readView,
} from './statement.ts';

const heardBytes = memory.data(272, 8);
const wishBytes = memory.data(272, 8);
const draftBytes = memory.data(272, 8);

let self: u32 = 0;
let founders: u64 = 0;
/** Whom this node has to speak with. */
let wanted: u64 = 0;
/** Since when the wish is what it is. */
let wishedAt: u32 = 0;
/** When this node last called a ballot, or took part in another's. */
let ballotAt: u32 = 0;
/** How many ballots this node has called since the last view. */
let calls: u32 = 0;
let probeDue: u32 = 0;
let probed: u32 = 0;
/** Some of wish, ballot or suspicion is to be looked at then. */
let lookDue: u32 = 0;
let chance: u32 = 0;

//@inline
function heard(): Roster {
  return changetype<Roster>(heardBytes);
}

//@inline
function wish(): Roster {
  return changetype<Roster>(wishBytes);
}

/** A node begins, or its process does again: `keptAt` is memory that outlives it. */
export function beginMembership(
  node: u32,
  ofIncarnation: u32,
  theFounders: u64,
  keptAt: u32,
  now: u32,
): void {
  assert(node < NODES_MAX && ofIncarnation !== 0 && ROSTER_SIZE === 16 + (NODES_MAX << 2));
  self = node;
  founders = theFounders;
  chance = (ofIncarnation ^ (node << 24)) | 1;
  beginHealth(node, ofIncarnation, now);
  beginVotes(keptAt, node, ofIncarnation, theFounders);
  clear(wish());
  probeDue = now + PROBE_MS;
  wanted = reachable(self);
}

/** Net reaches the node in this incarnation; 0: not. */
export function setReached(node: u32, inIncarnation: u32, now: u32): void {
  const health = healthOf(node);
  if (node === self || health.reached === inIncarnation) return;
  if (inIncarnation !== 0) noteNodes(bitOf(node));
  health.reached = inIncarnation;
  health.againAt = 0;
  health.pause = AGAIN_MS;
  if (inIncarnation !== 0) wanted |= bitOf(node);
  if (!isReached(health)) suspect(node, now);
}

/** Another node's statement. False where it is none, or an earlier incarnation's. */
export function hear(statement: u32, size: u32, now: u32): bool {
  if (!isStatement(statement, size, self)) return false;
  const node = <u32>load<u16>(statement, NODE);
  const health = healthOf(node);
  if (load<u32>(statement, INCARNATION) < health.incarnation) return false;
  if (load<u32>(statement, INCARNATION) > health.incarnation) forgetVote(node);
  health.againAt = 0;
  health.pause = AGAIN_MS;
  for (let index: u32 = 0; index < healthCount(statement); index += 1)
    hearOf(healthWord(statement, index), now);
  hearView(statement, now);
  if (isSameRound(statement) && isVoter(node) && isVoter(self) && canVote()) {
    const before = promised();
    readValue(statement, heard());
    hearVote(node, load<u32>(statement, PROMISED), load<u32>(statement, ACCEPTED), heard());
    if (promised() !== before) ballotAt = now;
  }
  return true;
}

function hearOf(word: u32, now: u32): void {
  const node = <u32>load<u16>(word, HEALTH_NODE);
  const ofIncarnation = load<u32>(word, HEALTH_INCARNATION);
  const refutation = load<u32>(word, HEALTH_REFUTATION);
  const state = <u32>load<u16>(word, HEALTH_STATE);
  if (node === self) {
    if (refute(self, ofIncarnation, refutation, state)) wanted |= reachable(self);
    return;
  }
  const health = healthOf(node);
  if (ofIncarnation > health.incarnation) forgetVote(node);
  if (!takeWord(node, ofIncarnation, refutation, state, now)) return;
  const isDoubted = state === MEMBER_SUSPECT || state === MEMBER_DEAD;
  if (isDoubted && isReached(health)) wanted |= bitOf(node);
}

/** A later view counts, and any for a node that has none; but none that has ended for good. */
function hearView(statement: u32, now: u32): void {
  const number = load<u32>(statement, NUMBER);
  if (load<u32>(statement, CHAIN) === 0) {
    noteEnd(number, founders);
    return;
  }
  if (number <= (current().chain === 0 ? endedNumber() : current().number)) return;
  readView(statement, heard());
  if (!decides(heard(), goneOf(heard()))) adopt(heard(), now);
}

function adopt(view: Roster, now: u32): void {
  beginAfter(view);
  wishedAt = now;
  calls = 0;
}

function isSameRound(statement: u32): bool {
  const chain = load<u32>(statement, CHAIN);
  return chain === current().chain && (chain === 0 || load<u32>(statement, NUMBER) === current().number);
}

/** Whether the node has a vote on the next view, in the incarnation that is known of it. */
function isVoter(node: u32): bool {
  const view = current();
  if (!isIn(node, view.nodes)) return false;
  return view.chain === 0 || incarnationIn(view, node) === healthOf(node).incarnation;
}

function canVote(): bool {
  return healthOf(self).state === MEMBER_ALIVE && !isMute();
}

/** Of the roster: who will never vote for it again, having begun anew or left. */
function goneOf(roster: Roster): u64 {
  let nodes: u64 = 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (!isIn(node, roster.nodes)) continue;
    const health = healthOf(node);
    const known = max<u32>(health.incarnation, health.reached);
    const hasLeft = health.state === MEMBER_LEFT && health.incarnation === incarnationIn(roster, node);
    if (known > incarnationIn(roster, node) || hasLeft) nodes |= bitOf(node);
  }
  return roster.chain === 0 ? 0 : nodes;
}

/** A node was spoken to, and has not answered. */
export function hearNothing(node: u32, now: u32): void {
  const health = healthOf(node);
  if (health.reached === 0) return;
  health.againAt = now + health.pause;
  health.pause = min<u32>(health.pause << 1, AGAIN_MAX_MS);
  if (health.state === MEMBER_ALIVE && isReached(health)) {
    suspect(node, now);
    askOthers(node);
  }
}

/** A few others are told of the doubt, and ask the node themselves. */
function askOthers(node: u32): void {
  let others = present() & ~bitOf(node) & ~bitOf(self);
  for (let asked: u32 = 0; asked < HELPERS && others !== 0; asked += 1) {
    const helper = anyOf(others);
    others &= ~bitOf(helper);
    wanted |= bitOf(helper);
  }
}

/** One of the nodes, of which there is one, by chance: xorshift32 (Marsaglia, 2003). */
function anyOf(nodes: u64): u32 {
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  let left = nodes;
  for (let skipped = chance % (popcnt<u64>(nodes) as u32); skipped > 0; skipped -= 1) left &= left - 1;
  return ctz<u64>(left) as u32;
}

/** Time passes, in ms from 1. Gives when it is to be told next. */
export function passTime(now: u32): u32 {
  if (now >= probeDue) probe(now);
  let due = probeDue;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    if (health.againAt === 0) continue;
    if (now < health.againAt) {
      due = min<u32>(due, health.againAt);
      continue;
    }
    health.againAt = 0;
    if (health.reached !== 0) wanted |= bitOf(node);
  }
  look(now);
  return min<u32>(due, lookDue);
}

/** The next one in turn of those that net reaches. */
function probe(now: u32): void {
  probeDue = now + PROBE_MS;
  const others = reachable(self);
  if (others === 0) return;
  const behind = others & ~((bitOf(probed) << 1) - 1);
  probed = ctz<u64>(behind === 0 ? others : behind) as u32;
  wanted |= bitOf(probed);
}

/** Something may have changed: the next view may be there, or wanted. */
function look(now: u32): void {
  lookDue = bury(now);
  let gone = goneOf(current());
  if (current().chain !== 0 && decides(current(), gone)) {
    beginWithFounders(founders);
    gone = 0;
  }
  if (canVote() && isVoter(self)) vote(gone, now);
}

function vote(gone: u64, now: u32): void {
  if (takeNext(gone, now)) return;
  draftWish(now);
  if (wish().nodes === 0 || isSameSet(wish(), current())) return;
  if (ownBallot() !== 0 && !isOvertaken()) {
    copy(changetype<Roster>(draftBytes), wish());
    if (proposeValue(changetype<Roster>(draftBytes), gone)) {
      wanted |= current().nodes & reachable(self);
      if (takeNext(gone, now)) return;
    }
  }
  callWhenDue(gone, now);
}

/** Whether the voters are agreed: then the next view is the last, and everybody is to know. */
function takeNext(gone: u64, now: u32): bool {
  if (!isAgreed(gone)) return false;
  copy(heard(), nextView());
  adopt(heard(), now);
  wanted |= reachable(self);
  look(now);
  return true;
}

/** Calls a ballot if this is the node to do so, and it is time; says when it is to be looked at again. */
function callWhenDue(gone: u64, now: u32): void {
  const voters = presentVoters();
  if (!isQuorum(voters, gone)) return;
  const before = popcnt<u64>(voters & (bitOf(self) - 1)) as u32;
  const round = (RETRY_MS + (popcnt<u64>(voters) as u32) * VOTER_MS) << min<u32>(calls, CALLS_DOUBLING);
  let due = wishedAt + SETTLE_MS + before * RANK_MS;
  if (ownBallot() !== 0 || isOvertaken()) due = max<u32>(due, ballotAt + round + before * RANK_MS);
  if (now < due) {
    lookDue = min<u32>(lookDue, due);
    return;
  }
  ballotAt = now;
  calls += 1;
  callBallot();
  wanted |= current().nodes & reachable(self);
  lookDue = min<u32>(lookDue, now + round + before * RANK_MS);
  // alone, it has its own promise
  if (decides(current(), bitOf(self)) || isQuorum(bitOf(self), gone)) vote(gone, now);
}

/** Voters who live, as far as is known here. */
function presentVoters(): u64 {
  let nodes: u64 = 0;
  const there = present();
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (isIn(node, there) && isVoter(node)) nodes |= bitOf(node);
  }
  return nodes;
}

/** What the next view should be; empty where founders are missing. */
function draftWish(now: u32): void {
  const draft = changetype<Roster>(draftBytes);
  clear(draft);
  const isFounding = current().chain === 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    const isThere = health.state === MEMBER_ALIVE && isReached(health);
    if (isFounding ? isThere && isIn(node, founders) : isThere || isKept(node))
      enter(draft, node, health.incarnation);
  }
  if (isFounding && draft.nodes !== founders) clear(draft);
  if (isSameSet(draft, wish())) return;
  copy(wish(), draft);
  wishedAt = now;
}

/** A member stays one while it is only suspected. */
function isKept(node: u32): bool {
  const state = healthOf(node).state;
  return isIn(node, current().nodes) && isVoter(node) && (state === MEMBER_ALIVE || state === MEMBER_SUSPECT);
}

/** Whom this node wants to speak with now, of those that net reaches; they are its callers' to speak with. */
export function takeWanted(): u64 {
  const nodes = wanted & reachable(self);
  wanted = 0;
  return nodes;
}

/** Whether this node is in the last view, and reaches enough of it to have decided it. */
export function isMajority(): bool {
  if (current().chain === 0 || !isVoter(self) || healthOf(self).state === MEMBER_LEFT) return false;
  let nodes: u64 = 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    const isThere = health.state === MEMBER_ALIVE || health.state === MEMBER_SUSPECT;
    if (isThere && isReached(health) && isVoter(node)) nodes |= bitOf(node);
  }
  return isQuorum(nodes, goneOf(current()));
}

/** This node goes: the others are to know, and it votes no more. */
export function beginLeave(now: u32): void {
  sayGoodBye(self, now);
  wanted |= reachable(self);
}

/** Whether it has left, as far as that can be known: the others have a view without it, or there are none. */
export function hasLeft(): bool {
  if (healthOf(self).state !== MEMBER_LEFT) return false;
  const isAlone = (current().nodes & reachable(self)) === 0;
  return isAlone || current().chain === 0 || !isVoter(self);
}

/** The last view's number; before there is one, 0. */
export function viewNumber(): u32 {
  return current().chain === 0 ? 0 : current().number;
}

export function viewNodes(): u64 {
  return current().chain === 0 ? 0 : current().nodes;
}
