/**
 * The root of a tree whose names are reckoned when they are listed: nodes that can be reached, services that are
 * offered. The server says how many names there are now, and what each is.
 *
 *     startRoots(port, bits, KIND_DIRECTORY, countNames.index, writeName.index)
 *     …when the bits come, closeRoots(); of badges for which isRoot, files.dispatch(rootAt(badge), request)
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_IS_DIRECTORY,
  ERROR_NOT_TERMINAL,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../abi/errors.ts';
import {
  KIND_DIRECTORY,
  LISTED_KIND,
  LISTED_NAME,
  LISTED_NAME_SIZE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_RECORD_SIZE,
} from '../abi/file.ts';
import type { Position } from '../proto/file.ts';
import { completeOpen } from '../proto/tree.server.ts';
import { deliverLent } from './lent.ts';
import type { Message } from './message.ts';
import { isHeld, makeObject } from './open-objects.ts';
import { LATER } from './serve.ts';
import { close, watchHandle } from './system.ts';

const ROOTS_MAX: u32 = 16;
/** r-xr-xr-x */
const MODE: u32 = 0x16d;
/** With a name of at most NAME_MAX bytes. */
const ENTRY_SIZE: u32 = 24;
const NAME_MAX: u32 = 16;
const FIRST_INODE: u32 = 2;

const roots = memory.data(128, 4);
const entry = memory.data(24, 4);
const record = memory.data(64, 8);

let port: u32 = 0;
let closedBits: u32 = 0;
let kindOfNames: u32 = 0;
let countNames: u32 = 0;
let writeName: u32 = 0;

/**
 * Somebody's closing one comes to the port as `bits`. `count` and `write` are indices of functions: how many names
 * there are, asked before each listing, and one's writing to an address, which gives its size.
 */
export function startRoots(serverPort: u32, bits: u32, kind: u32, count: u32, write: u32): void {
  port = serverPort;
  closedBits = bits;
  kindOfNames = kind;
  countNames = count;
  writeName = write;
}

//@unmanaged
export class Root {
  /** 0 where the place in the table is free. */
  handle: u32 = 0;
  /** How many names it has listed. */
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
    const count = call_indirect<u32>(countNames);
    let written: u32 = 0;
    while (this.position < count && intoSize - written >= ENTRY_SIZE) {
      const size = writeEntry(this.position);
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
function writeEntry(index: u32): u32 {
  memory.fill(entry, 0, ENTRY_SIZE);
  const length = call_indirect<u32>(writeName, index, entry + LISTED_NAME);
  assert(length <= NAME_MAX);
  store<u32>(entry, FIRST_INODE + index);
  store<u8>(entry, kindOfNames, LISTED_KIND);
  store<u8>(entry, length, LISTED_NAME_SIZE);
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
export function openRoot(token: u32): i32 {
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
    watchHandle(handle, port, closedBits);
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
