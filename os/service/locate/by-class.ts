/**
 * By class: the rows of each kind of resource are kept by the node that hashing gives it, the one with the highest
 * hash of class and node (rendezvous hashing; Thaler and Ravishankar, 1998). When a node comes or goes, only the
 * classes that it gets, or had, change their keeper.
 */
import { NODES_MAX } from './limits.ts';
import { inView, isIn, only } from './view.ts';

export function keepers(family: u32): u64 {
  return only(homeOf(family));
}

export function asked(family: u32, round: u32): u64 {
  return round === 0 ? only(homeOf(family)) : 0;
}

function homeOf(family: u32): u32 {
  const nodes = inView();
  let best: u32 = 0;
  let home: u32 = NODES_MAX;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isIn(nodes, node)) continue;
    const hash = mixed(family * 0x9e37_79b9 + node);
    if (home !== NODES_MAX && hash <= best) continue;
    best = hash;
    home = node;
  }
  return home;
}

/** MurmurHash3's final mixing. */
function mixed(value: u32): u32 {
  let hash = (value ^ (value >> 16)) * 0x85eb_ca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2_ae35;
  return hash ^ (hash >> 16);
}
