/**
 * Paths to inodes. A path begins at the tree's root, with a slash or without; `.` and `..` and symbolic links
 * mean what they do everywhere. A link that leads to the root, or has an absolute path, leads out of the tree:
 * what is bound to names there is not known here.
 *
 *     walk    leaves the directory of the last name, the name, and what it means; a path without a last name
 *             (`/`, `a/..`) leaves no name, only what it means
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_CROSS_DEVICE,
  ERROR_DAMAGED,
  ERROR_LOOP,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_DIRECTORY,
  ERROR_NOT_FOUND,
} from '../../abi/errors.ts';
import {
  KIND_DIRECTORY,
  KIND_SYMBOLIC_LINK,
  LINKS_FOLLOWED_MAX,
  NAME_SIZE_MAX,
  PATH_SIZE_MAX,
} from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import { WISH_EXECUTE } from '../../lib/user.ts';
import { readBlock } from './blocks.ts';
import { find, kindFound } from './directory.ts';
import { isFaulty, takeFault } from './fault.ts';
import { ROOT_DIRECTORY } from './format.ts';
import { readInode } from './inode.ts';
import { refusalOf } from './permission.ts';

/** Whether a symbolic link at the end of a path is followed. */
export const FOLLOW: u32 = 1;
export const KEEP_LINK: u32 = 0;

/** What is still to be walked, and room to put a link's text before it. */
const rest = memory.data(2048);
const spliced = memory.data(2048);
const SLASH: u32 = 0x2f;
const DOT: u32 = 0x2e;

/** What was walked to. */
let parent: u32 = 0;
let name: u32 = 0;
let nameSize: u32 = 0;
let inode: u32 = 0;
let mustBeDirectory: bool = false;
/** Where it went on outside the tree. */
let outside: u32 = 0;
let outsideSize: u32 = 0;

/** The state of a walk: where in `rest` it is, where that ends, which directory it is in, links so far. */
let at: u32 = 0;
let end: u32 = 0;
let directory: u32 = 0;
let followed: u32 = 0;

/** 0, or why it leads nowhere. The last name itself need not be there. */
export function walk(path: u32, size: u32, follow: u32): i32 {
  if (size > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  takeFault();
  memory.copy(rest, path, size);
  at = 0;
  end = size;
  directory = ROOT_DIRECTORY;
  followed = 0;
  let result = step(follow);
  while (result === GO_ON) result = step(follow);
  return result;
}

export function walkedParent(): u32 {
  return parent;
}

export function walkedName(): u32 {
  return name;
}

/** 0 for a path that ends without a name. */
export function walkedNameSize(): u32 {
  return nameSize;
}

/** 0: the last name is not there. */
export function walkedInode(): u32 {
  return inode;
}

/** The path ended with a slash. */
export function walkedToDirectory(): bool {
  return mustBeDirectory;
}

/** After ERROR_CROSS_DEVICE: the path that leads on from the link, absolute or relative to the root. */
export function walkedOutside(): u32 {
  return outside;
}

export function walkedOutsideSize(): u32 {
  return outsideSize;
}

const GO_ON: i32 = 1;

/** Takes one name. */
function step(follow: u32): i32 {
  const start = skipSlashes(at);
  if (start === end) return endWithout();
  if (followed > 0 && directory === ROOT_DIRECTORY) return leave(start);
  let stop = start;
  while (stop < end && load<u8>(rest + stop) !== SLASH) {
    if (load<u8>(rest + stop) === 0) return ERROR_BAD_ARGUMENT;
    stop += 1;
  }
  at = skipSlashes(stop);
  const size = stop - start;
  if (size > NAME_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  const node = readInode(directory);
  if (isNone(node)) return takeFault();
  if (node.kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
  // an inode's address is not good for ever, and who looks up groups reads files
  const above = node.link;
  const refusal = refusalOf(directory, WISH_EXECUTE);
  if (refusal !== 0) return refusal;
  if (isDots(start, size)) {
    if (size === 2) directory = above;
    return GO_ON;
  }
  const isLast = at === end;
  const isSlashed = isLast && stop < end;
  const found = find(directory, rest + start, size);
  if (found === 0) {
    if (isFaulty()) return takeFault();
    return isLast ? endAt(start, size, 0, isSlashed) : ERROR_NOT_FOUND;
  }
  const kind = kindFound();
  if (kind === KIND_SYMBOLIC_LINK && (!isLast || isSlashed || follow === FOLLOW)) return splice(found, stop);
  if (isLast) {
    if (isSlashed && kind !== KIND_DIRECTORY) return ERROR_NOT_DIRECTORY;
    return endAt(start, size, found, isSlashed);
  }
  directory = found;
  return GO_ON;
}

function endAt(start: u32, size: u32, found: u32, isSlashed: bool): i32 {
  parent = directory;
  name = rest + start;
  nameSize = size;
  inode = found;
  mustBeDirectory = isSlashed;
  return 0;
}

/** The path is at its end in a directory. */
function endWithout(): i32 {
  parent = directory;
  name = rest;
  nameSize = 0;
  inode = directory;
  mustBeDirectory = true;
  return 0;
}

/** The link's text, and behind it what remains from `stop` on, is what is to be walked. */
function splice(link: u32, stop: u32): i32 {
  followed += 1;
  if (followed > LINKS_FOLLOWED_MAX) return ERROR_LOOP;
  const node = readInode(link);
  if (isNone(node)) return takeFault();
  if (node.size > PATH_SIZE_MAX) return ERROR_DAMAGED;
  const size = <u32>node.size;
  const text = readBlock(node, 0);
  if (text === 0) return isFaulty() ? takeFault() : ERROR_NOT_FOUND;
  const remaining = end - stop;
  if (size + remaining > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  memory.copy(spliced, rest + stop, remaining);
  memory.copy(rest, text, size);
  memory.copy(rest + size, spliced, remaining);
  at = 0;
  end = size + remaining;
  return size > 0 && load<u8>(rest) === SLASH ? leave(0) : GO_ON;
}

function leave(from: u32): i32 {
  outside = rest + from;
  outsideSize = end - from;
  return ERROR_CROSS_DEVICE;
}

function skipSlashes(from: u32): u32 {
  while (from < end && load<u8>(rest + from) === SLASH) from += 1;
  return from;
}

/** `.` or `..` */
function isDots(start: u32, size: u32): bool {
  if (size > 2 || load<u8>(rest + start) !== DOT) return false;
  return size === 1 || load<u8>(rest + start + 1) === DOT;
}
