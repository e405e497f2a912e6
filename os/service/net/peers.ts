/**
 * Which other nodes are there: a node that could be reached and cannot any more is lost, and with it all calls to
 * it and from it, and the ports that went between.
 */

import { loseExports } from './exports.ts';
import { loseImports } from './imports.ts';
import { EVERYBODY, NODES_MAX } from './limits.ts';
import { losePeer } from './remote/remote.ts';
import { routesVersion, routeTo } from './route.ts';

/** A byte for each node: whether it was there when looked at last. */
const there = memory.data(64);
/** The version of the routes that was looked at last. */
let seen: u32 = 0;

/** Looks who has come and gone. */
export function lookAtPeers(self: u32): void {
  if (routesVersion() === seen) return;
  seen = routesVersion();
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    const isThere = node !== self && routeTo(node) !== EVERYBODY;
    const wasThere = load<u8>(there + node) !== 0;
    if (isThere === wasThere) continue;
    store<u8>(there + node, u32(isThere));
    if (isThere) continue;
    losePeer(node);
    loseExports(node);
    loseImports(node);
  }
}
