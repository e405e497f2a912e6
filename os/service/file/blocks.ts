/**
 * The contents of an object: its blocks by their index, found through the pointers of its node.
 *
 *     depth 0   node ─→ data                      at most        10 blocks
 *     depth 1   node ─→ 512 pointers ─→ data                  5,120
 *     depth 2, 3                                          and so on
 *
 * A node that is to be changed is in a changed block, or in the root. Indexes beyond what the depth reaches
 * are holes; writing one makes the tree deeper from above.
 */
import { ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { blockAt, changeAt, contents, dropBlock, pointerMoved, replaceAt } from './cache.ts';
import { refuse, takeFault } from './fault.ts';
import {
  DEPTH_MAX,
  INODE_POINTERS,
  type Inode,
  NODE_POINTERS,
  OBJECT_BLOCKS_MAX,
  POINTER_CHECKSUM,
  POINTER_SIZE,
  POINTERS_PER_BLOCK,
  POINTERS_SHIFT,
} from './format.ts';
import { blocksUsed, giveBlock, isBlockUsed } from './space.ts';

/** The address of the pointer to a block; 0 for a hole above it, or a fault. */
export function pointerTo(node: Inode, index: u32): u32 {
  let level: u32 = node.depth;
  if (index >= reach(level)) return 0;
  let pointer = nodePointer(node, index >> (level * POINTERS_SHIFT));
  while (level > 0) {
    if (load<u32>(pointer) === 0) return 0;
    const address = blockAt(pointer);
    if (address === 0) return 0;
    level -= 1;
    pointer = address + within(index, level) * POINTER_SIZE;
  }
  return pointer;
}

/** How many pointers follow in the same place, that one counted. */
export function pointersFrom(node: Inode, index: u32): u32 {
  const depth: u32 = node.depth;
  return depth === 0 ? NODE_POINTERS - index : POINTERS_PER_BLOCK - (index & (POINTERS_PER_BLOCK - 1));
}

/** The contents of a block; 0 for a hole, or a fault. */
export function readBlock(node: Inode, index: u32): u32 {
  const pointer = pointerTo(node, index);
  return pointer === 0 || load<u32>(pointer) === 0 ? 0 : blockAt(pointer);
}

/** The contents of a block to be changed; 0 for a fault. */
export function changeBlock(node: Inode, index: u32, rank: u32): u32 {
  const before = blocksUsed();
  const pointer = pointerForChange(node, index, rank);
  const address = pointer === 0 ? 0 : changeAt(pointer, rank);
  node.blocks += blocksUsed() - before;
  return address;
}

/** As changeBlock, for a block that will be written whole. */
export function replaceBlock(node: Inode, index: u32, rank: u32): u32 {
  const before = blocksUsed();
  const pointer = pointerForChange(node, index, rank);
  const address = pointer === 0 ? 0 : replaceAt(pointer, rank);
  node.blocks += blocksUsed() - before;
  return address;
}

/** Gives up all blocks from the index `keep` on; false for a fault. What damage hides is not given up. */
export function cutBlocks(node: Inode, keep: u32, rank: u32): bool {
  const before = blocksUsed();
  const depth: u32 = node.depth;
  const isWhole = cutPointers(nodePointer(node, 0), NODE_POINTERS, depth, keep, rank);
  if (keep === 0) node.depth = 0;
  node.blocks -= before - blocksUsed();
  return isWhole;
}

function pointerForChange(node: Inode, index: u32, rank: u32): u32 {
  if (index >= OBJECT_BLOCKS_MAX) return refuse(ERROR_TOO_LARGE);
  while (index >= reach(node.depth)) {
    if (!deepen(node, rank)) return 0;
  }
  let level: u32 = node.depth;
  let pointer = nodePointer(node, index >> (level * POINTERS_SHIFT));
  while (level > 0) {
    const address = changeAt(pointer, rank + level);
    if (address === 0) return 0;
    level -= 1;
    pointer = address + within(index, level) * POINTER_SIZE;
  }
  return pointer;
}

/** The node's pointers move into a new block, to which its first one leads. */
function deepen(node: Inode, rank: u32): bool {
  const depth: u32 = node.depth;
  assert(depth < DEPTH_MAX);
  const pointers = nodePointer(node, 0);
  if (hasPointers(node)) {
    memory.copy(moved, pointers, NODE_POINTERS * POINTER_SIZE);
    memory.fill(pointers, 0, NODE_POINTERS * POINTER_SIZE);
    const address = changeAt(pointers, rank + depth + 1);
    if (address === 0) {
      memory.copy(pointers, moved, NODE_POINTERS * POINTER_SIZE);
      return false;
    }
    memory.copy(address, moved, NODE_POINTERS * POINTER_SIZE);
    for (let slot: u32 = 0; slot < NODE_POINTERS; slot += 1) {
      const pointer = address + slot * POINTER_SIZE;
      if (load<u32>(pointer) !== 0) pointerMoved(load<u32>(pointer), pointer);
    }
  }
  node.depth = <u8>(depth + 1);
  return true;
}

const moved = memory.data(80, 8);

function hasPointers(node: Inode): bool {
  for (let slot: u32 = 0; slot < NODE_POINTERS; slot += 1) {
    if (load<u32>(nodePointer(node, slot)) !== 0) return true;
  }
  return false;
}

/** Of `count` pointers at one place, whose blocks are `level` levels above data. */
function cutPointers(pointers: u32, count: u32, level: u32, keep: u32, rank: u32): bool {
  const span: u32 = 1 << (level * POINTERS_SHIFT);
  for (let slot: u32 = keep / span; slot < count; slot += 1) {
    const pointer = pointers + slot * POINTER_SIZE;
    const first = slot * span;
    if (load<u32>(pointer) === 0) continue;
    if (first >= keep) {
      giveTree(load<u32>(pointer), load<u32>(pointer, POINTER_CHECKSUM), level);
      store<u64>(pointer, 0);
    } else {
      const address = changeAt(pointer, rank + level);
      if (address === 0) return false;
      if (!cutPointers(address, POINTERS_PER_BLOCK, level - 1, keep - first, rank)) return false;
    }
  }
  return true;
}

/** Gives up a block and everything below it, each block once: what refers to itself has been made so. */
function giveTree(block: u32, checksum: u32, level: u32): void {
  if (!isBlockUsed(block)) return;
  giveBlock(block);
  for (let slot: u32 = 0; level > 0 && slot < POINTERS_PER_BLOCK; slot += 1) {
    const pointer = contents(block, checksum) + slot * POINTER_SIZE;
    if (pointer < POINTERS_PER_BLOCK * POINTER_SIZE) {
      takeFault(); // damaged: what is below cannot be known
      break;
    }
    if (load<u32>(pointer) !== 0)
      giveTree(load<u32>(pointer), load<u32>(pointer, POINTER_CHECKSUM), level - 1);
  }
  dropBlock(block);
}

/** The indexes below this are in reach of a depth. */
//@inline
function reach(depth: u32): u32 {
  return NODE_POINTERS << (depth * POINTERS_SHIFT);
}

//@inline
function within(index: u32, level: u32): u32 {
  return (index >> (level * POINTERS_SHIFT)) & (POINTERS_PER_BLOCK - 1);
}

//@inline
function nodePointer(node: Inode, slot: u32): u32 {
  return changetype<usize>(node) + INODE_POINTERS + slot * POINTER_SIZE;
}
