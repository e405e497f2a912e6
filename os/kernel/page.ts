/**
 * Physical memory in pages of 4 KiB: what is left of RAM behind the kernel, without the initial RAM disk and
 * the devicetree. Kernel addresses of RAM are physical addresses.
 *
 *     boot    `takeAtBoot` cuts the pools off the front; then `openPages`
 *     after   a list of pages that came back, and the rest of RAM that was never handed out
 *
 * Every page is charged to an account by whoever takes it. A page can have sharers beside its first holder;
 * it comes back when the last of them drops it.
 */
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';

const LINE_SIZE: u32 = 64;
/** Up to here the beginnings of pages are much in use. */
const CROWDED: u32 = 512;

let start: u32 = 0;
/** For each page from `start` on: how many hold it beside the first. */
let sharers: u32 = 0;
/** Never handed out so far: [next, end), but for the reserved ranges. */
let next: u32 = 0;
let end: u32 = 0;
/** Pages that came back; each begins with the address of the one after it. */
let returned: u32 = 0;
let freeCount: u32 = 0;
let allCount: u32 = 0;

let reservedStart0: u32 = 0;
let reservedEnd0: u32 = 0;
let reservedStart1: u32 = 0;
let reservedEnd1: u32 = 0;

/** RAM to be used, and two ranges in it that are not to be touched; whole pages. */
export function setRam(ramStart: u32, ramEnd: u32): void {
  start = pageUp(ramStart);
  next = start;
  end = ramEnd & ~(PAGE_SIZE - 1);
}

export function startSharers(): void {
  sharers = takeAtBoot(((end - start) >> PAGE_SHIFT) << 2);
}

export function reserve(rangeStart: u32, rangeEnd: u32): void {
  if (rangeStart >= rangeEnd) return;
  const first = rangeStart & ~(PAGE_SIZE - 1);
  if (reservedEnd0 === 0) {
    reservedStart0 = first;
    reservedEnd0 = pageUp(rangeEnd);
  } else {
    assert(reservedEnd1 === 0);
    reservedStart1 = first;
    reservedEnd1 = pageUp(rangeEnd);
  }
}

/**
 * Memory for a pool, zeroed, for ever; whole lines of the cache. Pools lie close together: if each began with
 * a page, the first objects of all would fight for the same places in the cache, with the first bytes of every
 * process's data; so a small one never does.
 */
export function takeAtBoot(size: u32): u32 {
  const isCrowded = size < PAGE_SIZE && (next & (PAGE_SIZE - 1)) < CROWDED;
  const at = isCrowded ? (next & ~(PAGE_SIZE - 1)) + CROWDED : next;
  const after = at + ((size + LINE_SIZE - 1) & ~(LINE_SIZE - 1));
  assert(after <= end && !isReserved(at, after));
  next = after;
  memory.fill(at, 0, after - at);
  return at;
}

/** A zeroed page, for ever. */
export function takePageAtBoot(): u32 {
  next = pageUp(next);
  return takeAtBoot(PAGE_SIZE);
}

/** Counts what is left; gives the number of pages. */
export function openPages(): u32 {
  next = pageUp(next);
  freeCount = (end - next) >> 12;
  freeCount -= reservedWithin(reservedStart0, reservedEnd0) + reservedWithin(reservedStart1, reservedEnd1);
  allCount = freeCount;
  return freeCount;
}

export function freePages(): u32 {
  return freeCount;
}

/** All that there ever were to be handed out. */
export function allPages(): u32 {
  return allCount;
}

/** A zeroed page. */
export function takePage(): u32 {
  const page = takeRawPage();
  memory.fill(page, 0, PAGE_SIZE);
  return page;
}

/** A page with whatever was in it. Accounts see to it that there is one. */
export function takeRawPage(): u32 {
  assert(freeCount > 0);
  freeCount -= 1;
  let page = returned;
  if (page !== 0) {
    returned = load<u32>(page);
  } else {
    skipReserved();
    page = next;
    next += PAGE_SIZE;
    assert(next <= end);
  }
  return page;
}

export function returnPage(page: u32): void {
  assert((page & (PAGE_SIZE - 1)) === 0 && page < end);
  store<u32>(page, returned);
  returned = page;
  freeCount += 1;
}

//@inline
export function hasSharers(page: u32): bool {
  return load<u32>(sharersOf(page)) !== 0;
}

export function addSharer(page: u32): void {
  const at = sharersOf(page);
  store<u32>(at, load<u32>(at) + 1);
}

/** One holder fewer. */
export function dropPage(page: u32): void {
  const at = sharersOf(page);
  const count = load<u32>(at);
  if (count === 0) returnPage(page);
  else store<u32>(at, count - 1);
}

//@inline
function sharersOf(page: u32): u32 {
  return sharers + (((page - start) >> PAGE_SHIFT) << 2);
}

function skipReserved(): void {
  if (next === reservedStart0) next = reservedEnd0;
  if (next === reservedStart1) next = reservedEnd1;
  if (next === reservedStart0) next = reservedEnd0;
}

function isReserved(at: u32, after: u32): bool {
  return (at < reservedEnd0 && after > reservedStart0) || (at < reservedEnd1 && after > reservedStart1);
}

function reservedWithin(rangeStart: u32, rangeEnd: u32): u32 {
  const from = max<u32>(rangeStart, next);
  const to = min<u32>(rangeEnd, end);
  return to > from ? (to - from) >> 12 : 0;
}

function pageUp(address: u32): u32 {
  return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}
