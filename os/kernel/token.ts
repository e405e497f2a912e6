/**
 * Tokens: a server's names for the calls it has received and not replied to. A token is the caller's place in
 * the pool and the number of its call; it means something only in the space that received the call, and
 * only until the call ends.
 *
 *     bits 7–0 thread index, bits 31–8 call number (never 0, so that no token is 0)
 */
import { isNone, none } from '../lib/pointer.ts';
import { threadOfIndex } from './object/thread.ts';
import { current } from './schedule.ts';
import { type Space, THREAD_CALLING, type Thread } from './structures.ts';

const INDEX_MASK: u32 = 0xff;
const NUMBER_SHIFT: u32 = 8;
const NUMBER_MAX: u32 = 0xff_ffff;

/** The thread that waits for this space's reply to the call, or none. */
//@inline
export function callerOf(token: u32): Thread {
  const thread = threadOfIndex(token & INDEX_MASK);
  if (
    thread.state !== THREAD_CALLING ||
    thread.callNumber !== token >> NUMBER_SHIFT ||
    thread.replier !== current().space
  ) {
    return none<Thread>();
  }
  return thread;
}

/** The sender's call has been received by a thread of `replier`: gives its token. */
//@inline
export function beginCall(caller: Thread, replier: Space): u32 {
  caller.state = THREAD_CALLING;
  caller.callNumber = caller.callNumber === NUMBER_MAX ? 1 : caller.callNumber + 1;
  caller.replier = replier;
  caller.callerPrevious = none<Thread>();
  caller.callerNext = replier.callers;
  if (!isNone(replier.callers)) replier.callers.callerPrevious = caller;
  replier.callers = caller;
  return (caller.callNumber << NUMBER_SHIFT) | caller.index;
}

/** The call is over, one way or the other. */
//@inline
export function endCall(caller: Thread): void {
  const next = caller.callerNext;
  const previous = caller.callerPrevious;
  if (!isNone(next)) next.callerPrevious = previous;
  if (isNone(previous)) caller.replier.callers = next;
  else previous.callerNext = next;
  caller.lentCount = 0;
}
