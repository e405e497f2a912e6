/**
 * Sets of nodes, a bit each: who is in one is found without a look at everybody there could be.
 *
 *     for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) …
 */
import { NODES_MAX } from './limits.ts';

/** Two words, aligned. */
export const NODE_SET_SIZE: u32 = 8;

export function addNode(set: u32, node: u32): void {
  const word = wordOf(set, node);
  store<u32>(word, load<u32>(word) | bitOf(node));
}

export function removeNode(set: u32, node: u32): void {
  const word = wordOf(set, node);
  store<u32>(word, load<u32>(word) & ~bitOf(node));
}

export function hasNode(set: u32, node: u32): bool {
  return (load<u32>(wordOf(set, node)) & bitOf(node)) !== 0;
}

/** The first of the set from `from` on; NODES_MAX for none. */
export function nextNode(set: u32, from: u32): u32 {
  for (let node = from; node < NODES_MAX; node = (node | 31) + 1) {
    const rest = load<u32>(wordOf(set, node)) >> (node & 31);
    if (rest !== 0) return node + ctz<u32>(rest);
  }
  return NODES_MAX;
}

/** The last of the set before `end`; NODES_MAX for none. */
export function previousNode(set: u32, end: u32): u32 {
  for (let left = end; left > 0; left = (left - 1) & ~31) {
    const last = left - 1;
    const rest = load<u32>(wordOf(set, last)) << (31 - (last & 31));
    if (rest !== 0) return last - clz<u32>(rest);
  }
  return NODES_MAX;
}

/** How many there are in the set. */
export function countNodes(set: u32): u32 {
  return popcnt<u32>(load<u32>(set)) + popcnt<u32>(load<u32>(set, 4));
}

function wordOf(set: u32, node: u32): u32 {
  return set + ((node >> 5) << 2);
}

function bitOf(node: u32): u32 {
  return (<u32>1) << (node & 31);
}
