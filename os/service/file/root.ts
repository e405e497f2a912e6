/**
 * The root in memory, and the roots on a disk: four places, two for each of the two newest generations.
 *
 * The newest good one counts. A root is one sector, which a power loss leaves old or new; so one of which no
 * copy is good has been damaged, and whether it was the newest is not known: the volume is not to be used
 * before it was checked.
 */
import { crc32c } from '../../lib/crc32c.ts';
import { readSectors, writeSectors } from './device.ts';
import {
  FORMAT_VERSION,
  INODES_PER_BLOCK,
  type Inode,
  MAGIC_HIGH,
  MAGIC_LOW,
  ROOT_TABLE,
  type Root,
  SECTOR_SIZE,
  SECTORS_PER_BLOCK,
} from './format.ts';
import { BLANK_BLOCKS } from './limits.ts';

export const VOLUME_READY: i32 = 0;
/** Nothing but zeros where anything has its mark. */
export const VOLUME_BLANK: i32 = 1;
/** Something is on it that is not ours. */
export const VOLUME_FOREIGN: i32 = 2;
/** A newer system made it. */
export const VOLUME_TOO_NEW: i32 = 3;
export const VOLUME_DAMAGED: i32 = 4;
export const VOLUME_UNREADABLE: i32 = 5;
/** Its maps need more memory than there is, or it has no room for a volume. */
export const VOLUME_TOO_LARGE: i32 = 6;
export const VOLUME_TOO_SMALL: i32 = 7;
/** Its format was begun and came to no end: as good as blank. */
export const VOLUME_UNFINISHED: i32 = 8;
/** What a format answers that finds a volume. */
export const VOLUME_PRESENT: i32 = 9;

/** The root in memory, and one that was read. */
const current = memory.data(512, 8);
const candidate = memory.data(512, 8);
const ZERO_CHUNK: u32 = 8;
const chunk = memory.data(4096, 8);

/** What the places have shown. */
let isReadable: bool = false;
let hasMagic: bool = false;
let isTooNew: bool = false;

//@inline
export function root(): Root {
  return changetype<Root>(current);
}

//@inline
export function tableNode(): Inode {
  return changetype<Inode>(current + ROOT_TABLE);
}

export function clearRoot(): void {
  memory.fill(current, 0, SECTOR_SIZE);
}

/** Loads the newest root of a disk of so many blocks. Where `isForced`, a damaged other one does not matter. */
export function loadRoot(blocks: u32, isForced: bool): i32 {
  isReadable = false;
  hasMagic = false;
  isTooNew = false;
  clearRoot();
  const first = loadSlot(0, blocks);
  const second = loadSlot(1, blocks);
  if (isTooNew) return VOLUME_TOO_NEW;
  if (!isReadable) return VOLUME_UNREADABLE;
  if (!first && !second) {
    if (hasMagic) return VOLUME_DAMAGED;
    return isBlank(blocks) ? VOLUME_BLANK : VOLUME_FOREIGN;
  }
  const isWhole = (first || isSlotBlank(0)) && (second || isSlotBlank(1));
  if (!isWhole && !isForced) return VOLUME_DAMAGED;
  if (root().generation === 0) return VOLUME_UNFINISHED;
  return root().blockCount > blocks || !isPlausible(root()) ? VOLUME_DAMAGED : VOLUME_READY;
}

/** Writes both copies; not durable before a flush. */
export function storeRoot(): i32 {
  const slot = <u32>root().generation & 1;
  root().checksum = 0;
  root().checksum = crc32c(0, current, SECTOR_SIZE);
  const status = writeSectors(slot * SECTORS_PER_BLOCK, 1, current);
  if (status !== 0) return status;
  return writeSectors((root().blockCount - 2 + slot) * SECTORS_PER_BLOCK, 1, current);
}

/** Keeps the newer of the current root and the slot's; whether there is a good one in the slot. */
function loadSlot(slot: u32, blocks: u32): bool {
  const first = loadCopy(slot);
  const second = loadCopy(blocks - 2 + slot);
  return first || second;
}

function loadCopy(block: u32): bool {
  if (readSectors(block * SECTORS_PER_BLOCK, 1, candidate) !== 0) return false;
  isReadable = true;
  const found = changetype<Root>(candidate);
  if (found.magicLow !== MAGIC_LOW || found.magicHigh !== MAGIC_HIGH) return false;
  hasMagic = true;
  const checksum = found.checksum;
  found.checksum = 0;
  if (crc32c(0, candidate, SECTOR_SIZE) !== checksum) return false;
  if (found.version > FORMAT_VERSION) isTooNew = true;
  if (root().version === 0 || found.generation > root().generation) {
    memory.copy(current, candidate, SECTOR_SIZE);
  }
  return true;
}

/** A generation that never was. */
function isSlotBlank(slot: u32): bool {
  return readSectors(slot * SECTORS_PER_BLOCK, 1, candidate) === 0 && isZero(candidate, SECTOR_SIZE);
}

function isBlank(blocks: u32): bool {
  const most = min<u32>(blocks, BLANK_BLOCKS);
  for (let block: u32 = 0; block < most; block += 1) {
    if (!isBlockBlank(block)) return false;
  }
  return isBlockBlank(blocks - 2) && isBlockBlank(blocks - 1);
}

function isBlockBlank(block: u32): bool {
  if (readSectors(block * SECTORS_PER_BLOCK, SECTORS_PER_BLOCK, chunk) !== 0) return false;
  return isZero(chunk, SECTORS_PER_BLOCK * SECTOR_SIZE);
}

function isZero(address: u32, size: u32): bool {
  for (let at: u32 = 0; at < size; at += ZERO_CHUNK) {
    if (load<u64>(address + at) !== 0) return false;
  }
  return true;
}

/** Whether the parts are in their order. */
function isPlausible(found: Root): bool {
  return (
    found.logStart === 2 &&
    found.mapStart === found.logStart + found.logBlocks &&
    found.dataStart === found.mapStart + 2 * (1 + found.mapBlocks) &&
    found.dataEnd === found.blockCount - 2 &&
    found.dataStart < found.dataEnd &&
    found.cursor < found.blockCount &&
    found.inodeCount / INODES_PER_BLOCK <= found.blockCount
  );
}
