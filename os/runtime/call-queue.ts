/**
 * Calls that a server keeps until it can answer them, first come first: the token of each, and a word that the
 * server wants to remember with it. A queue lies in static memory of queueSize bytes:
 *
 *     0  count     4  capacity     8  {token, word} …
 *
 * Callers may have gone meanwhile: their answer fails, and where the queue is full they make room.
 */
import { ERROR_NO_SUCH_MESSAGE, ERROR_TOO_MANY } from '../abi/errors.ts';
import { LATER } from './serve.ts';
import { lentRead } from './system.ts';

//@unmanaged
export class CallQueue {
  count: u32 = 0;
  capacity: u32 = 0;
}

const ENTRY_SHIFT: u32 = 3;

/** An empty queue in `size` bytes at `at`. */
export function openCalls(at: u32, size: u32): CallQueue {
  const queue = changetype<CallQueue>(at);
  queue.count = 0;
  queue.capacity = (size - offsetof<CallQueue>()) >> ENTRY_SHIFT;
  return queue;
}

/** What the method returns: LATER, or ERROR_TOO_MANY. */
export function keepCall(queue: CallQueue, token: u32, word: u32): i32 {
  if (queue.count === queue.capacity) dropGone(queue);
  if (queue.count === queue.capacity) return ERROR_TOO_MANY;
  put(queue, queue.count, token, word);
  queue.count += 1;
  return LATER;
}

export function tokenAt(queue: CallQueue, index: u32): u32 {
  return load<u32>(entryAt(queue, index));
}

export function wordAt(queue: CallQueue, index: u32): u32 {
  return load<u32>(entryAt(queue, index), 4);
}

/** Those behind it move up. */
export function dropCall(queue: CallQueue, index: u32): void {
  assert(index < queue.count);
  queue.count -= 1;
  const at = entryAt(queue, index);
  memory.copy(at, at + (1 << ENTRY_SHIFT), (queue.count - index) << ENTRY_SHIFT);
}

function dropGone(queue: CallQueue): void {
  let kept: u32 = 0;
  for (let index: u32 = 0; index < queue.count; index += 1) {
    if (isGone(tokenAt(queue, index))) continue;
    put(queue, kept, tokenAt(queue, index), wordAt(queue, index));
    kept += 1;
  }
  queue.count = kept;
}

/** Whether the caller waits no more. */
export function isGone(token: u32): bool {
  return lentRead(token, 0, 0, 0, 0) === ERROR_NO_SUCH_MESSAGE;
}

function put(queue: CallQueue, index: u32, token: u32, word: u32): void {
  const at = entryAt(queue, index);
  store<u32>(at, token);
  store<u32>(at, word, 4);
}

function entryAt(queue: CallQueue, index: u32): u32 {
  return changetype<usize>(queue) + offsetof<CallQueue>() + (index << ENTRY_SHIFT);
}
