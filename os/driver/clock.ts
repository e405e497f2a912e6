/**
 * The calendar clock's driver: Goldfish's real-time clock (hw/manual/rtc.ts) for the clients of
 * os/proto/clock.ts. Those who wait for a moment are kept here; the alarm is set for the earliest of them.
 */

import { load32, store32 } from 'rv';
import {
  RTC_ALARM_HIGH,
  RTC_ALARM_LOW,
  RTC_CLEAR_ALARM,
  RTC_CLEAR_INTERRUPT,
  RTC_IRQ_ENABLED,
  RTC_TIME_HIGH,
  RTC_TIME_LOW,
} from '../../hw/manual/rtc.ts';
import { ERROR_ACCESS, ERROR_TOO_MANY } from '../abi/errors.ts';
import { NOTIFIED } from '../abi/message.ts';
import { DEVICE_ADDRESS } from '../abi/start.ts';
import { isUser } from '../lib/user.ts';
import { completeWaitUntil, dispatch } from '../proto/clock.server.ts';
import type { Instant } from '../proto/clock.ts';
import { isGone } from '../runtime/call-queue.ts';
import type { Message } from '../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../runtime/serve.ts';
import { handleNamed } from '../runtime/start.ts';
import { acknowledge } from '../runtime/system.ts';

const WAITING_MAX: u32 = 32;

/** A call that waits, and for when. */
//@unmanaged
class Waiting {
  moment: u64 = 0;
  token: u32 = 0;
}

const requestBytes = memory.data(64, 4);
const waiting = memory.data(512, 8);
let waitingCount: u32 = 0;
let interrupt: u32 = 0;

export function main(_argument: u32): i32 {
  interrupt = handleNamed('interrupt');
  store32(DEVICE_ADDRESS + RTC_CLEAR_ALARM, 1);
  store32(DEVICE_ADDRESS + RTC_CLEAR_INTERRUPT, 1);
  store32(DEVICE_ADDRESS + RTC_IRQ_ENABLED, 1);
  const server = changetype<Calendar>(0);
  const request = changetype<Message>(requestBytes);
  let result = firstRequest(request, handleNamed('port'), 0);
  while (result >= 0) {
    if (result === NOTIFIED) takeInterrupt();
    else dispatch(server, request);
    result = nextRequest(request);
  }
  return result;
}

//@unmanaged
class Calendar {
  now(_request: Message, result: Instant): i32 {
    result.nanoseconds = date();
    return 0;
  }

  set(request: Message, nanoseconds: u64): i32 {
    if (isUser(request.badge)) return ERROR_ACCESS;
    store32(DEVICE_ADDRESS + RTC_TIME_HIGH, (nanoseconds >> 32) as u32);
    store32(DEVICE_ADDRESS + RTC_TIME_LOW, nanoseconds as u32);
    wake();
    return 0;
  }

  waitUntil(request: Message, nanoseconds: u64): i32 {
    if (nanoseconds <= date()) return 0;
    if (waitingCount === WAITING_MAX) dropGone();
    if (waitingCount === WAITING_MAX) return ERROR_TOO_MANY;
    const call = waitingAt(waitingCount);
    call.moment = nanoseconds;
    call.token = request.token;
    waitingCount += 1;
    wake();
    return LATER;
  }
}

function takeInterrupt(): void {
  store32(DEVICE_ADDRESS + RTC_CLEAR_INTERRUPT, 1);
  acknowledge(interrupt);
  wake();
}

/** Answers those whose moment has come, and sets the alarm for the earliest of the others. */
function wake(): void {
  const now = date();
  let earliest = u64.MAX_VALUE;
  let kept: u32 = 0;
  for (let index: u32 = 0; index < waitingCount; index += 1) {
    const call = waitingAt(index);
    if (call.moment <= now) {
      completeWaitUntil(call.token, 0);
      continue;
    }
    earliest = min<u64>(earliest, call.moment);
    move(index, kept);
    kept += 1;
  }
  waitingCount = kept;
  if (kept === 0) return;
  store32(DEVICE_ADDRESS + RTC_ALARM_HIGH, (earliest >> 32) as u32);
  store32(DEVICE_ADDRESS + RTC_ALARM_LOW, earliest as u32);
}

/** Forgets calls whose callers do not wait any more. */
function dropGone(): void {
  let kept: u32 = 0;
  for (let index: u32 = 0; index < waitingCount; index += 1) {
    if (isGone(waitingAt(index).token)) continue;
    move(index, kept);
    kept += 1;
  }
  waitingCount = kept;
}

function move(from: u32, to: u32): void {
  memory.copy(changetype<usize>(waitingAt(to)), changetype<usize>(waitingAt(from)), offsetof<Waiting>());
}

/** Reading the low word makes the high one stay. */
function date(): u64 {
  const low = load32(DEVICE_ADDRESS + RTC_TIME_LOW);
  const high = load32(DEVICE_ADDRESS + RTC_TIME_HIGH);
  return ((high as u64) << 32) | (low as u64);
}

function waitingAt(index: u32): Waiting {
  return changetype<Waiting>(waiting + index * offsetof<Waiting>());
}
