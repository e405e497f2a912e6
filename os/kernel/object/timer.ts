/**
 * Timers: a port's notification bits at an absolute time, once for each setting.
 */
import { RESOURCE_TIMERS } from '../../abi/account.ts';
import { ERROR_QUOTA } from '../../abi/errors.ts';
import { TIMERS_MAX } from '../../abi/limits.ts';
import { KIND_PORT, KIND_TIMER, RIGHT_MANAGE, RIGHT_NOTIFY, RIGHTS_ALL } from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { charge, discharge } from '../account.ts';
import { noLaterThan } from '../clock.ts';
import { insert, remove } from '../deadline.ts';
import { faultOf, find, install } from '../handle-table.ts';
import { takeAtBoot } from '../page.ts';
import { current } from '../schedule.ts';
import type { Deadline, Handle, Port, Timer } from '../structures.ts';
import { notify, releasePort } from './port.ts';
import { releaseSpace } from './space.ts';

let freeTimers = changetype<Timer>(0);

export function startTimers(): void {
  let at = takeAtBoot(TIMERS_MAX * offsetof<Timer>());
  for (let index: u32 = 0; index < TIMERS_MAX; index += 1) {
    const timer = changetype<Timer>(at);
    timer.deadlineIsTimer = 1;
    timer.nextFree = freeTimers;
    freeTimers = timer;
    at += offsetof<Timer>();
  }
}

//@inline
function deadlineOf(timer: Timer): Deadline {
  return changetype<Deadline>(changetype<usize>(timer) + offsetof<Timer>('deadlineLow'));
}

//@inline
export function timerOfDeadline(deadline: Deadline): Timer {
  return changetype<Timer>(changetype<usize>(deadline) - offsetof<Timer>('deadlineLow'));
}

/** → h. */
export function timerCreate(): i32 {
  const space = current().space;
  if (!charge(space, RESOURCE_TIMERS, 1)) return ERROR_QUOTA;
  const timer = freeTimers;
  assert(!isNone(timer));
  freeTimers = timer.nextFree;
  timer.references = 0;
  timer.port = none<Port>();
  timer.owner = space;
  space.references += 1;
  const value = install(space, changetype<usize>(timer), KIND_TIMER, RIGHTS_ALL, 0, none<Handle>());
  if (value !== 0) return value;
  freeTimer(timer);
  return ERROR_QUOTA;
}

/** → 0. A setting that has not fired is forgotten. */
export function timerSet(value: u32, told: u32, bits: u32, low: u32, high: u32): i32 {
  const space = current().space;
  const handle = find(space, value);
  const fault = faultOf(handle, KIND_TIMER, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const portHandle = find(space, told);
  const portFault = faultOf(portHandle, KIND_PORT, RIGHT_NOTIFY);
  if (portFault !== 0) return portFault;
  const timer = changetype<Timer>(handle.object);
  unset(timer);
  timer.port = changetype<Port>(portHandle.object);
  timer.port.references += 1;
  timer.bits = bits;
  timer.deadlineLow = low;
  timer.deadlineHigh = high;
  insert(deadlineOf(timer));
  noLaterThan(low, high);
  return 0;
}

/** → 0. */
export function timerCancel(value: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_TIMER, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  unset(changetype<Timer>(handle.object));
  return 0;
}

/** Its deadline has come, and is in the heap no more. */
export function fireTimer(timer: Timer): void {
  const port = timer.port;
  timer.port = none<Port>();
  notify(port, timer.bits);
  releasePort(port);
}

export function releaseTimer(timer: Timer): void {
  assert(timer.references > 0);
  timer.references -= 1;
  if (timer.references > 0) return;
  unset(timer);
  freeTimer(timer);
}

function unset(timer: Timer): void {
  if (isNone(timer.port)) return;
  remove(deadlineOf(timer));
  releasePort(timer.port);
  timer.port = none<Port>();
}

function freeTimer(timer: Timer): void {
  const owner = timer.owner;
  timer.nextFree = freeTimers;
  freeTimers = timer;
  discharge(owner, RESOURCE_TIMERS, 1);
  releaseSpace(owner);
}
