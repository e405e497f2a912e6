/**
 * The archive service: the boot archive's files as a read-only tree, and as open objects that can also be
 * mapped. Badges tell them apart: an object's is its place in the table, plus one; the tree's are others.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_HANDLE,
  ERROR_IS_DIRECTORY,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_FOUND,
  ERROR_NOT_TERMINAL,
  ERROR_READ_ONLY,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  KIND_FILE,
  LISTED_KIND,
  LISTED_NAME,
  LISTED_NAME_SIZE,
  OPEN_CREATE,
  OPEN_DIRECTORY,
  OPEN_TRUNCATE,
  OPEN_WRITE,
  PATH_SIZE_MAX,
  SEEK_END,
  SEEK_POSITION,
  STAT_RECORD_SIZE,
} from '../../abi/file.ts';
import { INIT_ARCHIVE_ADDRESS, PAGE_SHIFT, PAGE_SIZE } from '../../abi/layout.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_READ } from '../../abi/rights.ts';
import { none } from '../../lib/pointer.ts';
import * as files from '../../proto/file.server.ts';
import type { Position } from '../../proto/file.ts';
import * as trees from '../../proto/tree.server.ts';
import type { Space } from '../../proto/tree.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { isHeld, makeObject } from '../../runtime/open-objects.ts';
import { ReadOnlyTree } from '../../runtime/read-only-tree.ts';
import { firstRequest, LATER, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, inspectMemory, map, partOfMemory, watchHandle } from '../../runtime/system.ts';
import {
  childAt,
  componentStart,
  entryCount,
  fileContents,
  fileOffset,
  fileSize,
  findNode,
  inodeOf,
  type Node,
  nameAddress,
  openArchive,
  writeStat,
} from './tree.ts';

/** An open object. */
//@unmanaged
class Open {
  /** 0 where the place in the table is free. */
  handle: u32 = 0;
  /** In bytes; of a directory, the entry with which it goes on. */
  position: u32 = 0;
  /** Its contents as a memory, once somebody has asked for that. */
  mapped: u32 = 0;
  /** A Node in place. */
  entry: u32 = 0;
  nameSize: u32 = 0;
  kind: u32 = 0;

  read(request: Message, intoSize: u32): i32 {
    if (this.kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
    const size = fileSize(nodeOf(this));
    if (this.position >= size) return 0;
    const count = min<u32>(intoSize, size - this.position);
    const result = deliverLent(request.token, 0, 0, fileContents(nodeOf(this)) + this.position, count);
    if (result < 0) return result;
    this.position += count;
    return count;
  }

  write(_request: Message, _fromSize: u32): i32 {
    return ERROR_READ_ONLY;
  }

  seek(_request: Message, offset: i64, whence: u32, result: Position): i32 {
    if (whence > SEEK_END) return ERROR_BAD_ARGUMENT;
    let start: u32 = 0;
    if (whence === SEEK_POSITION) start = this.position;
    if (whence === SEEK_END && this.kind === KIND_FILE) start = fileSize(nodeOf(this));
    const position = (start as i64) + offset;
    if (position < 0 || position > POSITION_MAX) return ERROR_BAD_ARGUMENT;
    this.position = position as u32;
    result.offset = position as u64;
    return 0;
  }

  truncate(_request: Message, _size: u64): i32 {
    return ERROR_READ_ONLY;
  }

  stat(request: Message, intoSize: u32): i32 {
    return giveStat(request, 0, nodeOf(this), intoSize);
  }

  list(request: Message, intoSize: u32): i32 {
    if (this.kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
    const found = changetype<Node>(child);
    let written: u32 = 0;
    let index = this.position;
    for (; index < entryCount(); index += 1) {
      if (!childAt(nodeOf(this), index, found)) continue;
      const size = writeEntry(found, componentStart(nodeOf(this)));
      if (size > intoSize - written) break;
      const result = deliverLent(request.token, 0, written, record, size);
      if (result < 0) return result;
      written += size;
    }
    if (written === 0 && index < entryCount()) return ERROR_TOO_LARGE;
    this.position = index;
    return written;
  }

  sync(_request: Message): i32 {
    return 0;
  }

  control(_request: Message, _command: u32, _valueSize: u32, _answerSize: u32): i32 {
    return ERROR_NOT_TERMINAL;
  }

  map(_request: Message): i32 {
    if (this.kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
    if (this.mapped !== 0) return this.mapped;
    const pages = (fileSize(nodeOf(this)) + PAGE_SIZE - 1) >> PAGE_SHIFT;
    const part = partOfMemory(archive, fileOffset(nodeOf(this)) >> PAGE_SHIFT, pages);
    if (part > 0) this.mapped = part;
    return part;
  }
}

const OBJECTS_MAX: u32 = 128;
const OPEN_SIZE: u32 = 24;
const NOTIFY_CLOSED: u32 = 1;
const POSITION_MAX: i64 = 0xffff_ffff;
const SLASH: u32 = 0x2f;
const LABEL_CONTRACT_SHIFT: u32 = 8;

const objects = memory.data(128 * 24, 4);
const buffer = memory.data(64, 4);
const path = memory.data(1024);
const node = memory.data(12, 4);
const child = memory.data(12, 4);
/** A stat record or a directory's entry. */
const record = memory.data(64, 8);

let port: u32 = 0;
let archive: u32 = 0;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  archive = handleNamed('archive');
  const pages = inspectMemory(archive);
  if (pages < 0) return -pages;
  map(handleNamed('space'), INIT_ARCHIVE_ADDRESS, archive, 0, pages, RIGHT_READ);
  openArchive(INIT_ARCHIVE_ADDRESS);
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) closeObjects();
    else serve(request);
    result = nextRequest(request);
  }
  return -result;
}

function serve(request: Message): void {
  if (request.label >> LABEL_CONTRACT_SHIFT !== files.CONTRACT) {
    trees.dispatch(none<Tree>(), request);
  } else if (request.badge - 1 < OBJECTS_MAX && objectAt(request.badge - 1).handle !== 0) {
    files.dispatch(objectAt(request.badge - 1), request);
  } else {
    refuse(request, ERROR_BAD_HANDLE);
  }
}

function objectAt(index: u32): Open {
  return changetype<Open>(objects + index * OPEN_SIZE);
}

//@inline
function nodeOf(object: Open): Node {
  return changetype<Node>(changetype<usize>(object) + offsetof<Open>('entry'));
}

/** To the request's range; its size. */
function giveStat(request: Message, range: u32, about: Node, intoSize: u32): i32 {
  if (intoSize < STAT_RECORD_SIZE) return ERROR_TOO_LARGE;
  writeStat(about, record);
  const result = deliverLent(request.token, range, 0, record, STAT_RECORD_SIZE);
  return result < 0 ? result : STAT_RECORD_SIZE;
}

/** To `record`, padded; its size. */
function writeEntry(found: Node, start: u32): u32 {
  const nameSize = found.nameSize - start;
  const size = (LISTED_NAME + nameSize + 3) & ~3;
  memory.fill(record, 0, size);
  store<u32>(record, inodeOf(found));
  store<u8>(record, found.kind, LISTED_KIND);
  store<u8>(record, nameSize, LISTED_NAME_SIZE);
  memory.copy(record + LISTED_NAME, nameAddress(found) + start, nameSize);
  return size;
}

/** What can be asked by path. */
//@unmanaged
class Tree extends ReadOnlyTree {
  open(request: Message, pathSize: u32, flags: u32, _mode: u32): i32 {
    const result = find(request, pathSize);
    if (result === ERROR_NOT_FOUND) return (flags & OPEN_CREATE) !== 0 ? ERROR_READ_ONLY : result;
    if (result < 0) return result;
    if ((flags & (OPEN_WRITE | OPEN_TRUNCATE)) !== 0) return ERROR_READ_ONLY;
    const found = changetype<Node>(node);
    if ((flags & OPEN_DIRECTORY) !== 0 && found.kind === KIND_FILE) return ERROR_NOT_DIRECTORY;
    return open(request.token, found);
  }

  stat(request: Message, pathSize: u32, _flags: u32, intoSize: u32): i32 {
    const result = find(request, pathSize);
    return result < 0 ? result : giveStat(request, trees.STAT_INTO, changetype<Node>(node), intoSize);
  }

  /** No node is a link. */
  readLink(request: Message, pathSize: u32, _intoSize: u32): i32 {
    const result = find(request, pathSize);
    return result < 0 ? result : ERROR_BAD_ARGUMENT;
  }

  space(_request: Message, result: Space): i32 {
    result.blockSize = PAGE_SIZE;
    result.blocks = inspectMemory(archive);
    result.free = 0;
    return 0;
  }

  sync(_request: Message): i32 {
    return 0;
  }
}

/** The request's path, in its first range, to `node`. 0, or an error. */
function find(request: Message, pathSize: u32): i32 {
  if (pathSize > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  const result = fetchLent(request.token, 0, 0, path, pathSize);
  if (result < 0) return result;
  if (pathSize > 0 && load<u8>(path) !== SLASH) return ERROR_BAD_ARGUMENT;
  const found = changetype<Node>(node);
  findNode(path, pathSize, found);
  return found.kind === 0 ? ERROR_NOT_FOUND : 0;
}

/** A new open object, given to the caller of `token`: LATER, or an error. */
function open(token: u32, found: Node): i32 {
  let index: u32 = 0;
  while (index < OBJECTS_MAX && objectAt(index).handle !== 0) index += 1;
  if (index === OBJECTS_MAX) return ERROR_TOO_MANY;
  const handle = makeObject(port, index + 1);
  if (handle < 0) return handle;
  if (trees.completeOpen(token, handle) < 0) {
    close(handle);
    return LATER;
  }
  const object = objectAt(index);
  object.handle = handle;
  object.position = object.mapped = 0;
  object.entry = found.entry;
  object.nameSize = found.nameSize;
  object.kind = found.kind;
  watchHandle(handle, port, NOTIFY_CLOSED);
  return LATER;
}

function closeObjects(): void {
  for (let index: u32 = 0; index < OBJECTS_MAX; index += 1) {
    const object = objectAt(index);
    if (object.handle === 0 || isHeld(object.handle)) continue;
    close(object.handle);
    if (object.mapped !== 0) close(object.mapped);
    object.handle = object.mapped = 0;
  }
}
