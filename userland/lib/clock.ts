/**
 * The time of day, from the server that is bound at /dev/clock, and waiting.
 *
 *     timeNow()             nanoseconds since 1970-01-01 00:00 UTC, or 0 where there is no clock
 *     waitUntil(ticks)      of the time since the machine was switched on (os/runtime/clock.ts)
 */

import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import * as clock from '../../os/proto/clock.client.ts';
import type { Instant } from '../../os/proto/clock.ts';
import { now, TICKS_PER_SECOND } from '../../os/runtime/clock.ts';
import { type Message, receive } from '../../os/runtime/message.ts';
import { createPort } from '../../os/runtime/system.ts';
import { mountOf } from './mount.ts';

const PLACE = '/dev/clock';
const NANOSECONDS_PER_TICK: u64 = 100;

export function timeNow(): u64 {
  const mount = mountOf(PLACE);
  if (mount === null || mount.path !== PLACE) return 0;
  const instant = changetype<Instant>(heap.alloc(offsetof<Instant>()));
  const time = clock.now(mount.server, instant) < 0 ? 0 : instant.nanoseconds;
  heap.free(changetype<usize>(instant));
  return time;
}

/** 0 or an error. */
export function setTimeNow(nanoseconds: u64): i32 {
  const mount = mountOf(PLACE);
  if (mount === null || mount.path !== PLACE) return ERROR_NOT_FOUND;
  return clock.set(mount.server, nanoseconds);
}

let waiting: u32 = 0;

/** Where nothing comes but the deadline. ERROR_CANCELLED where a signal came instead. */
export function waitUntil(ticks: u64): i32 {
  if (waiting === 0) waiting = createPort();
  const message = changetype<Message>(heap.alloc(offsetof<Message>()));
  message.port = waiting;
  message.extras = 0;
  message.deadlineLow = ticks as u32;
  message.deadlineHigh = (ticks >> 32) as u32;
  const result = receive(message);
  heap.free(changetype<usize>(message));
  return result;
}

export function waitFor(nanoseconds: u64): i32 {
  return waitUntil(now() + nanoseconds / NANOSECONDS_PER_TICK);
}

/** Since the machine was switched on. */
export function secondsUp(): u64 {
  return now() / <u64>TICKS_PER_SECOND;
}
