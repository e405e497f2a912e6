/**
 * Repairs a volume: what `check` finds fault with is made consistent, by giving up as little as can be.
 *
 *     tree    damaged blocks of the inode table and of directories become empty; a damaged block of a file
 *             stays, and reading it is refused; an object that shares blocks with another is given up
 *     names   those that lead nowhere, or twice to a directory, go; what has none left gets one in /lost+found
 *     counts, lists, maps  are made anew from what is there
 *
 * Changes go to new blocks, as always, so that a power loss leaves the volume as it was or further on.
 */
import { ERROR_DAMAGED } from '../../abi/errors.ts';
import { KIND_DIRECTORY, KIND_SYMBOLIC_LINK } from '../../abi/file.ts';
import type { Findings } from '../../lib/findings.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { changeBlock, readBlock, replaceBlock } from './blocks.ts';
import { RANK_DATA, RANK_TABLE } from './cache.ts';
import {
  ADD_FOUND,
  ADOPT_FOUND,
  beginWalk,
  check,
  childrenOf,
  countChild,
  countName,
  hasRubbish,
  isFirstOfName,
  KEEP_MAPS,
  namesOf,
  walkedBlocks,
  walkedEnd,
  walkObject,
} from './check.ts';
import {
  clearDirectoryBlock,
  find,
  foundAt,
  insert,
  isDirectoryBlock,
  kindFound,
  listedTo,
  nextEntry,
  removeFound,
  replaceFound,
} from './directory.ts';
import { takeFault } from './fault.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
  type Entry,
  INODE_POINTERS,
  INODE_SIZE,
  INODES_PER_BLOCK,
  type Inode,
  ROOT_DIRECTORY,
} from './format.ts';
import { addOrphan, changeInode, giveInode, readInode, takeInode } from './inode.ts';
import { root, tableNode, VOLUME_READY } from './root.ts';
import { checkpoint, makeRoom, mountDamaged, recoverLog, returnMemory, volumeFailure } from './volume.ts';

/** `lost+found` */
const LOST_NAME = memory.data<u8>([108, 111, 115, 116, 43, 102, 111, 117, 110, 100]);
const LOST_NAME_SIZE: u32 = 10;
const NUMBER_SIGN: u8 = 35;
const DIGIT_ZERO: u32 = 48;

/** The directory for what has lost its name; 0: it has not been needed yet. */
let lostAndFound: u32 = 0;
/** A name in it: # and the inode's number. */
const numberName = memory.data(16);

/** How many faults are left, or an error; `into` gets the findings of a last check. */
export function repair(into: u32): i32 {
  const faults = check(into, ADD_FOUND);
  if (faults <= 0) return faults;
  if (volumeFailure() !== 0) return volumeFailure();
  const status = beginWalk(into);
  if (status !== 0) return status;
  root().freeInode = 0;
  root().orphan = 0;
  lostAndFound = 0;
  mendTable();
  const inodes = root().inodeCount;
  for (let inode: u32 = 1; inode < inodes; inode += 1) mendInode(inode, changetype<Findings>(into));
  for (let inode: u32 = 1; inode < inodes; inode += 1) mendNames(inode);
  for (let inode: u32 = 2; inode < inodes; inode += 1) findPlace(inode);
  mendCounts();
  const written = checkpoint();
  returnMemory();
  if (written !== 0) return written;
  check(into, ADOPT_FOUND);
  const stored = checkpoint();
  return stored !== 0 ? stored : check(into, KEEP_MAPS);
}

/** The same for a volume that could not be mounted; it is then, unless the answer is an error. */
export function recover(blocks: u32, into: u32): i32 {
  if (mountDamaged(blocks) !== VOLUME_READY) return ERROR_DAMAGED;
  check(into, ADD_FOUND);
  const status = recoverLog();
  return status !== 0 ? status : repair(into);
}

/** Blocks of the inode table that cannot be read lose their inodes. */
function mendTable(): void {
  const blocks = (root().inodeCount + INODES_PER_BLOCK - 1) / INODES_PER_BLOCK;
  for (let index: u32 = 0; index < blocks; index += 1) {
    makeRoom();
    takeFault();
    if (readBlock(tableNode(), index) !== 0) continue;
    const block = replaceBlock(tableNode(), index, RANK_TABLE);
    if (block !== 0) memory.fill(block, 0, BLOCK_SIZE);
  }
  walkObject(tableNode());
}

function mendInode(inode: u32, findings: Findings): void {
  makeRoom();
  takeFault();
  const found = readInode(inode);
  if (!isNone(found) && found.kind === 0 && inode !== ROOT_DIRECTORY) return;
  const before = findings.pointers;
  if (!isNone(found)) walkObject(found);
  const isLost = isNone(found) || found.kind > <u8>KIND_SYMBOLIC_LINK || findings.pointers !== before;
  const node = changeInode(inode);
  if (isNone(node)) return;
  if (isLost) memory.fill(changetype<usize>(node), 0, INODE_SIZE);
  const isRootLost = inode === ROOT_DIRECTORY && node.kind !== <u8>KIND_DIRECTORY;
  if (isRootLost) makeDirectory(node);
  if (isLost || isRootLost) return;
  mendSize(node);
  if (node.kind === <u8>KIND_DIRECTORY) mendDirectory(node);
}

/** An empty one in the root. */
function makeDirectory(node: Inode): void {
  memory.fill(changetype<usize>(node), 0, INODE_SIZE);
  node.kind = <u8>KIND_DIRECTORY;
  node.mode = 0o755;
  node.links = 2;
  node.link = ROOT_DIRECTORY;
}

function mendSize(node: Inode): void {
  node.blocks = walkedBlocks();
  const end = (node.size + BLOCK_SIZE - 1) >> BLOCK_SHIFT;
  if (<u64>walkedEnd() > end) node.size = (<u64>walkedEnd()) << BLOCK_SHIFT;
  if (node.kind === <u8>KIND_DIRECTORY || !hasRubbish(node)) return;
  const rest = <u32>node.size & (BLOCK_SIZE - 1);
  const block = changeBlock(node, <u32>(node.size >> BLOCK_SHIFT), RANK_DATA);
  if (block !== 0) memory.fill(block + rest, 0, BLOCK_SIZE - rest);
}

/** Every block whose entries are not in order has none afterwards; where blocks are missing, all are given up. */
function mendDirectory(node: Inode): void {
  if (walkedEnd() > walkedBlocks()) {
    memory.fill(changetype<usize>(node) + INODE_POINTERS, 0, INODE_SIZE - INODE_POINTERS);
    node.depth = 0;
    node.blocks = 0;
    node.size = 0;
    return;
  }
  node.size = (<u64>walkedEnd()) << BLOCK_SHIFT;
  for (let index: u32 = 0; index < walkedEnd(); index += 1) {
    makeRoom();
    takeFault();
    if (!isDirectoryBlock(readBlock(node, index))) clearDirectoryBlock(node, index);
  }
}

/** Takes away names that mean nothing, and counts the others. */
function mendNames(directory: u32): void {
  const node = readInode(directory);
  if (isNone(node) || node.kind !== <u8>KIND_DIRECTORY) return;
  let position: u32 = 0;
  let address = nextEntry(directory, position);
  while (address !== 0) {
    makeRoom();
    position = listedTo();
    mendName(directory, changetype<Entry>(address), position);
    takeFault();
    address = nextEntry(directory, position);
  }
}

function mendName(directory: u32, entry: Entry, next: u32): void {
  const inode = entry.inode;
  const kind = entry.kind;
  const position = next - entry.size;
  const isName = isFirstOfName(directory, entry, position);
  const found = inode === 0 || inode >= root().inodeCount || !isName ? none<Inode>() : readInode(inode);
  const isSecond =
    !isNone(found) && found.kind === <u8>KIND_DIRECTORY && (namesOf(inode) > 0 || inode === ROOT_DIRECTORY);
  const place = changeInode(directory);
  if (isNone(place)) return;
  foundAt(position);
  if (isNone(found) || found.kind === 0 || isSecond) {
    removeFound(place);
    return;
  }
  if (found.kind !== kind) replaceFound(place, inode, found.kind);
  countName(inode);
  if (found.kind !== <u8>KIND_DIRECTORY) return;
  countChild(directory);
  if (found.link === directory) return;
  const child = changeInode(inode);
  if (!isNone(child)) child.link = directory;
}

/** What has no name gets one, unless it had none before. */
function findPlace(inode: u32): void {
  makeRoom();
  const node = readInode(inode);
  if (isNone(node) || node.kind === 0 || node.links === 0 || namesOf(inode) > 0) return;
  if (inode === lostAndFound || !openLostAndFound()) return;
  const size = writeNumber(inode);
  if (find(lostAndFound, numberName, size) !== 0) return;
  const directory = changeInode(lostAndFound);
  const child = isNone(directory) ? none<Inode>() : changeInode(inode);
  if (isNone(child) || !insert(directory, numberName, size, inode, child.kind)) return;
  countName(inode);
  if (child.kind !== <u8>KIND_DIRECTORY) return;
  child.link = lostAndFound;
  countChild(lostAndFound);
}

/** Finds the directory, or makes it. */
function openLostAndFound(): bool {
  if (lostAndFound !== 0) return true;
  const known = find(ROOT_DIRECTORY, LOST_NAME, LOST_NAME_SIZE);
  if (known !== 0) {
    if (kindFound() === KIND_DIRECTORY) lostAndFound = known;
    return lostAndFound !== 0;
  }
  const inode = takeInode();
  const node = inode === 0 ? none<Inode>() : changeInode(inode);
  const parent = isNone(node) ? none<Inode>() : changeInode(ROOT_DIRECTORY);
  if (isNone(parent)) return false;
  makeDirectory(node);
  if (!insert(parent, LOST_NAME, LOST_NAME_SIZE, inode, KIND_DIRECTORY)) return false;
  countName(inode);
  countChild(ROOT_DIRECTORY);
  lostAndFound = inode;
  return true;
}

function writeNumber(inode: u32): u32 {
  let divisor: u32 = 1;
  while (inode / divisor >= 10) divisor *= 10;
  store<u8>(numberName, NUMBER_SIGN);
  let size: u32 = 1;
  for (; divisor > 0; divisor /= 10) {
    store<u8>(numberName + size, DIGIT_ZERO + ((inode / divisor) % 10));
    size += 1;
  }
  return size;
}

/** Counts of links, and both lists. */
function mendCounts(): void {
  for (let inode = root().inodeCount - 1; inode > 0; inode -= 1) {
    makeRoom();
    const node = changeInode(inode);
    if (isNone(node)) continue;
    if (node.kind === 0) {
      giveInode(inode, node);
      continue;
    }
    const names = namesOf(inode);
    const isDirectory = node.kind === <u8>KIND_DIRECTORY;
    node.links = names;
    if (isDirectory) node.links = names > 0 || inode === ROOT_DIRECTORY ? 2 + childrenOf(inode) : 0;
    if (node.links === 0) addOrphan(inode, node);
  }
}
