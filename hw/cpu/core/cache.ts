/**
 * The caches as the model has them: tags alone, physical, first-in first-out in each set; write-allocate
 * and write-back. The contents are always in RAM, so that DMA is coherent; a hit changes no state.
 */
import {
  CACHE_LINES_MAX,
  CACHE_SET_MASK,
  CACHE_WAY_COUNT,
  COUNT_D_MISS,
  COUNT_DIRTY_EVICTION,
  COUNT_I_MISS,
  DATA_CACHE,
  DATA_CACHE_NEXT,
  DIRTY,
  INSTRUCTION_CACHE,
  INSTRUCTION_CACHE_NEXT,
} from '../../manual/core-layout.ts';
import { DIRTY_EVICTION, LINE_FILL } from '../../manual/timing.ts';
import { clearHitOfWay } from './data-hit.ts';
import { charge, count } from './entry.ts';
import { lineEvicted } from './line.ts';

/** Brings a line into the D$ if it is not there, at its cost; the way it is in. */
export function accessData(line: u32): u32 {
  const found = findData(line);
  if (found >= 0) return found;
  const set = line & load<u32>(CACHE_SET_MASK);
  const way = victim(DATA_CACHE_NEXT, set);
  const at: usize = DATA_CACHE + (way << 2);
  count(COUNT_D_MISS);
  charge(LINE_FILL);
  if ((load<u32>(at) & DIRTY) !== 0) {
    count(COUNT_DIRTY_EVICTION);
    charge(DIRTY_EVICTION);
  }
  clearHitOfWay(way);
  store<u32>(at, line);
  return way;
}

/** The way a line of the D$ is in, or -1. */
export function findData(line: u32): i32 {
  return find(DATA_CACHE, line);
}

//@inline
export function setDirty(way: u32): void {
  const at: usize = DATA_CACHE + (way << 2);
  store<u32>(at, load<u32>(at) | DIRTY);
}

//@inline
export function isDirty(way: u32): bool {
  return (load<u32>(DATA_CACHE + (way << 2)) & DIRTY) !== 0;
}

/** Brings a line into the I$ if it is not there, at its cost. */
export function accessInstruction(line: u32): void {
  if (find(INSTRUCTION_CACHE, line) >= 0) return;
  const way = victim(INSTRUCTION_CACHE_NEXT, line & load<u32>(CACHE_SET_MASK));
  const at: usize = INSTRUCTION_CACHE + (way << 2);
  count(COUNT_I_MISS);
  charge(LINE_FILL);
  if (load<u32>(at) !== 0) lineEvicted(load<u32>(at));
  store<u32>(at, line);
}

/** fence.i: the I$ is empty; which way is replaced next stays. */
export function emptyInstructionCache(): void {
  for (let at: usize = INSTRUCTION_CACHE; at < INSTRUCTION_CACHE + (CACHE_LINES_MAX << 2); at += 4) {
    if (load<u32>(at) === 0) continue;
    lineEvicted(load<u32>(at));
    store<u32>(at, 0);
  }
}

function find(cache: usize, line: u32): i32 {
  const ways = load<u32>(CACHE_WAY_COUNT);
  const first = (line & load<u32>(CACHE_SET_MASK)) * ways;
  for (let way = first; way < first + ways; way++) {
    if ((load<u32>(cache + (way << 2)) & ~DIRTY) === line) return way;
  }
  return -1;
}

function victim(next: usize, set: u32): u32 {
  const ways = load<u32>(CACHE_WAY_COUNT);
  const way = load<u8>(next + set) as u32;
  store<u8>(next + set, way + 1 === ways ? 0 : way + 1);
  return set * ways + way;
}
