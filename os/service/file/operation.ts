/**
 * Operations: records (format.ts) applied to the tree. The outcome depends on nothing but record and tree, so
 * that the same records in the same order make the same tree: from the log after a power loss, on a replica.
 *
 * Each first looks at all that it needs, and refuses without having changed anything: no such name, no space,
 * a damaged block. Only then it changes. What fails in between, a disk that no longer reads what it has just
 * read, leaves the tree in memory useless: `isBroken`.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_EXISTS,
  ERROR_IS_DIRECTORY,
  ERROR_NAME_TOO_LONG,
  ERROR_NO_SPACE,
  ERROR_NO_SUCH_CALL,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_EMPTY,
  ERROR_NOT_FOUND,
} from '../../abi/errors.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_SYMBOLIC_LINK, MODE_BITS, NAME_SIZE_MAX } from '../../abi/file.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { cutBlocks, replaceBlock } from './blocks.ts';
import { RANK_DATA } from './cache.ts';
import { truncate, write } from './content.ts';
import { find, insert, isEmpty, kindFound, removeFound, replaceFound } from './directory.ts';
import { isFaulty, refuse, takeFault } from './fault.ts';
import {
  BLOCK_SIZE,
  type Inode,
  OPERATION_CREATE,
  OPERATION_LINK,
  OPERATION_RELEASE,
  OPERATION_REMOVE,
  OPERATION_RENAME,
  OPERATION_SET_MODE,
  OPERATION_SET_TIME,
  OPERATION_TRUNCATE,
  OPERATION_WRITE,
  RECORD_HEADER_SIZE,
  type Record,
  ROOT_DIRECTORY,
} from './format.ts';
import { addOrphan, changeInode, giveInode, nextInode, readInode, removeOrphan, takeInode } from './inode.ts';
import { GROWTH_OF_NAME } from './limits.ts';
import { root } from './root.ts';
import { hasRoom } from './space.ts';

let broken: bool = false;
let orphaned: u32 = 0;

/** What came of it: 0, the inode of what was created, or why nothing was done. */
export function apply(record: Record): i32 {
  takeFault();
  orphaned = 0;
  const result = applied(record);
  if (result !== UNDONE) return result;
  return takeFault();
}

/** Whether an operation failed half done. */
export function isBroken(): bool {
  return broken;
}

export function mendBroken(): void {
  broken = false;
}

/** What lost its last name in the last operation; 0 for nothing. */
export function lastOrphaned(): u32 {
  return orphaned;
}

/** The reason is in fault.ts. */
const UNDONE: i32 = -0x8000_0000;

function applied(record: Record): i32 {
  switch (record.operation) {
    case OPERATION_CREATE:
      return create(record);
    case OPERATION_LINK:
      return link(record);
    case OPERATION_REMOVE:
      return remove(record);
    case OPERATION_RENAME:
      return rename(record);
    case OPERATION_WRITE:
      return done(write(record));
    case OPERATION_TRUNCATE:
      return done(truncate(record));
    case OPERATION_SET_MODE:
      return setMode(record);
    case OPERATION_SET_TIME:
      return setTime(record);
    case OPERATION_RELEASE:
      return release(record);
    default:
      return ERROR_NO_SUCH_CALL;
  }
}

/** What content.ts answers: 1 that it failed half done. */
function done(result: i32): i32 {
  return result === 1 ? halfDone() : result;
}

function halfDone(): i32 {
  broken = true;
  return UNDONE;
}

function create(record: Record): i32 {
  const name = firstOf(record);
  const refusal = placeForName(record.inode, name, record.first);
  if (refusal !== 0) return refusal;
  const kind = record.kind;
  const second = record.second;
  if (kind < KIND_FILE || kind > KIND_SYMBOLIC_LINK || second > BLOCK_SIZE) return ERROR_BAD_ARGUMENT;
  if (nextInode() === 0) return UNDONE;

  const inode = takeInode();
  const directory = inode === 0 ? none<Inode>() : changeInode(record.inode);
  if (isNone(directory)) return halfDone();
  const node = changeInode(inode);
  node.kind = <u8>kind;
  node.mode = <u16>(record.mode & MODE_BITS);
  node.links = 1;
  node.uid = record.uid;
  node.gid = record.gid;
  node.modified = record.time;
  if (kind === KIND_DIRECTORY) {
    node.links = 2;
    node.link = record.inode;
    directory.links += 1;
  } else if (kind === KIND_SYMBOLIC_LINK) {
    const text = replaceBlock(node, 0, RANK_DATA);
    if (text === 0) return halfDone();
    memory.fill(text, 0, BLOCK_SIZE);
    memory.copy(text, name + record.first, second);
    node.size = second;
  }
  directory.modified = record.time;
  return insert(directory, name, record.first, inode, kind) ? <i32>inode : halfDone();
}

function link(record: Record): i32 {
  const object = readInode(record.other);
  if (isNone(object)) return UNDONE;
  if (object.links === 0) return ERROR_NOT_FOUND;
  const kind = object.kind;
  if (kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
  const name = firstOf(record);
  const refusal = placeForName(record.inode, name, record.first);
  if (refusal !== 0) return refusal;

  const directory = changeInode(record.inode);
  const node = isNone(directory) ? none<Inode>() : changeInode(record.other);
  if (isNone(node)) return halfDone();
  node.links += 1;
  directory.modified = record.time;
  return insert(directory, name, record.first, record.other, kind) ? 0 : halfDone();
}

function remove(record: Record): i32 {
  const inode = named(record.inode, firstOf(record), record.first);
  if (inode === 0) return UNDONE;
  const kind = kindFound();
  if (record.kind === KIND_DIRECTORY && kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
  if (record.kind !== KIND_DIRECTORY && kind === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
  if (isNone(readInode(inode))) return UNDONE;
  if (kind === KIND_DIRECTORY && !isEmpty(inode)) return isFaulty() ? UNDONE : ERROR_NOT_EMPTY;

  const directory = changeInode(record.inode);
  if (isNone(directory) || !removeFound(directory)) return halfDone();
  directory.modified = record.time;
  return dropName(directory, inode) ? 0 : halfDone();
}

function rename(record: Record): i32 {
  const from = firstOf(record);
  const to = from + record.first;
  const inode = named(record.inode, from, record.first);
  if (inode === 0) return UNDONE;
  const kind = kindFound();
  if (isNone(readInode(inode))) return UNDONE;
  if (kind === KIND_DIRECTORY && !isOutside(record.other, inode)) {
    return isFaulty() ? UNDONE : ERROR_BAD_ARGUMENT;
  }
  const there = named(record.other, to, record.second);
  if (there === 0) {
    const reason = takeFault();
    if (reason !== ERROR_NOT_FOUND) return reason;
    if (isGone(record.other)) return ERROR_NOT_FOUND;
    if (!hasRoom(GROWTH_OF_NAME)) return ERROR_NO_SPACE;
  }
  if (there === inode) return 0;
  if (there !== 0) {
    const isDirectory = kindFound() === KIND_DIRECTORY;
    if (isDirectory && kind !== KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
    if (!isDirectory && kind === KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
    if (isNone(readInode(there))) return UNDONE;
    if (isDirectory && !isEmpty(there)) return isFaulty() ? UNDONE : ERROR_NOT_EMPTY;
  }

  const newPlace = changeInode(record.other);
  if (isNone(newPlace)) return halfDone();
  const isPlaced =
    there === 0
      ? insert(newPlace, to, record.second, inode, kind)
      : replaceFound(newPlace, inode, kind) && dropName(newPlace, there);
  const oldPlace = isPlaced ? changeInode(record.inode) : none<Inode>();
  if (isNone(oldPlace) || find(record.inode, from, record.first) !== inode) return halfDone();
  if (!removeFound(oldPlace)) return halfDone();
  oldPlace.modified = record.time;
  newPlace.modified = record.time;
  return moved(inode, record) ? 0 : halfDone();
}

/** A directory that was moved has another parent. */
function moved(inode: u32, record: Record): bool {
  const node = changeInode(inode);
  if (isNone(node)) return false;
  if (node.kind !== KIND_DIRECTORY || record.inode === record.other) return true;
  node.link = record.other;
  changeInode(record.inode).links -= 1;
  changeInode(record.other).links += 1;
  return true;
}

function setMode(record: Record): i32 {
  if (isNone(readInode(record.inode))) return UNDONE;
  const node = changeInode(record.inode);
  if (isNone(node)) return halfDone();
  node.mode = <u16>(record.mode & MODE_BITS);
  node.uid = record.uid;
  node.gid = record.gid;
  return 0;
}

function setTime(record: Record): i32 {
  if (isNone(readInode(record.inode))) return UNDONE;
  const node = changeInode(record.inode);
  if (isNone(node)) return halfDone();
  node.modified = record.value;
  return 0;
}

function release(record: Record): i32 {
  const inode = record.inode;
  const found = readInode(inode);
  if (isNone(found)) return UNDONE;
  if (found.links !== 0 || found.kind === 0) return ERROR_BAD_ARGUMENT;

  const node = changeInode(inode);
  if (isNone(node) || !removeOrphan(inode, node)) return halfDone();
  if (!cutBlocks(node, 0, RANK_DATA)) return halfDone();
  giveInode(inode, node);
  return 0;
}

/** The object has one name less; a directory, of which there is one name, none. */
function dropName(directory: Inode, inode: u32): bool {
  const node = changeInode(inode);
  if (isNone(node)) return false;
  if (node.kind === KIND_DIRECTORY) {
    node.links = 0;
    directory.links -= 1;
  } else {
    node.links -= 1;
  }
  if (node.links > 0) return true;
  addOrphan(inode, node);
  orphaned = inode;
  return true;
}

/** 0 where the directory has no such name and room for it. */
function placeForName(directory: u32, name: u32, nameSize: u32): i32 {
  if (named(directory, name, nameSize) !== 0) return ERROR_EXISTS;
  const reason = takeFault();
  if (reason !== ERROR_NOT_FOUND) return reason;
  if (isGone(directory)) return ERROR_NOT_FOUND;
  return hasRoom(GROWTH_OF_NAME) ? 0 : ERROR_NO_SPACE;
}

/** What the name means; 0 with a reason, ERROR_NOT_FOUND among them. */
function named(directory: u32, name: u32, nameSize: u32): u32 {
  const node = readInode(directory);
  if (isNone(node)) return 0;
  if (node.kind !== KIND_DIRECTORY) return refuse(ERROR_NOT_DIRECTORY);
  if (nameSize === 0) return refuse(ERROR_BAD_ARGUMENT);
  if (nameSize > NAME_SIZE_MAX) return refuse(ERROR_NAME_TOO_LONG);
  const inode = find(directory, name, nameSize);
  return inode === 0 && !isFaulty() ? refuse(ERROR_NOT_FOUND) : inode;
}

/** A directory that was removed while it was open takes no names. */
function isGone(directory: u32): bool {
  return readInode(directory).links === 0;
}

/** Whether a directory is neither the other nor anywhere below it; false for a fault, too. */
function isOutside(directory: u32, other: u32): bool {
  for (let count: u32 = 0; count < root().inodeCount; count += 1) {
    if (directory === other) return false;
    if (directory === ROOT_DIRECTORY) return true;
    const node = readInode(directory);
    if (isNone(node)) return false;
    directory = node.link;
  }
  return false;
}

/** What is behind the record. */
//@inline
function firstOf(record: Record): u32 {
  return changetype<usize>(record) + RECORD_HEADER_SIZE;
}
