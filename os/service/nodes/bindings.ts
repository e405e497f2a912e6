/**
 * What is bound on other nodes, as their name services say, kept until a node comes or goes: a program that begins
 * asks for it, and seldom has it changed. Handles of servers are kept too, by the path that they are bound to.
 *
 *     kept bindings    a block for each node: the size of its list (0: not known), then the list
 *     kept servers     SERVERS_MAX entries, the oldest makes room
 */
import { ERROR_TOO_LARGE } from '../../abi/errors.ts';
import * as name from '../../proto/name.client.ts';
import { deliverLent } from '../../runtime/lent.ts';
import { close, hasDied } from '../../runtime/system.ts';
import { directoryOf, forgetNodes, isOwn, resolveAt, serverThere } from './way.ts';

const NODES_MAX: u32 = 64;
const BLOCK_SIZE: u32 = 1024;
const LIST_SIZE_MAX: u32 = 1020;
const SERVERS_MAX: u32 = 32;
const PATH_MAX: u32 = 120;

//@unmanaged
class Server {
  /** 0 where the entry is free. */
  handle: u32 = 0;
  /** Whose handle it is: as for `resolveAt`. */
  badge: u32 = 0;
  pathSize: u32 = 0;
}

const lists = memory.data(64 * 1024, 4);
const servers = memory.data(32 * 132, 4);
let oldest: u32 = 0;

/** A node has come or gone: what was known of any may be wrong. */
export function forgetBindings(): void {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (load<u32>(listOf(node)) !== 0) store<u32>(listOf(node), 0);
  }
  for (let index: u32 = 0; index < SERVERS_MAX; index += 1) forgetServer(serverAt(index));
  forgetNodes();
}

/** Gives the node's list into the caller's range: its size, or an error. */
export function giveBindings(token: u32, node: u32, room: u32): i32 {
  if (isOwn(node)) return 0;
  const at = listOf(node);
  if (load<u32>(at) === 0) {
    const names = directoryOf(node);
    if (names < 0) return names;
    const size = name.list(names, at + 4, LIST_SIZE_MAX);
    if (size < 0) return size;
    store<u32>(at, size);
  }
  const size = load<u32>(at);
  if (size > room) return ERROR_TOO_LARGE;
  const result = deliverLent(token, 0, 0, at + 4, size);
  return result < 0 ? result : size;
}

/** The server of the binding with this path, `/N/…`: kept here; or an error. */
export function serverOf(path: u32, pathSize: u32, badge: u32): i32 {
  for (let index: u32 = 0; index < SERVERS_MAX; index += 1) {
    const server = serverAt(index);
    if (server.handle === 0 || server.badge !== badge || server.pathSize !== pathSize) continue;
    if (memory.compare(pathAt(server), path, pathSize) !== 0) continue;
    if (!hasDied(server.handle)) return server.handle;
    forgetServer(server);
  }
  const found = resolveAt(path, pathSize, badge);
  if (found < 0) return found;
  const server = serverAt(oldest);
  oldest = (oldest + 1) % SERVERS_MAX;
  forgetServer(server);
  server.handle = serverThere();
  server.badge = badge;
  // a path that is too long to be kept is found by nobody
  server.pathSize = pathSize <= PATH_MAX ? pathSize : 0;
  if (pathSize <= PATH_MAX) memory.copy(pathAt(server), path, pathSize);
  return server.handle;
}

function forgetServer(server: Server): void {
  if (server.handle !== 0) close(server.handle);
  server.handle = 0;
}

function listOf(node: u32): u32 {
  return lists + node * BLOCK_SIZE;
}

function serverAt(index: u32): Server {
  return changetype<Server>(servers + index * (offsetof<Server>() + PATH_MAX));
}

function pathAt(server: Server): u32 {
  return changetype<usize>(server) + offsetof<Server>();
}
