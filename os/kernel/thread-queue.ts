/**
 * Queues of threads, first come, first served: two words {first, last} somewhere, linked through the threads'
 * `next` and `previous`. A thread is in one queue at most: its priority's, or a port's.
 */
import { isNone, none } from '../lib/pointer.ts';
import type { Thread } from './structures.ts';

export const QUEUE_SIZE: u32 = 8;

//@inline
export function firstOf(queue: u32): Thread {
  return changetype<Thread>(load<u32>(queue));
}

export function append(queue: u32, thread: Thread): void {
  const last = load<u32>(queue, 4);
  thread.next = none<Thread>();
  thread.previous = changetype<Thread>(last);
  store<u32>(queue, changetype<usize>(thread), 4);
  if (last === 0) store<u32>(queue, changetype<usize>(thread));
  else changetype<Thread>(last).next = thread;
}

export function prepend(queue: u32, thread: Thread): void {
  const first = load<u32>(queue);
  thread.previous = none<Thread>();
  thread.next = changetype<Thread>(first);
  store<u32>(queue, changetype<usize>(thread));
  if (first === 0) store<u32>(queue, changetype<usize>(thread), 4);
  else changetype<Thread>(first).previous = thread;
}

export function unlink(queue: u32, thread: Thread): void {
  const next = thread.next;
  const previous = thread.previous;
  if (isNone(previous)) store<u32>(queue, changetype<usize>(next));
  else previous.next = next;
  if (isNone(next)) store<u32>(queue, changetype<usize>(previous), 4);
  else next.previous = previous;
}
