/**
 * The derivation tree: who got what from whom. Nodes are handles and regions; a node's children are what was
 * derived from it. Linking and unlinking take a fixed number of steps.
 */
import { isNone, none } from '../lib/pointer.ts';
import type { Handle } from './structures.ts';

/** Makes `node` a child of `parent`; where that is none, a root. */
export function addChild(parent: Handle, node: Handle): void {
  node.parent = parent;
  node.previous = none<Handle>();
  node.next = none<Handle>();
  if (isNone(parent)) return;
  const first = parent.child;
  node.next = first;
  if (!isNone(first)) first.previous = node;
  parent.child = node;
}

/** Takes a node out from among its parent's children. */
export function unlinkNode(node: Handle): void {
  const next = node.next;
  const previous = node.previous;
  if (!isNone(next)) next.previous = previous;
  if (!isNone(previous)) previous.next = next;
  else if (!isNone(node.parent)) node.parent.child = next;
}

/** Gives the node's children to its parent, at most `budget`; true once it has none. */
export function giveUpChildren(node: Handle, budget: u32): bool {
  for (let count: u32 = 0; count < budget; count += 1) {
    const child = node.child;
    if (isNone(child)) return true;
    unlinkNode(child);
    addChild(node.parent, child);
  }
  return isNone(node.child);
}
