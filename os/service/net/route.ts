/**
 * Routes: by which neighbour a node is reached at the least cost (Dijkstra, 1959), over links that both their
 * ends state. Of equal ways the one by the lowest-numbered neighbour is taken, so that all nodes agree.
 */

import { EVERYBODY, NODES_MAX } from './limits.ts';
import { countLinks, linkCost, linkedNode, statesLink } from './link-state.ts';
import { addNode, NODE_SET_SIZE, nextNode, removeNode } from './node-set.ts';

const UNREACHED: u32 = 0xffff_ffff;

/** For each node: the neighbour to send by, or EVERYBODY where there is no way; and what the way costs. */
const firstHops = memory.data(128);
const costs = memory.data(256);
/** Those to whom a way is known that may not be the cheapest yet. */
const open = memory.data(8, 4);

/** How often routes were computed: who looks at them need not look again while it is the same. */
let computations: u32 = 0;

export function routesVersion(): u32 {
  return computations;
}

export function routeTo(node: u32): u32 {
  assert(node < NODES_MAX);
  return load<u16>(firstHops + (node << 1));
}

/** Cost of the way to the node; only to be asked where there is one. */
export function costTo(node: u32): u32 {
  return costOf(node);
}

/** Anew, from what is stated now. */
export function computeRoutes(self: u32): void {
  computations += 1;
  memory.fill(open, 0, NODE_SET_SIZE);
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    store<u16>(firstHops + (node << 1), EVERYBODY);
    store<u32>(costs + (node << 2), UNREACHED);
  }
  store<u32>(costs + (self << 2), 0);
  store<u16>(firstHops + (self << 1), self);
  for (let node = self; node !== EVERYBODY; node = nearest()) settle(self, node);
}

function nearest(): u32 {
  let best: u32 = EVERYBODY;
  let bestCost = UNREACHED;
  for (let node = nextNode(open, 0); node < NODES_MAX; node = nextNode(open, node + 1)) {
    if (costOf(node) >= bestCost) continue;
    best = node;
    bestCost = costOf(node);
  }
  return best;
}

/** The way to `node` is final: what can be reached by it? Costs are positive, so that no final one becomes less. */
function settle(self: u32, node: u32): void {
  removeNode(open, node);
  for (let index: u32 = 0; index < countLinks(node); index += 1) {
    const next = linkedNode(node, index);
    const cost = linkCost(node, index);
    if (cost === 0 || !statesLink(next, node)) continue;
    const hop = node === self ? next : routeTo(node);
    const whole = costOf(node) + cost;
    if (whole > costOf(next) || (whole === costOf(next) && hop >= routeTo(next))) continue;
    store<u32>(costs + (next << 2), whole);
    store<u16>(firstHops + (next << 1), hop);
    addNode(open, next);
  }
}

function costOf(node: u32): u32 {
  return load<u32>(costs + (node << 2));
}
