/**
 * The service's threads. They are all alike and wait for the same port: who gets an interrupt or a message does what
 * is to be done for it, and makes the call itself that came with it from another node, while the others hear on. One
 * of them at a time is in the service's data.
 *
 * Nobody who has the lock waits for anything; who finds it taken lets the others run, which are all of one
 * priority.
 *
 *     a worker     message 64 · its thread 4 · the service that it carries out 4, NO_TASK for none · extras 64, at 128
 */
import { amoswap, unlikely } from 'rv';
import type { Message } from '../../runtime/message.ts';
import { createThread, inspectThread, ownThread, startThread, yieldTurn } from '../../runtime/system.ts';
import { SERVICES_MAX } from './limits.ts';
import { LOCK_AT, WORKERS_AT } from './tables.ts';

/** One can hear while all services are being carried out. The first is the process's own thread. */
const WORKERS: u32 = SERVICES_MAX + 1;
const STACK_SIZE: u32 = 4096;
export const NO_TASK: u32 = 0xffff_ffff;
export const NO_WORKER: u32 = WORKERS;

const THREAD: u32 = 64;
const TASK: u32 = 68;
const EXTRAS: u32 = 128;
const WORKER_SIZE: u32 = 192;

const stacks = memory.data(131_072, 16);
const inspected = memory.data(64, 4);
let holder: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** Makes the other threads, of this one's priority: nobody can keep another from giving the lock back. → 0, or an error. */
export function startWorkers(space: u32): i32 {
  const own = ownThread();
  inspectThread(own, inspected);
  const priority = load<u32>(inspected);
  store<u32>(workerAt(0), own, THREAD);
  setTask(0, NO_TASK);
  for (let worker: u32 = 1; worker < WORKERS; worker += 1) {
    const stack = stacks + worker * STACK_SIZE;
    const thread = createThread(space, threadEntry(), stack, worker, priority);
    if (thread < 0) return thread;
    store<u32>(workerAt(worker), thread, THREAD);
    setTask(worker, NO_TASK);
    startThread(thread);
  }
  return 0;
}

//@inline
function workerAt(worker: u32): u32 {
  return WORKERS_AT + worker * WORKER_SIZE;
}

//@inline
export function messageOf(worker: u32): Message {
  return changetype<Message>(workerAt(worker));
}

//@inline
export function extrasOf(worker: u32): u32 {
  return workerAt(worker) + EXTRAS;
}

export function threadOf(worker: u32): u32 {
  return load<u32>(workerAt(worker), THREAD);
}

//@inline
export function setTask(worker: u32, service: u32): void {
  store<u32>(workerAt(worker), service, TASK);
}

export function taskOf(worker: u32): u32 {
  return load<u32>(workerAt(worker), TASK);
}

/** Who carries out that service; NO_WORKER for nobody. */
export function workerOf(service: u32): u32 {
  let worker: u32 = 0;
  while (worker < WORKERS && taskOf(worker) !== service) worker += 1;
  return worker;
}

//@inline
export function enter(worker: u32): void {
  if (amoswap(LOCK_AT, 1) !== 0) {
    unlikely();
    waitForLock();
  }
  holder = worker;
}

function waitForLock(): void {
  while (amoswap(LOCK_AT, 1) !== 0) yieldTurn();
}

//@inline
export function leave(): void {
  amoswap(LOCK_AT, 0);
}

/** Those that wait for the lock have their turn, if there are any. */
export function letOthers(): void {
  const worker = holder;
  leave();
  yieldTurn();
  enter(worker);
}

/** Who is in the service's data. */
//@inline
export function heldBy(): u32 {
  return holder;
}
