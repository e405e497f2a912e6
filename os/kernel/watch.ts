/**
 * Watches: who wants to be notified when a port or a space ends. A list hangs on the thing watched; each
 * entry is charged as a timer to the space that set it, and goes when it has fired.
 */
import { RESOURCE_TIMERS } from '../abi/account.ts';
import { ERROR_QUOTA } from '../abi/errors.ts';
import { TIMERS_MAX } from '../abi/limits.ts';
import { KIND_PORT, RIGHT_NOTIFY } from '../abi/rights.ts';
import { isNone } from '../lib/pointer.ts';
import { charge, discharge } from './account.ts';
import { faultOf, find } from './handle-table.ts';
import { notify, releasePort } from './object/port.ts';
import { releaseSpace } from './object/space.ts';
import { takeAtBoot } from './page.ts';
import { current } from './schedule.ts';
import type { Port, Watch } from './structures.ts';

let freeWatches = changetype<Watch>(0);

export function startWatches(): void {
  let at = takeAtBoot(TIMERS_MAX * offsetof<Watch>());
  for (let index: u32 = 0; index < TIMERS_MAX; index += 1) {
    const watch = changetype<Watch>(at);
    watch.next = freeWatches;
    freeWatches = watch;
    at += offsetof<Watch>();
  }
}

/** Adds a watch to the list at `list`, or notifies at once where what it watches is over. → 0. */
export function watch(list: u32, isOver: bool, told: u32, bits: u32): i32 {
  const space = current().space;
  const handle = find(space, told);
  const fault = faultOf(handle, KIND_PORT, RIGHT_NOTIFY);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  if (isOver) {
    notify(port, bits);
    return 0;
  }
  if (!charge(space, RESOURCE_TIMERS, 1)) return ERROR_QUOTA;
  const entry = freeWatches;
  assert(!isNone(entry));
  freeWatches = entry.next;
  entry.port = port;
  entry.bits = bits;
  entry.owner = space;
  entry.next = changetype<Watch>(load<u32>(list));
  store<u32>(list, changetype<usize>(entry));
  port.references += 1;
  space.references += 1;
  return 0;
}

/** What the list at `list` watches is over. There are at most TIMERS_MAX watches in all. */
export function fireWatches(list: u32): void {
  let entry = changetype<Watch>(load<u32>(list));
  store<u32>(list, 0);
  while (!isNone(entry)) {
    const next = entry.next;
    const port = entry.port;
    notify(port, entry.bits);
    discharge(entry.owner, RESOURCE_TIMERS, 1);
    releaseSpace(entry.owner);
    entry.next = freeWatches;
    freeWatches = entry;
    releasePort(port);
    entry = next;
  }
}
