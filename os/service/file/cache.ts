/**
 * Blocks in memory: those read, kept by use, and those changed, kept until the next root.
 *
 *     pointer {block, checksum} ─ blockAt ──→ its contents, verified when they come from the disk
 *                               ─ changeAt ─→ its contents in a new block, to be changed; once until a root
 *     writeChanged: by rank, children before parents, each one's checksum into the pointer that holds it
 *
 * Invariants. A changed block is no root's yet, and every block on the way to it is changed too. The pointer
 * to a changed block is at `holder`, in a changed block or the root, which do not move; its checksum means
 * nothing until it is written. An address is good until RECENT_BLOCKS others were touched, that of a changed
 * block until the next root.
 */
import { ERROR_DAMAGED } from '../../abi/errors.ts';
import { crc32c } from '../../lib/crc32c.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { readBlocks, writeBlocks } from './device.ts';
import { refuse } from './fault.ts';
import { BLOCK_SHIFT, BLOCK_SIZE, POINTER_CHECKSUM, POINTER_SIZE } from './format.ts';
import { OPERATION_BLOCKS_MAX, RECENT_BLOCKS, RUN_BLOCKS_MAX } from './limits.ts';
import { giveBlock, isDataBlock, takeBlock } from './space.ts';

/** Data, then the levels of pointers above it; the inode table, then its levels. */
export const RANK_DATA: u32 = 0;
export const RANK_TABLE: u32 = 4;
const RANKS: u32 = 8;

//@unmanaged
class Frame {
  /** 0: nothing is in it. */
  block: u32 = 0;
  data: u32 = 0;
  /** Of a changed block: the address of the pointer to it; otherwise 0. */
  holder: u32 = 0;
  /** The next with the same hash. */
  chain: Frame = changetype<Frame>(0);
  /** Neighbours in the list of its rank, or of the unchanged ones. */
  previous: Frame = changetype<Frame>(0);
  next: Frame = changetype<Frame>(0);
}

const FRAME_SIZE: u32 = 24;
const LIST_SIZE: u32 = 8;

/** {first, last} of the changed ones by rank; then of the unchanged, the one touched last first. */
const lists = memory.data(72, 4);
const UNCHANGED: u32 = RANKS;

let buckets: u32 = 0;
let bucketMask: u32 = 0;
let frameCount: u32 = 0;
let changed: u32 = 0;

/** Contiguous blocks on their way to or from the disk; to the disk: which, and how many there are. */
let run: u32 = 0;
let runStart: u32 = 0;
let runCount: u32 = 0;

/** Gives the cache its memory; what was in it is gone. */
export function useCacheMemory(address: u32, size: u32): void {
  run = (address + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1);
  runCount = 0;
  const data = run + (RUN_BLOCKS_MAX << BLOCK_SHIFT);
  const room = address + size - data;
  let hashed: u32 = 32;
  while (hashed < room >> BLOCK_SHIFT) hashed <<= 1;
  frameCount = (room - (hashed << 2)) / (BLOCK_SIZE + FRAME_SIZE);
  const frames = data + (frameCount << BLOCK_SHIFT);
  buckets = frames + frameCount * FRAME_SIZE;
  bucketMask = hashed - 1;
  changed = 0;
  memory.fill(lists, 0, (RANKS + 1) * LIST_SIZE);
  memory.fill(buckets, 0, hashed << 2);
  for (let index: u32 = 0; index < frameCount; index += 1) {
    const frame = changetype<Frame>(frames + index * FRAME_SIZE);
    frame.block = 0;
    frame.data = data + (index << BLOCK_SHIFT);
    frame.holder = 0;
    append(UNCHANGED, frame);
  }
}

export function cacheBlocks(): u32 {
  return frameCount;
}

/** Whether another operation could change more blocks than the cache can keep. */
export function isCacheFull(): bool {
  return changed > min<u32>(frameCount >> 1, frameCount - OPERATION_BLOCKS_MAX - RECENT_BLOCKS);
}

export function changedBlocks(): u32 {
  return changed;
}

/** The contents of a block that is not a hole, or 0. */
export function blockAt(pointer: u32): u32 {
  return contents(load<u32>(pointer), load<u32>(pointer, POINTER_CHECKSUM));
}

export function contents(block: u32, checksum: u32): u32 {
  const known = find(block);
  if (!isNone(known)) {
    touch(known);
    return known.data;
  }
  if (!isDataBlock(block)) return refuse(ERROR_DAMAGED);
  const frame = claim();
  const status = readBlocks(block, 1, frame.data);
  if (status !== 0) return refuse(status);
  if (crc32c(0, frame.data, BLOCK_SIZE) !== checksum) return refuse(ERROR_DAMAGED);
  enter(frame, block);
  touch(frame);
  return frame.data;
}

/** The contents to be changed, zeros where there was a hole; 0 where there is damage or no space. */
export function changeAt(pointer: u32, rank: u32): u32 {
  const block = load<u32>(pointer);
  if (block === 0) {
    const data = createAt(pointer, rank);
    if (data !== 0) memory.fill(data, 0, BLOCK_SIZE);
    return data;
  }
  const data = blockAt(pointer);
  if (data === 0) return 0;
  const frame = find(block);
  if (frame.holder !== 0) return data;
  const fresh = takeBlock();
  if (fresh === 0) return 0;
  leave(frame);
  giveBlock(block);
  enter(frame, fresh);
  setChanged(frame, pointer, rank);
  return data;
}

/** As changeAt, but the contents are to be written whole: what they were is not read. */
export function replaceAt(pointer: u32, rank: u32): u32 {
  const block = load<u32>(pointer);
  if (block !== 0) {
    const frame = find(block);
    if (!isNone(frame) && frame.holder !== 0) return frame.data;
    dropBlock(block);
  }
  return createAt(pointer, rank);
}

function createAt(pointer: u32, rank: u32): u32 {
  const block = takeBlock();
  if (block === 0) return 0;
  const frame = claim();
  enter(frame, block);
  setChanged(frame, pointer, rank);
  return frame.data;
}

/** The block is free again. */
export function dropBlock(block: u32): void {
  const frame = find(block);
  if (!isNone(frame)) {
    unlink(frame.holder === 0 ? UNCHANGED : rankOf(frame), frame);
    if (frame.holder !== 0) changed -= 1;
    leave(frame);
    frame.holder = 0;
    append(UNCHANGED, frame);
  }
  giveBlock(block);
}

/** The pointer to the block is somewhere else now. */
export function pointerMoved(block: u32, pointer: u32): void {
  const frame = find(block);
  if (!isNone(frame) && frame.holder !== 0) frame.holder = pointer | rankOf(frame);
}

/** Reads those of the blocks that lie in a run from the first on, so that they are there when they are asked for. */
export function readAhead(pointer: u32, count: u32): void {
  const first = load<u32>(pointer);
  let length: u32 = 0;
  while (length < min<u32>(count, RUN_BLOCKS_MAX)) {
    if (load<u32>(pointer + length * POINTER_SIZE) !== first + length || !isNone(find(first + length))) break;
    length += 1;
  }
  if (!isDataBlock(first) || length < 2 || readBlocks(first, length, run) !== 0) return;
  for (let index: u32 = 0; index < length; index += 1) {
    const from = run + (index << BLOCK_SHIFT);
    // what is damaged is found by who wants it
    if (crc32c(0, from, BLOCK_SIZE) !== load<u32>(pointer + index * POINTER_SIZE, POINTER_CHECKSUM)) continue;
    const frame = claim();
    memory.copy(frame.data, from, BLOCK_SIZE);
    enter(frame, first + index);
    touch(frame);
  }
}

/** Writes everything changed. Afterwards nothing is, whether it went well or not. */
export function writeChanged(): i32 {
  let status: i32 = 0;
  for (let rank: u32 = 0; rank < RANKS; rank += 1) {
    let frame = firstOf(rank);
    while (!isNone(frame)) {
      store<u32>(frame.holder & ~(RANKS - 1), crc32c(0, frame.data, BLOCK_SIZE), POINTER_CHECKSUM);
      if (status === 0) status = addToRun(frame.block, frame.data);
      unlink(rank, frame);
      frame.holder = 0;
      prepend(UNCHANGED, frame);
      frame = firstOf(rank);
    }
  }
  changed = 0;
  return status === 0 ? writeRun() : status;
}

function addToRun(block: u32, data: u32): i32 {
  if (runCount === RUN_BLOCKS_MAX || block !== runStart + runCount) {
    const status = writeRun();
    if (status !== 0) return status;
    runStart = block;
  }
  memory.copy(run + (runCount << BLOCK_SHIFT), data, BLOCK_SIZE);
  runCount += 1;
  return 0;
}

function writeRun(): i32 {
  const count = runCount;
  runCount = 0;
  return count === 0 ? 0 : writeBlocks(runStart, count, run);
}

/** The frame that was not touched for longest, empty; it stays where it is. */
function claim(): Frame {
  const frame = changetype<Frame>(load<u32>(lists + UNCHANGED * LIST_SIZE, 4));
  assert(!isNone(frame));
  if (frame.block !== 0) leave(frame);
  return frame;
}

function find(block: u32): Frame {
  let frame = changetype<Frame>(load<u32>(bucketOf(block)));
  while (!isNone(frame) && frame.block !== block) frame = frame.chain;
  return frame;
}

function enter(frame: Frame, block: u32): void {
  const bucket = bucketOf(block);
  frame.block = block;
  frame.chain = changetype<Frame>(load<u32>(bucket));
  store<u32>(bucket, changetype<usize>(frame));
}

function leave(frame: Frame): void {
  const bucket = bucketOf(frame.block);
  let other = changetype<Frame>(load<u32>(bucket));
  if (other === frame) {
    store<u32>(bucket, changetype<usize>(frame.chain));
  } else {
    while (other.chain !== frame) other = other.chain;
    other.chain = frame.chain;
  }
  frame.block = 0;
}

//@inline
function bucketOf(block: u32): u32 {
  return buckets + ((block & bucketMask) << 2);
}

function setChanged(frame: Frame, pointer: u32, rank: u32): void {
  unlink(UNCHANGED, frame);
  frame.holder = pointer | rank;
  append(rank, frame);
  changed += 1;
  store<u32>(pointer, frame.block);
}

//@inline
function rankOf(frame: Frame): u32 {
  return frame.holder & (RANKS - 1);
}

function touch(frame: Frame): void {
  if (frame.holder !== 0 || firstOf(UNCHANGED) === frame) return;
  unlink(UNCHANGED, frame);
  prepend(UNCHANGED, frame);
}

//@inline
function firstOf(list: u32): Frame {
  return changetype<Frame>(load<u32>(lists + list * LIST_SIZE));
}

function append(list: u32, frame: Frame): void {
  const ends = lists + list * LIST_SIZE;
  const last = changetype<Frame>(load<u32>(ends, 4));
  frame.previous = last;
  frame.next = none<Frame>();
  if (isNone(last)) store<u32>(ends, changetype<usize>(frame));
  else last.next = frame;
  store<u32>(ends, changetype<usize>(frame), 4);
}

function prepend(list: u32, frame: Frame): void {
  const ends = lists + list * LIST_SIZE;
  const first = firstOf(list);
  frame.previous = none<Frame>();
  frame.next = first;
  if (isNone(first)) store<u32>(ends, changetype<usize>(frame), 4);
  else first.previous = frame;
  store<u32>(ends, changetype<usize>(frame));
}

function unlink(list: u32, frame: Frame): void {
  const ends = lists + list * LIST_SIZE;
  const previous = frame.previous;
  const next = frame.next;
  if (isNone(previous)) store<u32>(ends, changetype<usize>(next));
  else previous.next = next;
  if (isNone(next)) store<u32>(ends, changetype<usize>(previous), 4);
  else next.previous = previous;
}
