/**
 * What a memory holds: its pages, found by slots, which come in pages of 1,024 and are made as they are needed.
 *
 *     directory ─→ 16 words ─→ pages of slots ─→ pages
 *     slot   bits 31–12 the page's address, 0 where it is absent
 *            bit 1      absent, and was not when changes were reported last
 *            bit 0      not written since changes were reported last
 *
 * A page can be in several slots: a copy that nobody has written to yet (`sharers`, page.ts). Every slot that
 * holds a page is charged to its memory's owner for it, shared or not. So what has been copied can always be
 * written to, and whatever is given back by one is still paid for by the others.
 *
 * Where a page is shared, or is to be reported when it changes, it is mapped without the right to write; then
 * `writablePage` makes it the memory's own.
 */
import { RESOURCE_PAGES } from '../abi/account.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../abi/layout.ts';
import { charge, discharge } from './account.ts';
import { addSharer, dropPage, hasSharers, takePage, takeRawPage } from './page.ts';
import { protectEverywhere, unmapEverywhere } from './region.ts';
import { MEMORY_DIRECTORIES, type Memory } from './structures.ts';

const PER_DIRECTORY_SHIFT: u32 = 10;
const PER_DIRECTORY: u32 = 1 << PER_DIRECTORY_SHIFT;
const PAGE_MASK: u32 = ~(PAGE_SIZE - 1);
const SLOT_CLEAN: u32 = 1;
const SLOT_GONE: u32 = 2;

/** The physical address of a page, 0 where it does not exist yet. Page 0 of RAM is no page. */
export function pageAt(memory: Memory, index: u32): u32 {
  if (memory.isDevice !== 0) return memory.deviceAddress + (index << PAGE_SHIFT);
  const slot = slotOf(memory, index);
  return slot === 0 ? 0 : load<u32>(slot) & PAGE_MASK;
}

/** The same, making a zeroed page if need be; 0 where the owner's account has none left. */
export function ensurePage(memory: Memory, index: u32): u32 {
  assert(index < memory.pages);
  const known = pageAt(memory, index);
  if (known !== 0 || memory.isDevice !== 0) return known;
  const slot = makeSlot(memory, index);
  if (slot === 0 || !charge(memory.owner, RESOURCE_PAGES, 1)) return 0;
  const page = takePage();
  store<u32>(slot, page);
  memory.present += 1;
  return page;
}

/** The same, for a page that is about to be written to: no other memory's, and changed. */
export function writablePage(memory: Memory, index: u32): u32 {
  const page = ensurePage(memory, index);
  if (page === 0 || memory.isDevice !== 0) return page;
  const slot = slotOf(memory, index);
  if (!hasSharers(page)) {
    store<u32>(slot, page);
    return page;
  }
  const own = takeRawPage();
  copyPage(own, page);
  unmapEverywhere(memory, index);
  dropPage(page);
  store<u32>(slot, own);
  return own;
}

/** Whether the page must not be written to before `writablePage` has been asked for it. */
export function isGuarded(memory: Memory, index: u32): bool {
  if (memory.isDevice !== 0) return false;
  const word = load<u32>(slotOf(memory, index));
  return (word & SLOT_CLEAN) !== 0 || hasSharers(word & PAGE_MASK);
}

/** Puts a page, or another sharer of it, in an absent page's place. False where the account has none left. */
export function putPage(memory: Memory, index: u32, page: u32): bool {
  const slot = makeSlot(memory, index);
  if (slot === 0 || !charge(memory.owner, RESOURCE_PAGES, 1)) return false;
  store<u32>(slot, page);
  memory.present += 1;
  return true;
}

/** Takes a page that is present out of all spaces and out of the memory; it is the caller's. */
export function takeOut(memory: Memory, index: u32): void {
  unmapEverywhere(memory, index);
  store<u32>(slotOf(memory, index), SLOT_GONE);
  memory.present -= 1;
  discharge(memory.owner, RESOURCE_PAGES, 1);
}

/** Lets another slot share a page that is present: from now on writing to it is noticed. */
export function sharePage(memory: Memory, index: u32): u32 {
  const page = pageAt(memory, index);
  if (!hasSharers(page)) protectEverywhere(memory, index);
  addSharer(page);
  return page;
}

/** Whether the page has changed since this was asked last. A device writes where it wants: always. */
export function takeChange(memory: Memory, index: u32): bool {
  const slot = slotOf(memory, index);
  if (slot === 0) return false;
  const word = load<u32>(slot);
  if (memory.isLocated !== 0) return word !== 0;
  if (word === SLOT_GONE) store<u32>(slot, 0);
  if ((word & PAGE_MASK) === 0) return word === SLOT_GONE;
  if ((word & SLOT_CLEAN) !== 0) return false;
  store<u32>(slot, word | SLOT_CLEAN);
  if (!hasSharers(word)) protectEverywhere(memory, index);
  return true;
}

/** Gives back pages from `memory.cursor` up to `end`. */
export function freePages(memory: Memory, end: u32): void {
  for (let index = memory.cursor; index < end; index += 1) {
    const slot = slotOf(memory, index);
    if (slot === 0) {
      index |= PER_DIRECTORY - 1;
      continue;
    }
    const page = load<u32>(slot) & PAGE_MASK;
    if (page === 0) continue;
    dropPage(page);
    discharge(memory.owner, RESOURCE_PAGES, 1);
    memory.present -= 1;
  }
}

export function freeDirectories(memory: Memory): void {
  assert(memory.present === 0 && memory.regionCount === 0);
  for (let index: u32 = 0; index < MEMORY_DIRECTORIES; index += 1) {
    const at = memory.directory + (index << 2);
    if (load<u32>(at) === 0) continue;
    dropPage(load<u32>(at));
    discharge(memory.owner, RESOURCE_PAGES, 1);
    store<u32>(at, 0);
  }
}

function copyPage(to: u32, from: u32): void {
  memory.copy(to, from, PAGE_SIZE);
}

/** Where page `index` is noted; 0 where there are no slots yet. */
function slotOf(memory: Memory, index: u32): u32 {
  const slots = load<u32>(memory.directory + ((index >> PER_DIRECTORY_SHIFT) << 2));
  return slots === 0 ? 0 : slots + ((index & (PER_DIRECTORY - 1)) << 2);
}

/** The same, making slots; 0 where the owner's account has no page left for them. */
function makeSlot(memory: Memory, index: u32): u32 {
  const at = memory.directory + ((index >> PER_DIRECTORY_SHIFT) << 2);
  if (load<u32>(at) === 0) {
    if (!charge(memory.owner, RESOURCE_PAGES, 1)) return 0;
    store<u32>(at, takePage());
  }
  return slotOf(memory, index);
}
