/**
 * Checks everything that a volume's root reaches, as it is on the disk: checksums, who refers to which block,
 * names and counts. It changes nothing and needs the volume synced.
 *
 *     tree     each block has one pointer, within the data, and the checksum that the pointer says
 *     inodes   kinds, counts of blocks, sizes; bytes behind the end are zeros
 *     names    lead to inodes of their kind, are there once, say no slash; a directory has one and knows where
 *     lists    what is free is in the one, what has no name and is open in the other
 *     maps     used are the blocks that were found, and no others
 */
import { ERROR_NO_SPACE } from '../../abi/errors.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_SYMBOLIC_LINK } from '../../abi/file.ts';
import { FINDINGS_FAULTS, FINDINGS_SIZE, type Findings } from '../../lib/findings.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { readBlock } from './blocks.ts';
import { changedBlocks, contents } from './cache.ts';
import { find, listedTo, nextEntry, positionFound } from './directory.ts';
import { takeFault } from './fault.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
  ENTRY_NAME,
  type Entry,
  INODE_POINTERS,
  INODE_SIZE,
  type Inode,
  NODE_POINTERS,
  POINTER_CHECKSUM,
  POINTER_SIZE,
  POINTERS_PER_BLOCK,
  POINTERS_SHIFT,
  ROOT_DIRECTORY,
} from './format.ts';
import { readInode } from './inode.ts';
import { root, tableNode } from './root.ts';
import { addUsed, bit, isDataBlock, replaceUsed, setBit, usedWord, usedWords } from './space.ts';
import { borrowMemory, checkpoint, returnMemory, volumeFailure } from './volume.ts';

/** For more there is no memory to count in. */
const INODES_MAX: u32 = 0x100_0000;

const SLASH: u8 = 0x2f;

let findings: Findings = changetype<Findings>(0);
/** A bit for every block that was found; of every inode the names and the directories in it that were found. */
let seen: u32 = 0;
let nameCounts: u32 = 0;
let childCounts: u32 = 0;
/** Of the object that is being walked: its blocks, and the index behind its last one. */
let objectBlocks: u32 = 0;
let objectEnd: u32 = 0;
/** What is being looked at, out of the cache, where it does not stay. */
const nodeCopy = memory.data(128, 8);
const nameCopy = memory.data(256);

/** What becomes of the maps: nothing; what was found is added to what is used; it is all that is used. */
export const KEEP_MAPS: u32 = 0;
export const ADD_FOUND: u32 = 1;
export const ADOPT_FOUND: u32 = 2;

/** How many faults there are, or an error; details go to `into`. */
export function check(into: u32, maps: u32): i32 {
  const status = beginWalk(into);
  if (status !== 0) return status;
  checkVolume();
  if (maps === ADD_FOUND) addUsed(seen);
  if (maps === ADOPT_FOUND) replaceUsed(seen);
  returnMemory();
  takeFault();
  let faults: u32 = 0;
  for (let at = FINDINGS_FAULTS; at < FINDINGS_SIZE; at += 4) faults += load<u32>(into + at);
  return faults;
}

/** Nothing has been found yet. It takes memory that must be returned. */
export function beginWalk(into: u32): i32 {
  if (volumeFailure() === 0 && changedBlocks() > 0) {
    const status = checkpoint();
    if (status !== 0) return status;
  }
  const inodes = root().inodeCount + 1; // a repair may need another
  const size = (usedWords() << 2) + (inodes << 3);
  seen = inodes > INODES_MAX ? 0 : borrowMemory(size);
  if (seen === 0) return ERROR_NO_SPACE;
  memory.fill(seen, 0, size);
  memory.fill(into, 0, FINDINGS_SIZE);
  nameCounts = seen + (usedWords() << 2);
  childCounts = nameCounts + (inodes << 2);
  findings = changetype<Findings>(into);
  return 0;
}

function checkVolume(): void {
  walkObject(tableNode());
  const inodes = root().inodeCount;
  for (let inode: u32 = 1; inode < inodes; inode += 1) checkInode(inode);
  for (let inode: u32 = 1; inode < inodes; inode += 1) checkLinks(inode);
  checkLists();
  checkMaps();
}

function checkInode(inode: u32): void {
  takeFault();
  let node = readInode(inode);
  if (isNone(node)) {
    findings.inodes += 1;
    return;
  }
  const kind: u32 = node.kind;
  if (kind === 0) return;
  if (kind > KIND_SYMBOLIC_LINK) findings.inodes += 1;
  if (kind === KIND_FILE) findings.files += 1;
  if (kind === KIND_DIRECTORY) findings.directories += 1;
  walkObject(node);
  node = readInode(inode);
  const end = (node.size + BLOCK_SIZE - 1) >> BLOCK_SHIFT;
  if (node.blocks !== objectBlocks || <u64>objectEnd > end) findings.inodes += 1;
  if (kind === KIND_DIRECTORY) checkNames(inode);
  else if (hasRubbish(node)) findings.inodes += 1;
}

/** Whether the last block has anything behind the end. */
export function hasRubbish(node: Inode): bool {
  const rest = <u32>node.size & (BLOCK_SIZE - 1);
  const block = rest === 0 ? 0 : readBlock(node, <u32>(node.size >> BLOCK_SHIFT));
  if (block === 0) return false;
  for (let at = rest; at < BLOCK_SIZE; at += 1) {
    if (load<u8>(block + at) !== 0) return true;
  }
  return false;
}

/** Looks at all blocks of an object. */
export function walkObject(node: Inode): void {
  objectBlocks = 0;
  objectEnd = 0;
  memory.copy(nodeCopy, changetype<usize>(node), INODE_SIZE);
  const depth: u32 = node.depth;
  for (let slot: u32 = 0; slot < NODE_POINTERS; slot += 1) {
    const pointer = nodeCopy + INODE_POINTERS + slot * POINTER_SIZE;
    walkBlock(load<u32>(pointer), load<u32>(pointer, POINTER_CHECKSUM), depth, slot);
  }
}

/** Of the object walked last. */
export function walkedBlocks(): u32 {
  return objectBlocks;
}

/** The index behind its last block. */
export function walkedEnd(): u32 {
  return objectEnd;
}

/** `index` counts blocks of the level. */
function walkBlock(block: u32, checksum: u32, level: u32, index: u32): void {
  if (block === 0) return;
  if (!isDataBlock(block) || bit(seen, block)) {
    findings.pointers += 1;
    return;
  }
  setBit(seen, block);
  findings.blocks += 1;
  objectBlocks += 1;
  if (level === 0) objectEnd = index + 1;
  if (contents(block, checksum) === 0) findings.damaged += 1;
  takeFault();
  for (let slot: u32 = 0; level > 0 && slot < POINTERS_PER_BLOCK; slot += 1) {
    const address = contents(block, checksum);
    if (address === 0) return;
    const pointer = address + slot * POINTER_SIZE;
    walkBlock(
      load<u32>(pointer),
      load<u32>(pointer, POINTER_CHECKSUM),
      level - 1,
      (index << POINTERS_SHIFT) + slot,
    );
  }
}

function checkNames(directory: u32): void {
  let position: u32 = 0;
  let address = nextEntry(directory, position);
  while (address !== 0) {
    position = listedTo();
    const entry = changetype<Entry>(address);
    checkName(directory, entry, position - entry.size);
    takeFault();
    address = nextEntry(directory, position);
  }
}

function checkName(directory: u32, entry: Entry, position: u32): void {
  const inode = entry.inode;
  const kind = entry.kind;
  if (!isFirstOfName(directory, entry, position)) findings.names += 1;
  const node = inode < root().inodeCount ? readInode(inode) : none<Inode>();
  if (isNone(node) || node.kind !== kind) {
    findings.names += 1;
    return;
  }
  countName(inode);
  if (kind !== <u8>KIND_DIRECTORY) return;
  countChild(directory);
  if (node.link !== directory) findings.names += 1;
}

/** Whether it is a name, and no earlier entry has the same. */
export function isFirstOfName(directory: u32, entry: Entry, position: u32): bool {
  const nameSize: u32 = entry.nameSize;
  memory.copy(nameCopy, changetype<usize>(entry) + ENTRY_NAME, nameSize);
  if (!isName(nameCopy, nameSize)) return false;
  return find(directory, nameCopy, nameSize) !== 0 && positionFound() === position;
}

function isName(name: u32, size: u32): bool {
  for (let at: u32 = 0; at < size; at += 1) {
    const byte = load<u8>(name + at);
    if (byte === 0 || byte === SLASH) return false;
  }
  return size > 0;
}

function checkLinks(inode: u32): void {
  const node = readInode(inode);
  if (isNone(node) || node.kind === 0) return;
  const names = namesOf(inode);
  let links = names;
  if (node.kind === <u8>KIND_DIRECTORY) {
    if (names !== (inode === ROOT_DIRECTORY || node.links === 0 ? 0 : 1)) findings.links += 1;
    links = node.links === 0 ? 0 : 2 + childrenOf(inode);
  }
  if (node.links !== links) findings.links += 1;
}

/** Each list has those that belong to it, once. */
function checkLists(): void {
  let isFree: u32 = 0;
  let isOrphan: u32 = 0;
  const inodes = root().inodeCount;
  for (let inode: u32 = 1; inode < inodes; inode += 1) {
    takeFault();
    const node = readInode(inode);
    if (isNone(node)) continue;
    if (node.kind === 0) isFree += 1;
    else if (node.links === 0) isOrphan += 1;
  }
  if (lengthOf(root().freeInode, true) !== isFree) findings.lists += 1;
  if (lengthOf(root().orphan, false) !== isOrphan) findings.lists += 1;
}

/** How many are in a list before one that does not belong there. */
function lengthOf(first: u32, isFree: bool): u32 {
  let length: u32 = 0;
  for (let inode = first; inode !== 0 && length < root().inodeCount; length += 1) {
    takeFault();
    const node = readInode(inode);
    if (isNone(node) || (node.kind === 0) !== isFree || (!isFree && node.links !== 0)) break;
    inode = node.link;
  }
  return length;
}

function checkMaps(): void {
  for (let index: u32 = 0; index < usedWords(); index += 1) {
    const found = load<u32>(seen + (index << 2));
    const used = usedWord(index);
    for (let bits = found ^ used; bits !== 0; bits &= bits - 1) {
      const block = (index << 5) + ctz<u32>(bits);
      if (!isDataBlock(block)) continue;
      if (bit(seen, block)) findings.unmarked += 1;
      else findings.lost += 1;
    }
  }
}

export function countName(inode: u32): void {
  store<u32>(nameCounts + (inode << 2), namesOf(inode) + 1);
}

export function countChild(directory: u32): void {
  store<u32>(childCounts + (directory << 2), childrenOf(directory) + 1);
}

/** Names of an inode that were counted. */
export function namesOf(inode: u32): u32 {
  return load<u32>(nameCounts + (inode << 2));
}

/** Directories in a directory. */
export function childrenOf(directory: u32): u32 {
  return load<u32>(childCounts + (directory << 2));
}
