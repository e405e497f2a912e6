/**
 * How all come to know the same. Each node tells the keepers of its resources what there is; then it states to
 * everybody in which view and by which generations that is so. From the statements of all a node sees
 *
 *     whether it knows all         a keeper says "nowhere" only then (isWhole)
 *     whether a new generation     it comes in use when everybody has told its keepers; the one before is kept up
 *     can be used                  until everybody uses the new one
 *
 * Nothing here waits: `advance` does what can be done now, after every event, and says when it is to be called again.
 */
import { ERROR_BUSY } from '../../abi/errors.ts';
import {
  forgetPrevious,
  inUse,
  keepersOf,
  previous,
  strategyOf,
  useWanted,
  wanted,
  wantGeneration,
} from './generation.ts';
import { NODES_MAX, REPEAT_BEATS, REPEAT_MAX_BEATS } from './limits.ts';
import { HEARD, pair, REQUEST, SETTLED, STATE, say, TELL, type Words } from './message.ts';
import { areAllTold, changeOwn, forgetTold, type Own, ownAt, ownEnd, untold } from './own.ts';
import { askAgain, type Peer, peerAt } from './peers.ts';
import { dropRows, type Row } from './rows.ts';
import { inView, isIn, only, others, ownNode } from './view.ts';
import { answerCaller } from './world.ts';

export const NEVER_DUE: u32 = 0xffff_ffff;
const SERIAL_MASK: u32 = 0xffff;
const EPOCH_SHIFT: u32 = 16;

/** The view or the generations are not those that the keepers of resources were reckoned from. */
let isChanged = true;
/** There is something left to tell, to hear or to agree upon. */
let isSettled = false;
/** There may be rows that are not to be kept here. */
let isPrunable = false;
/** Until then what is bound here may not have been bound yet, or not again; and whether it has been long enough. */
let boundBy: u32 = 0;
let isBound = true;
/** All who are to know of this node's resources do, and its statement says so. */
let isTrue = false;
/** This node's last statement. */
let serial: u32 = 0;
let statedView: u64 = 0;
let statedInUse: u32 = 0;
let statedWanted: u32 = 0;
let statedPrevious: u32 = 0;
/** Who waits until the generation that he wanted is in use, and which that is. */
let useToken: u32 = 0;
let useWished: u32 = 0;
let nextDue: u32 = 0xffff_ffff;

/** The service has begun, perhaps anew: until then nobody says that something is nowhere. */
export function awaitBindings(until: u32): void {
  boundBy = until;
  isBound = false;
  isSettled = false;
}

/** Whether all that is here has had time to be bound. */
export function isAllBound(): bool {
  return isBound;
}

/** The view or the generations have changed: everything is looked at again. */
export function reconsider(): void {
  isChanged = true;
  isSettled = false;
}

/** Something has changed that is to be told. */
export function unsettle(): void {
  isSettled = false;
}

/** The caller is answered when the generation is in use, or another is: only one waits, the last. */
export function awaitUse(token: u32, generation: u32): void {
  answerUse(ERROR_BUSY);
  useToken = token;
  useWished = generation;
}

function answerUse(result: i32): void {
  if (useToken !== 0) answerCaller(useToken, result, 0);
  useToken = 0;
}

/** Tells and states what has to be said now. → when there is something to be said again. */
export function advance(now: u32): u32 {
  if (isSettled) return NEVER_DUE;
  nextDue = NEVER_DUE;
  isSettled = true;
  isBound = isBound || now >= boundBy;
  if (!isBound) dueAgain(boundBy);
  do {
    if (isChanged) reckonKeepers();
    isChanged = false;
    for (let index: u32 = 0; index < ownEnd(); index += 1) advanceOwn(ownAt(index), now);
    isTrue = isBound && areAllTold();
    if (isTrue) renewStatement();
    advancePeers(now);
    agree();
  } while (isChanged);
  return nextDue;
}

function dueAgain(due: u32): void {
  isSettled = false;
  nextDue = min<u32>(nextDue, due);
}

function reckonKeepers(): void {
  isPrunable = true;
  for (let index: u32 = 0; index < ownEnd(); index += 1) {
    const own = ownAt(index);
    if (own.isUsed === 0) continue;
    own.keepers = keepersOf(own.id);
    own.told &= own.keepers & inView();
    if (own.leftFor !== 0 && !isIn(inView(), own.leftFor - 1)) takeOver(own);
  }
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (isIn(others(), node) && peerAt(node).isPruned !== 0) askAgain(peerAt(node));
  }
}

/** Who was to tell where it has gone does not: this node tells that it is not here. */
function takeOver(own: Own): void {
  own.leftFor = 0;
  changeOwn(own);
}

/** Its keepers are to know what is so now. */
export function announce(own: Own): void {
  own.keepers = keepersOf(own.id);
  changeOwn(own);
  isSettled = false;
}

/** How long to wait when something is said: `due` is 0 where that is for the first time. */
function pauseAfter(due: u32, pause: u32): u32 {
  return due === 0 ? REPEAT_BEATS : min<u32>(pause << 1, REPEAT_MAX_BEATS);
}

function advanceOwn(own: Own, now: u32): void {
  if (own.isUsed === 0 || own.isArriving !== 0) return;
  if (own.leftFor !== 0 && own.due <= now) takeOver(own);
  if (own.leftFor !== 0) {
    dueAgain(own.due);
    return;
  }
  const left = untold(own);
  if (left === 0) {
    finishTelling(own);
    return;
  }
  if (own.due <= now) {
    const place = pair(own.cameFrom, own.replaced);
    for (let node: u32 = 0; node < NODES_MAX; node += 1) {
      if (isIn(left, node) && peerAt(node).itsEpoch !== 0)
        say(node, TELL, own.id, own.sequence, own.isHere, place);
    }
    own.pause = pauseAfter(own.due, own.pause);
    own.due = now + own.pause;
  }
  dueAgain(own.due);
}

/** All who are to know do. */
function finishTelling(own: Own): void {
  if (own.token !== 0) answerCaller(own.token, 0, 0);
  own.token = 0;
  if (own.cameFrom !== 0) say(own.cameFrom - 1, SETTLED, own.id, own.replaced, 0, 0);
  own.cameFrom = 0;
  if (own.isHere === 0) own.isUsed = 0;
}

/** What is told everywhere is stated, where that is not what was stated last. */
function renewStatement(): void {
  const isSame =
    serial !== 0 &&
    statedView === inView() &&
    statedInUse === inUse() &&
    statedWanted === wanted() &&
    (statedPrevious === previous() || previous() === inUse());
  if (isSame) return;
  serial = (serial & SERIAL_MASK) === SERIAL_MASK ? 1 : serial + 1;
  statedView = inView();
  statedInUse = inUse();
  statedWanted = wanted();
  statedPrevious = previous();
  for (let node: u32 = 0; node < NODES_MAX; node += 1) if (isIn(others(), node)) peerAt(node).stateDue = 0;
}

/** Asks those who have not stated anything, and states to those who have not heard it. */
function advancePeers(now: u32): void {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isIn(others(), node)) continue;
    const peer = peerAt(node);
    if (peer.hasStated === 0) {
      if (peer.due <= now) {
        say(node, REQUEST, 0, peer.epoch, peer.itsEpoch, 0);
        peer.pause = pauseAfter(peer.due, peer.pause);
        peer.due = now + peer.pause;
      }
      dueAgain(peer.due);
    }
    if (!isTrue || peer.itsEpoch === 0 || peer.heard === serial) continue;
    if (peer.stateDue <= now) {
      state(node, peer);
      peer.statePause = pauseAfter(peer.stateDue, peer.statePause);
      peer.stateDue = now + peer.statePause;
    }
    dueAgain(peer.stateDue);
  }
}

function state(node: u32, peer: Peer): void {
  say(node, STATE, pair(statedInUse, statedWanted), statedPrevious, statement(peer), statedView);
}

/** By which the last statement to the peer is known, and that it has been heard. */
function statement(peer: Peer): u32 {
  return serial | (peer.itsEpoch << EPOCH_SHIFT);
}

/** What the statements of all allow. */
function agree(): void {
  if (inUse() !== wanted() && isTrue && statedWanted === wanted() && isWhole(wanted())) {
    useWanted();
    isChanged = true;
    answerUse(strategyOf(inUse()) === strategyOf(useWished) ? 0 : ERROR_BUSY);
  }
  if (previous() !== inUse() && areAllUsing(inUse())) {
    forgetPrevious();
    isChanged = true;
  }
  const isOne = previous() === inUse() && wanted() === inUse();
  if (isOne && isPrunable && !isChanged && isWhole(inUse())) prune();
}

/** Whether all others state, in the same view as this node's, that keepers by the generation are told everything. */
export function isWhole(generation: u32): bool {
  if (!isBound) return false;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isIn(others(), node)) continue;
    const peer = peerAt(node);
    if (peer.hasStated === 0 || peer.view !== inView()) return false;
    if (peer.inUse !== generation && peer.wanted !== generation && peer.previous !== generation) return false;
  }
  return true;
}

function areAllUsing(generation: u32): bool {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isIn(others(), node)) continue;
    if (peerAt(node).hasStated === 0 || peerAt(node).inUse !== generation) return false;
  }
  return true;
}

/** Rows that this node is not to keep. */
function prune(): void {
  isPrunable = false;
  dropRows(isForOthers.index);
}

function isForOthers(row: Row): bool {
  if (isIn(keepersOf(row.id), ownNode())) return false;
  peerAt(row.node - 1).isPruned = 1;
  return true;
}

/** Whether a number was overtaken by another, both counted in 16 bits. */
function isEarlier(number: u32, other: u32): bool {
  return (((number - other) << EPOCH_SHIFT) as i32) < 0;
}

/** The peer wants to be told everything. */
export function hearRequest(node: u32, words: Words): void {
  const peer = peerAt(node);
  if (peer.itsEpoch !== 0 && isEarlier(words.word3, peer.itsEpoch)) return;
  if (peer.itsEpoch !== words.word3) forgetTold(only(node));
  peer.itsEpoch = words.word3;
  peer.heard = 0;
  peer.stateDue = 0;
  if (words.word4 !== peer.epoch && peer.hasStated !== 0) {
    // it has forgotten that it was asked, and so what it has told
    peer.hasStated = 0;
    peer.due = 0;
  }
  for (let index: u32 = 0; index < ownEnd(); index += 1) {
    if (isIn(untold(ownAt(index)), node)) ownAt(index).due = 0;
  }
  unsettle();
}

export function hearState(node: u32, words: Words): void {
  const peer = peerAt(node);
  if (words.word4 >> EPOCH_SHIFT !== peer.epoch) return;
  say(node, HEARD, 0, words.word4, 0, 0);
  if (peer.hasStated !== 0 && isEarlier(words.word4, peer.serial)) return;
  peer.serial = words.word4 & SERIAL_MASK;
  peer.inUse = words.id as u32;
  peer.wanted = (words.id >> 32) as u32;
  peer.previous = words.word3;
  peer.view = words.set;
  peer.hasStated = 1;
  if (wantGeneration(peer.wanted)) reconsider();
  unsettle();
}

export function hearHeard(node: u32, words: Words): void {
  const peer = peerAt(node);
  if (words.word3 === statement(peer)) peer.heard = serial;
}
