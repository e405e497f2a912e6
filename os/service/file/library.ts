/**
 * The file tree as a module for a host: the service's own code, instantiated over a disk image by the image
 * builder (images/disk) and by tests. The host is the block device and gives memory by growing the module's.
 *
 *     buffer   where the host puts paths and data, and finds what comes back: BUFFER_SIZE bytes
 *
 * Errors are those of os/abi/errors.ts; what `mountVolume` and `formatVolume` answer is in root.ts.
 */
import { MODE_BITS } from '../../abi/file.ts';
import { check as checkVolume, KEEP_MAPS } from './check.ts';
import { list, listedTo } from './directory.ts';
import { isFaulty, takeFault } from './fault.ts';
import { BLOCK_SIZE, RECORD_HEADER_SIZE } from './format.ts';
import { readInode } from './inode.ts';
import { closeAllObjects, openObjectAt } from './open.ts';
import { FOLLOW, KEEP_LINK } from './path.ts';
import { recover, repair as repairVolume } from './repair.ts';
import { blocksUnused } from './space.ts';
import * as tree from './tree.ts';
import * as volume from './volume.ts';

const BUFFER_SIZE: u32 = 65_536;
const space = memory.data(65536, 8);

export function buffer(): u32 {
  return space;
}

/** Uses memory of the module from `start` on. */
export function useVolumeMemory(start: u32, size: u32): void {
  volume.useMemory(start, size);
}

export function mountVolume(blocks: u32, isReadOnly: u32): i32 {
  closeAllObjects();
  return volume.mount(blocks, isReadOnly !== 0);
}

export function formatVolume(blocks: u32, identity: u64, time: u64): i32 {
  closeAllObjects();
  return volume.format(blocks, identity, time);
}

export function sync(): i32 {
  return volume.sync();
}

export function checkpoint(): i32 {
  return volume.checkpoint();
}

/** How many faults there are; the findings come back in the buffer. */
export function check(): i32 {
  return checkVolume(space, KEEP_MAPS);
}

/** The same when everything that can be was repaired. */
export function repair(): i32 {
  return repairVolume(space);
}

/** Mounts and repairs what cannot be mounted otherwise: as mountVolume, or what is left of faults. */
export function recoverVolume(blocks: u32): i32 {
  closeAllObjects();
  return recover(blocks, space);
}

export function freeBlocks(): u32 {
  return blocksUnused();
}

/** The path is at the buffer's beginning, as in all that follow. */
export function open(size: u32, flags: u32, mode: u32, time: u64): i32 {
  return tree.open(space, size, flags, mode, time);
}

export function close(number: u32): i32 {
  return tree.close(number);
}

export function makeDirectory(size: u32, mode: u32, time: u64): i32 {
  return tree.makeDirectory(space, size, mode, time);
}

/** The link's text is before the path. */
export function makeSymbolicLink(textSize: u32, size: u32, time: u64): i32 {
  return tree.makeSymbolicLink(space, textSize, space + textSize, size, time);
}

/** The text comes back in the buffer. */
export function readLink(size: u32): i32 {
  return tree.readLink(space, size, space, BUFFER_SIZE);
}

export function remove(size: u32, kind: u32, time: u64): i32 {
  return tree.remove(space, size, kind, time);
}

/** One path is behind the other. */
export function rename(fromSize: u32, toSize: u32, time: u64): i32 {
  return tree.rename(space, fromSize, space + fromSize, toSize, time);
}

export function link(fromSize: u32, toSize: u32, time: u64): i32 {
  return tree.link(space, fromSize, space + fromSize, toSize, time);
}

/** The stat record comes back in the buffer; a symbolic link's own. */
export function stat(size: u32): i32 {
  const inode = tree.inodeAt(space, size, KEEP_LINK);
  return inode < 0 ? inode : tree.stat(inode, space);
}

export function statObject(number: u32): i32 {
  return tree.stat(openObjectAt(number).inode, space);
}

export function setMode(size: u32, mode: u32, uid: u32, gid: u32, time: u64): i32 {
  const inode = tree.inodeAt(space, size, FOLLOW);
  return inode < 0 ? inode : tree.setMode(inode, mode & MODE_BITS, uid, gid, time);
}

export function setTime(size: u32, modified: u64, time: u64): i32 {
  const inode = tree.inodeAt(space, size, FOLLOW);
  return inode < 0 ? inode : tree.setTime(inode, modified, time);
}

export function truncate(number: u32, size: u64, time: u64): i32 {
  return tree.truncate(openObjectAt(number).inode, size, time);
}

/** Data from the buffer. */
export function write(number: u32, offset: u64, size: u32, time: u64): i32 {
  const record = tree.beginWrite(openObjectAt(number).inode, offset, size, time);
  memory.copy(changetype<usize>(record) + RECORD_HEADER_SIZE, space, size);
  return volume.perform(record);
}

/** Data to the buffer, as far as they lie in one block: how many; 0 at the end. */
export function read(number: u32, offset: u64): i32 {
  const inode = openObjectAt(number).inode;
  const size = tree.sizeOf(inode);
  if (size < 0) return <i32>size;
  if (offset >= <u64>size) return 0;
  const count = <u32>min<u64>(<u64>size - offset, BLOCK_SIZE - (offset & (BLOCK_SIZE - 1)));
  const data = tree.dataAt(inode, offset, true);
  if (data === 0 && isFaulty()) return takeFault();
  if (data === 0) memory.fill(space, 0, count);
  else memory.copy(space, data, count);
  return count;
}

/** Entries to the buffer: how many bytes. */
export function listDirectory(number: u32): i32 {
  const object = openObjectAt(number);
  if (changetype<usize>(readInode(object.inode)) === 0) return takeFault();
  const count = list(object.inode, <u32>object.position, space, BUFFER_SIZE);
  if (isFaulty()) return takeFault();
  object.position = listedTo();
  return count;
}
