/**
 * Which other nodes are there: a node that could be reached and cannot any more is lost, and with it all calls to
 * it and from it, and the ports that went between. Services that attend to that are told of each change.
 */
import { notify } from '../../runtime/system.ts';
import { loseExports } from './exports.ts';
import { loseImports } from './imports.ts';
import { EVERYBODY, NODES_MAX } from './limits.ts';
import { losePeer } from './remote/remote.ts';
import { routesVersion, routeTo } from './route.ts';

/** A byte for each node: whether it was there when looked at last. */
const there = memory.data(64);
/** A handle and bits for each that attends. */
const attendants = memory.data(64, 4);
const ATTENDANTS_MAX: u32 = 8;
let attendantCount: u32 = 0;
/** The version of the routes that was looked at last. */
let seen: u32 = 0;

/** Looks who has come and gone. */
export function lookAtPeers(self: u32): void {
  if (routesVersion() === seen) return;
  seen = routesVersion();
  let isChanged = false;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    const isThere = node !== self && routeTo(node) !== EVERYBODY;
    const wasThere = load<u8>(there + node) !== 0;
    if (isThere === wasThere) continue;
    store<u8>(there + node, u32(isThere));
    isChanged = true;
    if (isThere) continue;
    losePeer(node);
    loseExports(node);
    loseImports(node);
  }
  if (isChanged) tellAttendants();
}

/** The port gets the bits at each change. False where there is no room. */
export function attend(port: u32, bits: u32): bool {
  if (attendantCount === ATTENDANTS_MAX) return false;
  const at = attendants + (attendantCount << 3);
  store<u32>(at, port);
  store<u32>(at, bits, 4);
  attendantCount += 1;
  return true;
}

function tellAttendants(): void {
  for (let index: u32 = 0; index < attendantCount; index += 1) {
    const at = attendants + (index << 3);
    notify(load<u32>(at), load<u32>(at, 4));
  }
}
