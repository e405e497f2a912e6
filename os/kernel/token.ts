/**
 * Tokens: a server's names for the calls it has received and not replied to. A token is the caller's place in
 * the pool and the number of its call; it means something only in the space that received the call, and
 * only until the call ends.
 *
 *     bits 7–0 thread index, bits 31–8 call number (never 0, so that no token is 0)
 */
import { THREAD_CALLING, THREAD_FAULTING } from '../abi/thread.ts';
import { isNone, none } from '../lib/pointer.ts';
import { threadOfIndex } from './object/thread.ts';
import { current } from './schedule.ts';
import type { Port, Space, Thread } from './structures.ts';

export const INDEX_MASK: u32 = 0xff;
const CALL: u32 = 0x100;

/** The thread that waits for this space's reply to the call, or none. */
export function callerOf(token: u32): Thread {
  const thread = threadOfIndex(token & INDEX_MASK);
  if (thread.token !== token) return none<Thread>();
  if (thread.state < THREAD_CALLING || thread.state > THREAD_FAULTING) return none<Thread>();
  return thread.replier === current().space ? thread : none<Thread>();
}

/** The sender's call has been received by a thread of `replier`: gives its token. */
//@inline
export function beginCall(caller: Thread, replier: Space): u32 {
  let token = caller.token + CALL;
  if (token < CALL) token += CALL;
  const others = replier.callers;
  caller.state = THREAD_CALLING;
  caller.token = token;
  caller.replier = replier;
  caller.callerPrevious = none<Thread>();
  caller.callerNext = others;
  replier.callers = caller;
  if (!isNone(others)) others.callerPrevious = caller;
  return token;
}

/** The call is over, one way or the other. */
//@inline
export function endCall(caller: Thread): void {
  const next = caller.callerNext;
  const previous = caller.callerPrevious;
  caller.lentCount = 0;
  caller.proxy = none<Port>();
  if (!isNone(next)) next.callerPrevious = previous;
  if (isNone(previous)) caller.replier.callers = next;
  else previous.callerNext = next;
}
