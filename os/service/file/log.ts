/**
 * The log: operations that are durable before the next root.
 *
 *     room ─→ a record is made in place ─ keep ─→ the open batch ─ writeBatch, a flush ─→ durable
 *     replay: the batches on the disk, in order, as far as they are whole
 *
 * Batches lie one behind another from the log's beginning, each in sectors of its own, and each written when
 * the one before it is durable. So one that is not whole, with a later one behind it, was damaged; the last
 * may as well have been cut by the power. More than a batch holds does not go into the log: it waits for the
 * next root, where bulk data are written once.
 */
import { ERROR_DAMAGED } from '../../abi/errors.ts';
import { crc32c } from '../../lib/crc32c.ts';
import { readSectors, writeSectors } from './device.ts';
import {
  BATCH_HEADER_SIZE,
  BATCH_MAGIC,
  type Batch,
  RECORD_HEADER_SIZE,
  type Record,
  SECTOR_SIZE,
  SECTORS_PER_BLOCK,
} from './format.ts';
import { BATCH_SIZE_MAX, WRITE_SIZE_MAX } from './limits.ts';
import { root } from './root.ts';

const RECORD_SIZE_MAX: u32 = RECORD_HEADER_SIZE + WRITE_SIZE_MAX;
const RECORD_ALIGNMENT: u32 = 8;

let buffer: u32 = 0;
/** Of the open batch: its end in the buffer, and whether it lacks operations that had no room. */
let end: u32 = 0;
let isOverflowed: bool = false;
/** Where the next batch goes, in sectors from the log's beginning, and its index. */
let position: u32 = 0;
let index: u32 = 0;
/** Of the open batch: the operations before it. */
let sequenceBefore: u64 = 0;

export function useLogMemory(address: u32): void {
  buffer = address;
  beginLog();
}

/** The log is empty: a root has everything. */
export function beginLog(): void {
  position = 0;
  index = 0;
  beginBatch();
}

function beginBatch(): void {
  end = BATCH_HEADER_SIZE;
  isOverflowed = false;
  sequenceBefore = root().sequence;
}

/** Where the next record is to be made: zeros, with room behind it for WRITE_SIZE_MAX. */
export function newRecord(operation: u32, inode: u32, time: u64): Record {
  const record = changetype<Record>(buffer + end);
  memory.fill(changetype<usize>(record), 0, RECORD_HEADER_SIZE);
  record.operation = operation;
  record.inode = inode;
  record.time = time;
  return record;
}

/** What newRecord gave last belongs to the batch. */
export function keep(record: Record): void {
  const size = RECORD_HEADER_SIZE + record.first + record.second;
  record.size = (size + RECORD_ALIGNMENT - 1) & ~(RECORD_ALIGNMENT - 1);
  memory.fill(changetype<usize>(record) + size, 0, record.size - size);
  if (isOverflowed || end + record.size > BATCH_SIZE_MAX) isOverflowed = true;
  else end += record.size;
}

/** Whether there are operations that are in no batch and no root. */
export function hasOpenBatch(): bool {
  return isOverflowed || end > BATCH_HEADER_SIZE;
}

/** Whether the log has room for all operations since the last batch. */
export function fitsInLog(): bool {
  return !isOverflowed && position + sectorsOf(end) <= root().logBlocks * SECTORS_PER_BLOCK;
}

/** Writes the open batch; it is durable after a flush. */
export function writeBatch(): i32 {
  const sectors = sectorsOf(end);
  memory.fill(buffer + end, 0, sectors * SECTOR_SIZE - end);
  const batch = changetype<Batch>(buffer);
  batch.magic = BATCH_MAGIC;
  batch.checksum = 0;
  batch.generation = root().logGeneration;
  batch.identityLow = root().identityLow;
  batch.identityHigh = root().identityHigh;
  batch.index = index;
  batch.size = end;
  batch.sequence = sequenceBefore + 1;
  batch.checksum = crc32c(0, buffer, end);
  const status = writeSectors(logSector() + position, sectors, buffer);
  position += sectors;
  index += 1;
  beginBatch();
  return status;
}

/** Reads the next batch: 1, or 0 at the log's end, or an error. */
export function readBatch(): i32 {
  if (position >= root().logBlocks * SECTORS_PER_BLOCK) return 0;
  let status = readSectors(logSector() + position, 1, buffer);
  if (status !== 0) return status;
  const batch = changetype<Batch>(buffer);
  const isNext = isBatchOfRoot(batch) && batch.index === index && batch.size <= BATCH_SIZE_MAX;
  if (!isNext || batch.size < BATCH_HEADER_SIZE) return endOfLog();
  const sectors = sectorsOf(batch.size);
  if (position + sectors > root().logBlocks * SECTORS_PER_BLOCK) return endOfLog();
  status = readSectors(logSector() + position, sectors, buffer);
  if (status !== 0) return status;
  const checksum = batch.checksum;
  batch.checksum = 0;
  if (crc32c(0, buffer, batch.size) !== checksum) return endOfLog();
  position += sectors;
  index += 1;
  end = batch.size;
  return 1;
}

/** Of the batch that was read: the first operation's number, and the record after one, or after none. */
export function firstSequence(): u64 {
  return changetype<Batch>(buffer).sequence;
}

/** The record after this one, or the first after none (0); 0 at the end. It lies within the batch. */
export function recordAfter(record: u32): u32 {
  const next = record === 0 ? buffer + BATCH_HEADER_SIZE : record + changetype<Record>(record).size;
  const room = buffer + end - next;
  if (next >= buffer + end || room < RECORD_HEADER_SIZE) return 0;
  const found = changetype<Record>(next);
  const isInside = found.first <= RECORD_SIZE_MAX && found.second <= RECORD_SIZE_MAX;
  if (!isInside || found.size > room || found.size < RECORD_HEADER_SIZE + found.first + found.second)
    return 0;
  return next;
}

/** 0 where nothing shows that more was written. */
function endOfLog(): i32 {
  const sectors = root().logBlocks * SECTORS_PER_BLOCK;
  const chunk = BATCH_SIZE_MAX / SECTOR_SIZE;
  for (let first = position; first < sectors; first += chunk) {
    const count = min<u32>(chunk, sectors - first);
    const status = readSectors(logSector() + first, count, buffer);
    if (status !== 0) return status;
    for (let at: u32 = 0; at < count; at += 1) {
      const batch = changetype<Batch>(buffer + at * SECTOR_SIZE);
      if (isBatchOfRoot(batch) && batch.index > index) return ERROR_DAMAGED;
    }
  }
  return 0;
}

function isBatchOfRoot(batch: Batch): bool {
  return (
    batch.magic === BATCH_MAGIC &&
    batch.generation === root().logGeneration &&
    batch.identityLow === root().identityLow &&
    batch.identityHigh === root().identityHigh
  );
}

//@inline
function logSector(): u32 {
  return root().logStart * SECTORS_PER_BLOCK;
}

//@inline
function sectorsOf(size: u32): u32 {
  return (size + SECTOR_SIZE - 1) / SECTOR_SIZE;
}
