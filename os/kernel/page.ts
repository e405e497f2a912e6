/**
 * Physical memory in pages of 4 KiB: what is left of RAM behind the kernel, without the initial RAM disk and
 * the devicetree. Kernel addresses of RAM are physical addresses.
 *
 *     boot    `takeAtBoot` cuts the pools off the front; then `openPages`
 *     after   a list of pages that came back, and the rest of RAM that was never handed out
 *
 * Every page is charged to an account by whoever takes it. A page comes zeroed.
 */
import { PAGE_SIZE } from '../abi/layout.ts';

const LINE_SIZE: u32 = 64;

/** Never handed out so far: [next, end), but for the reserved ranges. */
let next: u32 = 0;
let end: u32 = 0;
/** Pages that came back; each begins with the address of the one after it. */
let returned: u32 = 0;
let freeCount: u32 = 0;

let reservedStart0: u32 = 0;
let reservedEnd0: u32 = 0;
let reservedStart1: u32 = 0;
let reservedEnd1: u32 = 0;

/** RAM to be used, and two ranges in it that are not to be touched; whole pages. */
export function setRam(start: u32, ramEnd: u32): void {
  next = pageUp(start);
  end = ramEnd & ~(PAGE_SIZE - 1);
}

export function reserve(start: u32, rangeEnd: u32): void {
  if (start >= rangeEnd) return;
  const first = start & ~(PAGE_SIZE - 1);
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
 * a page, the first objects of all would fight for the same places in the cache.
 */
export function takeAtBoot(size: u32): u32 {
  const at = next;
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
  return freeCount;
}

/** A zeroed page. Accounts see to it that there is one. */
export function takePage(): u32 {
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
  memory.fill(page, 0, PAGE_SIZE);
  return page;
}

export function returnPage(page: u32): void {
  assert((page & (PAGE_SIZE - 1)) === 0 && page < end);
  store<u32>(page, returned);
  returned = page;
  freeCount += 1;
}

function skipReserved(): void {
  if (next === reservedStart0) next = reservedEnd0;
  if (next === reservedStart1) next = reservedEnd1;
  if (next === reservedStart0) next = reservedEnd0;
}

function isReserved(start: u32, after: u32): bool {
  return (start < reservedEnd0 && after > reservedStart0) || (start < reservedEnd1 && after > reservedStart1);
}

function reservedWithin(start: u32, rangeEnd: u32): u32 {
  const from = max<u32>(start, next);
  const to = min<u32>(rangeEnd, end);
  return to > from ? (to - from) >> 12 : 0;
}

function pageUp(address: u32): u32 {
  return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}
