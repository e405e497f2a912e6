/**
 * Directories: names and what they mean, in the blocks of an object. Entries tile each block and do not move,
 * so that a place in a listing stays good while names come and go.
 *
 *     find    leaves where the name is, and where a new one of its size has room
 *     insert  puts a name where `find` has just found room for it
 *
 * Names are searched one after the other; each has its hash, so that few are compared.
 */
import { ERROR_DAMAGED, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { LISTED_KIND, LISTED_NAME, LISTED_NAME_SIZE } from '../../abi/file.ts';
import { crc32c } from '../../lib/crc32c.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { changeBlock, readBlock, replaceBlock } from './blocks.ts';
import { RANK_DATA } from './cache.ts';
import { isFaulty, refuse } from './fault.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
  ENTRY_ALIGNMENT,
  ENTRY_NAME,
  type Entry,
  type Inode,
  OBJECT_BLOCKS_MAX,
} from './format.ts';
import { readInode } from './inode.ts';

/** Where a name is: its block and offset, what it means. */
let foundBlock: u32 = 0;
let foundOffset: u32 = 0;
let foundKind: u32 = 0;
/** Where a new name has room; block NO_ROOM: in none. */
let roomBlock: u32 = 0;
let roomOffset: u32 = 0;
const NO_ROOM: u32 = 0xffff_ffff;

/** The inode that the name means in the directory; 0 where there is none, or for a fault. */
export function find(directory: u32, name: u32, nameSize: u32): u32 {
  const hash = crc32c(0, name, nameSize);
  const wanted = entrySize(nameSize);
  roomBlock = NO_ROOM;
  for (let index: u32 = 0; index < OBJECT_BLOCKS_MAX; index += 1) {
    const node = readInode(directory);
    if (isNone(node) || index >= blocksOf(node)) return 0;
    const block = readDirectoryBlock(node, index);
    if (block === 0) return 0;
    for (let offset: u32 = 0; offset < BLOCK_SIZE; ) {
      const entry = entryAt(block, offset);
      if (isNone(entry)) return 0;
      if (entry.hash === hash && isNamed(entry, name, nameSize)) {
        foundBlock = index;
        foundOffset = offset;
        foundKind = entry.kind;
        return entry.inode;
      }
      if (roomBlock === NO_ROOM && room(entry) >= wanted) {
        roomBlock = index;
        roomOffset = offset;
      }
      offset += entry.size;
    }
  }
  return 0;
}

/** Of what was found last. */
export function kindFound(): u32 {
  return foundKind;
}

/** Where it was found, counted from the directory's beginning. */
export function positionFound(): u32 {
  return (foundBlock << BLOCK_SHIFT) + foundOffset;
}

/** As if the name at this position had been found. */
export function foundAt(position: u32): void {
  foundBlock = position >> BLOCK_SHIFT;
  foundOffset = position & (BLOCK_SIZE - 1);
}

/** Whether entries tile the block at an address, 0 for none. */
export function isDirectoryBlock(block: u32): bool {
  for (let offset: u32 = 0; offset < BLOCK_SIZE; ) {
    const entry = block === 0 ? none<Entry>() : entryAt(block, offset);
    if (isNone(entry)) return false;
    offset += entry.size;
  }
  return true;
}

/** The block has no entries afterwards. False for a fault. */
export function clearDirectoryBlock(node: Inode, index: u32): bool {
  const block = replaceBlock(node, index, RANK_DATA);
  if (block === 0) return false;
  memory.fill(block, 0, BLOCK_SIZE);
  changetype<Entry>(block).size = <u16>BLOCK_SIZE;
  return true;
}

/** A name that `find` has just not found. False for a fault. */
export function insert(node: Inode, name: u32, nameSize: u32, inode: u32, kind: u32): bool {
  const index = roomBlock === NO_ROOM ? blocksOf(node) : roomBlock;
  const block = roomBlock === NO_ROOM ? addBlock(node, index) : changeBlock(node, index, RANK_DATA);
  if (block === 0) return false;
  const host = changetype<Entry>(block + (roomBlock === NO_ROOM ? 0 : roomOffset));
  let entry = host;
  if (host.inode !== 0) {
    const taken = entrySize(host.nameSize);
    entry = changetype<Entry>(changetype<usize>(host) + taken);
    entry.size = <u16>(host.size - taken);
    host.size = <u16>taken;
  }
  entry.inode = inode;
  entry.kind = <u8>kind;
  entry.nameSize = <u8>nameSize;
  entry.hash = crc32c(0, name, nameSize);
  memory.copy(changetype<usize>(entry) + ENTRY_NAME, name, nameSize);
  return true;
}

/** The name that was found last now means this. False for a fault. */
export function replaceFound(node: Inode, inode: u32, kind: u32): bool {
  const block = changeBlock(node, foundBlock, RANK_DATA);
  if (block === 0) return false;
  const entry = changetype<Entry>(block + foundOffset);
  entry.inode = inode;
  entry.kind = <u8>kind;
  return true;
}

/** Takes away the name that was found last. False for a fault. */
export function removeFound(node: Inode): bool {
  const block = changeBlock(node, foundBlock, RANK_DATA);
  if (block === 0) return false;
  const entry = changetype<Entry>(block + foundOffset);
  entry.inode = 0;
  entry.hash = 0;
  let offset: u32 = 0;
  while (offset < foundOffset) {
    const before = changetype<Entry>(block + offset);
    offset += before.size;
    if (offset === foundOffset) before.size = <u16>(before.size + entry.size);
  }
  return true;
}

/** Whether no name is in it; false for a fault, too. */
export function isEmpty(directory: u32): bool {
  return nextEntry(directory, 0) === 0 && !isFaulty();
}

let nextPosition: u32 = 0;

/** The address of the first entry with a name, at or after a position; 0 at the end, or for a fault. */
export function nextEntry(directory: u32, position: u32): u32 {
  for (let index = position >> BLOCK_SHIFT; index < OBJECT_BLOCKS_MAX; index += 1) {
    const node = readInode(directory);
    if (isNone(node) || index >= blocksOf(node)) return 0;
    const block = readDirectoryBlock(node, index);
    if (block === 0) return 0;
    for (let offset: u32 = 0; offset < BLOCK_SIZE; ) {
      const entry = entryAt(block, offset);
      if (isNone(entry)) return 0;
      const at = (index << BLOCK_SHIFT) + offset;
      offset += entry.size;
      if (entry.inode === 0 || at < position) continue;
      nextPosition = (index << BLOCK_SHIFT) + offset;
      return changetype<usize>(entry);
    }
  }
  return 0;
}

/** Behind the entry that nextEntry gave, or the last that was listed. */
export function listedTo(): u32 {
  return nextPosition;
}

/** As many listed names as have room, from the position on: how many bytes; 0 at the end, or for a fault. */
export function list(directory: u32, position: u32, into: u32, size: u32): u32 {
  let at: u32 = 0;
  let entry = nextEntry(directory, position);
  while (entry !== 0) {
    const found = changetype<Entry>(entry);
    const nameSize: u32 = found.nameSize;
    const listed = (LISTED_NAME + nameSize + 3) & ~3;
    if (at + listed > size) {
      if (at === 0) refuse(ERROR_TOO_LARGE);
      break;
    }
    memory.fill(into + at, 0, listed);
    store<u32>(into + at, found.inode);
    store<u8>(into + at, found.kind, LISTED_KIND);
    store<u8>(into + at, nameSize, LISTED_NAME_SIZE);
    memory.copy(into + at + LISTED_NAME, entry + ENTRY_NAME, nameSize);
    at += listed;
    position = nextPosition;
    entry = nextEntry(directory, position);
  }
  nextPosition = position;
  return at;
}

function addBlock(node: Inode, index: u32): u32 {
  if (!clearDirectoryBlock(node, index)) return 0;
  node.size += BLOCK_SIZE;
  return readBlock(node, index);
}

function readDirectoryBlock(node: Inode, index: u32): u32 {
  const block = readBlock(node, index);
  if (block === 0 && !isFaulty()) return refuse(ERROR_DAMAGED);
  return block;
}

/** The entry, which lies within its block; or none, and a fault. */
function entryAt(block: u32, offset: u32): Entry {
  const entry = changetype<Entry>(block + offset);
  const end = offset + entry.size;
  if (
    (entry.size & (ENTRY_ALIGNMENT - 1)) === 0 &&
    end <= BLOCK_SIZE &&
    entry.size >= entrySize(entry.nameSize)
  ) {
    return entry;
  }
  refuse(ERROR_DAMAGED);
  return none<Entry>();
}

function isNamed(entry: Entry, name: u32, nameSize: u32): bool {
  return (
    entry.inode !== 0 &&
    entry.nameSize === <u8>nameSize &&
    memory.compare(changetype<usize>(entry) + ENTRY_NAME, name, nameSize) === 0
  );
}

/** What a new name could have of an entry. */
//@inline
function room(entry: Entry): u32 {
  return entry.inode === 0 ? entry.size : entry.size - entrySize(entry.nameSize);
}

//@inline
function entrySize(nameSize: u32): u32 {
  return (ENTRY_NAME + nameSize + ENTRY_ALIGNMENT - 1) & ~(ENTRY_ALIGNMENT - 1);
}

//@inline
function blocksOf(node: Inode): u32 {
  return <u32>(node.size >> BLOCK_SHIFT);
}
