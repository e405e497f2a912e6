/**
 * Handles as objects of system calls: copy, close, revoke, inspect, watch.
 */
import { ERROR_BAD_HANDLE, ERROR_QUOTA } from '../../abi/errors.ts';
import { KIND_PORT } from '../../abi/rights.ts';
import { isNone } from '../../lib/pointer.ts';
import { firstDerived } from '../derivation.ts';
import { close, find, install, kindOf, revoke, rightsOf } from '../handle-table.ts';
import { RESTART, STEP_BUDGET } from '../restart.ts';
import { current } from '../schedule.ts';
import type { Port } from '../structures.ts';
import { watchDerived } from '../watch.ts';
import { derivationFault } from './space.ts';

/** → h. */
export function handleCopy(value: u32, rights: u32, badge: u32): i32 {
  const space = current().space;
  const handle = find(space, value);
  const fault = derivationFault(handle, rights, badge);
  if (fault !== 0) return fault;
  const mark = handle.badge !== 0 ? handle.badge : badge;
  const result = install(space, handle.object, kindOf(handle), rights, mark, handle);
  return result === 0 ? ERROR_QUOTA : result;
}

/** → 0. */
export function handleClose(value: u32): i32 {
  const handle = find(current().space, value);
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  return close(handle, STEP_BUDGET) ? 0 : RESTART;
}

/** → 0. */
export function handleRevoke(value: u32): i32 {
  const handle = find(current().space, value);
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  return revoke(handle, STEP_BUDGET) ? 0 : RESTART;
}

/** → 0. */
export function handleWatch(value: u32, told: u32, bits: u32): i32 {
  const handle = find(current().space, value);
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  return watchDerived(handle, told, bits);
}

/** → kind; rights, badge, whether something is derived from it, and whether it is a dead port, in a1–a4. */
export function handleInspect(value: u32): i32 {
  const handle = find(current().space, value);
  if (isNone(handle)) return ERROR_BAD_HANDLE;
  current().a1 = rightsOf(handle);
  current().a2 = handle.badge;
  current().a3 = isNone(firstDerived(handle)) ? 0 : 1;
  const isPort = kindOf(handle) === KIND_PORT;
  current().a4 = isPort && changetype<Port>(handle.object).receivers === 0 ? 1 : 0;
  return kindOf(handle);
}
