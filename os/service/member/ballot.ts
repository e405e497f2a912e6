/**
 * How members agree on the next view: one ballot after another until a value has its quorum (Lamport, The
 * Part-Time Parliament, 1998), anew for each view. Its voters are the nodes of the last one.
 *
 * There are no messages of a kind: whenever nodes speak, each says its whole vote, and takes in the other's.
 *
 *     promised    the highest ballot that this node has seen: it takes part in none below
 *     accepted    the highest one whose value it has voted for, and that value
 *
 * A vote must not be forgotten: it is in memory that outlives the process. Where that ended in the middle of
 * writing it, the next one does not vote before the second view that it hears of, whose ballots it knows from the
 * start. A node that begins anew is another incarnation, and no voter.
 *
 *     ballot      round in bits 31–6, the node that called it in bits 5–0; 0 for none
 */
import { NODES_MAX } from './limits.ts';
import {
  bitOf,
  chainTo,
  clear,
  copy,
  decides,
  nodesEnd,
  noteNodes,
  ROSTER_SIZE,
  type Roster,
} from './roster.ts';

/** At the beginning of what is kept; then come the last view, and the value that was voted for. */
//@unmanaged
class Vote {
  /** Of this node when it was written; 0 where nothing was. */
  incarnation: u32 = 0;
  promised: u32 = 0;
  accepted: u32 = 0;
  /** All views up to this number have ended for good. */
  ended: u32 = 0;
  /** 1 while any of what is kept is being written. */
  isTorn: u32 = 0;
  unused: u32 = 0;
}

const VOTE_SIZE: u32 = 24;
export const KEPT_SIZE: u32 = VOTE_SIZE + 2 * ROSTER_SIZE;
const NODE_BITS: u32 = 6;
const ERA: u32 = 1000;

/** What each voter has said in this round. */
const promises = memory.data(256, 4);
const acceptances = memory.data(256, 4);
/** The value of the highest ballot that anybody has accepted, as far as is known here. */
const bestBytes = memory.data(272, 8);

let kept: u32 = 0;
let self: u32 = 0;
/** The highest ballot of `bestBytes`. */
let best: u32 = 0;
/** This node's own ballot, 0: none; and whether its value is out. */
let ballot: u32 = 0;
let isOut = false;
/** This node votes again after so many views. */
let mute: u32 = 0;

//@inline
function own(): Vote {
  return changetype<Vote>(kept);
}

/** The last view. */
//@inline
export function current(): Roster {
  return changetype<Roster>(kept + VOTE_SIZE);
}

/** The value that this node has accepted. */
//@inline
export function acceptedValue(): Roster {
  return changetype<Roster>(kept + VOTE_SIZE + ROSTER_SIZE);
}

//@inline
function bestValue(): Roster {
  return changetype<Roster>(bestBytes);
}

/** Goes on with what is kept at `at` where that is this incarnation's, or begins with the founders. */
export function beginVotes(at: u32, node: u32, incarnation: u32, founders: u64): void {
  kept = at;
  self = node;
  mute = 0;
  if (own().incarnation === incarnation && own().isTorn === 0) {
    noteNodes(current().nodes);
    forgetOthers();
    return;
  }
  if (own().incarnation === incarnation) mute = 2;
  else own().ended = 0;
  own().incarnation = incarnation;
  clear(current());
  beginWithFounders(founders);
}

/** What was, has ended; nobody votes in it any more, since who forgets his view could vote in it again. */
export function beginWithFounders(founders: u64): void {
  own().isTorn = 1;
  own().ended = max<u32>(own().ended, current().number);
  clear(current());
  current().nodes = founders;
  noteNodes(founders);
  beginRound();
}

/** There is a new last view. */
export function beginAfter(view: Roster): void {
  own().isTorn = 1;
  if (mute > 0) mute -= 1;
  copy(current(), view);
  beginRound();
}

function beginRound(): void {
  own().promised = own().accepted = 0;
  clear(acceptedValue());
  own().isTorn = 0;
  forgetOthers();
}

/** Whether this node may vote at all. */
export function isMute(): bool {
  return mute > 0;
}

function forgetOthers(): void {
  memory.fill(promises, 0, NODES_MAX << 2);
  memory.fill(acceptances, 0, NODES_MAX << 2);
  best = own().accepted;
  copy(bestValue(), acceptedValue());
  ballot = 0;
  isOut = false;
}

export function promised(): u32 {
  return own().promised;
}

export function accepted(): u32 {
  return own().accepted;
}

export function endedNumber(): u32 {
  return own().ended;
}

/** Somebody knows that all views up to this number have ended. */
export function noteEnd(number: u32, founders: u64): void {
  if (number <= own().ended) return;
  own().ended = number;
  if (current().chain !== 0 && current().number <= number) beginWithFounders(founders);
}

/** A node that has begun anew has said nothing yet. */
export function forgetVote(node: u32): void {
  store<u32>(promises + (node << 2), 0);
  store<u32>(acceptances + (node << 2), 0);
}

/** Another voter's vote of this round; this node's own follows from it. */
export function hearVote(node: u32, itsPromised: u32, itsAccepted: u32, value: Roster): void {
  raise(promises + (node << 2), itsPromised);
  raise(acceptances + (node << 2), itsAccepted);
  if (itsAccepted > best) {
    best = itsAccepted;
    copy(bestValue(), value);
  }
  const vote = own();
  if (itsPromised > vote.promised) vote.promised = itsPromised;
  if (itsAccepted > vote.accepted && itsAccepted >= vote.promised) accept(itsAccepted, value);
}

function raise(at: u32, ballotSeen: u32): void {
  if (ballotSeen > load<u32>(at)) store<u32>(at, ballotSeen);
}

function accept(inBallot: u32, value: Roster): void {
  own().isTorn = 1;
  own().promised = own().accepted = inBallot;
  copy(acceptedValue(), value);
  own().isTorn = 0;
}

/** This node's ballot, or 0. */
export function ownBallot(): u32 {
  return ballot;
}

/** Whether somebody has called a later one since. */
export function isOvertaken(): bool {
  return own().promised > ballot;
}

export function callBallot(): void {
  let highest = own().promised;
  for (let node: u32 = 0; node < nodesEnd(); node += 1)
    highest = max<u32>(highest, load<u32>(promises + (node << 2)));
  ballot = (((highest >> NODE_BITS) + 1) << NODE_BITS) | self;
  own().promised = ballot;
  isOut = false;
}

/**
 * The ballot's promises are together (`counted` says what may count beside the voters' own): its value is what was
 * accepted before, or else what this node wants. True where the voters are to hear of it.
 */
export function proposeValue(wanted: Roster, gone: u64): bool {
  if (ballot === 0 || isOut || isOvertaken()) return false;
  if (!isQuorum(votersAt(promises, own().promised, ballot), gone)) return false;
  isOut = true;
  if (best !== 0) accept(ballot, bestValue());
  else {
    chainTo(wanted, current(), nextNumber());
    accept(ballot, wanted);
  }
  best = ballot;
  copy(bestValue(), acceptedValue());
  return true;
}

/** The first view after an end begins with a new thousand: those who have begun anew may have had more than is known. */
function nextNumber(): u32 {
  if (current().chain !== 0) return current().number + 1;
  return own().ended === 0 ? 1 : (own().ended / ERA + 1) * ERA + 1;
}

/** Whether the voters are agreed on the next view: `nextView`. */
export function isAgreed(gone: u64): bool {
  return best !== 0 && isQuorum(votersAt(acceptances, own().accepted, best), gone);
}

export function nextView(): Roster {
  return bestValue();
}

function votersAt(votes: u32, ownVote: u32, wanted: u32): u64 {
  let nodes: u64 = ownVote === wanted ? bitOf(self) : 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (load<u32>(votes + (node << 2)) === wanted) nodes |= bitOf(node);
  }
  return nodes;
}

/**
 * Whether these voters are enough. `gone` are those of the last view that will never vote again: where they
 * cannot have decided anything among themselves, all the others together are enough.
 */
export function isQuorum(voters: u64, gone: u64): bool {
  const view = current();
  if (decides(view, voters)) return true;
  if (view.chain === 0 || decides(view, gone)) return false;
  const left = view.nodes & ~gone;
  return (voters & left) === left;
}
