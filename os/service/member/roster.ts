/**
 * Rosters: numbered sets of nodes, each in one incarnation. Every view is one. Its `chain` is a hash of all that
 * led to it, so that two histories are never taken for one; a roster with chain 0 is of the founders, in whichever
 * incarnations, before the first view.
 *
 * Who decides for a roster: more than half of it, or half with its lowest node. Any two such sets have a node
 * in common. Founders decide all together.
 */
import { NODES_MAX } from './limits.ts';

//@unmanaged
export class Roster {
  nodes: u64 = 0;
  number: u32 = 0;
  chain: u32 = 0;
}

/** Behind the fields: a word for each node. */
const INCARNATIONS: u32 = 16;
export const ROSTER_SIZE: u32 = 272;
/** Odd, without pattern: spreads a number over 32 bits. */
const SPREAD: u32 = 0x9e37_79b1;

/** All nodes that were ever heard of are below. */
let end: u32 = 0;

//@inline
export function bitOf(node: u32): u64 {
  return (<u64>1) << (<u64>node);
}

//@inline
export function isIn(node: u32, nodes: u64): bool {
  return ((nodes >> <u64>node) & 1) !== 0;
}

//@inline
export function nodesEnd(): u32 {
  return end;
}

/** These nodes are heard of. */
export function noteNodes(nodes: u64): void {
  end = max<u32>(end, 64 - (clz<u64>(nodes) as u32));
}

export function incarnationIn(roster: Roster, node: u32): u32 {
  return load<u32>(changetype<usize>(roster) + INCARNATIONS + (node << 2));
}

export function enter(roster: Roster, node: u32, incarnation: u32): void {
  assert(node < NODES_MAX);
  noteNodes(bitOf(node));
  roster.nodes |= bitOf(node);
  store<u32>(changetype<usize>(roster) + INCARNATIONS + (node << 2), incarnation);
}

export function clear(roster: Roster): void {
  memory.fill(changetype<usize>(roster), 0, ROSTER_SIZE);
}

export function copy(to: Roster, from: Roster): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), ROSTER_SIZE);
}

/** The same nodes in the same incarnations, whatever their number. */
export function isSameSet(one: Roster, other: Roster): bool {
  if (one.nodes !== other.nodes) return false;
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (isIn(node, one.nodes) && incarnationIn(one, node) !== incarnationIn(other, node)) return false;
  }
  return true;
}

/** Whether these nodes alone decide for the roster. */
export function decides(roster: Roster, nodes: u64): bool {
  const present = roster.nodes & nodes;
  if (roster.chain === 0) return roster.nodes !== 0 && present === roster.nodes;
  const twice = popcnt<u64>(present) << 1;
  const all = popcnt<u64>(roster.nodes);
  return twice > all || (twice === all && all !== 0 && isIn(ctz<u64>(roster.nodes) as u32, present));
}

/** Makes the roster the one with this number that follows the other. */
export function chainTo(roster: Roster, last: Roster, number: u32): void {
  roster.number = number;
  let hash = mix(last.chain, number);
  for (let node: u32 = 0; node < nodesEnd(); node += 1) {
    if (isIn(node, roster.nodes)) hash = mix(hash ^ node, incarnationIn(roster, node));
  }
  roster.chain = hash === 0 ? 1 : hash;
}

function mix(hash: u32, word: u32): u32 {
  return rotl<u32>((hash ^ word) * SPREAD, 15) * SPREAD + word;
}
