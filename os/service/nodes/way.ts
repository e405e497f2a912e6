/**
 * The way from a path to a server on another node: the node's name service says which. What names a node's own
 * name service has is found as for any other, but at home.
 */
import { ERROR_NODE_LOST, ERROR_NOT_FOUND, ERROR_PEER_DIED } from '../../abi/errors.ts';
import { isUser, ROOT } from '../../lib/user.ts';
import * as name from '../../proto/name.client.ts';
import type { Resolution } from '../../proto/name.ts';
import * as net from '../../proto/net.client.ts';
import { NODE_RECORD_COST, NODE_RECORD_NODE, NODE_RECORD_SIZE } from '../../proto/net.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close } from '../../runtime/system.ts';

const NODES_MAX: u32 = 64;
const SLASH: u32 = 0x2f;
const ZERO: u32 = 0x30;

const records = memory.data(1024, 4);
/** For each node the handle of its name service; 0 where it was not needed yet. */
const directories = memory.data(256, 4);
const resolution = memory.data(8, 4);
const root = memory.data<u8>([0x2f]);

/** The nodes that could ever be reached, a bit each. */
let seen: u64 = 0;
let server: u32 = 0;
let rest: u32 = 0;
let size: u32 = 0;

/** What `resolveAt` found: the caller's to close. */
export function serverThere(): u32 {
  return server;
}

/** What of the path is for the server. */
export function restAt(): u32 {
  return rest;
}

export function restSize(): u32 {
  return size;
}

/** The number with which a path begins, behind its slash; or an error. */
export function nodeOfPath(path: u32, pathSize: u32): i32 {
  if (pathSize < 2 || load<u8>(path) !== SLASH) return ERROR_NOT_FOUND;
  let node: u32 = 0;
  for (let at: u32 = 1; at < pathSize && load<u8>(path + at) !== SLASH; at += 1) {
    const digit = <u32>load<u8>(path + at) - ZERO;
    if (digit > 9 || node >= NODES_MAX) return ERROR_NOT_FOUND;
    node = node * 10 + digit;
  }
  return node < NODES_MAX ? node : ERROR_NOT_FOUND;
}

/** Where the number ends. */
export function nodeEnd(path: u32, pathSize: u32): u32 {
  let at: u32 = 1;
  while (at < pathSize && load<u8>(path + at) !== SLASH) at += 1;
  return at;
}

/** For the user with that badge, or another's, which is as good as root's. → 0, or why there is no way. */
export function resolveAt(path: u32, pathSize: u32, badge: u32): i32 {
  const node = nodeOfPath(path, pathSize);
  if (node < 0) return node;
  const at = nodeEnd(path, pathSize);
  const user = isUser(badge) ? badge : ROOT;
  const result = resolve(node, path + at, pathSize - at, user);
  // the node may have been away, and be back
  if (result !== ERROR_NODE_LOST && result !== ERROR_PEER_DIED) return result;
  forget(node);
  return resolve(node, path + at, pathSize - at, user);
}

function resolve(node: u32, path: u32, pathSize: u32, user: u32): i32 {
  const names = directoryOf(node);
  if (names < 0) return names;
  const found = changetype<Resolution>(resolution);
  const result =
    pathSize === 0
      ? name.resolveAs(names, user, root, 1, found)
      : name.resolveAs(names, user, path, pathSize, found);
  if (result < 0) return result;
  server = found.server;
  rest = path + found.consumed;
  size = pathSize - found.consumed;
  return 0;
}

/** The handle of the node's name service, which stays this module's; or an error. */
export function directoryOf(node: u32): i32 {
  const at = directories + (node << 2);
  if (load<u32>(at) !== 0) return load<u32>(at);
  const handle = isOwn(node) ? handleNamed('name') : net.directory(handleNamed('net'), node);
  if (handle > 0) store<u32>(at, handle);
  return handle === ERROR_NOT_FOUND && wasThere(node) ? ERROR_NODE_LOST : handle;
}

function wasThere(node: u32): bool {
  return ((seen >> (node as u64)) & 1) !== 0;
}

function forget(node: u32): void {
  const at = directories + (node << 2);
  if (load<u32>(at) !== 0 && !isOwn(node)) close(load<u32>(at));
  store<u32>(at, 0);
}

/** What was known of other nodes may be wrong. */
export function forgetNodes(): void {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (load<u32>(directories + (node << 2)) !== 0) forget(node);
  }
}

export function isOwn(node: u32): bool {
  const count = listNodes();
  for (let index: u32 = 0; index < count; index += 1) {
    const record = recordAt(index);
    if (load<u32>(record, NODE_RECORD_COST) === 0) return <u32>load<u16>(record, NODE_RECORD_NODE) === node;
  }
  return false;
}

/** How many nodes can be reached now; their records are at `recordAt`. */
export function listNodes(): u32 {
  const bytes = net.list(handleNamed('net'), records, 1024);
  if (bytes < 0) return 0;
  const count = <u32>bytes / NODE_RECORD_SIZE;
  for (let index: u32 = 0; index < count; index += 1) {
    const node = <u64>load<u16>(recordAt(index), NODE_RECORD_NODE);
    seen |= (1 as u64) << node;
  }
  return count;
}

export function recordAt(index: u32): u32 {
  return records + index * NODE_RECORD_SIZE;
}
