/**
 * Handle tables: a space's names for objects. A handle's value is its index and its entry's generation; a
 * closed handle's value never comes back before 2^21 other uses of its entry.
 *
 *     value   bits 9–0 index, bits 30–10 generation (1 …)
 *
 * Tables grow by pages, which stay with the space until it ends.
 */
import { RESOURCE_HANDLES, RESOURCE_PAGES } from '../abi/account.ts';
import { ERROR_BAD_HANDLE, ERROR_NO_RIGHT, ERROR_WRONG_KIND } from '../abi/errors.ts';
import { HANDLES_PER_SPACE_MAX } from '../abi/limits.ts';
import { isNone, none } from '../lib/pointer.ts';
import { charge, discharge } from './account.ts';
import { addChild, firstDerived, giveUpChildren, unlinkNode } from './derivation.ts';
import { release, retain } from './object/kinds.ts';
import { spaceOfIndex } from './object/space.ts';
import { takePage } from './page.ts';
import { shrink } from './region.ts';
import { type Handle, KIND_REGION, type Region, type Space } from './structures.ts';

const INDEX_MASK: u32 = HANDLES_PER_SPACE_MAX - 1;
const GENERATION: u32 = HANDLES_PER_SPACE_MAX;
const VALUE_MASK: u32 = 0x7fff_ffff;
const ENTRY_SHIFT: u32 = 5;
const PER_PAGE_SHIFT: u32 = 7;
const PER_PAGE: u32 = 1 << PER_PAGE_SHIFT;

//@inline
export function kindOf(handle: Handle): u32 {
  return handle.info & 0xff;
}

//@inline
export function rightsOf(handle: Handle): u32 {
  return (handle.info >> 8) & 0xff;
}

/** The handle of this value, or none. */
//@inline
export function find(space: Space, value: u32): Handle {
  const page = tablePage(space, value);
  if (page === 0) return none<Handle>();
  const handle = entryOf(page, value);
  return handle.value === value && handle.object !== 0 ? handle : none<Handle>();
}

/** What is wrong with using this handle as one of that kind with these rights; 0 for nothing. */
export function faultOf(handle: Handle, kind: u32, rights: u32): i32 {
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  if (kindOf(handle) !== kind) return ERROR_WRONG_KIND;
  return (rightsOf(handle) & rights) === rights ? 0 : ERROR_NO_RIGHT;
}

/** A new handle for an object, derived from `parent`; its value, or 0 where the account has no room. */
export function install(space: Space, object: u32, kind: u32, rights: u32, badge: u32, parent: Handle): u32 {
  if (isNone(space.freeHandles) && !grow(space)) return 0;
  if (!charge(space, RESOURCE_HANDLES, 1)) return 0;
  const handle = space.freeHandles;
  space.freeHandles = handle.next;
  handle.object = object;
  handle.info = kind | (rights << 8) | (space.index << 16);
  handle.badge = badge;
  handle.child = none<Handle>();
  addChild(parent, handle);
  retain(kind, rights, object);
  return handle.value;
}

/** Whether `count` more handles can be installed; makes the room. */
export function hasRoom(space: Space, count: u32): bool {
  if (!charge(space, RESOURCE_HANDLES, count)) return false;
  discharge(space, RESOURCE_HANDLES, count);
  let handle = space.freeHandles;
  for (let found: u32 = 0; found < count; found += 1) {
    if (isNone(handle)) return grow(space);
    handle = handle.next;
  }
  return true;
}

/** Closes a handle, its derivations going to the one it was derived from; true once it is done. */
export function close(handle: Handle, budget: u32): bool {
  if (!giveUpChildren(handle, budget)) return false;
  unlinkNode(handle);
  const object = handle.object;
  const info = handle.info;
  const space = spaceOfIndex(info >> 16);
  const value = (handle.value + GENERATION) & VALUE_MASK;
  handle.object = 0;
  handle.info = 0;
  handle.value = value < GENERATION ? value + GENERATION : value;
  handle.next = space.freeHandles;
  space.freeHandles = handle;
  discharge(space, RESOURCE_HANDLES, 1);
  release(info & 0xff, (info >> 8) & 0xff, object);
  return true;
}

/** Takes away what was derived from the handle, at most `budget` of it; true once nothing is left. */
export function revoke(handle: Handle, budget: u32): bool {
  for (let count: u32 = 0; count < budget; count += 1) {
    const child = firstDerived(handle);
    if (isNone(child)) return true;
    if (kindOf(child) === KIND_REGION) {
      if (!shrink(changetype<Region>(child), budget)) return false;
    } else if (!isNone(child.child)) {
      giveUpChildren(child, 1);
    } else {
      close(child, 1);
    }
  }
  return isNone(firstDerived(handle));
}

/** The entry in place `index`, whatever it holds; none where there is no page for it. */
export function entryAt(space: Space, index: u32): Handle {
  const page = tablePage(space, index);
  return page === 0 ? none<Handle>() : entryOf(page, index);
}

/** The first place from `index` on that there is an entry for; HANDLES_PER_SPACE_MAX for none. Pages come in order. */
export function nextEntry(space: Space, index: u32): u32 {
  if (index === HANDLES_PER_SPACE_MAX || tablePage(space, index) !== 0) return index;
  return HANDLES_PER_SPACE_MAX;
}

/** The page of the table in which the entry of this value or index lies; 0 where there is none yet. */
//@inline
export function tablePage(space: Space, value: u32): u32 {
  return load<u32>(tableAddress(space, value & INDEX_MASK));
}

/** The entry of this value or index in that page. */
//@inline
export function entryOf(page: u32, value: u32): Handle {
  return changetype<Handle>(page + ((value & (PER_PAGE - 1)) << ENTRY_SHIFT));
}

//@inline
function tableAddress(space: Space, index: u32): u32 {
  return changetype<usize>(space) + offsetof<Space>('table0') + ((index >> PER_PAGE_SHIFT) << 2);
}

/**
 * One more page of entries, to be used in the order of their indices but from the middle on: what is at the
 * beginning of a page shares its place in the cache with the first bytes of every process.
 */
function grow(space: Space): bool {
  let first: u32 = 0;
  while (first < HANDLES_PER_SPACE_MAX && load<u32>(tableAddress(space, first)) !== 0) first += PER_PAGE;
  if (first === HANDLES_PER_SPACE_MAX || !charge(space, RESOURCE_PAGES, 1)) return false;
  const page = takePage();
  store<u32>(tableAddress(space, first), page);
  for (let count: u32 = PER_PAGE; count > 0; count -= 1) {
    const index = (count - 1) ^ (PER_PAGE >> 1);
    const handle = changetype<Handle>(page + (index << ENTRY_SHIFT));
    handle.value = GENERATION | (first + index);
    handle.next = space.freeHandles;
    space.freeHandles = handle;
  }
  return true;
}
