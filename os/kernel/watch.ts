/**
 * Watches: who wants to be notified when a port or a space ends, or when nothing is derived from a handle any
 * more. The former hang on the thing watched in a list; the latter is a node among the handle's children
 * (derivation.ts). Each is charged as a timer to the space that set it, and goes when it has fired or that
 * space ends.
 */
import { RESOURCE_TIMERS } from '../abi/account.ts';
import { ERROR_BAD_STATE, ERROR_QUOTA } from '../abi/errors.ts';
import { TIMERS_MAX } from '../abi/limits.ts';
import { KIND_PORT, RIGHT_NOTIFY } from '../abi/rights.ts';
import { isNone, none } from '../lib/pointer.ts';
import { charge, discharge } from './account.ts';
import { addChild, detach, firstDerived } from './derivation.ts';
import { faultOf, find } from './handle-table.ts';
import { notify, releasePort } from './object/port.ts';
import { releaseSpace } from './object/space.ts';
import { takeAtBoot } from './page.ts';
import { current } from './schedule.ts';
import { HANDLE_WATCHED, type Handle, KIND_WATCH, type Port, type Space, type Watch } from './structures.ts';

let freeWatches = changetype<Watch>(0);

export function startWatches(): void {
  let at = takeAtBoot(TIMERS_MAX * offsetof<Watch>());
  for (let index: u32 = 0; index < TIMERS_MAX; index += 1) {
    const watch = changetype<Watch>(at);
    watch.info = KIND_WATCH;
    watch.next = freeWatches;
    freeWatches = watch;
    at += offsetof<Watch>();
  }
}

/** Adds a watch to the list at `list`, or notifies at once where what it watches is over. → 0. */
export function watch(list: u32, isOver: bool, told: u32, bits: u32): i32 {
  const handle = find(current().space, told);
  const fault = faultOf(handle, KIND_PORT, RIGHT_NOTIFY);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  if (isOver) {
    notify(port, bits);
    return 0;
  }
  const entry = makeWatch(port, bits);
  if (isNone(entry)) return ERROR_QUOTA;
  const first = changetype<Watch>(load<u32>(list));
  entry.object = list;
  entry.parent = none<Handle>();
  entry.previous = none<Handle>();
  entry.next = first;
  if (!isNone(first)) first.previous = entry;
  store<u32>(list, changetype<usize>(entry));
  return 0;
}

/** Watches what is derived from a handle, or notifies at once where nothing is. → 0. */
export function watchDerived(watched: Handle, told: u32, bits: u32): i32 {
  const handle = find(current().space, told);
  const fault = faultOf(handle, KIND_PORT, RIGHT_NOTIFY);
  if (fault !== 0) return fault;
  if ((watched.info & HANDLE_WATCHED) !== 0) return ERROR_BAD_STATE;
  const port = changetype<Port>(handle.object);
  if (isNone(firstDerived(watched))) {
    notify(port, bits);
    return 0;
  }
  const entry = makeWatch(port, bits);
  if (isNone(entry)) return ERROR_QUOTA;
  addChild(watched, entry);
  watched.info |= HANDLE_WATCHED;
  return 0;
}

/** What the list at `list` watches is over. There are at most TIMERS_MAX watches in all. */
export function fireWatches(list: u32): void {
  let entry = changetype<Watch>(load<u32>(list));
  store<u32>(list, 0);
  while (!isNone(entry)) {
    const next = changetype<Watch>(entry.next);
    notify(entry.port, entry.bits);
    freeWatch(entry);
    entry = next;
  }
}

/** Takes away watches that the space has set, at most `budget`; true once none is left. */
export function dropWatches(space: Space, budget: u32): bool {
  for (let count: u32 = 0; count < budget; count += 1) {
    const entry = space.ownWatches;
    if (isNone(entry)) return true;
    if (!isNone(entry.parent)) {
      detach(entry);
      discardWatch(entry);
    } else {
      leaveList(entry);
      freeWatch(entry);
    }
  }
  return isNone(space.ownWatches);
}

function leaveList(entry: Watch): void {
  const next = entry.next;
  const previous = entry.previous;
  if (!isNone(next)) next.previous = previous;
  if (isNone(previous)) store<u32>(entry.object, changetype<usize>(next));
  else previous.next = next;
}

/** The watch, which is in the tree no more, has been waiting for this. */
export function fireWatch(entry: Watch): void {
  notify(entry.port, entry.bits);
  discardWatch(entry);
}

/** The watch, which is in the tree no more, has waited in vain. */
export function discardWatch(entry: Watch): void {
  entry.parent.info &= ~HANDLE_WATCHED;
  freeWatch(entry);
}

/** None where the caller's account has no timer left. */
function makeWatch(port: Port, bits: u32): Watch {
  const space = current().space;
  if (!charge(space, RESOURCE_TIMERS, 1)) return none<Watch>();
  const entry = freeWatches;
  assert(!isNone(entry));
  freeWatches = changetype<Watch>(entry.next);
  entry.port = port;
  entry.bits = bits;
  entry.owner = space;
  entry.ownerPrevious = none<Watch>();
  entry.ownerNext = space.ownWatches;
  if (!isNone(space.ownWatches)) space.ownWatches.ownerPrevious = entry;
  space.ownWatches = entry;
  port.references += 1;
  space.references += 1;
  return entry;
}

function freeWatch(entry: Watch): void {
  const port = entry.port;
  const next = entry.ownerNext;
  const previous = entry.ownerPrevious;
  if (!isNone(next)) next.ownerPrevious = previous;
  if (isNone(previous)) entry.owner.ownWatches = next;
  else previous.ownerNext = next;
  discharge(entry.owner, RESOURCE_TIMERS, 1);
  releaseSpace(entry.owner);
  entry.next = freeWatches;
  freeWatches = entry;
  releasePort(port);
}
