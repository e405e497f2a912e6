/**
 * What nodes say to each other, always all of it: who speaks, its last view, its vote on the next one, and what it
 * knows of everybody's health.
 *
 *      0  node 2 · zero 2 · incarnation 4
 *      8  number and chain of the last view; before there is one the last number that has ended, and 0
 *     16  ballot promised · ballot accepted
 *     24  nodes of the last view 8 · number and chain of the accepted value 8 · its nodes 8
 *     48  how many words on health follow, 4
 *     52  incarnations of the nodes of the view, then of the value, by number, 4 each
 *         health: incarnation 4 · refutation 4 · node 2, state 2
 */
import { MEMBER_ALIVE, MEMBER_LEFT } from '../../proto/member.ts';
import { accepted, acceptedValue, current, endedNumber, promised } from './ballot.ts';
import { healthOf } from './health.ts';
import { NODES_MAX } from './limits.ts';
import { clear, enter, incarnationIn, isIn, nodesEnd, type Roster } from './roster.ts';

export const NODE: u32 = 0;
export const INCARNATION: u32 = 4;
export const NUMBER: u32 = 8;
export const CHAIN: u32 = 12;
export const PROMISED: u32 = 16;
export const ACCEPTED: u32 = 20;
const VIEW_NODES: u32 = 24;
const VALUE_NUMBER: u32 = 32;
const VALUE_CHAIN: u32 = 36;
const VALUE_NODES: u32 = 40;
const HEALTH_COUNT: u32 = 48;
const WORDS: u32 = 52;

const HEALTH_SIZE: u32 = 12;
export const HEALTH_INCARNATION: u32 = 0;
export const HEALTH_REFUTATION: u32 = 4;
export const HEALTH_NODE: u32 = 8;
export const HEALTH_STATE: u32 = 10;

/** With rosters and health of all nodes. */
export const STATEMENT_SIZE_MAX: u32 = WORDS + 2 * (NODES_MAX << 2) + NODES_MAX * HEALTH_SIZE;

/** This node's statement to `at`; its size. */
export function writeStatement(at: u32, self: u32): u32 {
  const view = current();
  const isFounding = view.chain === 0;
  store<u16>(at, self, NODE);
  store<u16>(at, 0, NODE + 2);
  store<u32>(at, healthOf(self).incarnation, INCARNATION);
  store<u32>(at, isFounding ? endedNumber() : view.number, NUMBER);
  store<u32>(at, view.chain, CHAIN);
  store<u32>(at, promised(), PROMISED);
  store<u32>(at, accepted(), ACCEPTED);
  store<u64>(at, isFounding ? 0 : view.nodes, VIEW_NODES);
  const value = acceptedValue();
  store<u32>(at, value.number, VALUE_NUMBER);
  store<u32>(at, value.chain, VALUE_CHAIN);
  store<u64>(at, value.nodes, VALUE_NODES);
  let end = at + WORDS;
  if (!isFounding) end = writeIncarnations(end, view);
  return writeHealth(at, writeIncarnations(end, value)) - at;
}

function writeIncarnations(at: u32, roster: Roster): u32 {
  let end = at;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (!isIn(node, roster.nodes)) continue;
    store<u32>(end, incarnationIn(roster, node));
    end += 4;
  }
  return end;
}

function writeHealth(statement: u32, at: u32): u32 {
  let end = at;
  let count: u32 = 0;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    const health = healthOf(node);
    if (health.incarnation === 0) continue;
    store<u32>(end, health.incarnation, HEALTH_INCARNATION);
    store<u32>(end, health.refutation, HEALTH_REFUTATION);
    store<u16>(end, node, HEALTH_NODE);
    store<u16>(end, health.state, HEALTH_STATE);
    end += HEALTH_SIZE;
    count += 1;
  }
  store<u32>(statement, count, HEALTH_COUNT);
  return end;
}

/** Whether `size` bytes are a statement in order, of another node than this one. */
export function isStatement(at: u32, size: u32, self: u32): bool {
  if (size < WORDS || <u32>load<u16>(at, NODE) >= NODES_MAX || <u32>load<u16>(at, NODE) === self)
    return false;
  if (load<u32>(at, INCARNATION) === 0 || load<u32>(at, HEALTH_COUNT) > NODES_MAX) return false;
  if (load<u32>(at, ACCEPTED) > load<u32>(at, PROMISED)) return false;
  if (healthAt(at) + load<u32>(at, HEALTH_COUNT) * HEALTH_SIZE !== at + size) return false;
  for (let index: u32 = 0; index < healthCount(at); index += 1) {
    const word = healthWord(at, index);
    const state = <u32>load<u16>(word, HEALTH_STATE);
    if (<u32>load<u16>(word, HEALTH_NODE) >= NODES_MAX || load<u32>(word, HEALTH_INCARNATION) === 0)
      return false;
    if (state < MEMBER_ALIVE || state > MEMBER_LEFT) return false;
  }
  return true;
}

function healthAt(at: u32): u32 {
  const nodes = popcnt<u64>(load<u64>(at, VIEW_NODES)) + popcnt<u64>(load<u64>(at, VALUE_NODES));
  return at + WORDS + ((nodes as u32) << 2);
}

export function healthCount(at: u32): u32 {
  return load<u32>(at, HEALTH_COUNT);
}

export function healthWord(at: u32, index: u32): u32 {
  return healthAt(at) + index * HEALTH_SIZE;
}

/** The view that a statement says; of its founders nothing. */
export function readView(at: u32, roster: Roster): void {
  readRoster(at, roster, NUMBER, VIEW_NODES, at + WORDS);
}

/** The value that its node has accepted. */
export function readValue(at: u32, roster: Roster): void {
  const nodes = popcnt<u64>(load<u64>(at, VIEW_NODES)) as u32;
  readRoster(at, roster, VALUE_NUMBER, VALUE_NODES, at + WORDS + (nodes << 2));
}

function readRoster(at: u32, roster: Roster, number: u32, nodes: u32, words: u32): void {
  clear(roster);
  roster.number = load<u32>(at + number);
  roster.chain = load<u32>(at + number, 4);
  const wanted = load<u64>(at + nodes);
  let from = words;
  for (let left = wanted; left !== 0; left &= left - 1) {
    enter(roster, ctz<u64>(left) as u32, load<u32>(from));
    from += 4;
  }
}
