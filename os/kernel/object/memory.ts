/**
 * Memory: a set of pages that spaces map. Ordinary memory is zero where it was never touched, and pages come
 * into being when they are; they are charged to the account of the space that made the memory (contents.ts).
 * Device memory is a range of physical addresses outside RAM.
 */

import { RESOURCE_MEMORIES } from '../../abi/account.ts';
import { ERROR_BAD_ARGUMENT, ERROR_BAD_STATE, ERROR_QUOTA } from '../../abi/errors.ts';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { CHANGES_MAX, MEMORIES_MAX, MEMORY_PAGES_MAX } from '../../abi/limits.ts';
import {
  KIND_MEMORY,
  KIND_PORT,
  RIGHT_MANAGE,
  RIGHT_READ,
  RIGHT_SEND,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { charge, discharge } from '../account.ts';
import {
  freeDirectories,
  freePages,
  pageAt,
  putPage,
  sharePage,
  takeChange,
  takeOut,
  writablePage,
} from '../contents.ts';
import { faultOf, find, install, rightsOf } from '../handle-table.ts';
import { dropPage, takeAtBoot } from '../page.ts';
import { reapMemory } from '../reaper.ts';
import { STEP_BUDGET } from '../restart.ts';
import { current } from '../schedule.ts';
import {
  type Handle,
  MEMORY_DIRECTORIES,
  type Memory,
  type Port,
  type Region,
  type Space,
  type Thread,
} from '../structures.ts';
import { releasePort } from './port.ts';
import { releaseSpace } from './space.ts';

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
  memory.pager = none<Port>();
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

/** → h. */
export function memoryCreatePaged(pages: u32, value: u32): i32 {
  if (pages === 0 || pages > MEMORY_PAGES_MAX) return ERROR_BAD_ARGUMENT;
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_SEND);
  if (fault !== 0) return fault;
  const memory = makeMemory(current().space, pages);
  if (isNone(memory)) return ERROR_QUOTA;
  memory.pager = changetype<Port>(handle.object);
  memory.pagerBadge = handle.badge;
  memory.pager.references += 1;
  return giveHandle(memory, none<Handle>(), RIGHTS_ALL);
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
  if (giver.isLocated !== 0) return ERROR_BAD_STATE;
  const page = pageAt(giver, fromPage);
  if (page === 0 || pageAt(taker, toPage) !== 0) return ERROR_BAD_STATE;
  if (!putPage(taker, toPage, page)) return ERROR_QUOTA;
  takeOut(giver, fromPage);
  return 0;
}

/** → pages dealt with: as many as can be in one step, those that are absent left so. */
export function memoryCopy(from: u32, fromPage: u32, to: u32, toPage: u32, pages: u32): i32 {
  const space = current().space;
  const source = find(space, from);
  const destination = find(space, to);
  const fault = faultOf(source, KIND_MEMORY, RIGHT_READ);
  if (fault !== 0) return fault;
  const otherFault = faultOf(destination, KIND_MEMORY, RIGHT_WRITE);
  if (otherFault !== 0) return otherFault;
  const giver = changetype<Memory>(source.object);
  const taker = changetype<Memory>(destination.object);
  if (!hasPages(giver, fromPage, pages) || !hasPages(taker, toPage, pages)) return ERROR_BAD_ARGUMENT;
  if ((giver.isDevice | taker.isDevice) !== 0) return ERROR_BAD_ARGUMENT;
  if (giver.isLocated !== 0) return ERROR_BAD_STATE;
  const count = min<u32>(pages, stepOf(giver));
  for (let done: u32 = 0; done < count; done += 1) {
    const result = copyPage(giver, fromPage + done, taker, toPage + done);
    if (result !== 0) return done > 0 ? done : result;
  }
  return count;
}

function copyPage(giver: Memory, fromPage: u32, taker: Memory, toPage: u32): i32 {
  if (pageAt(giver, fromPage) === 0) return isNone(giver.pager) ? 0 : ERROR_BAD_STATE;
  if (pageAt(taker, toPage) !== 0) return ERROR_BAD_STATE;
  const page = sharePage(giver, fromPage);
  if (putPage(taker, toPage, page)) return 0;
  dropPage(page);
  return ERROR_QUOTA;
}

/** → pages looked at; bits of those that changed in a1–a4. */
export function memoryChanges(value: u32, firstPage: u32, pages: u32): i32 {
  const caller = current();
  const handle = find(caller.space, value);
  const fault = faultOf(handle, KIND_MEMORY, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const memory = changetype<Memory>(handle.object);
  if (memory.isDevice !== 0 || !hasPages(memory, firstPage, pages)) return ERROR_BAD_ARGUMENT;
  const count = min<u32>(pages, min<u32>(stepOf(memory), CHANGES_MAX));
  const bits = changetype<usize>(caller) + offsetof<Thread>('a1');
  for (let word: u32 = 0; word < CHANGES_MAX >> 5; word += 1) store<u32>(bits + (word << 2), 0);
  for (let index: u32 = 0; index < count; index += 1) {
    if (!takeChange(memory, firstPage + index)) continue;
    const word = bits + ((index >> 5) << 2);
    store<u32>(word, load<u32>(word) | ((<u32>1) << (index & 31)));
  }
  return count;
}

function hasPages(memory: Memory, first: u32, pages: u32): bool {
  return pages > 0 && first < memory.pages && pages <= memory.pages - first;
}

/** How many pages one step may take away from all who map them. */
function stepOf(memory: Memory): u32 {
  return max<u32>(1, STEP_BUDGET / max<u32>(1, memory.regionCount >> 2));
}

/** → size in pages; pages present and whether there is a pager in a1 and a2. */
export function memoryInspect(value: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_MEMORY, 0);
  if (fault !== 0) return fault;
  const memory = changetype<Memory>(handle.object);
  current().a1 = memory.present;
  current().a2 = isNone(memory.pager) ? 0 : 1;
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
  if (!isNone(memory.pager) && pageAt(memory, page) === 0) return ERROR_BAD_STATE;
  const pa = writablePage(memory, page);
  if (pa === 0) return ERROR_QUOTA;
  memory.isLocated = 1;
  current().a1 = pa;
  return 0;
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
  if (!isNone(memory.pager)) releasePort(memory.pager);
  memory.nextFree = freeMemories;
  freeMemories = memory;
  discharge(owner, RESOURCE_MEMORIES, 1);
  releaseSpace(owner);
  return true;
}

function giveHandle(memory: Memory, parent: Handle, rights: u32): i32 {
  if (isNone(memory)) return ERROR_QUOTA;
  const value = install(current().space, changetype<usize>(memory), KIND_MEMORY, rights, 0, parent);
  if (value !== 0) return value;
  reapMemory(memory);
  return ERROR_QUOTA;
}
