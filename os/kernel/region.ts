/**
 * Mapped ranges of a space, and what a page fault in one of them means.
 *
 * A region maps pages of one memory. Nothing is in the page tables until it is touched; `resolve` puts it
 * there, making the page if the memory has none yet. Regions of a space do not overlap.
 */

import { fence_i } from 'rv';
import { ERROR_BAD_ADDRESS, ERROR_BAD_STATE, ERROR_QUOTA } from '../abi/errors.ts';
import { PAGE_SHIFT, USER_END, USER_START } from '../abi/layout.ts';
import { REGIONS_PER_MEMORY_MAX, REGIONS_PER_SPACE_MAX, SPACES_MAX } from '../abi/limits.ts';
import { isNone, none } from '../lib/pointer.ts';
import { ensurePage, isGuarded, pageAt, writablePage } from './contents.ts';
import { addChild, unlinkNode } from './derivation.ts';
import { releaseMemory } from './object/memory.ts';
import { takeAtBoot } from './page.ts';
import { mapPage, PTE_EXECUTE, PTE_WRITE, protectPage, unmapPage } from './page-table.ts';
import { type Handle, KIND_REGION, type Memory, type Region, type Space } from './structures.ts';

/** What `resolve` finds of a page that a pager must supply first. */
export const ABSENT: i32 = i32.MIN_VALUE + 1;

const REGIONS_MAX: u32 = SPACES_MAX * REGIONS_PER_SPACE_MAX;

let freeRegions = changetype<Region>(0);

export function startRegions(): void {
  let at = takeAtBoot(REGIONS_MAX * offsetof<Region>());
  for (let index: u32 = 0; index < REGIONS_MAX; index += 1) {
    const region = changetype<Region>(at);
    region.spaceNext = freeRegions;
    freeRegions = region;
    at += offsetof<Region>();
  }
}

/** Maps pages of the memory that `through` is a handle of (none: the kernel's own doing, at boot). */
export function map(
  space: Space,
  start: u32,
  memory: Memory,
  firstPage: u32,
  pages: u32,
  access: u32,
  through: Handle,
): i32 {
  const end = start + (pages << PAGE_SHIFT);
  if (start < USER_START || end > USER_END || end <= start) return ERROR_BAD_ADDRESS;
  if (space.regionCount === REGIONS_PER_SPACE_MAX) return ERROR_QUOTA;
  if (memory.regionCount === REGIONS_PER_MEMORY_MAX) return ERROR_QUOTA;
  if (overlaps(space, start, end)) return ERROR_BAD_STATE;
  const region = freeRegions;
  assert(!isNone(region));
  freeRegions = region.spaceNext;
  region.object = changetype<usize>(memory);
  region.info = KIND_REGION;
  region.value = 0;
  region.child = none<Handle>();
  region.space = space;
  region.start = start;
  region.pages = pages;
  region.firstPage = firstPage;
  region.access = access;
  addChild(through, region);
  linkToSpace(region, space);
  linkToMemory(region, memory);
  if (!isNone(memory.pager)) space.pagedRegions += 1;
  memory.references += 1;
  return 0;
}

/** Unmaps at most `budget` pages from the region's end; true once it is gone. */
export function shrink(region: Region, budget: u32): bool {
  const count = min<u32>(region.pages, budget);
  let va = region.start + (region.pages << PAGE_SHIFT);
  const stop = va - (count << PAGE_SHIFT);
  while (va > stop) {
    va -= 1 << PAGE_SHIFT;
    unmapPage(region.space, va);
  }
  region.pages -= count;
  if (region.pages > 0) return false;
  discard(region);
  return true;
}

/** The region in which `va` lies, or none. */
export function regionAt(space: Space, va: u32): Region {
  let region = space.regions;
  while (!isNone(region)) {
    if (va - region.start < region.pages << PAGE_SHIFT) return region;
    region = region.spaceNext;
  }
  return none<Region>();
}

/** Makes `va` accessible. 0, or why it cannot be: nothing is mapped there so, no page is left, or ABSENT. */
export function resolve(space: Space, va: u32, access: u32): i32 {
  const region = regionAt(space, va);
  if (isNone(region) || (region.access & access) !== access) return ERROR_BAD_ADDRESS;
  const index = region.firstPage + ((va - region.start) >> PAGE_SHIFT);
  const memory = changetype<Memory>(region.object);
  if (!isNone(memory.pager) && pageAt(memory, index) === 0) return ABSENT;
  const writes = (access & PTE_WRITE) !== 0;
  const pa = writes ? writablePage(memory, index) : ensurePage(memory, index);
  if (pa === 0) return ERROR_QUOTA;
  if ((region.access & PTE_EXECUTE) !== 0) fence_i();
  const allowed = isGuarded(memory, index) ? region.access & ~PTE_WRITE : region.access;
  return mapPage(space, va, pa, allowed) ? 0 : ERROR_QUOTA;
}

/** Takes one page of a memory out of all spaces that map it. */
export function unmapEverywhere(memory: Memory, index: u32): void {
  let region = memory.regions;
  while (!isNone(region)) {
    const offset = index - region.firstPage;
    if (offset < region.pages) unmapPage(region.space, region.start + (offset << PAGE_SHIFT));
    region = region.memoryNext;
  }
}

/** Takes from all spaces that map a page the right to write to it. */
export function protectEverywhere(memory: Memory, index: u32): void {
  let region = memory.regions;
  while (!isNone(region)) {
    const offset = index - region.firstPage;
    if (offset < region.pages) protectPage(region.space, region.start + (offset << PAGE_SHIFT));
    region = region.memoryNext;
  }
}

function overlaps(space: Space, start: u32, end: u32): bool {
  let region = space.regions;
  while (!isNone(region)) {
    if (start < region.start + (region.pages << PAGE_SHIFT) && end > region.start) return true;
    region = region.spaceNext;
  }
  return false;
}

function linkToSpace(region: Region, space: Space): void {
  region.spacePrevious = none<Region>();
  region.spaceNext = space.regions;
  if (!isNone(space.regions)) space.regions.spacePrevious = region;
  space.regions = region;
  space.regionCount += 1;
}

function linkToMemory(region: Region, memory: Memory): void {
  region.memoryPrevious = none<Region>();
  region.memoryNext = memory.regions;
  if (!isNone(memory.regions)) memory.regions.memoryPrevious = region;
  memory.regions = region;
  memory.regionCount += 1;
}

function discard(region: Region): void {
  const memory = changetype<Memory>(region.object);
  const space = region.space;
  unlinkNode(region);
  if (isNone(region.spacePrevious)) space.regions = region.spaceNext;
  else region.spacePrevious.spaceNext = region.spaceNext;
  if (!isNone(region.spaceNext)) region.spaceNext.spacePrevious = region.spacePrevious;
  space.regionCount -= 1;
  if (isNone(region.memoryPrevious)) memory.regions = region.memoryNext;
  else region.memoryPrevious.memoryNext = region.memoryNext;
  if (!isNone(region.memoryNext)) region.memoryNext.memoryPrevious = region.memoryPrevious;
  memory.regionCount -= 1;
  if (!isNone(memory.pager)) space.pagedRegions -= 1;
  region.object = 0;
  region.spaceNext = freeRegions;
  freeRegions = region;
  releaseMemory(memory);
}
