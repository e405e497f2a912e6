/**
 * The nodes of the cluster as one tree: /node/3/etc/motd is what is /etc/motd on node 3. The root lists the nodes
 * that can be reached; whatever is asked about a path below goes to that node's name service, and on to the tree
 * that answers there. What is opened is the other node's own object: reading and writing does not pass here. Who
 * asks more often is given the server itself (bindings.ts).
 *
 *     path      '' the root · /3 node 3's root · /3/etc/motd
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_HANDLE,
  ERROR_CROSS_DEVICE,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_FOUND,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  OPEN_CREATE,
  OPEN_TRUNCATE,
  OPEN_WRITE,
  PATH_SIZE_MAX,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { addNumber, beginLine } from '../../lib/line.ts';
import { none } from '../../lib/pointer.ts';
import * as files from '../../proto/file.server.ts';
import * as net from '../../proto/net.client.ts';
import { NODE_RECORD_NODE } from '../../proto/net.ts';
import { completeServer, dispatch as dispatchNodes, CONTRACT as NODES } from '../../proto/nodes.server.ts';
import * as tree from '../../proto/tree.client.ts';
import * as trees from '../../proto/tree.server.ts';
import type { Space } from '../../proto/tree.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import {
  closeRoots,
  isRoot,
  openRoot,
  rootAt,
  startRoots,
  writeRootStat,
} from '../../runtime/root-directory.ts';
import { firstRequest, LATER, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close } from '../../runtime/system.ts';
import { forgetBindings, giveBindings, serverOf } from './bindings.ts';
import { listNodes, nodeEnd, nodeOfPath, recordAt, resolveAt, restAt, restSize, serverThere } from './way.ts';

const LABEL_CONTRACT_SHIFT: u32 = 8;
const NOTIFY_CLOSED: u32 = 1;
const NOTIFY_PEERS: u32 = 2;
const LINE_SIZE: u32 = 32;
const SLASH: u32 = 0x2f;

const buffer = memory.data(64, 4);
const path = memory.data(1024);
const other = memory.data(1024);
const record = memory.data(64, 8);
const line = memory.data(32, 4);

let port: u32 = 0;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  attend();
  startRoots(port, NOTIFY_CLOSED, KIND_DIRECTORY, listNodes.index, writeNode.index);
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) hearBits(request.label);
    else serve(request);
    result = nextRequest(request);
  }
  return -result;
}

/** Anew at each change: net may have begun anew. */
function attend(): void {
  net.attend(handleNamed('net'), port, NOTIFY_PEERS);
}

/** The number of one of the nodes that were listed. */
function writeNode(index: u32, to: u32): u32 {
  const text = beginLine(line, LINE_SIZE);
  addNumber(text, load<u16>(recordAt(index), NODE_RECORD_NODE));
  memory.copy(to, text.start, text.at - text.start);
  return text.at - text.start;
}

function hearBits(bits: u32): void {
  if ((bits & NOTIFY_CLOSED) !== 0) closeRoots();
  if ((bits & NOTIFY_PEERS) === 0) return;
  attend();
  forgetBindings();
}

function serve(request: Message): void {
  const contract = request.label >> LABEL_CONTRACT_SHIFT;
  if (contract === NODES) dispatchNodes(none<Bindings>(), request);
  else if (contract !== files.CONTRACT) trees.dispatch(none<Tree>(), request);
  else if (isRoot(request.badge)) files.dispatch(rootAt(request.badge), request);
  else refuse(request, ERROR_BAD_HANDLE);
}

/** The path in the request's range to `at`, with a zero behind it; its size, or an error. */
function takePath(request: Message, range: u32, size: u32, at: u32): i32 {
  if (size >= PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  const result = fetchLent(request.token, range, 0, at, size);
  if (result < 0) return result;
  store<u8>(at + size, 0);
  return size;
}

/** Finds the server of the request's path, and what of the path is for it: way.ts has both. */
function find(request: Message, range: u32, size: u32): i32 {
  const taken = takePath(request, range, size, path);
  if (taken < 0) return taken;
  return taken === 0 ? ERROR_ACCESS : resolveAt(path, taken, request.badge);
}

/** The answer of another node's tree is this one's; its server is needed no more. */
function done(status: i32): i32 {
  close(serverThere());
  return status;
}

//@unmanaged
class Bindings {
  bindings(request: Message, node: u32, intoSize: u32): i32 {
    return giveBindings(request.token, node, intoSize);
  }

  server(request: Message, pathSize: u32): i32 {
    const taken = takePath(request, 0, pathSize, path);
    const found = taken < 0 ? taken : serverOf(path, taken, request.badge);
    completeServer(request.token, found);
    return LATER;
  }
}

//@unmanaged
class Tree {
  open(request: Message, pathSize: u32, flags: u32, mode: u32): i32 {
    if (pathSize === 0) {
      if ((flags & (OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE)) !== 0) return ERROR_ACCESS;
      return openRoot(request.token);
    }
    const found = find(request, 0, pathSize);
    if (found < 0) return found;
    const object = done(tree.open(serverThere(), restAt(), restSize(), flags, mode));
    trees.completeOpen(request.token, object);
    if (object > 0) close(object);
    return LATER;
  }

  stat(request: Message, pathSize: u32, flags: u32, intoSize: u32): i32 {
    if (intoSize < STAT_RECORD_SIZE) return ERROR_BAD_ARGUMENT;
    let status: i32 = STAT_RECORD_SIZE;
    if (pathSize === 0) writeRootStat(record);
    else {
      const found = find(request, trees.STAT_PATH, pathSize);
      if (found < 0) return found;
      status = done(tree.stat(serverThere(), restAt(), restSize(), flags, record, STAT_RECORD_SIZE));
    }
    if (status < 0) return status;
    const result = deliverLent(request.token, trees.STAT_INTO, 0, record, status);
    return result < 0 ? result : status;
  }

  makeDirectory(request: Message, pathSize: u32, mode: u32): i32 {
    const found = find(request, 0, pathSize);
    return found < 0 ? found : done(tree.makeDirectory(serverThere(), restAt(), restSize(), mode));
  }

  remove(request: Message, pathSize: u32, isDirectory: bool): i32 {
    const found = find(request, 0, pathSize);
    return found < 0 ? found : done(tree.remove(serverThere(), restAt(), restSize(), isDirectory));
  }

  rename(request: Message, fromSize: u32, toSize: u32): i32 {
    const size = findBoth(request, fromSize, toSize);
    if (size < 0) return size;
    const skipped = fromSize - restSize();
    return done(tree.rename(serverThere(), restAt(), restSize(), other + skipped, size - skipped));
  }

  link(request: Message, fromSize: u32, toSize: u32): i32 {
    const size = findBoth(request, fromSize, toSize);
    if (size < 0) return size;
    const skipped = fromSize - restSize();
    return done(tree.link(serverThere(), restAt(), restSize(), other + skipped, size - skipped));
  }

  symbolicLink(request: Message, targetSize: u32, pathSize: u32): i32 {
    const size = takePath(request, trees.SYMBOLIC_LINK_TARGET, targetSize, other);
    if (size < 0) return size;
    const found = find(request, trees.SYMBOLIC_LINK_PATH, pathSize);
    if (found < 0) return found;
    return done(tree.symbolicLink(serverThere(), other, size, restAt(), restSize()));
  }

  readLink(request: Message, pathSize: u32, intoSize: u32): i32 {
    const found = find(request, trees.READ_LINK_PATH, pathSize);
    if (found < 0) return found;
    const room = min<u32>(intoSize, PATH_SIZE_MAX);
    const size = done(tree.readLink(serverThere(), restAt(), restSize(), other, room));
    if (size < 0) return size;
    const result = deliverLent(request.token, trees.READ_LINK_INTO, 0, other, min<u32>(size, room));
    return result < 0 ? result : size;
  }

  setMode(request: Message, pathSize: u32, mode: u32): i32 {
    const found = find(request, 0, pathSize);
    return found < 0 ? found : done(tree.setMode(serverThere(), restAt(), restSize(), mode));
  }

  setOwner(request: Message, pathSize: u32, uid: u32, gid: u32): i32 {
    const found = find(request, 0, pathSize);
    return found < 0 ? found : done(tree.setOwner(serverThere(), restAt(), restSize(), uid, gid));
  }

  setTime(request: Message, pathSize: u32, modified: u64): i32 {
    const found = find(request, 0, pathSize);
    return found < 0 ? found : done(tree.setTime(serverThere(), restAt(), restSize(), modified));
  }

  /** It has none of its own. */
  space(_request: Message, result: Space): i32 {
    result.blockSize = 0;
    result.blocks = 0;
    result.free = 0;
    return 0;
  }

  /** Each node's trees are written by those who write to them. */
  sync(_request: Message): i32 {
    return 0;
  }

  /** A link on another node means what it means there. */
  beyond(request: Message, pathSize: u32, flags: u32, intoSize: u32): i32 {
    const found = find(request, trees.BEYOND_PATH, pathSize);
    if (found < 0) return found;
    const size = done(tree.beyond(serverThere(), restAt(), restSize(), flags, other, PATH_SIZE_MAX));
    if (size < 0) return size;
    const isAbsolute = load<u8>(other) === SLASH;
    const start = isAbsolute ? nodeEnd(path, pathSize) : pathSize - restSize();
    return giveBelow(request.token, start, min<u32>(size, PATH_SIZE_MAX), intoSize);
  }
}

/** To the caller: the path's first `start` bytes, as from the tree's root, and behind them `other`. */
function giveBelow(token: u32, start: u32, size: u32, room: u32): i32 {
  store<u8>(path + start, SLASH);
  const before = load<u8>(other) === SLASH ? start - 1 : start;
  if (before + size > room) return ERROR_NAME_TOO_LONG;
  const first = deliverLent(token, trees.BEYOND_INTO, 0, path + 1, before);
  if (first < 0) return first;
  const second = deliverLent(token, trees.BEYOND_INTO, before, other, size);
  return second < 0 ? second : before + size;
}

/** Two paths of one tree of one node: the first is found, the second is at `other`. Its size, or an error. */
function findBoth(request: Message, fromSize: u32, toSize: u32): i32 {
  const size = takePath(request, 1, toSize, other);
  if (size < 0) return size;
  const found = find(request, 0, fromSize);
  if (found < 0) return found;
  const skipped = fromSize - restSize();
  if (<u32>size >= skipped && memory.compare(path, other, skipped) === 0 && nodeOfPath(other, size) >= 0)
    return size;
  close(serverThere());
  return nodeOfPath(other, size) < 0 ? ERROR_NOT_FOUND : ERROR_CROSS_DEVICE;
}
