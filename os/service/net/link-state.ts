/**
 * Link states: what each node says of its own links, kept by all. The latest word of a node counts: the
 * higher incarnation, then the higher number. What is not repeated for AGE_MAX_MS no longer counts; it is
 * kept all the same, so that a neighbour that has not forgotten it yet cannot bring it back.
 *
 *     statement     node 2 · count 2 · incarnation 4 · number 4 · neighbour 2, cost 2 …
 *
 * Two nodes that know the same have the same digest: the exclusive or of a hash of each statement.
 */
import { AGE_MAX_MS, NODES_MAX } from './limits.ts';
import { addNode, hasNode, NODE_SET_SIZE, nextNode, removeNode } from './node-set.ts';

export const STATEMENT_NODE: u32 = 0;
const STATEMENT_COUNT: u32 = 2;
const STATEMENT_INCARNATION: u32 = 4;
const STATEMENT_NUMBER: u32 = 8;
const STATEMENT_LINKS: u32 = 12;
const LINK_SHIFT: u32 = 2;
const STATEMENT_SIZE_MAX: u32 = STATEMENT_LINKS + (NODES_MAX << LINK_SHIFT);
/** What a link costs, and one whose far end is in doubt: used where there is no other way. */
export const COST: u32 = 1;
export const COST_IN_DOUBT: u32 = 0x4000;
/** Odd, without pattern: spreads a number over 32 bits. */
const SPREAD: u32 = 0x9e37_79b1;

const statements = memory.data(17_152);
/** For each node, to whom it states links. */
const linked = memory.data(512, 4);
/** Whose statement counts, and when each was taken in. */
const known = memory.data(8, 4);
const takenAt = memory.data(256);
/** The digest, where nothing that it depends on has changed since. */
let sum: u32 = 0;
let isSummed = false;

export function statementOf(node: u32): u32 {
  assert(node < NODES_MAX);
  return statements + node * STATEMENT_SIZE_MAX;
}

export function isKnown(node: u32): bool {
  return hasNode(known, node);
}

export function incarnationStated(node: u32): u32 {
  return isKnown(node) ? statedIncarnation(statementOf(node)) : 0;
}

export function statedIncarnation(statement: u32): u32 {
  return load<u32>(statement, STATEMENT_INCARNATION);
}

export function statementSize(statement: u32): u32 {
  return STATEMENT_LINKS + (load<u16>(statement, STATEMENT_COUNT) << LINK_SHIFT);
}

/** Whether `size` bytes are a statement in order, with room to copy it. */
export function isStatement(statement: u32, size: u32): bool {
  if (size < STATEMENT_LINKS || <u32>load<u16>(statement, STATEMENT_NODE) >= NODES_MAX) return false;
  if (<u32>load<u16>(statement, STATEMENT_COUNT) > NODES_MAX || statementSize(statement) !== size)
    return false;
  for (let at = STATEMENT_LINKS; at < size; at += 1 << LINK_SHIFT) {
    if (<u32>load<u16>(statement + at) >= NODES_MAX) return false;
  }
  return true;
}

/** What a statement is: nothing new, the same said anew, or something else than before. */
export const STATEMENT_OLD: u32 = 0;
export const STATEMENT_SAME: u32 = 1;
export const STATEMENT_NEW: u32 = 2;

/** Takes in a statement where it is later than the last one. STATEMENT_…. */
export function takeStatement(statement: u32, now: u32): u32 {
  const node = <u32>load<u16>(statement, STATEMENT_NODE);
  const last = statementOf(node);
  if (!isLater(statement, last)) return STATEMENT_OLD;
  const size = statementSize(statement);
  const isSame = isKnown(node) && saysSame(statement, last, size);
  memory.copy(last, statement, size);
  note(node, now);
  if (isSame) return STATEMENT_SAME;
  memory.fill(linkedTo(node), 0, NODE_SET_SIZE);
  for (let index: u32 = 0; index < countLinks(node); index += 1)
    addNode(linkedTo(node), linkedNode(node, index));
  return STATEMENT_NEW;
}

//@inline
function linkedTo(node: u32): u32 {
  return linked + node * NODE_SET_SIZE;
}

/** But for their numbers. */
function saysSame(left: u32, right: u32, size: u32): bool {
  if (statedIncarnation(left) !== statedIncarnation(right) || statementSize(right) !== size) return false;
  return memory.compare(left + STATEMENT_LINKS, right + STATEMENT_LINKS, size - STATEMENT_LINKS) === 0;
}

function isLater(left: u32, right: u32): bool {
  if (statedIncarnation(left) !== statedIncarnation(right))
    return statedIncarnation(left) > statedIncarnation(right);
  return load<u32>(left, STATEMENT_NUMBER) > load<u32>(right, STATEMENT_NUMBER);
}

/** Begins this node's next statement; its links are added by `addLink`. */
export function beginStatement(node: u32, incarnation: u32, now: u32): void {
  const statement = statementOf(node);
  memory.fill(linkedTo(node), 0, NODE_SET_SIZE);
  store<u16>(statement, node, STATEMENT_NODE);
  store<u16>(statement, 0, STATEMENT_COUNT);
  store<u32>(statement, incarnation, STATEMENT_INCARNATION);
  store<u32>(statement, load<u32>(statement, STATEMENT_NUMBER) + 1, STATEMENT_NUMBER);
  note(node, now);
}

/** The node has a statement that is new. */
function note(node: u32, now: u32): void {
  store<u32>(takenAt + (node << 2), now);
  addNode(known, node);
  isSummed = false;
}

export function addLink(node: u32, neighbour: u32, cost: u32): void {
  const statement = statementOf(node);
  const at = statement + statementSize(statement);
  store<u16>(at, neighbour);
  store<u16>(at, cost, 2);
  store<u16>(statement, load<u16>(statement, STATEMENT_COUNT) + 1, STATEMENT_COUNT);
  addNode(linkedTo(node), neighbour);
}

/** How many links the node states. */
export function countLinks(node: u32): u32 {
  return isKnown(node) ? <u32>load<u16>(statementOf(node), STATEMENT_COUNT) : 0;
}

/** Where one of them leads. */
export function linkedNode(node: u32, index: u32): u32 {
  return load<u16>(statementOf(node) + (index << LINK_SHIFT), STATEMENT_LINKS);
}

/** What it costs, as the node states it. */
export function linkCost(node: u32, index: u32): u32 {
  return load<u16>(statementOf(node) + (index << LINK_SHIFT), STATEMENT_LINKS + 2);
}

/** Whether the first states a link to the second. */
export function statesLink(from: u32, to: u32): bool {
  return isKnown(from) && hasNode(linkedTo(from), to);
}

/** Forgets what was not repeated, but for this node's own; true where something was forgotten. */
export function forgetOld(self: u32, now: u32): bool {
  let hasForgotten = false;
  for (let node = nextNode(known, 0); node < NODES_MAX; node = nextNode(known, node + 1)) {
    if (node === self || now - load<u32>(takenAt + (node << 2)) < AGE_MAX_MS) continue;
    removeNode(known, node);
    isSummed = false;
    hasForgotten = true;
  }
  return hasForgotten;
}

export function digest(): u32 {
  if (isSummed) return sum;
  isSummed = true;
  sum = 0;
  for (let node = nextNode(known, 0); node < NODES_MAX; node = nextNode(known, node + 1)) {
    const statement = statementOf(node);
    const number = load<u32>(statement, STATEMENT_NUMBER) * SPREAD;
    sum ^=
      rotl<u32>((number ^ load<u32>(statement, STATEMENT_INCARNATION)) * SPREAD, 15) * (node + 1) * SPREAD;
  }
  return sum;
}
