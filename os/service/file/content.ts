/**
 * What a file contains: operations of writing and of its size. Bytes behind the end are zeros in the last
 * block, so that a file that grows has zeros there; whole blocks of zeros need not exist.
 *
 * As all operations do, each looks first and changes then. They answer 0, the reason, or HALF_DONE.
 */
import { ERROR_BAD_ARGUMENT, ERROR_IS_DIRECTORY, ERROR_NO_SPACE, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { KIND_DIRECTORY, KIND_FILE } from '../../abi/file.ts';
import { isNone } from '../../lib/pointer.ts';
import { changeBlock, cutBlocks, pointerTo, replaceBlock } from './blocks.ts';
import { blockAt, RANK_DATA } from './cache.ts';
import { isFaulty, takeFault } from './fault.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
  type Inode,
  OBJECT_SIZE_MAX,
  RECORD_HEADER_SIZE,
  type Record,
} from './format.ts';
import { changeInode, readInode } from './inode.ts';
import { GROWTH_OF_HOLE, WRITE_SIZE_MAX } from './limits.ts';
import { hasRoom } from './space.ts';

const HALF_DONE: i32 = 1;

/** Blocks in the range that do not exist. */
let holes: u32 = 0;

export function write(record: Record): i32 {
  const offset = record.value;
  const size = record.first;
  const node = readInode(record.inode);
  if (isNone(node)) return takeFault();
  if (node.kind !== KIND_FILE) return node.kind === KIND_DIRECTORY ? ERROR_IS_DIRECTORY : ERROR_BAD_ARGUMENT;
  if (size > WRITE_SIZE_MAX) return ERROR_BAD_ARGUMENT;
  if (offset > OBJECT_SIZE_MAX - size) return ERROR_TOO_LARGE;
  if (size === 0) return 0;
  if (!survey(node, offset, size)) return takeFault();
  if (holes > 0 && !hasRoom(holes + GROWTH_OF_HOLE)) return ERROR_NO_SPACE;

  const changed = changeInode(record.inode);
  if (isNone(changed)) return HALF_DONE;
  changed.modified = record.time;
  return put(changed, offset, changetype<usize>(record) + RECORD_HEADER_SIZE, size) ? 0 : HALF_DONE;
}

export function truncate(record: Record): i32 {
  const size = record.value;
  const node = readInode(record.inode);
  if (isNone(node)) return takeFault();
  if (node.kind !== KIND_FILE) return node.kind === KIND_DIRECTORY ? ERROR_IS_DIRECTORY : ERROR_BAD_ARGUMENT;
  if (size > OBJECT_SIZE_MAX) return ERROR_TOO_LARGE;
  const isShorter = size < node.size;
  if (isShorter && size > 0 && !survey(node, size - 1, 2)) return takeFault();

  const changed = changeInode(record.inode);
  if (isNone(changed)) return HALF_DONE;
  changed.modified = record.time;
  changed.size = size;
  if (!isShorter) return 0;
  const keep = <u32>((size + BLOCK_SIZE - 1) >> BLOCK_SHIFT);
  if (!cutBlocks(changed, keep, RANK_DATA)) return HALF_DONE;
  const rest = <u32>size & (BLOCK_SIZE - 1);
  if (rest === 0 || isHole(changed, keep - 1)) return 0;
  const block = changeBlock(changed, keep - 1, RANK_DATA);
  if (block === 0) return HALF_DONE;
  memory.fill(block + rest, 0, BLOCK_SIZE - rest);
  return 0;
}

/**
 * Looks at all blocks of a range that will be changed; false for a fault. Those that will be written whole are
 * not read.
 */
function survey(node: Inode, offset: u64, size: u32): bool {
  holes = 0;
  const end = offset + size;
  for (let at = offset; at < end; ) {
    const index = <u32>(at >> BLOCK_SHIFT);
    const next = (<u64>index + 1) << BLOCK_SHIFT;
    const isWhole = (<u32>at & (BLOCK_SIZE - 1)) === 0 && next <= end;
    const pointer = pointerTo(node, index);
    if (pointer === 0 || load<u32>(pointer) === 0) {
      if (isFaulty()) return false;
      holes += 1;
    } else if (!isWhole && blockAt(pointer) === 0) {
      return false;
    }
    at = next;
  }
  return true;
}

/** False for a fault. */
function put(node: Inode, offset: u64, from: u32, size: u32): bool {
  let left = size;
  while (left > 0) {
    const index = <u32>(offset >> BLOCK_SHIFT);
    const start = <u32>offset & (BLOCK_SIZE - 1);
    const count = min<u32>(left, BLOCK_SIZE - start);
    const isWhole = count === BLOCK_SIZE;
    const block = isWhole ? replaceBlock(node, index, RANK_DATA) : changeBlock(node, index, RANK_DATA);
    if (block === 0) return false;
    memory.copy(block + start, from, count);
    offset += count;
    from += count;
    left -= count;
  }
  node.size = max<u64>(node.size, offset);
  return true;
}

function isHole(node: Inode, index: u32): bool {
  const pointer = pointerTo(node, index);
  return pointer === 0 || load<u32>(pointer) === 0;
}
