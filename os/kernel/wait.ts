/**
 * Waiting, and how it ends other than by what was waited for: deadlines, cancellation, death.
 *
 * A thread that waits is in a port's queue, or among the callers of the space that must reply to it; its
 * deadline may be in the heap. `finish` takes it out of all of them and lets it go on with an error.
 */

import { unlikely } from 'rv';
import { NEVER } from '../abi/message.ts';
import { THREAD_CALLING, THREAD_FAULTING, THREAD_SENDING } from '../abi/thread.ts';
import { isPast, noLaterThan } from './clock.ts';
import { insert, remove } from './deadline.ts';
import { letGo } from './hold.ts';
import { leaveQueue } from './object/port.ts';
import type { Deadline, Thread } from './structures.ts';
import { endCall } from './token.ts';

//@inline
export function deadlineOf(thread: Thread): Deadline {
  return changetype<Deadline>(changetype<usize>(thread) + offsetof<Thread>('deadlineLow'));
}

//@inline
export function threadOfDeadline(deadline: Deadline): Thread {
  return changetype<Thread>(changetype<usize>(deadline) - offsetof<Thread>('deadlineLow'));
}

/** Whether the deadline in the thread's registers has passed, so that it must not wait. */
export function isTooLate(thread: Thread): bool {
  if ((thread.t3 & thread.t4) === NEVER) return false;
  return isPast(thread.t3, thread.t4);
}

/** From now on the thread waits, until the deadline in its registers at most. */
export function armDeadline(thread: Thread): void {
  if ((thread.t3 & thread.t4) === NEVER) return;
  const deadline = deadlineOf(thread);
  if (deadline.heapIndex !== 0) return;
  deadline.low = thread.t3;
  deadline.high = thread.t4;
  insert(deadline);
  noLaterThan(deadline.low, deadline.high);
}

//@inline
export function disarm(thread: Thread): void {
  if (thread.deadlineIndex === 0) return;
  unlikely();
  remove(deadlineOf(thread));
}

/** Whether the thread has been told not to wait; it is told once. */
export function takeCancellation(thread: Thread): bool {
  if (thread.isCancelled === 0) return false;
  thread.isCancelled = 0;
  return true;
}

export function isWaiting(thread: Thread): bool {
  return thread.state >= THREAD_SENDING && thread.state <= THREAD_FAULTING;
}

/** Ends a wait: the thread goes on, and its system call answers `error`; a page fault is had again. */
export function finish(thread: Thread, error: i32): void {
  leave(thread);
  if (thread.fault === 0) thread.a0 = error;
  thread.fault = 0;
  letGo(thread);
}

/** Takes a waiting thread out of everything that knows that it waits. */
export function leave(thread: Thread): void {
  assert(isWaiting(thread));
  disarm(thread);
  if (thread.state >= THREAD_CALLING) endCall(thread);
  else leaveQueue(thread);
}
