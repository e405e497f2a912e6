/**
 * Stopping and starting: a thread runs only where nobody holds it. It can be held by calls that name it and
 * by calls that name its space, apart from each other.
 *
 * What happens to a wait is told in os/abi/thread.ts: one that can be begun again is taken back, to the
 * thread's `ecall`; a call that has been received goes on, and its answer finds the thread stopped.
 */
import { CALL_RECEIVE, CALL_REPLY_AND_RECEIVE } from '../abi/calls.ts';
import { THREAD_CALLING, THREAD_HELD, THREAD_READY, THREAD_STOPPED } from '../abi/thread.ts';
import { INSTRUCTION_ECALL_SIZE } from './restart.ts';
import { dequeue, enqueue, isRunning } from './schedule.ts';
import type { Thread } from './structures.ts';
import { isWaiting, leave } from './wait.ts';

/** `by` of HOLD_THREAD, HOLD_SPACE. The thread lives. */
export function hold(thread: Thread, by: u8): void {
  thread.holds |= by;
  if (thread.state === THREAD_READY) {
    if (!isRunning(thread)) dequeue(thread);
    thread.state = THREAD_STOPPED;
  } else if (thread.state === THREAD_CALLING) {
    thread.state = THREAD_HELD;
  } else if (isWaiting(thread) && thread.state !== THREAD_HELD) {
    takeBack(thread);
  }
}

export function unhold(thread: Thread, by: u8): void {
  thread.holds &= ~by;
  if (thread.holds !== 0) return;
  if (thread.state === THREAD_HELD) thread.state = THREAD_CALLING;
  if (thread.state === THREAD_STOPPED) letGo(thread);
}

/** A wait is over, or the thread begins: it is ready, or stopped where somebody holds it. */
export function letGo(thread: Thread): void {
  thread.state = thread.holds === 0 ? THREAD_READY : THREAD_STOPPED;
  if (thread.holds === 0) enqueue(thread);
}

/** Its registers are as they were at its `ecall`, but that a reply has been given; or at its page fault. */
function takeBack(thread: Thread): void {
  leave(thread);
  thread.state = THREAD_STOPPED;
  if (thread.fault !== 0) {
    thread.fault = 0;
    return;
  }
  thread.pc -= INSTRUCTION_ECALL_SIZE;
  if (thread.a7 === CALL_REPLY_AND_RECEIVE) thread.a7 = CALL_RECEIVE;
}
