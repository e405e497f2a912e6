/**
 * Which other nodes are there, as sets: bit n is node n. A node that is lost is told when it is there again that
 * what it had with this one may be given up; so is everybody when this service begins.
 */
import { NODES_MAX } from './courier.ts';

let there: u64 = 0;
/** All that ever could. */
let seen: u64 = 0;
let untold: u64 = 0xffff_ffff_ffff_ffff;

export function setOf(node: u32): u64 {
  return (1 as u64) << (node as u64);
}

/** All that can be reached. */
export function allThere(): u64 {
  return there;
}

export function isThere(node: u32): bool {
  return node < NODES_MAX && (there & setOf(node)) !== 0;
}

/** It could be reached once, and cannot now. */
export function isLost(node: u32): bool {
  return node < NODES_MAX && (seen & ~there & setOf(node)) !== 0;
}

/** These can be reached now. → those that could before and cannot now. */
export function noteThere(nodes: u64): u64 {
  const lost = there & ~nodes;
  there = nodes;
  seen |= nodes;
  untold |= lost;
  return lost;
}

/** Something between the node and this one has been lost. */
export function owe(node: u32): void {
  untold |= setOf(node);
}

export function isTold(node: u32): void {
  untold &= ~setOf(node);
}

/** Those that are there and are to be told. */
export function untoldThere(): u64 {
  return untold & there;
}

/** The first node of the set; NODES_MAX for none. */
export function firstOf(nodes: u64): u32 {
  return nodes === 0 ? NODES_MAX : <u32>ctz(nodes);
}
