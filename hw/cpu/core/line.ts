/**
 * Decoded lines: what the interpreter executes in place of 64 bytes of RAM. All host.
 *
 *     slots 0 … 31   one a halfword; an instruction is at the slot of its first halfword
 *     slot 32        LINE_END: goes on in the next line
 *     slot 33        the instruction that begins in slot 31 and crosses; slot 31 then holds CROSS_LINE,
 *                    which sees to it that the next line is cached
 *     slot 35        LINE_END behind it: goes on in the next line's second halfword
 *
 * Lines live in a pool whose oldest is taken for a new one; the line table has the address of a line's
 * decoded form, with NOT_CACHED while the I$ does not hold it. Blocks are decoded when first entered, up to
 * the end of the block, of the line, or an entry that is decoded already.
 */
import {
  ATTENTION,
  ATTENTION_REFETCH,
  CACHE_LINES_MAX,
  DECODED_BITS,
  EXPLAINED,
  INSTRUCTION_CACHE,
  LINE_TABLE,
  NOT_CACHED,
  PAGE_VA,
  POOL,
  POOL_CURSOR,
  POOL_LINE_COUNT,
  POOL_LINE_SIZE,
  POOL_OWNERS,
  RAM_HOST,
  SCRATCH,
  SCRATCH_NEXT,
  SCRATCH_OFFSET,
} from '../../manual/core-layout.ts';
import { RAM_BASE } from '../../manual/memory-map.ts';
import { CROSS_LINE, CROSS_PAGE, LINE_END, PAGE_END, REGION, UNDECODED } from '../../manual/operations.ts';
import { unpatch } from './boundary.ts';
import { findData } from './cache.ts';
import { clearWriteOfWay } from './data-hit.ts';
import { decode, ISOLATED, isLoad, loadUse, readsRegister } from './decode.ts';
import { ENTRY_SIZE, endsBlock, step } from './entry.ts';
import { decodedAgain } from './host.ts';
import { hostOf, lineSlot, pageCode } from './ram.ts';

const LAST_SLOT: u32 = 31;
const END_SLOT: usize = 32;
const CROSSING_SLOT: usize = 33;
const CROSSED_END_SLOT: usize = 35;
/** Slots of the block being decoded, one byte each, where no line needs it. */
const SLOTS: usize = SCRATCH + 0x80;
const LAST_LINE: u32 = 0xfc0;
const FIRST_LINE: u32 = RAM_BASE >> 6;

/** The decoded line of a line-table slot, new if there was none; marked as cached. `keep` survives. */
export function provideLine(slot: usize, keep: usize): usize {
  const known = load<u32>(slot) & ~NOT_CACHED;
  const line: usize = known !== 0 ? known : allocate(slot, keep);
  store<usize>(slot, line);
  return line;
}

/** Forgets what was decoded of a line. The hart may be in the midst of it: whose it was stays known. */
export function dropLine(slot: usize): void {
  if (load<u32>(slot) === 0) return;
  unpatch();
  store<u32>(slot, 0);
}

/** The line has other contents now. */
export function forgetDecoded(slot: usize): void {
  store<u32>(decodedBits(slot), 0);
}

/** The I$ gives up a line. */
export function lineEvicted(line: u32): void {
  const slot: usize = LINE_TABLE + ((line - FIRST_LINE) << 2);
  if (load<u32>(slot) !== 0) store<u32>(slot, load<u32>(slot) | NOT_CACHED);
}

/** Forgets every decoded line. */
export function dropAllLines(): void {
  unpatch();
  for (let owner: usize = POOL_OWNERS; owner < POOL_OWNERS + (POOL_LINE_COUNT << 2); owner += 4) {
    const slot = load<usize>(owner);
    if (slot !== 0) store<u32>(slot, 0);
  }
}

/** Decoded lines are cached where the I$, which the host has put in place, says so. */
export function followInstructionCache(): void {
  unpatch();
  for (let owner: usize = POOL_OWNERS; owner < POOL_OWNERS + (POOL_LINE_COUNT << 2); owner += 4) {
    const slot = load<usize>(owner);
    if (slot !== 0 && load<u32>(slot) !== 0) store<u32>(slot, load<u32>(slot) | NOT_CACHED);
  }
  for (let at: usize = INSTRUCTION_CACHE; at < INSTRUCTION_CACHE + (CACHE_LINES_MAX << 2); at += 4) {
    const line = load<u32>(at);
    if (line === 0) continue;
    const slot: usize = LINE_TABLE + ((line - FIRST_LINE) << 2);
    store<u32>(slot, load<u32>(slot) & ~NOT_CACHED);
  }
}

/** The virtual address of an entry of the page being executed. */
export function addressOf(entry: usize): u32 {
  const page = load<u32>(PAGE_VA);
  if (entry < POOL) return page + load<u32>(entry === SCRATCH ? SCRATCH_OFFSET : SCRATCH_NEXT);
  const line = lineOf(entry);
  const slot: usize = (entry - line) / ENTRY_SIZE;
  return page + pageOffsetOf(line) + offsetOfSlot(slot);
}

export function decodeBlock(first: usize): void {
  const line = lineOf(first);
  const host = hostOfLine(line);
  const offset = pageOffsetOf(line);
  const decoded = decodedBits(slotOfLine(line));
  let slots: u32 = 0;
  let entry = first;
  while (load<u8>(entry) === UNDECODED) {
    const slot: usize = (entry - line) / ENTRY_SIZE;
    store<u8>(SLOTS + slots, slot as u8);
    slots += 1;
    if (slot < END_SLOT) store<u32>(decoded, load<u32>(decoded) | (1 << (slot as u32)));
    decodeEntry(entry, slot, host, offset, line);
    if (endsBlock(entry)) break;
    entry += step(entry);
  }
  sumUp(line, slots);
  protect(line);
  const pa = addressOfLine(line);
  if (((load<u64>(pageCode(pa), 8) >> ((pa >> 6) & 63)) & 1) !== 0) decodedAgain(pa);
}

/** Decodes the instruction at a physical address into EXPLAINED, as by itself but with the stall behind it. */
export function explain(pa: u32): void {
  const host = hostOf(pa);
  const half = load<u16>(host) as u32;
  const offset = pa & 0xfff;
  if ((half & 3) !== 3) {
    decode(EXPLAINED, half, offset, ISOLATED);
    return stallFor(EXPLAINED, host + 2, offset + 2);
  }
  decode(EXPLAINED, load<u32>(host), offset, ISOLATED);
  stallFor(EXPLAINED, host + 4, offset + 4);
}

/** Whether the instruction at a physical address was ever decoded, since its line was last written. */
export function wasDecoded(pa: u32): bool {
  return ((load<u32>(decodedBits(lineSlot(pa))) >> ((pa & 62) >> 1)) & 1) !== 0;
}

/** Makes the instruction at a physical address an entry of a region, if it is decoded. */
export function setEntry(pa: u32, index: u32, parameter: u32): void {
  const line = load<u32>(lineSlot(pa)) & ~NOT_CACHED;
  if (line === 0) return;
  unpatch();
  const entry = entryIn(line, pa);
  if (load<u8>(entry) === UNDECODED) return;
  store<u8>(entry, REGION);
  store<u32>(entry, parameter, 4);
  store<u16>(entry, index as u16, 14);
}

/** Forgets the decoded form of the line of an address. */
export function forgetLine(pa: u32): void {
  dropLine(lineSlot(pa));
  store<u32>(ATTENTION, load<u32>(ATTENTION) | ATTENTION_REFETCH);
}

/** The line is left before the entry, which is executed by itself: its bits. */
export function bitsOf(entry: usize): u32 {
  const line = lineOf(entry);
  const host = hostOfLine(line) + (((entry - line) / ENTRY_SIZE) << 1);
  const half = load<u16>(host) as u32;
  return (half & 3) !== 3 ? half : load<u32>(host);
}

/** A bit for each halfword of a line. */
//@inline
function decodedBits(slot: usize): usize {
  return load<usize>(DECODED_BITS) + (slot - LINE_TABLE);
}

function entryIn(line: usize, pa: u32): usize {
  return line + ((pa & 62) >> 1) * ENTRY_SIZE;
}

/** The line-table slot of a decoded line. */
//@inline
function slotOfLine(line: usize): usize {
  return load<usize>(ownerOf(line));
}

/** The decoded line an entry of the pool is in. */
export function lineOf(entry: usize): usize {
  return POOL + ((entry - POOL) / POOL_LINE_SIZE) * POOL_LINE_SIZE;
}

function ownerOf(line: usize): usize {
  return POOL_OWNERS + (((line - POOL) / POOL_LINE_SIZE) << 2);
}

function allocate(slot: usize, keep: usize): usize {
  let index = load<u32>(POOL_CURSOR);
  if (POOL + index * POOL_LINE_SIZE === keep) index = next(index);
  store<u32>(POOL_CURSOR, next(index));
  const line: usize = POOL + index * POOL_LINE_SIZE;
  const previous = slotOfLine(line);
  if (previous !== 0 && (load<usize>(previous) & ~NOT_CACHED) === line) dropLine(previous);
  memory.fill(line, 0, POOL_LINE_SIZE);
  store<usize>(ownerOf(line), slot);
  lineEnd(line + END_SLOT * ENTRY_SIZE, 0, pageOffsetOf(line));
  return line;
}

function next(index: u32): u32 {
  return index + 1 === POOL_LINE_COUNT ? 0 : index + 1;
}

/** Goes on in the next line, at a slot; on another page if this is the last line. */
function lineEnd(entry: usize, slot: u32, offset: u32): void {
  const last = offset === LAST_LINE;
  store<u8>(entry, last ? PAGE_END : LINE_END);
  store<u16>(entry, (slot * ENTRY_SIZE) as u16, 4);
  store<u16>(entry, last ? 0 : ((((offset >> 6) + 1) << 2) as u16), 6);
  store<u32>(entry, 0, 8);
  store<u8>(entry, 1, 13);
}

/** Leaves the entry's own cost in its suffix field. */
function decodeEntry(entry: usize, slot: usize, host: usize, offset: u32, line: usize): void {
  if (slot === CROSSING_SLOT) {
    decode(entry, load<u32>(host + 62), offset + 62, CROSSING_SLOT as u32);
    return stallFor(entry, host + 66, offset + 66);
  }
  const at = host + (slot << 1);
  const half = load<u16>(at) as u32;
  if ((half & 3) !== 3) {
    decode(entry, half, offset + ((slot as u32) << 1), slot as u32);
    return stallFor(entry, at + 2, offset + ((slot as u32) << 1) + 2);
  }
  if (slot !== LAST_SLOT) {
    decode(entry, load<u32>(at), offset + ((slot as u32) << 1), slot as u32);
    return stallFor(entry, at + 4, offset + ((slot as u32) << 1) + 4);
  }
  lineEnd(entry, 0, offset);
  store<u8>(entry, 32, 12);
  if (offset === LAST_LINE) return store<u8>(entry, CROSS_PAGE);
  store<u8>(entry, CROSS_LINE);
  store<u8>(entry, 0, 13);
  lineEnd(line + CROSSED_END_SLOT * ENTRY_SIZE, 1, offset);
}

/** Load-use: the instruction behind a load, wholly on the same page, reads what was loaded. */
function stallFor(entry: usize, nextHost: usize, nextOffset: u32): void {
  if (!isLoad(load<u8>(entry)) || nextOffset >= 0x1000) return;
  const half = load<u16>(nextHost) as u32;
  const full = (half & 3) === 3;
  if (full && nextOffset + 4 > 0x1000) return;
  const raw = full ? load<u32>(nextHost) : half;
  const register = load<u8>(entry, 1) >> 2;
  if (readsRegister(raw, register)) loadUse(entry);
}

/** Turns own costs into suffixes, from the last decoded entry back. */
function sumUp(line: usize, slots: u32): void {
  for (let i = slots; i > 0; i--) {
    const entry = line + (load<u8>(SLOTS + i - 1) as usize) * ENTRY_SIZE;
    const behind = endsBlock(entry) ? 0 : load<u32>(entry + step(entry), 8);
    store<u32>(entry, load<u32>(entry, 8) + behind, 8);
  }
}

/** Stores into this line or the next have to go through the slow path from now on. */
function protect(line: usize): void {
  const number = FIRST_LINE + ((slotOfLine(line) - LINE_TABLE) >> 2);
  const way = findData(number);
  if (way >= 0) clearWriteOfWay(way);
  if ((number & 63) === 63) return;
  const wayBehind = findData(number + 1);
  if (wayBehind >= 0) clearWriteOfWay(wayBehind);
}

function hostOfLine(line: usize): usize {
  return load<usize>(RAM_HOST) + (((slotOfLine(line) - LINE_TABLE) >> 2) << 6);
}

function pageOffsetOf(line: usize): u32 {
  return addressOfLine(line) & 0xfff;
}

function addressOfLine(line: usize): u32 {
  return (FIRST_LINE + ((slotOfLine(line) - LINE_TABLE) >> 2)) << 6;
}

function offsetOfSlot(slot: usize): u32 {
  if (slot === CROSSING_SLOT) return 62;
  if (slot === CROSSED_END_SLOT) return 66;
  return (slot << 1) as u32;
}
