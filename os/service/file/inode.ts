/**
 * Inodes: the slots of the inode table, whose own node is in the root. Inode n is slot n; slot 0 is none.
 *
 * Free ones, and those that have lost their last name, are lists through `link`, from the root.
 */
import { ERROR_DAMAGED, ERROR_NOT_FOUND } from '../../abi/errors.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { changeBlock, readBlock } from './blocks.ts';
import { RANK_TABLE } from './cache.ts';
import { isFaulty, refuse } from './fault.ts';
import { DEPTH_MAX, INODE_SIZE, INODES_PER_BLOCK, type Inode, OBJECT_SIZE_MAX } from './format.ts';
import { root, tableNode } from './root.ts';

/** The inode to be read; none for a fault. */
export function readInode(inode: u32): Inode {
  if (inode === 0 || inode >= root().inodeCount) {
    refuse(ERROR_NOT_FOUND);
    return none<Inode>();
  }
  const address = readBlock(tableNode(), inode / INODES_PER_BLOCK);
  if (address === 0) {
    if (!isFaulty()) refuse(ERROR_DAMAGED);
    return none<Inode>();
  }
  const found = changetype<Inode>(address + (inode % INODES_PER_BLOCK) * INODE_SIZE);
  if (found.depth <= DEPTH_MAX && found.size <= OBJECT_SIZE_MAX) return found;
  refuse(ERROR_DAMAGED);
  return none<Inode>();
}

/** The inode to be changed, by the operation that is on; none for a fault. */
export function changeInode(inode: u32): Inode {
  const address = changeBlock(tableNode(), inode / INODES_PER_BLOCK, RANK_TABLE);
  if (address === 0) return none<Inode>();
  const found = changetype<Inode>(address + (inode % INODES_PER_BLOCK) * INODE_SIZE);
  found.version = root().sequence + 1;
  return found;
}

/** Which inode `takeInode` takes; 0 for a fault. */
export function nextInode(): u32 {
  const free = root().freeInode;
  if (free === 0) return root().inodeCount;
  return isNone(readInode(free)) ? 0 : free;
}

/** An inode of zeros, 0 for a fault. */
export function takeInode(): u32 {
  const inode = nextInode();
  if (inode === 0) return 0;
  const node = changeInode(inode);
  if (isNone(node)) return 0;
  if (inode === root().freeInode) root().freeInode = node.link;
  else root().inodeCount += 1;
  const version = node.version;
  memory.fill(changetype<usize>(node), 0, INODE_SIZE);
  node.version = version;
  return inode;
}

/** An inode without name and blocks is free. */
export function giveInode(inode: u32, node: Inode): void {
  node.kind = 0;
  node.link = root().freeInode;
  root().freeInode = inode;
}

export function addOrphan(inode: u32, node: Inode): void {
  node.link = root().orphan;
  root().orphan = inode;
}

/** False for a fault, or where it is none. */
export function removeOrphan(inode: u32, node: Inode): bool {
  if (root().orphan === inode) {
    root().orphan = node.link;
    return true;
  }
  let before = root().orphan;
  for (let count: u32 = 0; count < root().inodeCount; count += 1) {
    const other = readInode(before);
    if (isNone(other)) return false;
    if (other.link === inode) {
      const changed = changeInode(before);
      if (isNone(changed)) return false;
      changed.link = node.link;
      return true;
    }
    before = other.link;
  }
  return false;
}
