/**
 * The memory that outlives a driver. A device reads and writes memory on its own, also when its driver has
 * died; so that memory belongs to whoever starts the driver, stays while drivers come and go, and is mapped by
 * each of them at KEPT_ADDRESS. A new driver finds there what the one before it left.
 *
 *     openKept(pages) ─→ 0         physicalOf(address in it) ─→ pa, for the device
 */
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../abi/rights.ts';
import { handleNamed } from './start.ts';
import { locatePage, map } from './system.ts';

export const KEPT_ADDRESS: u32 = 0x3100_0000;
export const KEPT_PAGES_MAX: u32 = 528;

/** The physical address of each page. */
const places = memory.data(2112, 4);

/**
 * Maps the memory that this process was given as `kept` into its space, and finds out where its pages are; its
 * registers, `device`, are what entitles it to know. → 0, or an error.
 */
export function openKept(pages: u32): i32 {
  assert(pages <= KEPT_PAGES_MAX);
  const device = handleNamed('device');
  const kept = handleNamed('kept');
  const result = map(handleNamed('space'), KEPT_ADDRESS, kept, 0, pages, RIGHT_READ | RIGHT_WRITE);
  if (result < 0) return result;
  for (let page: u32 = 0; page < pages; page += 1) {
    const fault = locatePage(device, kept, page, places + (page << 2));
    if (fault < 0) return fault;
  }
  return 0;
}

/** Where the physical addresses are listed, a word a page. */
export function placesOfKept(): u32 {
  return places;
}

/** Neighbouring pages need not lie side by side. */
export function physicalOf(address: u32): u32 {
  const page = (address - KEPT_ADDRESS) >> PAGE_SHIFT;
  assert(page < KEPT_PAGES_MAX);
  return load<u32>(places + (page << 2)) + (address & (PAGE_SIZE - 1));
}
