/**
 * What clients ask of a tree, by path and inode, made of operations. Every function answers 0 or a result that
 * is not negative, or an error. Times are nanoseconds since 1970 and come from whoever calls: the tree has
 * no clock.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_BUSY,
  ERROR_CROSS_DEVICE,
  ERROR_EXISTS,
  ERROR_IS_DIRECTORY,
  ERROR_LOOP,
  ERROR_NO_RIGHT,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_FOUND,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  KIND_FILE,
  KIND_SYMBOLIC_LINK,
  MODE_SET_GROUP,
  MODE_SET_USER,
  OPEN_CREATE,
  OPEN_DIRECTORY,
  OPEN_EXCLUSIVE,
  OPEN_NO_FOLLOW,
  OPEN_READ,
  OPEN_TRUNCATE,
  OPEN_WRITE,
  PATH_SIZE_MAX,
  SAME_OWNER,
  STAT_BLOCK_SIZE,
  STAT_BLOCKS,
  STAT_FILE_SIZE,
  STAT_GID,
  STAT_INODE,
  STAT_KIND,
  STAT_LINKS,
  STAT_MODE,
  STAT_MODIFIED,
  STAT_RECORD_SIZE,
  STAT_UID,
} from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import { gidOf, isUser, uidOf, WISH_READ, WISH_WRITE } from '../../lib/user.ts';
import { pointersFrom, pointerTo, readBlock } from './blocks.ts';
import { readAhead } from './cache.ts';
import { takeFault } from './fault.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
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
} from './format.ts';
import { readInode } from './inode.ts';
import { RUN_BLOCKS_MAX } from './limits.ts';
import { isInodeOpen, openObject, openObjectAt } from './open.ts';
import { lastOrphaned } from './operation.ts';
import {
  FOLLOW,
  KEEP_LINK,
  walk,
  walkedInode,
  walkedName,
  walkedNameSize,
  walkedOutsideSize,
  walkedParent,
  walkedToDirectory,
} from './path.ts';
import { actingUser, isOfGroup, refusalOf, refusalOfChange, refusalOfName } from './permission.ts';
import { begin, perform } from './volume.ts';

/** Opens what is at the path, or makes a file there: the number of an open object. */
export function open(path: u32, size: u32, flags: u32, mode: u32, time: u64): i32 {
  const isNew = (flags & (OPEN_CREATE | OPEN_EXCLUSIVE)) === (OPEN_CREATE | OPEN_EXCLUSIVE);
  let status = walk(path, size, isNew || (flags & OPEN_NO_FOLLOW) !== 0 ? KEEP_LINK : FOLLOW);
  if (status !== 0) return status;
  const inode = walkedInode();
  if (inode === 0) {
    if ((flags & OPEN_CREATE) === 0) return ERROR_NOT_FOUND;
    if (walkedToDirectory() || (flags & OPEN_DIRECTORY) !== 0) return ERROR_IS_DIRECTORY;
    status = create(KIND_FILE, mode, 0, 0, time);
    if (status < 0) return status;
    return openObject(status, flags);
  } else if (isNew) {
    return ERROR_EXISTS;
  }
  status = refusalOf(inode, wishesOf(flags));
  if (status !== 0) return status;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  const kind: u32 = node.kind;
  if (kind === KIND_SYMBOLIC_LINK) return ERROR_LOOP;
  if (kind === KIND_DIRECTORY && (flags & (OPEN_WRITE | OPEN_TRUNCATE)) !== 0) return ERROR_IS_DIRECTORY;
  if (kind !== KIND_DIRECTORY && (flags & OPEN_DIRECTORY) !== 0) return ERROR_NOT_DIRECTORY;
  if ((flags & OPEN_TRUNCATE) !== 0 && node.size > 0) {
    status = truncate(inode, 0, time);
    if (status < 0) return status;
  }
  return openObject(inode, flags);
}

function wishesOf(flags: u32): u32 {
  const reads: u32 = (flags & OPEN_READ) !== 0 ? WISH_READ : 0;
  return (flags & (OPEN_WRITE | OPEN_TRUNCATE)) !== 0 ? reads | WISH_WRITE : reads;
}

/** The object's number is free again; an object without a name ends with its last one. */
export function close(number: u32): i32 {
  const object = openObjectAt(number);
  const inode = object.inode;
  object.inode = 0;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  return node.links === 0 ? releaseUnlessOpen(inode) : 0;
}

export function makeDirectory(path: u32, size: u32, mode: u32, time: u64): i32 {
  const status = walk(path, size, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedInode() !== 0) return ERROR_EXISTS;
  return min<i32>(0, create(KIND_DIRECTORY, mode, 0, 0, time));
}

export function makeSymbolicLink(text: u32, textSize: u32, path: u32, size: u32, time: u64): i32 {
  if (textSize === 0 || textSize > PATH_SIZE_MAX) return ERROR_BAD_ARGUMENT;
  const status = walk(path, size, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedInode() !== 0) return ERROR_EXISTS;
  return min<i32>(0, create(KIND_SYMBOLIC_LINK, 0o777, text, textSize, time));
}

/** The text of a symbolic link, as much as has room: its size. */
export function readLink(path: u32, size: u32, into: u32, room: u32): i32 {
  const inode = inodeAt(path, size, KEEP_LINK);
  if (inode < 0) return inode;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  if (node.kind !== KIND_SYMBOLIC_LINK) return ERROR_BAD_ARGUMENT;
  const text = readBlock(node, 0);
  if (text === 0) return takeFault();
  const count = <u32>min<u64>(node.size, min<u32>(room, PATH_SIZE_MAX));
  memory.copy(into, text, count);
  return count;
}

/** Where the path leads that leaves the tree: its size; `walkedOutside` is where it is. */
export function beyond(path: u32, size: u32, follow: u32): i32 {
  const status = walk(path, size, follow);
  if (status === ERROR_CROSS_DEVICE) return walkedOutsideSize();
  return status < 0 ? status : ERROR_BAD_ARGUMENT;
}

/** `kind`: KIND_DIRECTORY, or 0 for anything but a directory. */
export function remove(path: u32, size: u32, kind: u32, time: u64): i32 {
  const status = walk(path, size, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedNameSize() === 0) return kind === KIND_DIRECTORY ? ERROR_BUSY : ERROR_IS_DIRECTORY;
  if (walkedInode() === 0) return ERROR_NOT_FOUND;
  const refusal = refusalOfName(walkedParent(), walkedInode());
  if (refusal !== 0) return refusal;
  const record = begin(OPERATION_REMOVE, walkedParent(), time);
  record.kind = kind;
  record.first = append(record, walkedName(), walkedNameSize());
  return performAndRelease(record);
}

export function rename(from: u32, fromSize: u32, to: u32, toSize: u32, time: u64): i32 {
  let status = walk(from, fromSize, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedNameSize() === 0) return ERROR_BUSY;
  if (walkedInode() === 0) return ERROR_NOT_FOUND;
  status = refusalOfName(walkedParent(), walkedInode());
  if (status !== 0) return status;
  const isDirectory = readInode(walkedInode()).kind === KIND_DIRECTORY;
  const record = begin(OPERATION_RENAME, walkedParent(), time);
  record.first = append(record, walkedName(), walkedNameSize());
  status = walk(to, toSize, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedNameSize() === 0) return ERROR_BUSY;
  if (walkedToDirectory() && !isDirectory) return ERROR_NOT_DIRECTORY;
  status = refusalOfName(walkedParent(), walkedInode());
  if (status !== 0) return status;
  record.other = walkedParent();
  record.second = append(record, walkedName(), walkedNameSize());
  return performAndRelease(record);
}

export function link(from: u32, fromSize: u32, to: u32, toSize: u32, time: u64): i32 {
  const inode = inodeAt(from, fromSize, KEEP_LINK);
  if (inode < 0) return inode;
  const status = walk(to, toSize, KEEP_LINK);
  if (status !== 0) return status;
  if (walkedNameSize() === 0) return ERROR_EXISTS;
  if (walkedToDirectory()) return ERROR_NOT_FOUND;
  const refusal = refusalOf(walkedParent(), WISH_WRITE);
  if (refusal !== 0) return refusal;
  const record = begin(OPERATION_LINK, walkedParent(), time);
  record.other = inode;
  record.first = append(record, walkedName(), walkedNameSize());
  return perform(record);
}

/** The inode at a path, or an error. */
export function inodeAt(path: u32, size: u32, follow: u32): i32 {
  const status = walk(path, size, follow);
  if (status !== 0) return status;
  return walkedInode() === 0 ? ERROR_NOT_FOUND : <i32>walkedInode();
}

/** Writes the stat record. */
export function stat(inode: u32, into: u32): i32 {
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  memory.fill(into, 0, STAT_RECORD_SIZE);
  store<u32>(into, node.kind, STAT_KIND);
  store<u32>(into, node.mode, STAT_MODE);
  store<u32>(into, node.links, STAT_LINKS);
  store<u64>(into, node.size, STAT_FILE_SIZE);
  store<u64>(into, node.modified, STAT_MODIFIED);
  store<u64>(into, inode, STAT_INODE);
  store<u32>(into, node.blocks, STAT_BLOCKS);
  store<u32>(into, BLOCK_SIZE, STAT_BLOCK_SIZE);
  store<u32>(into, node.uid, STAT_UID);
  store<u32>(into, node.gid, STAT_GID);
  return 0;
}

export function setMode(inode: u32, mode: u32, uid: u32, gid: u32, time: u64): i32 {
  const record = begin(OPERATION_SET_MODE, inode, time);
  record.mode = mode;
  record.uid = uid;
  record.gid = gid;
  return perform(record);
}

/** As who asks may: the owner. */
export function changeMode(inode: u32, mode: u32, time: u64): i32 {
  const refusal = refusalOfChange(inode);
  if (refusal !== 0) return refusal;
  const node = readInode(inode);
  return isNone(node) ? takeFault() : setMode(inode, mode, node.uid, node.gid, time);
}

/** Root gives to anybody, the owner only to groups of his; nobody runs it as its owner from then on. */
export function changeOwner(inode: u32, uid: u32, gid: u32, time: u64): i32 {
  const refusal = refusalOfChange(inode);
  if (refusal !== 0) return refusal;
  const node = readInode(inode);
  if (isNone(node)) return takeFault();
  const mode = node.mode & ~(MODE_SET_USER | MODE_SET_GROUP);
  const owner = uid === SAME_OWNER ? node.uid : uid;
  const group = gid === SAME_OWNER ? node.gid : gid;
  const isLimited = isUser(actingUser());
  if (isLimited && (owner !== node.uid || (group !== node.gid && !isOfGroup(group)))) return ERROR_NO_RIGHT;
  return setMode(inode, mode, owner, group, time);
}

/** The owner may, and who may write to it. */
export function changeTime(inode: u32, modified: u64, time: u64): i32 {
  if (refusalOf(inode, WISH_WRITE) !== 0) {
    const refusal = refusalOfChange(inode);
    if (refusal !== 0) return refusal;
  }
  return setTime(inode, modified, time);
}

export function setTime(inode: u32, modified: u64, time: u64): i32 {
  const record = begin(OPERATION_SET_TIME, inode, time);
  record.value = modified;
  return perform(record);
}

export function truncate(inode: u32, size: u64, time: u64): i32 {
  const record = begin(OPERATION_TRUNCATE, inode, time);
  record.value = size;
  return perform(record);
}

/** A record of writing, whose data the caller puts behind it: at most WRITE_SIZE_MAX bytes. */
export function beginWrite(inode: u32, offset: u64, size: u32, time: u64): Record {
  const record = begin(OPERATION_WRITE, inode, time);
  record.value = offset;
  record.first = size;
  return record;
}

/** The size of a file, or an error. Sizes beyond 2^62 there are not. */
export function sizeOf(inode: u32): i64 {
  const node = readInode(inode);
  return isNone(node) ? <i64>takeFault() : <i64>node.size;
}

/**
 * Where in memory a file's bytes from the offset on are, as far as they lie in one block; 0 for zeros (a hole),
 * or an error: see `isFaulty`. Where reading goes on in sequence, the blocks behind are fetched with it.
 */
export function dataAt(inode: u32, offset: u64, isSequential: bool): u32 {
  const index = <u32>(offset >> BLOCK_SHIFT);
  const node = readInode(inode);
  if (isNone(node)) return 0;
  const pointer = pointerTo(node, index);
  if (pointer === 0 || load<u32>(pointer) === 0) return 0;
  if (isSequential) readAhead(pointer, min<u32>(RUN_BLOCKS_MAX, pointersFrom(node, index)));
  const data = readBlock(readInode(inode), index);
  return data === 0 ? 0 : data + (<u32>offset & (BLOCK_SIZE - 1));
}

/** What was walked to and is not there. */
function create(kind: u32, mode: u32, text: u32, textSize: u32, time: u64): i32 {
  const refusal = refusalOf(walkedParent(), WISH_WRITE);
  if (refusal !== 0) return refusal;
  const record = begin(OPERATION_CREATE, walkedParent(), time);
  record.kind = kind;
  record.mode = mode;
  record.uid = uidOf(actingUser());
  record.gid = gidOf(actingUser());
  record.first = append(record, walkedName(), walkedNameSize());
  record.second = append(record, text, textSize);
  return perform(record);
}

/** Puts bytes behind the record and what is there already. */
function append(record: Record, from: u32, size: u32): u32 {
  memory.copy(changetype<usize>(record) + RECORD_HEADER_SIZE + record.first, from, size);
  return size;
}

function performAndRelease(record: Record): i32 {
  const result = perform(record);
  const orphan = lastOrphaned();
  if (result < 0 || orphan === 0) return result;
  return releaseUnlessOpen(orphan);
}

function releaseUnlessOpen(inode: u32): i32 {
  return isInodeOpen(inode) ? 0 : perform(begin(OPERATION_RELEASE, inode, 0));
}
