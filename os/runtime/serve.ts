/**
 * Requests as servers take and answer them, and what the generated dispatches (os/proto/<name>.server.ts) are
 * made of. A server is a loop:
 *
 *     let result = firstRequest(request, port, TAKES_HANDLES ? extras : 0);
 *     while (result >= 0) {
 *       if (result === NOTIFIED) notified(request.label);
 *       else dispatch(server, request);
 *       result = nextRequest(request);                     sends the answer, and waits for what comes next
 *     }
 *
 * A method gives the status: a result from 0, an error below; or LATER, and answers by the generated
 * complete… some time afterwards. Who takes something away with an answer (bytes that have arrived) answers
 * so at once, and takes it only if that gives 0: a caller that is gone has not got it.
 */

import { tp } from 'rv';
import { ERROR_BAD_ARGUMENT, ERROR_NO_SUCH_MESSAGE, ERROR_REFUSED } from '../abi/errors.ts';
import { EXTRAS_RECEIVE_ONLY, EXTRAS_VALUES } from '../abi/message.ts';
import { type Message, receive, replyAndReceive, waitForEver } from './message.ts';
import { close } from './system.ts';

/** The status of a method that keeps the request's token. */
export const LATER: i32 = i32.MIN_VALUE;
/** The label that every server answers with 0: whoever answers lives. */
export const PING: u32 = 0;

const HANDLES_MASK: u32 = 15;

/** `extras` are 64 aligned bytes, or 0 for a server that takes no handles. Gives what receive gives. */
export function firstRequest(request: Message, port: u32, extras: u32): i32 {
  request.port = port;
  request.extras = extras === 0 ? 0 : extras | EXTRAS_RECEIVE_ONLY;
  waitForEver(request);
  return receive(request);
}

/** Answers the request, unless there was none or its token was kept, and receives the next. */
export function nextRequest(request: Message): i32 {
  if (request.token !== 0) {
    const result = replyAndReceive(request);
    if (result !== ERROR_NO_SUCH_MESSAGE) return result;
  }
  return receive(request);
}

/** Replies to a call: 0, or ERROR_NO_SUCH_MESSAGE where the caller does not wait any more. */
//@external("ipc", "answer")
export declare function answer(
  token: u32,
  status: i32,
  word0: u32,
  word1: u32,
  word2: u32,
  word3: u32,
  word4: u32,
  extras: u32,
): i32;

/** The same with the handles in the frame; a caller that has no room for them is told so. */
export function answerHandles(
  token: u32,
  status: i32,
  word0: u32,
  word1: u32,
  word2: u32,
  word3: u32,
  word4: u32,
): i32 {
  if (status < 0) return answer(token, status, 0, 0, 0, 0, 0, 0);
  const result = answer(token, 0, word0, word1, word2, word3, word4, tp());
  if (result < 0 && result !== ERROR_NO_SUCH_MESSAGE) answer(token, ERROR_REFUSED, 0, 0, 0, 0, 0, 0);
  return result;
}

/** A message that nobody waits to be answered asks for nothing. */
export function wantsAnswer(request: Message): bool {
  if (request.token !== 0) return true;
  closeReceived(request);
  return false;
}

/** Whether it came with exactly these counts of handles and ranges; refused if not. */
//@inline
export function isShaped(request: Message, counts: u32): bool {
  if (request.counts === counts) return true;
  refuse(request, ERROR_BAD_ARGUMENT);
  return false;
}

/** Whether it came with exactly these ranges, and any handles. */
export function lends(request: Message, ranges: u32): bool {
  return isShaped(request, ranges | (request.counts & HANDLES_MASK));
}

/** The value here of a handle that came with the request: good until the next is received. */
//@inline
export function receivedHandle(request: Message, index: u32): u32 {
  return load<u32>(request.extras - EXTRAS_RECEIVE_ONLY + (index << 2), EXTRAS_VALUES);
}

/** Where a method's further results go. */
//@inline
export function resultOf(request: Message): u32 {
  return changetype<usize>(request) + offsetof<Message>('word0');
}

/** The status is the answer, unless that comes later. */
//@inline
export function settle(request: Message, status: i32): void {
  if (status === LATER) request.token = 0;
  else request.label = status;
}

export function refuse(request: Message, error: i32): void {
  closeReceived(request);
  request.label = error;
}

/** Nothing of a request that is not served stays. */
function closeReceived(request: Message): void {
  const count = request.counts & HANDLES_MASK;
  for (let index: u32 = 0; index < count; index += 1) close(receivedHandle(request, index));
}
