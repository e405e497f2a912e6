/**
 * Which other nodes are there: a node that could be reached and cannot any more is lost, and with it all calls to
 * it and from it, and the ports that went between; so is one that has begun anew meanwhile. Services that attend to
 * that are told of each change.
 */
import { close, notify } from '../../runtime/system.ts';
import { loseExports } from './exports.ts';
import { loseImports } from './imports.ts';
import { EVERYBODY, NODES_MAX } from './limits.ts';
import { incarnationStated } from './link-state.ts';
import { losePeer } from './remote/remote.ts';
import { routesVersion, routeTo } from './route.ts';

/** A word for each node: the incarnation that was there when looked at last, or 0. */
const there = memory.data(256);
/** A badge, a handle and bits for each that attends. */
const attendants = memory.data(96, 4);
const ATTENDANT_SIZE: u32 = 12;
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
    const found = isThere ? incarnationStated(node) : 0;
    const before = load<u32>(there + (node << 2));
    if (found === before) continue;
    store<u32>(there + (node << 2), found);
    isChanged = true;
    if (before === 0) continue;
    losePeer(node, found);
    loseExports(node);
    loseImports(node);
  }
  if (isChanged) tellAttendants();
}

export function doesAttend(service: u32): bool {
  return placeOf(service) < attendantCount;
}

/** The port gets the bits at each change; one for each service. False where there is no room. */
export function attend(service: u32, port: u32, bits: u32): bool {
  const index = placeOf(service);
  if (index === ATTENDANTS_MAX) return false;
  const at = attendantAt(index);
  if (index < attendantCount) close(load<u32>(at, 4));
  else attendantCount += 1;
  store<u32>(at, service);
  store<u32>(at, port, 4);
  store<u32>(at, bits, 8);
  return true;
}

/** Where it is, or would be. */
function placeOf(service: u32): u32 {
  let index: u32 = 0;
  while (index < attendantCount && load<u32>(attendantAt(index)) !== service) index += 1;
  return index;
}

function attendantAt(index: u32): u32 {
  return attendants + index * ATTENDANT_SIZE;
}

function tellAttendants(): void {
  for (let index: u32 = 0; index < attendantCount; index += 1) {
    const at = attendantAt(index);
    notify(load<u32>(at, 4), load<u32>(at, 8));
  }
}
