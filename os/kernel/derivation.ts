/**
 * The derivation tree: who got what from whom. Nodes are handles and regions; a node's children are what was
 * derived from it. Linking and unlinking take a fixed number of steps.
 *
 * A handle's watch (watch.ts) is a node among its children, in whatever place. It fires when it is the only
 * one left, and goes without a word when its handle is closed.
 */
import { isNone, none } from '../lib/pointer.ts';
import { type Handle, KIND_WATCH, type Watch } from './structures.ts';
import { discardWatch, fireWatch } from './watch.ts';

const KIND_MASK: u32 = 0xff;

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

/** Takes a node out from among its parent's children; who watches them is told where it was the last. */
export function unlinkNode(node: Handle): void {
  detach(node);
  const parent = node.parent;
  if (isNone(parent) || isNone(parent.child)) return;
  const first = parent.child;
  if (isNone(first.next) && isWatch(first)) {
    detach(first);
    fireWatch(changetype<Watch>(first));
  }
}

/** The first node that was derived from it, or none. */
export function firstDerived(node: Handle): Handle {
  const first = node.child;
  return !isNone(first) && isWatch(first) ? first.next : first;
}

/** Gives the node's children to its parent, at most `budget`; true once it has none. */
export function giveUpChildren(node: Handle, budget: u32): bool {
  for (let count: u32 = 0; count < budget; count += 1) {
    const child = node.child;
    if (isNone(child)) return true;
    detach(child);
    if (isWatch(child)) discardWatch(changetype<Watch>(child));
    else addChild(node.parent, child);
  }
  return isNone(node.child);
}

/** Takes a node out, and tells nobody. */
export function detach(node: Handle): void {
  const next = node.next;
  const previous = node.previous;
  if (!isNone(next)) next.previous = previous;
  if (!isNone(previous)) previous.next = next;
  else if (!isNone(node.parent)) node.parent.child = next;
}

//@inline
function isWatch(node: Handle): bool {
  return (node.info & KIND_MASK) === KIND_WATCH;
}
