/**
 * Who runs: 32 priorities, the highest first, equals in turn. The running thread is in no queue.
 *
 * Every way out of the kernel names the thread to run next: `handOver` for a direct switch after the
 * running one has blocked, `wake` where it goes on unless a better one has come, `schedule` where there
 * is nobody in particular. While nobody is ready the kernel sleeps here, with interrupts polled.
 *
 * Whenever an equal of the running thread is ready, or there is work in the background, the turn has an end
 * (clock.ts). What is urgent does not wait for a step of that work.
 *
 * `readyMask` has a bit for each priority whose queue is not empty.
 */

import { csr_read, tp, unlikely, wfi } from 'rv';
import { PRIORITIES, PRIORITY_URGENT, RUNNABLE_MAX } from '../abi/limits.ts';
import { THREAD_READY } from '../abi/thread.ts';
import { CYCLE } from '../lib/csr.ts';
import { isNone } from '../lib/pointer.ts';
import { endSlice, isSliced, renew, startSlice } from './clock.ts';
import { pollInterrupts } from './interrupts.ts';
import { takeAtBoot } from './page.ts';
import { hasReaping, reap } from './reaper.ts';
import type { Thread } from './structures.ts';
import { append, firstOf, QUEUE_SIZE, unlink } from './thread-queue.ts';

/** One queue for each priority. */
let queues: u32 = 0;
let readyMask: u32 = 0;
/** The cycles for which nobody was ready, low and high word. */
let idleLow: u32 = 0;
let idleHigh: u32 = 0;
/** While the next thread is chosen, the one that ran last is like any other. */
let isChoosing = false;
/** The cycle (low word) from which on the running thread's space has not been charged. */
let chargedUntil: u32 = 0;

export function startSchedule(): void {
  queues = takeAtBoot(PRIORITIES * QUEUE_SIZE);
}

/** The thread that runs, or that ran last. */
//@inline
export function current(): Thread {
  return changetype<Thread>(tp());
}

/** The first thread of all. */
export function beginWith(thread: Thread): Thread {
  chargedUntil = csr_read(CYCLE);
  return thread;
}

export function enqueue(thread: Thread): void {
  assert(thread.state === THREAD_READY);
  append(queueOf(thread.priority), thread);
  readyMask |= (<u32>1) << thread.priority;
  if (!isChoosing) limitTurn(current());
}

/** The thread's turn, which runs or is about to, has an end where an equal waits for it. */
//@inline
export function limitTurn(thread: Thread): void {
  if (isSliced() || ((readyMask >> thread.priority) & 1) === 0) return;
  unlikely();
  startSlice();
}

/** Takes a thread out of the ready queue that it is in. */
export function dequeue(thread: Thread): void {
  const queue = queueOf(thread.priority);
  unlink(queue, thread);
  if (isNone(firstOf(queue))) readyMask &= ~((<u32>1) << thread.priority);
}

//@inline
function queueOf(priority: u32): u32 {
  return queues + priority * QUEUE_SIZE;
}

/** The running thread has blocked and `to` has become ready: it runs at once unless a better one waits. */
export function handOver(to: Thread): Thread {
  to.state = THREAD_READY;
  if (isBest(to)) {
    limitTurn(to);
    chargeTime();
    return to;
  }
  enqueue(to);
  return schedule();
}

/** `thread` has become ready; the running one goes on unless the other is better. */
export function wake(thread: Thread): Thread {
  thread.state = THREAD_READY;
  enqueue(thread);
  return continueOrYield();
}

/** The running thread goes on, unless it has ended or stopped, or one of higher priority is ready. */
//@inline
export function continueOrYield(): Thread {
  const thread = current();
  return thread.state === THREAD_READY && isBest(thread) ? thread : preempt(thread);
}

function preempt(thread: Thread): Thread {
  isChoosing = true;
  if (thread.state === THREAD_READY) enqueue(thread);
  return schedule();
}

/** The running thread's turn is over: its equals come first. */
export function yieldTurn(): Thread {
  const thread = current();
  if (thread.state === THREAD_READY && readyMask >> thread.priority === 0) {
    if (!hasReaping()) endSlice();
    else {
      reap();
      startSlice();
    }
    return continueOrYield();
  }
  startSlice();
  return preempt(thread);
}

/** The best thread that is ready; sleeps until there is one. The running one is not ready, or is queued. */
export function schedule(): Thread {
  isChoosing = true;
  if (hasReaping() && readyMask >> PRIORITY_URGENT === 0) {
    unlikely();
    reap();
  }
  chargeTime();
  if (readyMask === 0) sleep();
  const thread = firstOf(queueOf(31 - clz<u32>(readyMask)));
  dequeue(thread);
  isChoosing = false;
  limitTurn(thread);
  return thread;
}

/** Whether the thread is ready without being in a queue. */
export function isRunning(thread: Thread): bool {
  return thread === current() && !isChoosing;
}

/** Whether no thread of a higher priority is ready. */
//@inline
export function isBest(thread: Thread): bool {
  return (readyMask >> thread.priority) >> 1 === 0;
}

/** Whether the thread can run as it is: nobody better is ready, and no equal whose turn would never come. */
//@inline
export function isNext(thread: Thread): bool {
  const others = readyMask >> thread.priority;
  return others === 0 || (others === 1 && isSliced());
}

/** Charges the running thread's space for its time so far. */
//@inline
export function chargeTime(): void {
  const cycle = csr_read(CYCLE);
  const space = current().space;
  const low = space.cyclesLow + (cycle - chargedUntil);
  if (low < space.cyclesLow) space.cyclesHigh += 1;
  space.cyclesLow = low;
  chargedUntil = cycle;
}

/** Until somebody is ready; nobody's time. */
function sleep(): void {
  endSlice();
  while (readyMask === 0) {
    if (hasReaping()) reap();
    else wfi();
    pollInterrupts();
    if (readyMask === 0) renew();
  }
  const cycle = csr_read(CYCLE);
  const before = idleLow;
  idleLow += cycle - chargedUntil;
  if (idleLow < before) idleHigh += 1;
  chargedUntil = cycle;
  if (hasReaping()) startSlice();
}

/** How many threads are ready beside the running one, counted to RUNNABLE_MAX. */
export function readyCount(): u32 {
  let count: u32 = 0;
  for (let mask = readyMask; mask !== 0; mask &= mask - 1) {
    for (let thread = firstOf(queueOf(ctz<u32>(mask))); !isNone(thread); thread = thread.next) {
      count += 1;
      if (count === RUNNABLE_MAX) return count;
    }
  }
  return count;
}

/** The cycles for which nobody was ready so far. */
export function idleCyclesLow(): u32 {
  return idleLow;
}

export function idleCyclesHigh(): u32 {
  return idleHigh;
}
