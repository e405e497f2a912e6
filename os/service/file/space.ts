/**
 * Which blocks are in use: a bit for each, twice.
 *
 *     used   by the tree as it is
 *     held   by the newest root on the disk: what was freed since must not be overwritten yet
 *
 * A block is free to take when it is neither. With a new root, held becomes what used is. On the disk there
 * are two copies of the used bits, of the newest root and the one before it; a block of a map is written if
 * it differs from the same copy two roots ago.
 */
import { ERROR_DAMAGED, ERROR_NO_SPACE } from '../../abi/errors.ts';
import { crc32c } from '../../lib/crc32c.ts';
import { readBlocks, writeBlocks } from './device.ts';
import { refuse } from './fault.ts';
import { BLOCK_SIZE, type Root } from './format.ts';
import { RESERVED_BLOCKS } from './limits.ts';

export const BLOCKS_PER_MAP_BLOCK: u32 = 32_768;
/** As many checksums as a block has room for. */
export const MAP_BLOCKS_MAX: u32 = 1024;

const CHANGED_NOW: u8 = 1;
const CHANGED_BEFORE: u8 = 2;

/** Of each map block, whether it changed since the newest root, and between that and the one before. */
const changes = memory.data(1024);

let used: u32 = 0;
let held: u32 = 0;
let checksums: u32 = 0;
let mapBlocks: u32 = 0;
let blockCount: u32 = 0;
let dataStart: u32 = 0;
let dataEnd: u32 = 0;
/** Bits of `used`, and blocks that are neither used nor held. */
let usedCount: u32 = 0;
let freeCount: u32 = 0;
let cursor: u32 = 0;

/** Memory that the maps take. */
export function mapMemorySize(blocks: u32): u32 {
  return (2 * blocks + 1) * BLOCK_SIZE;
}

export function useMapMemory(address: u32, root: Root): void {
  mapBlocks = root.mapBlocks;
  blockCount = root.blockCount;
  dataStart = root.dataStart;
  dataEnd = root.dataEnd;
  cursor = root.cursor;
  used = address;
  held = used + mapBlocks * BLOCK_SIZE;
  checksums = held + mapBlocks * BLOCK_SIZE;
  memory.fill(changes, CHANGED_BEFORE, mapBlocks);
}

/** A volume of which nothing is used but what is not for data. */
export function makeMaps(root: Root): void {
  memory.fill(used, 0, 2 * mapBlocks * BLOCK_SIZE);
  memory.fill(checksums, 0, BLOCK_SIZE);
  for (let block: u32 = 0; block < mapBlocks * BLOCKS_PER_MAP_BLOCK; block += 1) {
    if (block < root.dataStart || block >= root.dataEnd) setBit(used, block);
  }
  memory.fill(changes, CHANGED_NOW | CHANGED_BEFORE, mapBlocks);
  holdUsed();
}

export function loadMaps(root: Root): i32 {
  const start = copyStart(root);
  let status = readBlocks(start, 1, checksums);
  if (status !== 0) return status;
  if (crc32c(0, checksums, BLOCK_SIZE) !== root.mapChecksum) return ERROR_DAMAGED;
  for (let index: u32 = 0; index < mapBlocks; index += 1) {
    const address = used + index * BLOCK_SIZE;
    status = readBlocks(start + 1 + index, 1, address);
    if (status !== 0) return status;
    if (crc32c(0, address, BLOCK_SIZE) !== load<u32>(checksums + (index << 2))) return ERROR_DAMAGED;
  }
  holdUsed();
  return 0;
}

/** Writes the maps of the root that is about to be. */
export function storeMaps(root: Root): i32 {
  const start = copyStart(root);
  for (let index: u32 = 0; index < mapBlocks; index += 1) {
    const change = load<u8>(changes + index);
    if (change === 0) continue;
    const address = used + index * BLOCK_SIZE;
    if ((change & CHANGED_NOW) !== 0) {
      store<u32>(checksums + (index << 2), crc32c(0, address, BLOCK_SIZE));
    }
    const status = writeBlocks(start + 1 + index, 1, address);
    if (status !== 0) return status;
  }
  root.mapChecksum = crc32c(0, checksums, BLOCK_SIZE);
  root.cursor = cursor;
  return writeBlocks(start, 1, checksums);
}

/** The root is durable. */
export function mapsStored(): void {
  for (let index: u32 = 0; index < mapBlocks; index += 1) {
    const change = load<u8>(changes + index);
    store<u8>(changes + index, (change & CHANGED_NOW) !== 0 ? CHANGED_BEFORE : 0);
  }
  holdUsed();
}

/** A block, or 0. It goes on from where it found the last one, so that what comes together lies together. */
export function takeBlock(): u32 {
  const words = mapBlocks * (BLOCK_SIZE / 4);
  let word = cursor >> 5;
  let wanted: u32 = 0xffff_ffff << (cursor & 31);
  for (let left = freeCount === 0 ? 0 : words + 1; left > 0; left -= 1) {
    const free = ~(load<u32>(used + (word << 2)) | load<u32>(held + (word << 2))) & wanted;
    if (free !== 0) return taken((word << 5) + ctz<u32>(free));
    word = word + 1 === words ? 0 : word + 1;
    wanted = 0xffff_ffff;
  }
  return refuse(ERROR_NO_SPACE);
}

function taken(block: u32): u32 {
  setBit(used, block);
  markChanged(block);
  usedCount += 1;
  freeCount -= 1;
  cursor = block + 1 < blockCount ? block + 1 : 0;
  return block;
}

/** What is not in use is left alone: a volume that refers to a block twice has been made so. */
export function giveBlock(block: u32): void {
  if (!isBlockUsed(block)) return;
  clearBit(used, block);
  markChanged(block);
  usedCount -= 1;
  if (!bit(held, block)) freeCount += 1;
}

export function isBlockUsed(block: u32): bool {
  return isDataBlock(block) && bit(used, block);
}

export function isDataBlock(block: u32): bool {
  return block >= dataStart && block < dataEnd;
}

/** Whether `growth` more blocks leave what removing needs. */
export function hasRoom(growth: u32): bool {
  return growth + RESERVED_BLOCKS <= blocksUnused();
}

/** Blocks that the next operation can take at once. */
export function blocksFree(): u32 {
  return freeCount;
}

/** Blocks that no file uses, at once or after the next root. */
export function blocksUnused(): u32 {
  return blockCount - usedCount;
}

export function blocksUsed(): u32 {
  return usedCount;
}

/** Words of the used bits, and of what a check finds out. */
export function usedWords(): u32 {
  return mapBlocks * (BLOCK_SIZE / 4);
}

export function usedWord(index: u32): u32 {
  return load<u32>(used + (index << 2));
}

/** Of the blocks for data, those are used that have a bit here: what a check has found out. */
export function replaceUsed(bits: u32): void {
  for (let block = dataStart; block < dataEnd; block += 1) clearBit(used, block);
  addUsed(bits);
}

/** Those are used, too. */
export function addUsed(bits: u32): void {
  for (let at: u32 = 0; at < mapBlocks * BLOCK_SIZE; at += 4) {
    store<u32>(used + at, load<u32>(used + at) | load<u32>(bits + at));
  }
  memory.fill(changes, CHANGED_NOW | CHANGED_BEFORE, mapBlocks);
  countUsed();
  for (let at: u32 = 0; at < mapBlocks * BLOCK_SIZE; at += 4) {
    freeCount -= popcnt<u32>(load<u32>(held + at) & ~load<u32>(used + at));
  }
}

function holdUsed(): void {
  memory.copy(held, used, mapBlocks * BLOCK_SIZE);
  countUsed();
}

function countUsed(): void {
  usedCount = countBits(used) - (mapBlocks * BLOCKS_PER_MAP_BLOCK - blockCount);
  freeCount = blockCount - usedCount;
}

function countBits(bits: u32): u32 {
  let count: u32 = 0;
  for (let at: u32 = 0; at < mapBlocks * BLOCK_SIZE; at += 4) count += popcnt<u32>(load<u32>(bits + at));
  return count;
}

function copyStart(root: Root): u32 {
  return root.mapStart + (<u32>root.generation & 1) * (1 + root.mapBlocks);
}

function markChanged(block: u32): void {
  const change = changes + block / BLOCKS_PER_MAP_BLOCK;
  store<u8>(change, load<u8>(change) | CHANGED_NOW);
}

//@inline
export function bit(bits: u32, block: u32): bool {
  return ((load<u32>(bits + ((block >> 5) << 2)) >> (block & 31)) & 1) !== 0;
}

export function setBit(bits: u32, block: u32): void {
  const word = bits + ((block >> 5) << 2);
  store<u32>(word, load<u32>(word) | ((<u32>1) << (block & 31)));
}

function clearBit(bits: u32, block: u32): void {
  const word = bits + ((block >> 5) << 2);
  store<u32>(word, load<u32>(word) & ~((<u32>1) << (block & 31)));
}
