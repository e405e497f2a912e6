/**
 * The data hit table: one comparison says that an access is translated, permitted in this context, in
 * the D$ and aligned; for writes also that the line is dirty already, the page is marked as written and
 * nothing in the line is decoded code. All host: an entry only repeats what TLB, PMP and D$ say.
 *
 *     tag    va of the line | context number << 2, mixed with the context's spread (context.ts); 0 = none
 *     test   ((va & ~63 | va & (size - 1)) ^ key) === tag
 *     entry  0 tag for reads, 4 tag for writes, 8 host address - va, 12 way of the D$
 *
 * Each way of the D$ points back to the one entry made for it; an eviction clears exactly that. Each TLB
 * entry has a bit for every way whose hit was made through it; it may keep bits of hits that are gone.
 */
import {
  CACHE_LINES_MAX,
  CACHE_SET_MASK,
  CACHE_WAY_COUNT,
  DATA_CACHE_HITS,
  DATA_HIT_COUNT,
  DATA_HITS,
  DATA_TLB,
  TLB_ENTRIES_MAX,
  TLB_WAYS,
} from '../../manual/core-layout.ts';

const HIT_SIZE = 16;
const WAYS_SIZE: u32 = 128;

/** What is compared for an access of 1, 2 or 4 bytes. */
export const BYTE: u32 = 0xffff_ffc0;
export const HALF: u32 = 0xffff_ffc1;
export const WORD: u32 = 0xffff_ffc3;

//@inline
export function tagOf(va: u32, mask: u32, key: u32): u32 {
  return (va & mask) ^ key;
}

//@inline
export function hitOf(tag: u32): usize {
  return DATA_HITS + ((tag >> 2) & ((DATA_HIT_COUNT - 1) << 4));
}

//@inline
export function readTag(hit: usize): u32 {
  return load<u32>(hit);
}

//@inline
export function writeTag(hit: usize): u32 {
  return load<u32>(hit, 4);
}

//@inline
export function addend(hit: usize): usize {
  return load<usize>(hit, 8);
}

/** Makes the hit for a line; `tlbEntry` 0 where there is no translation. */
export function setHit(tag: u32, writable: bool, host: usize, va: u32, way: u32, tlbEntry: usize): void {
  const hit = hitOf(tag);
  clearHitOfWay(way);
  store<u32>(hit, tag);
  store<u32>(hit, writable ? tag : 0, 4);
  store<usize>(hit, host - va, 8);
  store<u32>(hit, way, 12);
  store<usize>(DATA_CACHE_HITS + (way << 2), hit);
  if (tlbEntry === 0) return;
  const bits: usize = waysOf(tlbEntry) + ((way >> 5) << 2);
  store<u32>(bits, load<u32>(bits) | (1 << (way & 31)));
}

export function clearHitOfWay(way: u32): void {
  const hit = hitAtWay(way);
  if (hit !== 0) clear(hit);
}

/** Stores to the line in this way go through the slow path again. */
export function clearWriteOfWay(way: u32): void {
  const hit = hitAtWay(way);
  if (hit !== 0) store<u32>(hit, 0, 4);
}

export function clearHitsOfTlbEntry(tlbEntry: usize): void {
  const ways = waysOf(tlbEntry);
  const used = (((load<u32>(CACHE_SET_MASK) + 1) * load<u32>(CACHE_WAY_COUNT) + 63) >> 6) << 3;
  for (let group: u32 = 0; group < used; group += 8) {
    let bits = load<u64>(ways + group);
    if (bits === 0) continue;
    store<u64>(ways + group, 0);
    while (bits !== 0) {
      clearHitOfWay((group << 3) + (ctz<u64>(bits) as u32));
      bits &= bits - 1;
    }
  }
}

export function clearHitsOfContext(context: u32): void {
  for (let hit: usize = DATA_HITS; hit < DATA_HITS + DATA_HIT_COUNT * HIT_SIZE; hit += HIT_SIZE) {
    if (((load<u32>(hit) >> 2) & 15) === context) clear(hit);
  }
}

export function clearAllHits(): void {
  memory.fill(DATA_HITS, 0, DATA_HIT_COUNT * HIT_SIZE);
  memory.fill(DATA_CACHE_HITS, 0, CACHE_LINES_MAX << 2);
  memory.fill(TLB_WAYS, 0, TLB_ENTRIES_MAX * WAYS_SIZE);
}

export function clearAllWrites(): void {
  for (let hit: usize = DATA_HITS; hit < DATA_HITS + DATA_HIT_COUNT * HIT_SIZE; hit += HIT_SIZE) {
    store<u32>(hit, 0, 4);
  }
}

/** The hit made for a way, unless another line has taken its place since. */
function hitAtWay(way: u32): usize {
  const hit = load<usize>(DATA_CACHE_HITS + (way << 2));
  return hit !== 0 && load<u32>(hit, 12) === way ? hit : 0;
}

function clear(hit: usize): void {
  store<u64>(hit, 0);
}

function waysOf(tlbEntry: usize): usize {
  return TLB_WAYS + ((tlbEntry - DATA_TLB) >> 4) * WAYS_SIZE;
}
