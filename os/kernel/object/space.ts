/**
 * Spaces: an address space, a table of handles, and the account that pays for what is in them.
 *
 * A space dies when it is killed, exits, faults, or its last thread ends. Its threads stop at once and its
 * callers are told; the rest goes in the background, step by step: regions, handles, page tables. Then
 * those who watch it are notified. What it was allowed and does not use goes back to its creator then; its account
 * stays until the last thing charged to it is gone, such as a port that others hold. The spaces that it has made die
 * with it.
 */
import {
  EXIT_KILLED,
  EXIT_LIVES,
  RESOURCE_CYCLES,
  RESOURCE_PAGES,
  RESOURCE_SPACES,
  RESOURCES,
} from '../../abi/account.ts';
import {
  ERROR_BAD_ADDRESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_STATE,
  ERROR_NO_RIGHT,
  ERROR_PEER_DIED,
  ERROR_QUOTA,
} from '../../abi/errors.ts';
import { PAGE_SIZE } from '../../abi/layout.ts';
import { HANDLES_PER_SPACE_MAX, SPACES_MAX } from '../../abi/limits.ts';
import {
  KIND_MEMORY,
  KIND_SPACE,
  KIND_THREAD,
  RIGHT_COPY,
  RIGHT_EXECUTE,
  RIGHT_MANAGE,
  RIGHT_READ,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../../abi/rights.ts';
import { THREAD_READY } from '../../abi/thread.ts';
import { isNone, none } from '../../lib/pointer.ts';
import {
  charge,
  discharge,
  isUnused,
  limit,
  returnLimits,
  returnUnused,
  setLimit,
  used,
} from '../account.ts';
import { close, entryAt, faultOf, find, install, kindOf, nextEntry, rightsOf } from '../handle-table.ts';
import { hold, unhold } from '../hold.ts';
import { returnPage, takeAtBoot } from '../page.ts';
import {
  freeRoot,
  freeTables,
  makeRoot,
  PTE_EXECUTE,
  PTE_READ,
  PTE_WRITE,
  TABLES_MAX,
} from '../page-table.ts';
import { panic } from '../panic.ts';
import { reapSpace } from '../reaper.ts';
import { map, regionAt, shrink } from '../region.ts';
import { RESTART, STEP_BUDGET } from '../restart.ts';
import { chargeTime, current } from '../schedule.ts';
import {
  HANDLE_PAGES,
  type Handle,
  HOLD_SPACE,
  type Memory,
  SPACE_DEAD,
  SPACE_DYING,
  SPACE_FREE,
  SPACE_LIVE,
  type Space,
  type Thread,
} from '../structures.ts';
import { finish } from '../wait.ts';
import { dropWatches, fireWatches, watch } from '../watch.ts';
import { endThread } from './thread.ts';

let spaces: u32 = 0;

export function startSpaces(): void {
  spaces = takeAtBoot(SPACES_MAX * offsetof<Space>());
  for (let index: u32 = 0; index < SPACES_MAX; index += 1) spaceOfIndex(index).index = index;
}

export function spaceOfIndex(index: u32): Space {
  return changetype<Space>(spaces + index * offsetof<Space>());
}

/** An empty space without limits and root; none where all are in use. */
export function makeSpace(): Space {
  for (let index: u32 = 0; index < SPACES_MAX; index += 1) {
    const space = spaceOfIndex(index);
    if (space.state !== SPACE_FREE) continue;
    memory.fill(changetype<usize>(space), 0, offsetof<Space>());
    space.index = index;
    space.state = SPACE_LIVE;
    space.parent = none<Space>();
    return space;
  }
  return none<Space>();
}

/** Limits are in a0–a6 of the caller. → h. */
export function spaceCreate(): i32 {
  const caller = current();
  const creator = caller.space;
  const limits = changetype<usize>(caller) + offsetof<Thread>('a0');
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    const free = limit(creator, resource) - used(creator, resource);
    const own: u32 = resource === RESOURCE_SPACES ? 1 : 0;
    if (load<u32>(limits + (resource << 2)) > free - own || free < own) return ERROR_QUOTA;
  }
  const space = makeSpace();
  if (isNone(space)) return ERROR_QUOTA;
  space.parent = creator;
  creator.hasChildren = 1;
  creator.references += 1;
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    const share = load<u32>(limits + (resource << 2)) + (resource === RESOURCE_SPACES ? 1 : 0);
    assert(charge(creator, resource, share));
    setLimit(space, resource, share);
  }
  assert(charge(space, RESOURCE_SPACES, 1));
  if (makeRoot(space)) {
    const at = changetype<usize>(space);
    const value = install(creator, at, KIND_SPACE, RIGHTS_ALL, 0, none<Handle>());
    if (value !== 0) return value;
  }
  endSpace(space, EXIT_KILLED, 0, 0, 0);
  return ERROR_QUOTA;
}

/** → the value in that space. */
export function spaceGrant(value: u32, given: u32, rights: u32, badge: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  if (space.state !== SPACE_LIVE) return ERROR_BAD_STATE;
  const handle = find(current().space, given);
  const fault = derivationFault(handle, rights, badge);
  if (fault !== 0) return fault;
  const object = handle.object;
  const mark = handle.badge !== 0 ? handle.badge : badge;
  const result = install(space, object, kindOf(handle), rights, mark, handle);
  return result === 0 ? ERROR_QUOTA : result;
}

/** What is wrong with deriving a handle with these rights and this badge; 0 for nothing. */
export function derivationFault(handle: Handle, rights: u32, badge: u32): i32 {
  const fault = isNone(handle) ? faultOf(handle, 0, 0) : 0;
  if (fault !== 0) return fault;
  if ((rightsOf(handle) & RIGHT_COPY) === 0 || (rights & ~rightsOf(handle)) !== 0) return ERROR_NO_RIGHT;
  if (badge === 0) return 0;
  if ((rightsOf(handle) & RIGHT_MANAGE) === 0) return ERROR_NO_RIGHT;
  return handle.badge === 0 ? 0 : ERROR_BAD_STATE;
}

/** → 0. */
export function spaceMap(value: u32, va: u32, mapped: u32, first: u32, pages: u32, rights: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  if (space.state !== SPACE_LIVE) return ERROR_BAD_STATE;
  const handle = find(current().space, mapped);
  const fault = faultOf(handle, KIND_MEMORY, rights);
  if (fault !== 0) return fault;
  const known = RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE;
  if (rights === 0 || (rights & ~known) !== 0) return ERROR_BAD_ARGUMENT;
  const object = changetype<Memory>(handle.object);
  if (first > object.pages || pages > object.pages - first || pages === 0) return ERROR_BAD_ARGUMENT;
  if ((va & (PAGE_SIZE - 1)) !== 0) return ERROR_BAD_ADDRESS;
  return map(space, va, object, first, pages, accessOf(rights), handle);
}

/** → 0. */
export function spaceUnmap(value: u32, va: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  if (space.state !== SPACE_LIVE) return ERROR_BAD_STATE;
  const region = regionAt(space, va);
  if (isNone(region) || region.start !== va) return ERROR_BAD_ADDRESS;
  return shrink(region, STEP_BUDGET) ? 0 : RESTART;
}

/** → used, limit in a1; cycles: low and high words in a1 and a2. */
export function spaceAccount(value: u32, resource: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  const caller = current();
  if (resource === RESOURCE_CYCLES) {
    chargeTime();
    caller.a1 = space.cyclesLow;
    caller.a2 = space.cyclesHigh;
    return runnableIn(space);
  }
  if (resource >= RESOURCES) return ERROR_BAD_ARGUMENT;
  caller.a1 = limit(space, resource);
  return used(space, resource);
}

/** The caller, who has made the space, lets it have more. → 0. */
export function spaceAllow(value: u32, resource: u32, count: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  if (resource >= RESOURCES) return ERROR_BAD_ARGUMENT;
  if (space.parent !== current().space) return ERROR_NO_RIGHT;
  if (space.state !== SPACE_LIVE) return ERROR_BAD_STATE;
  if (!charge(space.parent, resource, count)) return ERROR_QUOTA;
  setLimit(space, resource, limit(space, resource) + count);
  return 0;
}

function runnableIn(space: Space): u32 {
  let count: u32 = 0;
  let thread = space.threads;
  while (!isNone(thread)) {
    if (thread.state === THREAD_READY) count += 1;
    thread = thread.spaceNext;
  }
  return count;
}

/** → 0. */
export function spaceKill(value: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  if (space.state === SPACE_LIVE) endSpace(space, EXIT_KILLED, 0, 0, 0);
  return 0;
}

/** → 0. */
export function spaceWatch(value: u32, told: u32, bits: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_SPACE, 0);
  if (fault !== 0) return fault;
  const space = changetype<Space>(handle.object);
  const list = changetype<usize>(space) + offsetof<Space>('watches');
  return watch(list, space.state === SPACE_DEAD, told, bits);
}

/** → 0. */
export function spaceStop(value: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  space.isStopped = 1;
  let thread = space.threads;
  while (!isNone(thread)) {
    hold(thread, HOLD_SPACE);
    thread = thread.spaceNext;
  }
  return 0;
}

/** → 0. */
export function spaceStart(value: u32): i32 {
  const space = managed(value);
  if (isNone(space)) return managedFault(value);
  space.isStopped = 0;
  let thread = space.threads;
  while (!isNone(thread)) {
    unhold(thread, HOLD_SPACE);
    thread = thread.spaceNext;
  }
  return 0;
}

/** → h of the thread in place `index`, with the rights of the space's. */
export function spaceThread(value: u32, index: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_SPACE, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  let thread = changetype<Space>(handle.object).threads;
  for (let count: u32 = 0; count < index && !isNone(thread); count += 1) thread = thread.spaceNext;
  if (isNone(thread)) return ERROR_BAD_ARGUMENT;
  const at = changetype<usize>(thread);
  const given = install(current().space, at, KIND_THREAD, rightsOf(handle), 0, handle);
  return given === 0 ? ERROR_QUOTA : given;
}

/** → how it ended; word, pc and value in a1–a3. */
export function spaceStatus(value: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_SPACE, 0);
  if (fault !== 0) return fault;
  const space = changetype<Space>(handle.object);
  const caller = current();
  caller.a1 = space.exitWord;
  caller.a2 = space.exitPc;
  caller.a3 = space.exitValue;
  return space.state === SPACE_DEAD ? space.exit : EXIT_LIVES;
}

/** Its threads end now, its callers are told, the rest goes in the background. */
export function endSpace(space: Space, exit: u32, word: u32, pc: u32, value: u32): void {
  assert(space.state === SPACE_LIVE);
  if (isNone(space.parent)) panic('the first process has ended');
  space.state = SPACE_DYING;
  space.exit = exit;
  space.exitWord = word;
  space.exitPc = pc;
  space.exitValue = value;
  space.references += 1;
  while (!isNone(space.threads)) endThread(space.threads);
  while (!isNone(space.callers)) finish(space.callers, ERROR_PEER_DIED);
  reapSpace(space);
}

/** What was made out of a space's account ends with it: nobody else answers for that. */
function endChildren(space: Space): void {
  space.hasChildren = 0;
  for (let index: u32 = 0; index < SPACES_MAX; index += 1) {
    const child = spaceOfIndex(index);
    if (child.state === SPACE_LIVE && child.parent === space) endSpace(child, EXIT_KILLED, 0, 0, 0);
  }
}

/** Nobody can reach the space, and nothing runs in it: it ends as if killed. */
function endForgotten(space: Space): void {
  assert(isNone(space.threads) && isNone(space.callers));
  space.state = SPACE_DYING;
  space.exit = EXIT_KILLED;
  space.references = 1;
  reapSpace(space);
}

/** A step of what is left to do; true when it is dead. */
export function endSpaceStep(space: Space, budget: u32): bool {
  if (space.hasChildren !== 0) endChildren(space);
  if (!isNone(space.regions)) {
    shrink(space.regions, budget);
    return false;
  }
  if (!dropWatches(space, budget)) return false;
  if (space.cursor < HANDLES_PER_SPACE_MAX) {
    closeSome(space, budget);
    return false;
  }
  const tables = space.cursor - HANDLES_PER_SPACE_MAX;
  if (space.root !== 0 && tables < TABLES_MAX) {
    space.cursor = HANDLES_PER_SPACE_MAX + freeTables(space, tables, budget);
    return false;
  }
  if (space.root !== 0) freeRoot(space);
  freeHandlePages(space);
  discharge(space, RESOURCE_SPACES, 1);
  returnUnused(space);
  space.state = SPACE_DEAD;
  fireWatches(changetype<usize>(space) + offsetof<Space>('watches'));
  releaseSpace(space);
  return true;
}

/**
 * With the last reference to a dead space its account goes, and its creator is released in turn. One that lives
 * without a reference, and so without a thread, ends.
 */
export function releaseSpace(released: Space): void {
  let space = released;
  while (true) {
    assert(space.references > 0);
    space.references -= 1;
    if (space.references > 0) return;
    if (space.state === SPACE_LIVE) endForgotten(space);
    if (space.state !== SPACE_DEAD) return;
    assert(isUnused(space) && isNone(space.watches));
    returnLimits(space);
    space.state = SPACE_FREE;
    space = space.parent;
  }
}

/** Page-table bits for a mapping with these rights: what can be written can be read. */
export function accessOf(rights: u32): u32 {
  let access: u32 = 0;
  if ((rights & RIGHT_READ) !== 0) access |= PTE_READ;
  if ((rights & RIGHT_WRITE) !== 0) access |= PTE_READ | PTE_WRITE;
  if ((rights & RIGHT_EXECUTE) !== 0) access |= PTE_EXECUTE;
  return access;
}

function closeSome(space: Space, budget: u32): void {
  for (let count: u32 = 0; count < budget; count += 1) {
    space.cursor = nextEntry(space, space.cursor);
    if (space.cursor === HANDLES_PER_SPACE_MAX) return;
    const handle = entryAt(space, space.cursor);
    if (handle.object !== 0 && !close(handle, budget)) return;
    space.cursor += 1;
  }
}

function freeHandlePages(space: Space): void {
  for (let index: u32 = 0; index < HANDLE_PAGES; index += 1) {
    const at = changetype<usize>(space) + offsetof<Space>('table0') + (index << 2);
    if (load<u32>(at) === 0) continue;
    returnPage(load<u32>(at));
    discharge(space, RESOURCE_PAGES, 1);
    store<u32>(at, 0);
  }
  space.freeHandles = none<Handle>();
}

/** The space behind a handle with the right to manage it, or none. */
function managed(value: u32): Space {
  const handle = find(current().space, value);
  if (faultOf(handle, KIND_SPACE, RIGHT_MANAGE) !== 0) return none<Space>();
  return changetype<Space>(handle.object);
}

function managedFault(value: u32): i32 {
  return faultOf(find(current().space, value), KIND_SPACE, RIGHT_MANAGE);
}
