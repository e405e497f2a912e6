/**
 * Threads: registers, a priority, a state. A thread belongs to one space for ever and is charged to it. It is
 * made stopped; others may stop it, resume it, and read and write its registers while it is stopped.
 */

import { EXIT_STATUS, RESOURCE_THREADS } from '../../abi/account.ts';
import {
  ERROR_BAD_ADDRESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BAD_HANDLE,
  ERROR_BAD_STATE,
  ERROR_CANCELLED,
  ERROR_QUOTA,
} from '../../abi/errors.ts';
import { PRIORITY_MAX, THREADS_MAX } from '../../abi/limits.ts';
import { KIND_SPACE, KIND_THREAD, RIGHT_COPY, RIGHT_MANAGE, RIGHTS_ALL } from '../../abi/rights.ts';
import {
  REGISTERS_SIZE,
  THREAD_DEAD,
  THREAD_FREE,
  THREAD_HELD,
  THREAD_READY,
  THREAD_STOPPED,
} from '../../abi/thread.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { charge, discharge } from '../account.ts';
import { faultOf, find, install } from '../handle-table.ts';
import { hold, unhold } from '../hold.ts';
import { takeAtBoot } from '../page.ts';
import { ownAddressFault } from '../pager.ts';
import { current, dequeue, enqueue, isRunning, limitTurn } from '../schedule.ts';
import {
  type Handle,
  HOLD_SPACE,
  HOLD_THREAD,
  type Port,
  SPACE_LIVE,
  type Space,
  type Thread,
} from '../structures.ts';
import { TO_READ, TO_WRITE, userAddress } from '../user-memory.ts';
import { finish, isWaiting, leave } from '../wait.ts';
import { releasePort } from './port.ts';
import { endSpace, releaseSpace } from './space.ts';

const REGISTERS: u32 = REGISTERS_SIZE >> 2;

let threads: u32 = 0;
/** The one behind the last that was ever made. */
let end: u32 = 0;
let freeThreads = changetype<Thread>(0);

export function startThreads(): void {
  threads = takeAtBoot(THREADS_MAX * offsetof<Thread>());
  for (let index: u32 = THREADS_MAX; index > 0; index -= 1) {
    const thread = threadOfIndex(index - 1);
    thread.token = index - 1;
    thread.next = freeThreads;
    freeThreads = thread;
  }
}

//@inline
export function threadOfIndex(index: u32): Thread {
  return changetype<Thread>(threads + index * offsetof<Thread>());
}

/** A stopped thread, or none where the space's account has no thread left. */
export function makeThread(space: Space, entry: u32, sp: u32, argument: u32, priority: u32): Thread {
  if (!charge(space, RESOURCE_THREADS, 1)) return none<Thread>();
  const thread = freeThreads;
  assert(!isNone(thread) && thread.state === THREAD_FREE);
  freeThreads = thread.next;
  end = max(end, (changetype<usize>(thread) - threads) / offsetof<Thread>() + 1);
  memory.fill(changetype<usize>(thread), 0, REGISTERS << 2);
  thread.pc = entry;
  thread.sp = sp;
  thread.a0 = argument;
  thread.isFullFrame = 1;
  thread.satp = space.satp;
  thread.state = THREAD_STOPPED;
  thread.priority = priority;
  thread.space = space;
  thread.holds = space.isStopped === 0 ? HOLD_THREAD : HOLD_THREAD | HOLD_SPACE;
  thread.isCancelled = 0;
  thread.lentCount = 0;
  thread.fault = 0;
  thread.proxy = none<Port>();
  thread.attendant = none<Port>();
  thread.references = 0;
  thread.owner = space;
  space.references += 1;
  thread.spacePrevious = none<Thread>();
  thread.spaceNext = space.threads;
  if (!isNone(space.threads)) space.threads.spacePrevious = thread;
  space.threads = thread;
  return thread;
}

/** → h. */
export function threadCreate(value: u32, entry: u32, sp: u32, argument: u32, priority: u32): i32 {
  const creator = current();
  const handle = find(creator.space, value);
  const fault = faultOf(handle, KIND_SPACE, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const space = changetype<Space>(handle.object);
  if (space.state !== SPACE_LIVE) return ERROR_BAD_STATE;
  if (priority > PRIORITY_MAX || priority > creator.priority) return ERROR_BAD_ARGUMENT;
  const thread = makeThread(space, entry, sp, argument, priority);
  if (isNone(thread)) return ERROR_QUOTA;
  const at = changetype<usize>(thread);
  const given = install(creator.space, at, KIND_THREAD, RIGHTS_ALL, 0, none<Handle>());
  if (given !== 0) return given;
  endThread(thread);
  return ERROR_QUOTA;
}

/** → 0. */
export function threadStart(value: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (thread.state === THREAD_DEAD || (thread.holds & HOLD_THREAD) === 0) return ERROR_BAD_STATE;
  unhold(thread, HOLD_THREAD);
  return 0;
}

/** → 0. */
export function threadStop(value: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (thread.state === THREAD_DEAD) return ERROR_BAD_STATE;
  hold(thread, HOLD_THREAD);
  return 0;
}

/** → 0. What it waits in ends, or else its next wait does before it begins. */
export function threadCancel(value: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (thread.state === THREAD_DEAD) return ERROR_BAD_STATE;
  if (isWaiting(thread) && thread.fault === 0) finish(thread, ERROR_CANCELLED);
  else thread.isCancelled = 1;
  return 0;
}

/** → 0, the value in a1. */
export function threadRead(value: u32, register: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (!isStill(thread)) return ERROR_BAD_STATE;
  if (register >= REGISTERS) return ERROR_BAD_ARGUMENT;
  completeFrame(thread);
  current().a1 = load<u32>(changetype<usize>(thread) + (register << 2));
  return 0;
}

/** → 0. */
export function threadWrite(value: u32, register: u32, word: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (thread.state !== THREAD_STOPPED) return ERROR_BAD_STATE;
  if (register >= REGISTERS) return ERROR_BAD_ARGUMENT;
  completeFrame(thread);
  store<u32>(changetype<usize>(thread) + (register << 2), word);
  return 0;
}

/** → 0. */
export function threadPriority(value: u32, priority: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (priority > PRIORITY_MAX || priority > current().priority) return ERROR_BAD_ARGUMENT;
  const isQueued = thread.state === THREAD_READY && !isRunning(thread);
  if (isQueued) dequeue(thread);
  thread.priority = priority;
  if (isQueued) enqueue(thread);
  limitTurn(current());
  return 0;
}

/** → 0; all registers in one. */
export function threadSave(value: u32, address: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (!isStill(thread)) return ERROR_BAD_STATE;
  if ((address & (REGISTERS_SIZE - 1)) !== 0) return ERROR_BAD_ADDRESS;
  const into = userAddress(current().space, address, TO_WRITE);
  if (into === 0) return ownAddressFault(address, TO_WRITE);
  completeFrame(thread);
  memory.copy(into, changetype<usize>(thread), REGISTERS_SIZE);
  return 0;
}

/** → 0. */
export function threadLoad(value: u32, address: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  if (thread.state !== THREAD_STOPPED) return ERROR_BAD_STATE;
  if ((address & (REGISTERS_SIZE - 1)) !== 0) return ERROR_BAD_ADDRESS;
  const from = userAddress(current().space, address, TO_READ);
  if (from === 0) return ownAddressFault(address, TO_READ);
  memory.copy(changetype<usize>(thread), from, REGISTERS_SIZE);
  thread.isFullFrame = 1;
  return 0;
}

/** → THREAD_…; the priority and whether its next wait is cancelled in a1 and a2. */
export function threadInspect(value: u32): i32 {
  const thread = managed(value);
  if (isNone(thread)) return managedFault(value);
  current().a1 = thread.priority;
  current().a2 = thread.isCancelled;
  return thread.state;
}

/** → h. */
export function threadSelf(): i32 {
  const thread = current();
  const rights = RIGHT_MANAGE | RIGHT_COPY;
  const given = install(thread.space, changetype<usize>(thread), KIND_THREAD, rights, 0, none<Handle>());
  return given === 0 ? ERROR_QUOTA : given;
}

/** Whether its registers are all in their slots and stay there. */
function isStill(thread: Thread): bool {
  return thread.state === THREAD_STOPPED || thread.state === THREAD_HELD;
}

/** Of a thread that stopped in a system call, ra and t6 are not kept: they are 0, and from now on saved. */
function completeFrame(thread: Thread): void {
  if (thread.isFullFrame !== 0) return;
  thread.ra = 0;
  thread.t6 = 0;
  thread.isFullFrame = 1;
}

/** Ends all waits for messages that went through a proxy. */
export function finishThrough(proxy: Port, error: i32): void {
  for (let index: u32 = 0; index < end; index += 1) {
    const thread = threadOfIndex(index);
    if (thread.proxy === proxy) finish(thread, error);
  }
}

/** The running thread ends; with the last one its space does. */
export function threadExit(): void {
  const thread = current();
  const space = thread.space;
  endThread(thread);
  if (isNone(space.threads) && space.state === SPACE_LIVE) endSpace(space, EXIT_STATUS, 0, 0, 0);
}

/** Ends a thread in whatever state it is. */
export function endThread(thread: Thread): void {
  if (isWaiting(thread)) leave(thread);
  else if (thread.state === THREAD_READY && !isRunning(thread)) dequeue(thread);
  thread.state = THREAD_DEAD;
  if (!isNone(thread.attendant)) releasePort(thread.attendant);
  if (isNone(thread.spacePrevious)) thread.space.threads = thread.spaceNext;
  else thread.spacePrevious.spaceNext = thread.spaceNext;
  if (!isNone(thread.spaceNext)) thread.spaceNext.spacePrevious = thread.spacePrevious;
  if (thread.references === 0) freeThread(thread);
}

export function releaseThread(thread: Thread): void {
  assert(thread.references > 0);
  thread.references -= 1;
  if (thread.references === 0 && thread.state === THREAD_DEAD) freeThread(thread);
}

function freeThread(thread: Thread): void {
  const owner = thread.owner;
  thread.state = THREAD_FREE;
  thread.next = freeThreads;
  freeThreads = thread;
  discharge(owner, RESOURCE_THREADS, 1);
  releaseSpace(owner);
}

/** The thread behind a handle with the right to manage it, or none. */
export function managed(value: u32): Thread {
  const handle = find(current().space, value);
  if (faultOf(handle, KIND_THREAD, RIGHT_MANAGE) !== 0) return none<Thread>();
  return changetype<Thread>(handle.object);
}

export function managedFault(value: u32): i32 {
  const fault = faultOf(find(current().space, value), KIND_THREAD, RIGHT_MANAGE);
  return fault === 0 ? ERROR_BAD_HANDLE : fault;
}
