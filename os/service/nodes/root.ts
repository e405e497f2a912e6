/**
 * The root of the tree of nodes, opened: a directory that lists those that can be reached when it is read.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_IS_DIRECTORY,
  ERROR_NOT_TERMINAL,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  LISTED_KIND,
  LISTED_NAME,
  LISTED_NAME_SIZE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { addNumber, beginLine } from '../../lib/line.ts';
import type { Position } from '../../proto/file.ts';
import { NODE_RECORD_NODE } from '../../proto/net.ts';
import { completeOpen } from '../../proto/tree.server.ts';
import { deliverLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { isHeld, makeObject } from '../../runtime/open-objects.ts';
import { LATER } from '../../runtime/serve.ts';
import { close, watchHandle } from '../../runtime/system.ts';
import { listNodes, recordAt } from './way.ts';

const ROOTS_MAX: u32 = 16;
/** Its bit of the service's port: somebody has closed one. */
export const NOTIFY_CLOSED: u32 = 1;
/** r-xr-xr-x */
const MODE: u32 = 0x16d;
const ENTRY_SIZE: u32 = 12;
const FIRST_INODE: u32 = 2;

const roots = memory.data(128, 4);
const line = memory.data(64, 4);
const entry = memory.data(12, 4);
const record = memory.data(64, 8);

//@unmanaged
export class Root {
  /** 0 where the place in the table is free. */
  handle: u32 = 0;
  /** How many nodes it has listed. */
  position: u32 = 0;

  read(_request: Message, _intoSize: u32): i32 {
    return ERROR_IS_DIRECTORY;
  }

  write(_request: Message, _fromSize: u32): i32 {
    return ERROR_IS_DIRECTORY;
  }

  /** To the beginning again. */
  seek(_request: Message, offset: i64, whence: u32, result: Position): i32 {
    if (offset !== 0 || whence !== 0) return ERROR_BAD_ARGUMENT;
    this.position = 0;
    result.offset = 0;
    return 0;
  }

  truncate(_request: Message, _size: u64): i32 {
    return ERROR_IS_DIRECTORY;
  }

  stat(request: Message, intoSize: u32): i32 {
    if (intoSize < STAT_RECORD_SIZE) return ERROR_BAD_ARGUMENT;
    writeRootStat(record);
    const result = deliverLent(request.token, 0, 0, record, STAT_RECORD_SIZE);
    return result < 0 ? result : STAT_RECORD_SIZE;
  }

  list(request: Message, intoSize: u32): i32 {
    const count = listNodes();
    let written: u32 = 0;
    while (this.position < count && intoSize - written >= ENTRY_SIZE) {
      const node = <u32>load<u16>(recordAt(this.position), NODE_RECORD_NODE);
      const size = writeEntry(node);
      const result = deliverLent(request.token, 0, written, entry, size);
      if (result < 0) return result;
      written += size;
      this.position += 1;
    }
    return written === 0 && this.position < count ? ERROR_TOO_LARGE : written;
  }

  sync(_request: Message): i32 {
    return 0;
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NOT_TERMINAL;
  }

  map(_request: Message): i32 {
    return ERROR_IS_DIRECTORY;
  }
}

/** Its size. */
function writeEntry(node: u32): u32 {
  const text = beginLine(line, 64);
  addNumber(text, node);
  const length = text.at - text.start;
  memory.fill(entry, 0, ENTRY_SIZE);
  store<u32>(entry, FIRST_INODE + node);
  store<u8>(entry, KIND_DIRECTORY, LISTED_KIND);
  store<u8>(entry, length, LISTED_NAME_SIZE);
  memory.copy(entry + LISTED_NAME, text.start, length);
  return (LISTED_NAME + length + 3) & ~3;
}

export function writeRootStat(at: u32): void {
  memory.fill(at, 0, STAT_RECORD_SIZE);
  store<u32>(at, KIND_DIRECTORY, STAT_KIND);
  store<u32>(at, MODE, STAT_MODE);
  store<u32>(at, 2, STAT_LINKS);
}

/** Badges are places in the table, plus one. */
export function rootAt(badge: u32): Root {
  return changetype<Root>(roots + (badge - 1) * offsetof<Root>());
}

export function isRoot(badge: u32): bool {
  return badge !== 0 && badge <= ROOTS_MAX && rootAt(badge).handle !== 0;
}

/** Opens it for the caller with that token. → LATER, or an error. */
export function openRoot(token: u32, port: u32): i32 {
  for (let badge: u32 = 1; badge <= ROOTS_MAX; badge += 1) {
    const object = rootAt(badge);
    if (object.handle !== 0) continue;
    const handle = makeObject(port, badge);
    if (handle < 0) return handle;
    if (completeOpen(token, handle) < 0) {
      close(handle);
      return LATER;
    }
    object.handle = handle;
    object.position = 0;
    watchHandle(handle, port, NOTIFY_CLOSED);
    return LATER;
  }
  return ERROR_TOO_MANY;
}

/** Those that nobody has any more. */
export function closeRoots(): void {
  for (let badge: u32 = 1; badge <= ROOTS_MAX; badge += 1) {
    const object = rootAt(badge);
    if (object.handle === 0 || isHeld(object.handle)) continue;
    close(object.handle);
    object.handle = 0;
  }
}
