/**
 * A volume: one tree on one disk, and what of it is durable.
 *
 *     mount      root ─→ maps ─→ the log's operations once more ─→ a new root
 *     perform    an operation upon the tree in memory, and into the open batch
 *     sync       the open batch to the log, or where it has no room a new root; then a flush
 *     checkpoint changed blocks, maps, flush, root, flush: the log is empty
 *
 * After a power loss the tree is what a prefix of all operations has made of it, and every operation before
 * the last `sync` that succeeded is in the prefix. A write or flush that fails ends all changes: what the disk
 * then has is not known, so nothing is claimed any more.
 */
import { ERROR_DAMAGED, ERROR_INPUT_OUTPUT, ERROR_READ_ONLY } from '../../abi/errors.ts';
import { KIND_DIRECTORY } from '../../abi/file.ts';
import { prepareCrc32c } from '../../lib/crc32c.ts';
import { isNone } from '../../lib/pointer.ts';
import { isCacheFull, useCacheMemory, writeChanged } from './cache.ts';
import { flushSectors } from './device.ts';
import {
  FORMAT_VERSION,
  MAGIC_HIGH,
  MAGIC_LOW,
  OPERATION_RELEASE,
  type Record,
  ROOT_DIRECTORY,
} from './format.ts';
import { changeInode, takeInode } from './inode.ts';
import {
  CACHE_SIZE_MIN,
  LOG_BLOCKS_MAX,
  LOG_BLOCKS_MIN,
  LOG_BUFFER_SIZE,
  LOG_SHIFT,
  OPERATION_BLOCKS_MAX,
  VOLUME_BLOCKS_MIN,
} from './limits.ts';
import {
  beginLog,
  firstSequence,
  fitsInLog,
  hasOpenBatch,
  keep,
  newRecord,
  readBatch,
  recordAfter,
  useLogMemory,
  writeBatch,
} from './log.ts';
import { apply, isBroken, mendBroken } from './operation.ts';
import {
  clearRoot,
  loadRoot,
  root,
  storeRoot,
  VOLUME_BLANK,
  VOLUME_DAMAGED,
  VOLUME_PRESENT,
  VOLUME_READY,
  VOLUME_TOO_LARGE,
  VOLUME_TOO_SMALL,
  VOLUME_UNFINISHED,
  VOLUME_UNREADABLE,
} from './root.ts';
import {
  BLOCKS_PER_MAP_BLOCK,
  blocksFree,
  loadMaps,
  MAP_BLOCKS_MAX,
  makeMaps,
  mapMemorySize,
  mapsStored,
  storeMaps,
  useMapMemory,
} from './space.ts';

/** Why nothing is changed any more; 0 while it is. */
let failure: i32 = 0;

/** The memory that a mounted volume lives in. */
let memoryStart: u32 = 0;
let memorySize: u32 = 0;
let cacheStart: u32 = 0;
let cacheSize: u32 = 0;

export function useMemory(start: u32, size: u32): void {
  prepareCrc32c();
  memoryStart = start;
  memorySize = size;
}

/** What the disk of so many blocks holds: VOLUME_…; READY is mounted. Only then, and if it may, it is written. */
export function mount(blocks: u32, isReadOnly: bool): i32 {
  failure = ERROR_READ_ONLY;
  if (blocks < VOLUME_BLOCKS_MIN) return VOLUME_TOO_SMALL;
  const found = loadRoot(blocks, false);
  if (found !== VOLUME_READY) return found;
  if (!shareMemory()) return VOLUME_TOO_LARGE;
  const status = loadMaps(root());
  if (status !== 0) return status === ERROR_DAMAGED ? VOLUME_DAMAGED : VOLUME_UNREADABLE;
  failure = isReadOnly ? ERROR_READ_ONLY : 0;
  const replayed = replay();
  if (replayed < 0) {
    failure = ERROR_DAMAGED;
    return replayed === ERROR_DAMAGED ? VOLUME_DAMAGED : VOLUME_UNREADABLE;
  }
  if (failure === 0) releaseOrphans();
  return failure === 0 || isReadOnly ? VOLUME_READY : VOLUME_UNREADABLE;
}

/**
 * Mounts a volume that is damaged, for a repair: the newest root that is good, and what can be had of its maps
 * and its log. What is used is to be found out before anything is written.
 */
export function mountDamaged(blocks: u32): i32 {
  failure = ERROR_READ_ONLY;
  const found = loadRoot(blocks, true);
  if (found !== VOLUME_READY) return found;
  if (!shareMemory()) return VOLUME_TOO_LARGE;
  if (loadMaps(root()) !== 0) makeMaps(root());
  return VOLUME_READY;
}

/** The maps are right now: the log's operations as far as they can be had, and a new root. */
export function recoverLog(): i32 {
  failure = 0;
  replay();
  if (!isBroken()) return checkpoint();
  // what an operation has left half done is not to be kept
  return fail(ERROR_DAMAGED);
}

/** Makes a volume on a disk that is blank, or whose format came to no end. 0, or VOLUME_…: nothing was written. */
export function format(blocks: u32, identity: u64, time: u64): i32 {
  const found = loadRoot(blocks, false);
  if (found === VOLUME_READY) return VOLUME_PRESENT;
  if (found !== VOLUME_BLANK && found !== VOLUME_UNFINISHED) return found;
  if (blocks < VOLUME_BLOCKS_MIN) return VOLUME_TOO_SMALL;
  planRoot(blocks, identity, time);
  if (root().mapBlocks > MAP_BLOCKS_MAX || !shareMemory()) return VOLUME_TOO_LARGE;
  // the mark that this disk is being formatted, before anything else
  if (storeRoot() !== 0 || flushSectors() !== 0) return VOLUME_UNREADABLE;
  makeMaps(root());
  root().inodeCount = 1;
  const inode = takeInode();
  assert(inode === ROOT_DIRECTORY);
  const node = changeInode(inode);
  if (isNone(node)) return VOLUME_UNREADABLE;
  node.kind = <u8>KIND_DIRECTORY;
  node.mode = 0o755;
  node.links = 2;
  node.link = ROOT_DIRECTORY;
  node.modified = time;
  failure = 0;
  return checkpoint() === 0 ? VOLUME_READY : VOLUME_UNREADABLE;
}

/** A record to be filled and performed, before anything else is done with the volume. */
export function begin(operation: u32, inode: u32, time: u64): Record {
  makeRoom();
  return newRecord(operation, inode, time);
}

/** What came of it: not negative, or why nothing was done. */
export function perform(record: Record): i32 {
  if (failure !== 0) return failure;
  const result = apply(record);
  if (isBroken()) return fail(result);
  if (result < 0) return result;
  root().sequence += 1;
  keep(record);
  return result;
}

/** Makes everything durable that was performed. */
export function sync(): i32 {
  if (!hasOpenBatch()) return failure === ERROR_READ_ONLY ? 0 : failure;
  if (failure !== 0) return failure;
  if (!fitsInLog()) return checkpoint();
  let status = writeBatch();
  if (status === 0) status = flushSectors();
  return status === 0 ? 0 : fail(status);
}

export function checkpoint(): i32 {
  if (failure !== 0) return failure;
  root().logGeneration = root().generation + 1;
  const status = writeRoot();
  if (status === 0) beginLog();
  return status;
}

/** Whether there is something that a sync would make durable. */
export function isUnsynced(): bool {
  return hasOpenBatch() && failure === 0;
}

/** Why nothing can be changed, or 0. */
export function volumeFailure(): i32 {
  return failure;
}

/** Memory out of the cache, which is empty then; 0 where it has not so much. Nothing must be unsynced. */
export function borrowMemory(size: u32): u32 {
  const rest = cacheSize - size;
  if (size > cacheSize || rest < CACHE_SIZE_MIN) return 0;
  useCacheMemory(cacheStart, rest);
  return cacheStart + rest;
}

export function returnMemory(): void {
  useCacheMemory(cacheStart, cacheSize);
}

function fail(status: i32): i32 {
  failure = status < 0 ? status : ERROR_INPUT_OUTPUT;
  return failure;
}

function writeRoot(): i32 {
  root().generation += 1;
  let status = writeChanged();
  if (status === 0) status = storeMaps(root());
  if (status === 0) status = flushSectors();
  if (status === 0) status = storeRoot();
  if (status === 0) status = flushSectors();
  if (status !== 0) return fail(status);
  mapsStored();
  return 0;
}

/** The next operation finds blocks to take, and room in the cache. */
export function makeRoom(): void {
  if (failure === 0 && isCrowded()) checkpoint();
}

function isCrowded(): bool {
  return blocksFree() < OPERATION_BLOCKS_MAX || isCacheFull();
}

/** The log's operations upon the root: how many, or an error. */
function replay(): i32 {
  mendBroken();
  const start = root().sequence;
  let status = readBatch();
  while (status === 1) {
    let sequence = firstSequence();
    if (sequence > root().sequence + 1) return ERROR_DAMAGED;
    let record = recordAfter(0);
    while (record !== 0) {
      if (sequence > root().sequence) {
        if (isCrowded() && (failure !== 0 || writeRoot() !== 0)) return failure;
        if (apply(changetype<Record>(record)) < 0 || isBroken()) return ERROR_DAMAGED;
        root().sequence = sequence;
      }
      sequence += 1;
      record = recordAfter(record);
    }
    status = readBatch();
  }
  if (status < 0) return status;
  const isAsItWas = root().sequence === start && root().logGeneration === root().generation;
  if (!isAsItWas && failure === 0) return checkpoint();
  beginLog();
  return 0;
}

/** What was removed while it was open, when the power went. */
function releaseOrphans(): void {
  while (root().orphan !== 0) {
    const record = begin(OPERATION_RELEASE, root().orphan, 0);
    if (perform(record) < 0) return;
  }
}

function planRoot(blocks: u32, identity: u64, time: u64): void {
  clearRoot();
  const plan = root();
  plan.magicLow = MAGIC_LOW;
  plan.magicHigh = MAGIC_HIGH;
  plan.version = FORMAT_VERSION;
  plan.identityLow = <u32>identity;
  plan.identityHigh = <u32>(identity >> 32);
  plan.created = time;
  plan.blockCount = blocks;
  plan.logStart = 2;
  plan.logBlocks = min<u32>(LOG_BLOCKS_MAX, max<u32>(LOG_BLOCKS_MIN, blocks >> LOG_SHIFT));
  plan.mapStart = plan.logStart + plan.logBlocks;
  plan.mapBlocks = (blocks + BLOCKS_PER_MAP_BLOCK - 1) / BLOCKS_PER_MAP_BLOCK;
  plan.dataStart = plan.mapStart + 2 * (1 + plan.mapBlocks);
  plan.dataEnd = blocks - 2;
  plan.cursor = plan.dataStart;
}

/** Memory for the open batch, the maps, the cache; false where it is not enough. */
function shareMemory(): bool {
  const maps = memoryStart + LOG_BUFFER_SIZE;
  const mapsSize = mapMemorySize(root().mapBlocks);
  const least = LOG_BUFFER_SIZE + mapsSize + CACHE_SIZE_MIN;
  if (mapsSize > memorySize || least > memorySize) return false;
  useLogMemory(memoryStart);
  useMapMemory(maps, root());
  cacheStart = maps + mapsSize;
  cacheSize = memorySize - LOG_BUFFER_SIZE - mapsSize;
  useCacheMemory(cacheStart, cacheSize);
  return true;
}
