/**
 * The kernel's way to a process's memory: by its page tables, page by page, never through its addresses.
 * A user pointer is an allegation until `userAddress` has made it a kernel address.
 */
import { PAGE_SIZE, USER_END, USER_START } from '../abi/layout.ts';
import { PTE_READ, PTE_WRITE, translate } from './page-table.ts';
import { resolve } from './region.ts';
import type { Space } from './structures.ts';

export const TO_READ: u32 = PTE_READ;
export const TO_WRITE: u32 = PTE_READ | PTE_WRITE;

/** Where `va` is for the kernel, good to the end of its page; 0 where the process may not access it so. */
export function userAddress(space: Space, va: u32, access: u32): u32 {
  if (va < USER_START || va >= USER_END) return 0;
  const known = translate(space, va, access);
  if (known !== 0) return known;
  return resolve(space, va, access) === 0 ? translate(space, va, access) : 0;
}

/** Copies between two spaces up to the end of a page of either; the number of bytes, 0 where one is closed. */
export function copyBetween(from: Space, source: u32, to: Space, destination: u32, size: u32): u32 {
  const sourcePa = userAddress(from, source, TO_READ);
  const destinationPa = userAddress(to, destination, TO_WRITE);
  if (sourcePa === 0 || destinationPa === 0) return 0;
  const count = min<u32>(size, min<u32>(restOfPage(source), restOfPage(destination)));
  memory.copy(destinationPa, sourcePa, count);
  return count;
}

export function restOfPage(va: u32): u32 {
  return PAGE_SIZE - (va & (PAGE_SIZE - 1));
}
