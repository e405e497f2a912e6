/**
 * The directory of resources as one node has it: the four calls, and what other nodes say. Everything is done at
 * once, or goes on with the next message or tick; times are beats (time.ts).
 *
 *     own.ts    what is here                 strategy.ts    whom to tell and to ask: central, by class, …
 *     rows.ts   what others told             agreement.ts   who knows what, and which strategy is in use
 *     hints.ts  what was found lately        search.ts      resources on their way to who wants them
 */
import {
  ERROR_BUSY,
  ERROR_EXISTS,
  ERROR_NOT_FOUND,
  ERROR_PEER_DIED,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import {
  advance,
  announce,
  awaitUse,
  hearHeard,
  hearRequest,
  hearState,
  NEVER_DUE,
  reconsider,
  unsettle,
} from './agreement.ts';
import { count, OWN, SEARCHES } from './counters.ts';
import { inUse, startGenerations, strategyOf, wanted, wantStrategy } from './generation.ts';
import { hintFor, setHint } from './hints.ts';
import { NODES_MAX, SETTLE_BEATS } from './limits.ts';
import {
  ANSWER,
  ASK,
  GIVE,
  GIVEN,
  HEARD,
  HERE,
  kindOf,
  MOVED,
  NOT_HERE,
  REQUEST,
  SETTLED,
  STATE,
  say,
  sayWith,
  setSpeaker,
  speakerOf,
  TAKE,
  TAKEN,
  TELL,
  TOLD,
  type Words,
} from './message.ts';
import { enterOwn, nextSequence, type Own, ownOf, portHere, unaware } from './own.ts';
import { askAgain, beginAnew, peerAt, startPeers } from './peers.ts';
import { dropRow, putRow } from './rows.ts';
import {
  beginSearch,
  beginTaking,
  foundNode,
  hearAnswer,
  hearGiven,
  hearTaken,
  lookFor,
  renewSearches,
  tickSearches,
} from './search.ts';
import { startStrategies } from './strategy.ts';
import { inView, isIn, only, ownNode, setNodes, startView } from './view.ts';
import { answerCaller, dropPort } from './world.ts';

/** The generation in use when searches were begun. */
let searchedBy: u32 = 0;

/** `start` grows from start to start of this node's service. */
export function startDirectory(node: u32, start: u32, strategy: u32): void {
  setSpeaker(node, start);
  startView(node);
  startPeers(start);
  startStrategies();
  startGenerations(strategy);
  searchedBy = inUse();
}

/** What is due. → when to call this next: after every call below, and at that time. */
export function tickDirectory(now: u32): u32 {
  const told = advance(now);
  if (inUse() !== searchedBy) {
    searchedBy = inUse();
    renewSearches(now);
  }
  const searched = tickSearches(now, NEVER_DUE);
  // a search may have ended so that something is to be told
  return min<u32>(min<u32>(told, searched), advance(now));
}

/** The resource is here too. The port is the directory's from here on; the caller is answered when all know. */
export function bindHere(id: u64, port: u32, token: u32): void {
  const own = newOwn(id, port, token);
  if (changetype<usize>(own) === 0) return;
  own.token = token;
  announce(own);
}

/** It comes from that node. */
export function moveHere(id: u64, from: u32, port: u32, token: u32, now: u32): void {
  const own = newOwn(id, port, token);
  if (changetype<usize>(own) === 0) return;
  own.isArriving = 1;
  if (beginTaking(own, from, token, now)) return;
  refuse(port, token, ERROR_TOO_MANY);
  own.port = own.isHere = own.isArriving = 0;
  announce(own);
}

/** An entry for what is to be here; none where that cannot be, and the caller knows. */
function newOwn(id: u64, port: u32, token: u32): Own {
  const own = enterOwn(id);
  if (changetype<usize>(own) === 0) refuse(port, token, ERROR_TOO_MANY);
  else if (own.isHere !== 0) {
    refuse(port, token, ERROR_EXISTS);
    return changetype<Own>(<usize>0);
  } else {
    // who waits until it is known to have gone need not, since that is no more so
    if (own.token !== 0) answerCaller(own.token, 0, 0);
    own.token = own.leftFor = own.cameFrom = 0;
    own.port = port;
    own.isHere = 1;
  }
  return own;
}

function refuse(port: u32, token: u32, error: i32): void {
  dropPort(port);
  answerCaller(token, error, 0);
}

/** It is here no more. */
export function unbindHere(id: u64, token: u32): void {
  const own = ownOf(id);
  const isHere = changetype<usize>(own) !== 0 && own.isHere !== 0;
  if (!isHere) answerCaller(token, ERROR_NOT_FOUND, 0);
  else if (own.isArriving !== 0 || own.token !== 0) answerCaller(token, ERROR_BUSY, 0);
  else end(own, token);
}

/** Its server has died. False where it is still arriving, and that is to be said again. */
export function endHere(own: Own): bool {
  if (own.isArriving !== 0) return false;
  if (own.token !== 0) answerCaller(own.token, ERROR_PEER_DIED, 0);
  end(own, 0);
  return true;
}

function end(own: Own, token: u32): void {
  dropPort(own.port);
  own.port = own.isHere = 0;
  own.token = token;
  announce(own);
}

/** The caller gets the port, or ERROR_NOT_FOUND. */
export function resolveFor(id: u64, token: u32, now: u32): void {
  count(SEARCHES);
  const port = portHere(id);
  if (port !== 0) {
    count(OWN);
    answerCaller(token, 0, port);
  } else if (!beginSearch(id, token, now)) answerCaller(token, ERROR_TOO_MANY, 0);
}

/** The whole cluster is to use the strategy; the caller is answered when this node does. */
export function useStrategy(strategy: u32, token: u32): void {
  if (strategyOf(inUse()) === strategy && inUse() === wanted()) {
    answerCaller(token, 0, 0);
    return;
  }
  wantStrategy(strategy, ownNode());
  awaitUse(token, wanted());
  reconsider();
}

/** Who is there now; their distances are set (view.ts). */
export function changeView(nodes: u64, now: u32): void {
  const before = inView();
  if (!setNodes(nodes)) return;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (isIn(before & ~inView(), node)) {
      beginAnew(node);
      peerAt(node).start = 0;
    }
    if (isIn(inView() & ~before, node)) askAgain(peerAt(node));
  }
  reconsider();
  renewSearches(now);
}

/** A message of a peer's, with the port that came along or 0, which is the directory's from here on. */
export function hearDirectory(words: Words, port: u32, now: u32): void {
  const node = speakerOf(words);
  if (node < NODES_MAX && node !== ownNode() && isPresent(node, words.start)) hear(node, words, port, now);
  if (port !== 0) dropPort(port);
}

/** False for what an earlier start of its service has said. */
function isPresent(node: u32, start: u32): bool {
  const peer = peerAt(node);
  if (start === peer.start) return true;
  if (peer.start !== 0 && ((start - peer.start) as i32) < 0) return false;
  if (peer.start !== 0) {
    beginAnew(node);
    reconsider();
  }
  peer.start = start;
  return true;
}

function hear(node: u32, words: Words, port: u32, now: u32): void {
  const kind = kindOf(words);
  if (kind === TELL) hearTell(node, words);
  else if (kind === TOLD) hearTold(node, words);
  else if (kind === ASK) hearAsk(node, words);
  else if (kind === ANSWER) hearAnswer(node, words, now);
  else if (kind === GIVE) hearGive(node, words);
  else if (kind === GIVEN) hearGiven(node, words, port, now);
  else if (kind === TAKE) hearTake(node, words, now);
  else if (kind === TAKEN) hearTaken(node, words, now);
  else if (kind === SETTLED) hearSettled(node, words);
  else if (kind === REQUEST) hearRequest(node, words);
  else if (kind === STATE) hearState(node, words);
  else if (kind === HEARD) hearHeard(node, words);
}

/** What there is no room for is not acknowledged, and told again. */
function hearTell(node: u32, words: Words): void {
  const replaced = words.set as u32;
  if (replaced !== 0) dropRow(replaced - 1, words.id, (words.set >> 32) as u32);
  if (words.word4 === 0) dropRow(node, words.id, words.word3);
  else if (!putRow(node, words.id, words.word3)) return;
  say(node, TOLD, words.id, words.word3, words.word4, 0);
}

function hearTold(node: u32, words: Words): void {
  const own = ownOf(words.id);
  unsettle();
  if (changetype<usize>(own) === 0) {
    // it was told something that is long over
    if (words.word4 !== 0) say(node, TELL, words.id, nextSequence(), 0, 0);
    return;
  }
  if (own.sequence === words.word3) own.told |= only(node);
  if (own.leftFor !== 0) own.isDoubtful = 1;
}

function hearAsk(node: u32, words: Words): void {
  const outcome = lookFor(words.id, words.word4, words.set);
  say(node, ANSWER, words.id, words.word3, outcome, foundNode() as u64);
}

function hearGive(node: u32, words: Words): void {
  const port = portHere(words.id);
  if (port !== 0) sayWith(port, node, GIVEN, words.id, words.word3, HERE, 0);
  else sayElsewhere(node, GIVEN, words);
}

function hearTake(node: u32, words: Words, now: u32): void {
  const own = ownOf(words.id);
  const isKnown = changetype<usize>(own) !== 0;
  if (isKnown && own.isArriving !== 0) return;
  if (isKnown && own.isHere !== 0) leave(own, node, now);
  if (isKnown && own.leftFor === node + 1) say(node, TAKEN, words.id, words.word3, HERE, own.sequence as u64);
  else sayElsewhere(node, TAKEN, words);
}

/** To that node, which tells all who know of it. */
function leave(own: Own, node: u32, now: u32): void {
  own.isDoubtful = u32(unaware(own) !== 0);
  dropPort(own.port);
  own.port = own.isHere = 0;
  own.leftFor = node + 1;
  own.due = now + SETTLE_BEATS;
  if (own.token !== 0) answerCaller(own.token, 0, 0);
  own.token = own.cameFrom = 0;
  setHint(own.id, node);
  unsettle();
}

function sayElsewhere(node: u32, kind: u32, words: Words): void {
  const next = hintFor(words.id);
  if (next === NODES_MAX) say(node, kind, words.id, words.word3, NOT_HERE, 0);
  else say(node, kind, words.id, words.word3, MOVED, next as u64);
}

function hearSettled(node: u32, words: Words): void {
  const own = ownOf(words.id);
  if (changetype<usize>(own) === 0 || own.leftFor !== node + 1 || own.sequence !== words.word3) return;
  own.leftFor = 0;
  if (own.isDoubtful !== 0) announce(own);
  else own.isUsed = 0;
}
