/**
 * Which nodes there are, this one among them, and how far away each is: sets are the bits of a u64.
 */
import { NODES_MAX } from './limits.ts';

const distances = memory.data(64);

let self: u32 = 0;
let view: u64 = 0;

export function startView(node: u32): void {
  self = node;
  view = only(node);
}

export function ownNode(): u32 {
  return self;
}

/** The nodes that there are, and this one. */
export function inView(): u64 {
  return view;
}

/** Those of the view that are not this node. */
export function others(): u64 {
  return view & ~only(self);
}

/** Before the view that the node belongs to is set: over how many wires it is reached. */
export function setDistance(node: u32, wires: u32): void {
  store<u8>(distances + node, min<u32>(wires, 255));
}

/** False where nothing has changed. */
export function setNodes(nodes: u64): bool {
  const next = nodes | only(self);
  if (next === view) return false;
  view = next;
  return true;
}

//@inline
export function only(node: u32): u64 {
  return (1 as u64) << (node as u64);
}

//@inline
export function isIn(nodes: u64, node: u32): bool {
  return ((nodes >> (node as u64)) & 1) !== 0;
}

/** NODES_MAX for none. */
export function lowest(nodes: u64): u32 {
  return ctz(nodes) as u32;
}

/** All others in view that are at most so many wires away. */
export function within(wires: u32): u64 {
  let nodes: u64 = 0;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (node !== self && isIn(view, node) && <u32>load<u8>(distances + node) <= wires) nodes |= only(node);
  }
  return nodes;
}
