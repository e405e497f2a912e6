/**
 * The tree /service: a name in it is a service that some node offers, and to open it is to get the service's own
 * port, whichever node that is of. Its root lists those that this node knows of (known.ts); the others can be opened
 * as well.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_IS_DIRECTORY,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_FOUND,
} from '../../abi/errors.ts';
import {
  KIND_DEVICE,
  OPEN_CREATE,
  OPEN_TRUNCATE,
  OPEN_WRITE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { SPELLED_MAX } from '../../lib/spelling.ts';
import * as trees from '../../proto/tree.server.ts';
import type { Space } from '../../proto/tree.ts';
import { type CallQueue, dropCall, keepCall, openCalls, tokenAt } from '../../runtime/call-queue.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { ReadOnlyTree } from '../../runtime/read-only-tree.ts';
import { openRoot, startRoots, writeRootStat } from '../../runtime/root-directory.ts';
import { LATER } from '../../runtime/serve.ts';
import { resolveFor } from './directory.ts';
import { countKnown, writeKnown } from './known.ts';
import { serviceId } from './offered.ts';
import { beats } from './time.ts';

/** rw-rw-rw- */
const SERVICE_MODE: u32 = 0o666;
const STATS_SIZE: u32 = 264;

const path = memory.data(16);
const record = memory.data(64, 8);
/** Callers of `stat`, who want no port. */
const stats = memory.data(264, 4);

let waiting: CallQueue = changetype<CallQueue>(0);

/** That somebody has closed the root comes to the port as `bits`. */
export function startServices(port: u32, bits: u32): void {
  startRoots(port, bits, KIND_DEVICE, countKnown.index, writeKnown.index);
  waiting = openCalls(stats, STATS_SIZE);
}

/** Whether the caller with the token has asked for a record, which it has then. */
export function isStatted(token: u32, status: i32): bool {
  for (let index: u32 = 0; index < waiting.count; index += 1) {
    if (tokenAt(waiting, index) !== token) continue;
    dropCall(waiting, index);
    trees.completeStat(token, status < 0 ? status : giveService(token));
    return true;
  }
  return false;
}

/** → its size, or an error. */
function giveService(token: u32): i32 {
  memory.fill(record, 0, STAT_RECORD_SIZE);
  store<u32>(record, KIND_DEVICE, STAT_KIND);
  store<u32>(record, SERVICE_MODE, STAT_MODE);
  store<u32>(record, 1, STAT_LINKS);
  return give(token);
}

function giveRoot(token: u32): i32 {
  writeRootStat(record);
  return give(token);
}

function give(token: u32): i32 {
  const result = deliverLent(token, trees.STAT_INTO, 0, record, STAT_RECORD_SIZE);
  return result < 0 ? result : STAT_RECORD_SIZE;
}

/** The name behind the slash is at `path + 1`: its size, 0 for the root, or an error. */
function takeName(token: u32, size: u32): i32 {
  if (size > SPELLED_MAX + 1) return ERROR_NAME_TOO_LONG;
  const result = fetchLent(token, 0, 0, path, size);
  if (result < 0) return result;
  return size < 2 ? 0 : size - 1;
}

/** The search answers. */
function find(token: u32, size: u32): i32 {
  const id = serviceId(path + 1, size);
  if (id === 0) return ERROR_NOT_FOUND;
  resolveFor(id, token, beats());
  return LATER;
}

//@unmanaged
export class Services extends ReadOnlyTree {
  open(request: Message, pathSize: u32, flags: u32, _mode: u32): i32 {
    const size = takeName(request.token, pathSize);
    if (size < 0) return size;
    if (size === 0) return (flags & OPEN_WRITE) !== 0 ? ERROR_IS_DIRECTORY : openRoot(request.token);
    return (flags & (OPEN_CREATE | OPEN_TRUNCATE)) !== 0 ? ERROR_ACCESS : find(request.token, size);
  }

  stat(request: Message, pathSize: u32, _flags: u32, intoSize: u32): i32 {
    if (intoSize < STAT_RECORD_SIZE) return ERROR_BAD_ARGUMENT;
    const size = takeName(request.token, pathSize);
    if (size < 0) return size;
    if (size === 0) return giveRoot(request.token);
    const kept = keepCall(waiting, request.token, 0);
    return kept === LATER ? find(request.token, size) : kept;
  }

  readLink(_request: Message, _pathSize: u32, _intoSize: u32): i32 {
    return ERROR_BAD_ARGUMENT;
  }

  space(_request: Message, result: Space): i32 {
    result.blockSize = 0;
    result.blocks = 0;
    result.free = 0;
    return 0;
  }

  sync(_request: Message): i32 {
    return 0;
  }
}
