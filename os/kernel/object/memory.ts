/**
 * Memory: a set of pages that spaces map. Ordinary memory is zero where it was never touched, and pages come
 * into being when they are; they are charged to the account of the space that made the memory. Device
 * memory is a range of physical addresses outside RAM.
 *
 *     directory ─→ 16 words ─→ pages of 1,024 page addresses each ─→ pages
 */
import { RESOURCE_MEMORIES, RESOURCE_PAGES } from '../../abi/account.ts';
import { ERROR_BAD_ARGUMENT, ERROR_BAD_STATE, ERROR_QUOTA } from '../../abi/errors.ts';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { MEMORIES_MAX, MEMORY_PAGES_MAX } from '../../abi/limits.ts';
import { KIND_MEMORY, RIGHT_READ, RIGHT_WRITE, RIGHTS_ALL } from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { charge, discharge } from '../account.ts';
import { faultOf, find, install, rightsOf } from '../handle-table.ts';
import { returnPage, takeAtBoot, takePage } from '../page.ts';
import { reapMemory } from '../reaper.ts';
import { unmapEverywhere } from '../region.ts';
import { current } from '../schedule.ts';
import { type Handle, MEMORY_DIRECTORIES, type Memory, type Region, type Space } from '../structures.ts';
import { releaseSpace } from './space.ts';

const PER_DIRECTORY_SHIFT: u32 = 10;
const PER_DIRECTORY: u32 = 1 << PER_DIRECTORY_SHIFT;
/** A page moves only out of a memory that few regions map: each has to be told. */
const MOVE_REGIONS_MAX: u32 = 8;

let freeMemories = changetype<Memory>(0);

export function startMemories(): void {
  let at = takeAtBoot(MEMORIES_MAX * offsetof<Memory>());
  let directories = takeAtBoot(MEMORIES_MAX * (MEMORY_DIRECTORIES << 2));
  for (let index: u32 = 0; index < MEMORIES_MAX; index += 1) {
    const memory = changetype<Memory>(at);
    memory.directory = directories;
    memory.nextFree = freeMemories;
    freeMemories = memory;
    at += offsetof<Memory>();
    directories += MEMORY_DIRECTORIES << 2;
  }
}

/** None where the account has no memory left. */
export function makeMemory(owner: Space, pages: u32): Memory {
  if (!charge(owner, RESOURCE_MEMORIES, 1)) return none<Memory>();
  const memory = freeMemories;
  assert(!isNone(memory));
  freeMemories = memory.nextFree;
  memory.references = 0;
  memory.pages = pages;
  memory.present = 0;
  memory.isDevice = 0;
  memory.isLocated = 0;
  memory.regions = none<Region>();
  memory.regionCount = 0;
  memory.owner = owner;
  memory.cursor = 0;
  owner.references += 1;
  return memory;
}

export function makeDeviceMemory(owner: Space, address: u32, pages: u32): Memory {
  const memory = makeMemory(owner, pages);
  if (isNone(memory)) return memory;
  memory.isDevice = 1;
  memory.deviceAddress = address;
  return memory;
}

/** → h. */
export function memoryCreate(pages: u32): i32 {
  if (pages === 0 || pages > MEMORY_PAGES_MAX) return ERROR_BAD_ARGUMENT;
  return giveHandle(makeMemory(current().space, pages), none<Handle>(), RIGHTS_ALL);
}

/** → h of a part of device memory, derived from the whole's. */
export function memoryPart(value: u32, firstPage: u32, pages: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_MEMORY, 0);
  if (fault !== 0) return fault;
  const whole = changetype<Memory>(handle.object);
  if (whole.isDevice === 0 || pages === 0) return ERROR_BAD_ARGUMENT;
  if (firstPage > whole.pages || pages > whole.pages - firstPage) return ERROR_BAD_ARGUMENT;
  const address = whole.deviceAddress + (firstPage << PAGE_SHIFT);
  return giveHandle(makeDeviceMemory(current().space, address, pages), handle, rightsOf(handle));
}

/** Moves one page between two memories; who pays for it changes too. */
export function memoryMovePage(from: u32, fromPage: u32, to: u32, toPage: u32): i32 {
  const space = current().space;
  const source = find(space, from);
  const destination = find(space, to);
  const fault = faultOf(source, KIND_MEMORY, RIGHT_READ | RIGHT_WRITE);
  if (fault !== 0) return fault;
  const otherFault = faultOf(destination, KIND_MEMORY, RIGHT_WRITE);
  if (otherFault !== 0) return otherFault;
  const giver = changetype<Memory>(source.object);
  const taker = changetype<Memory>(destination.object);
  if (fromPage >= giver.pages || toPage >= taker.pages) return ERROR_BAD_ARGUMENT;
  if ((giver.isDevice | taker.isDevice) !== 0) return ERROR_BAD_ARGUMENT;
  if (giver.isLocated !== 0 || giver.regionCount > MOVE_REGIONS_MAX) return ERROR_BAD_STATE;
  const page = pageAt(giver, fromPage);
  if (page === 0 || pageAt(taker, toPage) !== 0) return ERROR_BAD_STATE;
  const slot = makeSlot(taker, toPage);
  if (slot === 0 || !charge(taker.owner, RESOURCE_PAGES, 1)) return ERROR_QUOTA;
  unmapEverywhere(giver, fromPage);
  store<u32>(slotOf(giver, fromPage), 0);
  giver.present -= 1;
  discharge(giver.owner, RESOURCE_PAGES, 1);
  store<u32>(slot, page);
  taker.present += 1;
  return 0;
}

/** → size in pages, pages present in a1. */
export function memoryInspect(value: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_MEMORY, 0);
  if (fault !== 0) return fault;
  const memory = changetype<Memory>(handle.object);
  current().a1 = memory.present;
  return memory.pages;
}

/** → 0; the page's physical address in a1. Only for drivers: whoever may write a device's registers. */
export function memoryLocate(device: u32, value: u32, page: u32): i32 {
  const space = current().space;
  const registers = find(space, device);
  const handle = find(space, value);
  const fault = faultOf(registers, KIND_MEMORY, RIGHT_WRITE);
  if (fault !== 0) return fault;
  const otherFault = faultOf(handle, KIND_MEMORY, RIGHT_READ | RIGHT_WRITE);
  if (otherFault !== 0) return otherFault;
  const memory = changetype<Memory>(handle.object);
  if (changetype<Memory>(registers.object).isDevice === 0 || memory.isDevice !== 0) return ERROR_BAD_ARGUMENT;
  if (page >= memory.pages) return ERROR_BAD_ARGUMENT;
  const pa = ensurePage(memory, page);
  if (pa === 0) return ERROR_QUOTA;
  memory.isLocated = 1;
  current().a1 = pa;
  return 0;
}

/** The physical address of a page, 0 where it does not exist yet. */
function pageAt(memory: Memory, index: u32): u32 {
  if (memory.isDevice !== 0) return memory.deviceAddress + (index << PAGE_SHIFT);
  const slot = slotOf(memory, index);
  return slot === 0 ? 0 : load<u32>(slot);
}

/** The same, making a zeroed page if need be; 0 where the owner's account has none left. Page 0 of RAM is no page. */
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

export function releaseMemory(memory: Memory): void {
  assert(memory.references > 0);
  memory.references -= 1;
  if (memory.references === 0) reapMemory(memory);
}

/** Frees at most `budget` pages of a memory that nobody has any more; true once it is gone. */
export function freeMemory(memory: Memory, budget: u32): bool {
  const end = min<u32>(memory.pages, memory.cursor + budget);
  if (memory.isDevice === 0) freePages(memory, end);
  memory.cursor = end;
  if (end < memory.pages) return false;
  freeDirectories(memory);
  const owner = memory.owner;
  memory.nextFree = freeMemories;
  freeMemories = memory;
  discharge(owner, RESOURCE_MEMORIES, 1);
  releaseSpace(owner);
  return true;
}

function freePages(memory: Memory, end: u32): void {
  for (let index = memory.cursor; index < end; index += 1) {
    const slot = slotOf(memory, index);
    if (slot === 0) {
      index |= PER_DIRECTORY - 1;
      continue;
    }
    const page = load<u32>(slot);
    if (page === 0) continue;
    returnPage(page);
    discharge(memory.owner, RESOURCE_PAGES, 1);
    memory.present -= 1;
  }
}

function freeDirectories(memory: Memory): void {
  assert(memory.present === 0 && memory.regionCount === 0);
  for (let index: u32 = 0; index < MEMORY_DIRECTORIES; index += 1) {
    const at = memory.directory + (index << 2);
    if (load<u32>(at) === 0) continue;
    returnPage(load<u32>(at));
    discharge(memory.owner, RESOURCE_PAGES, 1);
    store<u32>(at, 0);
  }
}

/** Where the address of page `index` is kept; 0 where there is no directory for it. */
function slotOf(memory: Memory, index: u32): u32 {
  const directory = load<u32>(memory.directory + ((index >> PER_DIRECTORY_SHIFT) << 2));
  return directory === 0 ? 0 : directory + ((index & (PER_DIRECTORY - 1)) << 2);
}

function makeSlot(memory: Memory, index: u32): u32 {
  const at = memory.directory + ((index >> PER_DIRECTORY_SHIFT) << 2);
  if (load<u32>(at) === 0) {
    if (!charge(memory.owner, RESOURCE_PAGES, 1)) return 0;
    store<u32>(at, takePage());
  }
  return slotOf(memory, index);
}

function giveHandle(memory: Memory, parent: Handle, rights: u32): i32 {
  if (isNone(memory)) return ERROR_QUOTA;
  const value = install(current().space, changetype<usize>(memory), KIND_MEMORY, rights, 0, parent);
  if (value !== 0) return value;
  reapMemory(memory);
  return ERROR_QUOTA;
}
