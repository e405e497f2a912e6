/**
 * Searches: from a resource to its port, which its holder gives.
 *
 *     hint? ─→ GIVE ─ HERE: found
 *        │     ↑   ├─ MOVED: that node is asked ─→ GIVE
 *        │     │   └─ NOT_HERE: it was wrong ─┐
 *        └───→ ASK, as the strategy says ←────┘
 *              │
 *              ├─ FOUND: that node is asked ─→ GIVE
 *              └─ nobody knows it: not found
 *
 * Asking begins again when another strategy comes in use, or nodes come and go. A resource that moves here is taken
 * from its holder in the same way (TAKE instead of GIVE), from the node that is known to have it.
 */
import { ERROR_NOT_FOUND, ERROR_TIMED_OUT } from '../../abi/errors.ts';
import { none } from '../../lib/pointer.ts';
import { STRATEGY_LOCAL } from '../../proto/locate.ts';
import { announce, isAllBound, isWhole } from './agreement.ts';
import { count, HITS, MISSES, WRONG } from './counters.ts';
import { inUse, strategyOf } from './generation.ts';
import { dropHint, hintFor, setHint } from './hints.ts';
import {
  MOVES_MAX,
  NODES_MAX,
  REPEAT_BEATS,
  ROUNDS_MAX,
  SEARCH_BEATS,
  SEARCHES_MAX,
  SOON_BEATS,
  WRONG_MAX,
} from './limits.ts';
import { ASK, FOUND, GIVE, HERE, MOVED, NOT_HERE, NOT_YET, say, TAKE, type Words } from './message.ts';
import { type Own, ownOf, portHere } from './own.ts';
import { dropRow, holderOf } from './rows.ts';
import { askedBy, keepersBy } from './strategy.ts';
import { inView, isIn, only, ownNode } from './view.ts';
import { answerCaller, dropPort } from './world.ts';

const FREE: u32 = 0;
/** `pending` have been asked. */
const ASKING: u32 = 1;
/** `target` has been asked to give it, or to let it go. */
const GIVING: u32 = 2;
const TAKING: u32 = 3;
/** Until `due`, to ask again. */
const WAITING: u32 = 4;

//@unmanaged
export class Search {
  id: u64 = 0;
  pending: u64 = 0;
  /** Who was asked in this round and earlier ones. */
  done: u64 = 0;
  /** Who was said to have it and has not. */
  except: u64 = 0;
  state: u32 = 0;
  token: u32 = 0;
  /** What answers say of it: its place in bits 7–0, above them which use of that. */
  ticket: u32 = 0;
  target: u32 = 0;
  generation: u32 = 0;
  round: u32 = 0;
  due: u32 = 0;
  end: u32 = 0;
  isHinted: u32 = 0;
  /** Who was said to have it by the node that was asked. */
  claimed: u32 = 0;
  wrong: u32 = 0;
  moves: u32 = 0;
  /** Of one that takes: the entry of own.ts that it is for. */
  own: u32 = 0;
}

const TICKET_MASK: u32 = 0xff;
const TICKET_USE: u32 = 0x100;

const table = memory.data(6144, 8);
let found: u32 = 0;
/** How many are not free. */
let active: u32 = 0;

function searchAt(place: u32): Search {
  return changetype<Search>(table + place * offsetof<Search>());
}

/** None where there is no room. */
function enter(id: u64, token: u32, now: u32): Search {
  for (let place: u32 = 0; place < SEARCHES_MAX; place += 1) {
    const search = searchAt(place);
    if (search.state !== FREE) continue;
    const ticket = (search.ticket & ~TICKET_MASK) + TICKET_USE;
    memory.fill(changetype<usize>(search), 0, offsetof<Search>());
    active += 1;
    search.ticket = ticket | place;
    search.id = id;
    search.token = token;
    search.end = now + SEARCH_BEATS;
    return search;
  }
  return none<Search>();
}

function release(search: Search): void {
  search.state = FREE;
  active -= 1;
}

/** The one that the ticket of a node's answer is for; none where it is in another state by now. */
export function searchFor(ticket: u32, state: u32, node: u32): Search {
  const place = ticket & TICKET_MASK;
  if (place >= SEARCHES_MAX || searchAt(place).ticket !== ticket) return none<Search>();
  const search = searchAt(place);
  if (search.state !== state) return none<Search>();
  const isAwaited = state === ASKING ? isIn(search.pending, node) : search.target === node;
  return isAwaited ? search : none<Search>();
}

/** For a resource that is not here. False where there is no room for a search. */
export function beginSearch(id: u64, token: u32, now: u32): bool {
  const search = enter(id, token, now);
  if (changetype<usize>(search) === 0) return false;
  const hint = hintFor(id);
  if (hint !== NODES_MAX && isIn(inView(), hint)) {
    search.isHinted = 1;
    give(search, hint, now);
  } else {
    count(MISSES);
    ask(search, now);
  }
  return true;
}

/** The resource of the entry is to leave the node that has it. False where there is no room for that. */
export function beginTaking(own: Own, from: u32, token: u32, now: u32): bool {
  const search = enter(own.id, token, now);
  if (changetype<usize>(search) === 0) return false;
  search.own = changetype<usize>(own);
  take(search, from, now);
  return true;
}

function give(search: Search, node: u32, now: u32): void {
  search.state = GIVING;
  search.target = node;
  search.due = now + REPEAT_BEATS;
  say(node, GIVE, search.id, search.ticket, 0, 0);
}

function giveClaimed(search: Search, node: u32, now: u32): void {
  search.claimed = node;
  give(search, node, now);
}

function take(search: Search, node: u32, now: u32): void {
  search.state = TAKING;
  search.target = node;
  search.due = now + REPEAT_BEATS;
  if (isIn(inView(), node) && node !== ownNode()) say(node, TAKE, search.id, search.ticket, 0, 0);
  // a node that is lost has let go of everything
  else arrive(search, 0, 0);
}

function finish(search: Search, port: u32): void {
  answerCaller(search.token, 0, port);
  release(search);
}

/** Asks as the strategy says, from the beginning; unless it has come here meanwhile. */
function ask(search: Search, now: u32): void {
  if (portHere(search.id) !== 0) {
    finish(search, portHere(search.id));
    return;
  }
  search.state = ASKING;
  search.generation = inUse();
  search.round = 0;
  search.done = 0;
  askFurther(search, now);
}

/** The next round, or the end of them. */
function askFurther(search: Search, now: u32): void {
  while (search.round < ROUNDS_MAX) {
    const asked = askedBy(strategyOf(search.generation), search.id, search.round);
    search.round += 1;
    search.pending = asked & inView() & ~search.done;
    search.done |= search.pending;
    if (isIn(search.pending, ownNode())) {
      const outcome = lookFor(search.id, search.generation, search.except);
      if (outcome === FOUND) giveClaimed(search, found, now);
      if (outcome === NOT_YET) wait(search, now);
      if (outcome !== NOT_HERE) return;
      search.pending &= ~only(ownNode());
    }
    if (search.pending === 0) continue;
    sayAsk(search, now);
    return;
  }
  if (search.except === 0) fail(search, ERROR_NOT_FOUND);
  else retry(search, now);
}

function sayAsk(search: Search, now: u32): void {
  search.due = now + REPEAT_BEATS;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (isIn(search.pending, node))
      say(node, ASK, search.id, search.ticket, search.generation, search.except);
  }
}

function wait(search: Search, now: u32): void {
  search.state = WAITING;
  search.due = now + SOON_BEATS;
}

/** What was said to have it has not: that may have been told meanwhile. */
function retry(search: Search, now: u32): void {
  search.except = 0;
  search.wrong += 1;
  if (search.wrong > WRONG_MAX) fail(search, ERROR_NOT_FOUND);
  else wait(search, now);
}

/** What this node knows of a resource that is asked for: an outcome; `foundNode` has it where it is FOUND. */
export function lookFor(id: u64, generation: u32, except: u64): u32 {
  found = ownNode();
  if (portHere(id) !== 0 && !isIn(except, found)) return FOUND;
  found = holderOf(id, except | ~inView());
  if (found !== NODES_MAX) return FOUND;
  const strategy = strategyOf(generation);
  found = whereGone(id, strategy);
  if (found !== NODES_MAX && isIn(inView() & ~except, found)) return FOUND;
  if (strategy === STRATEGY_LOCAL) return isAllBound() ? NOT_HERE : NOT_YET;
  return isIn(keepersBy(strategy, id), ownNode()) && isWhole(generation) ? NOT_HERE : NOT_YET;
}

/**
 * Where a resource is that was here, and of which others may not know yet. Where everybody is asked in turn, those
 * who were asked before it was there need to hear of it later too.
 */
function whereGone(id: u64, strategy: u32): u32 {
  const own = ownOf(id);
  if (changetype<usize>(own) !== 0 && own.leftFor !== 0) return own.leftFor - 1;
  const hint = strategy === STRATEGY_LOCAL ? hintFor(id) : NODES_MAX;
  return hint === ownNode() ? NODES_MAX : hint;
}

export function foundNode(): u32 {
  return found;
}

export function hearAnswer(node: u32, words: Words, now: u32): void {
  const search = searchFor(words.word3, ASKING, node);
  if (changetype<usize>(search) === 0) return;
  const outcome = words.word4;
  const holder = words.set as u32;
  if (outcome === FOUND && holder !== ownNode() && isIn(inView(), holder)) giveClaimed(search, holder, now);
  else if (outcome === FOUND) passOver(search, holder, now);
  else if (outcome === NOT_YET) search.due = now + SOON_BEATS;
  else {
    search.pending &= ~only(node);
    if (search.pending === 0) askFurther(search, now);
  }
}

/** The answer to GIVE, and the port where it is HERE. */
export function hearGiven(node: u32, words: Words, port: u32, now: u32): void {
  const search = searchFor(words.word3, GIVING, node);
  if (changetype<usize>(search) === 0) return;
  const wasHinted = search.isHinted !== 0;
  search.isHinted = 0;
  if (words.word4 === HERE && port !== 0) {
    if (wasHinted) count(HITS);
    setHint(search.id, node);
    finish(search, port);
    return;
  }
  if (wasHinted) {
    count(WRONG);
    dropHint(search.id);
  }
  const next = words.set as u32;
  search.moves += 1;
  const isFollowed = words.word4 === MOVED && search.moves <= MOVES_MAX && isIn(inView(), next);
  if (isFollowed && next !== ownNode()) give(search, next, now);
  else if (wasHinted || portHere(search.id) !== 0) ask(search, now);
  else passOver(search, search.claimed, now);
}

/** The node was said to have it, and neither has it nor leads to it. */
function passOver(search: Search, node: u32, now: u32): void {
  search.except |= only(node);
  search.moves = 0;
  search.wrong += 1;
  if (search.wrong > WRONG_MAX) fail(search, ERROR_NOT_FOUND);
  else ask(search, now);
}

export function hearTaken(node: u32, words: Words, now: u32): void {
  const search = searchFor(words.word3, TAKING, node);
  if (changetype<usize>(search) === 0) return;
  const next = words.set as u32;
  search.moves += 1;
  if (words.word4 === HERE) arrive(search, node + 1, words.set as u32);
  else if (words.word4 !== MOVED || search.moves > MOVES_MAX) fail(search, ERROR_NOT_FOUND);
  else take(search, next, now);
}

/** The resource is here, and nowhere else. */
function arrive(search: Search, cameFrom: u32, replaced: u32): void {
  const own = changetype<Own>(search.own);
  own.isArriving = 0;
  own.cameFrom = cameFrom;
  own.replaced = replaced;
  own.token = search.token;
  if (cameFrom !== 0) dropRow(cameFrom - 1, own.id, replaced);
  release(search);
  announce(own);
}

function fail(search: Search, error: i32): void {
  release(search);
  if (search.own === 0) {
    // it may have come here meanwhile
    const port = portHere(search.id);
    answerCaller(search.token, port === 0 ? error : 0, port);
    return;
  }
  answerCaller(search.token, error, 0);
  const own = changetype<Own>(search.own);
  dropPort(own.port);
  own.port = 0;
  own.isHere = 0;
  own.isArriving = 0;
  announce(own);
}

/** Other nodes can be reached, or another generation is in use. */
export function renewSearches(now: u32): void {
  for (let place: u32 = 0; place < SEARCHES_MAX; place += 1) {
    const search = searchAt(place);
    if (search.state === ASKING) ask(search, now);
    if (isIn(inView(), search.target)) continue;
    if (search.state === GIVING) ask(search, now);
    if (search.state === TAKING) arrive(search, 0, 0);
  }
}

/** What was not answered is said again. → when there is something to do again. */
export function tickSearches(now: u32, never: u32): u32 {
  let next = never;
  let left = active;
  for (let place: u32 = 0; left > 0 && place < SEARCHES_MAX; place += 1) {
    const search = searchAt(place);
    if (search.state === FREE) continue;
    left -= 1;
    if (search.end <= now) fail(search, ERROR_TIMED_OUT);
    else if (search.due <= now) repeat(search, now);
    if (search.state !== FREE) next = min<u32>(next, min<u32>(search.due, search.end));
  }
  return next;
}

function repeat(search: Search, now: u32): void {
  if (search.state === WAITING) ask(search, now);
  else if (search.state === ASKING) sayAsk(search, now);
  else if (search.state === GIVING) give(search, search.target, now);
  else take(search, search.target, now);
}
