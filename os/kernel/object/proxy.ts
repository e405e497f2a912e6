/**
 * Proxies: ports whose messages go on to another, the target, whose receiver stands for what is somewhere else.
 * Nobody receives from a proxy. Who sends to one cannot tell: calls wait in the target's queue, lend memory, send
 * handles, time out and are cancelled like others.
 *
 * The receiver is told the proxy's name instead of a badge, and the badge beside it. Notification bits stay with
 * the proxy, which is linked to its target as long as it has some. The holder of the right to receive ends all
 * calls that went through the proxy, and refuses more of them, by an error; with his last handle it is
 * ERROR_PEER_DIED.
 */
import { ERROR_BAD_ARGUMENT, ERROR_BAD_STATE, ERROR_PEER_DIED } from '../../abi/errors.ts';
import { KIND_PORT, RIGHT_MANAGE, RIGHT_NOTIFY, RIGHT_RECEIVE, RIGHT_SEND } from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { faultOf, find } from '../handle-table.ts';
import { current } from '../schedule.ts';
import type { Port } from '../structures.ts';
import { finishThrough } from './thread.ts';

const ERROR_LEAST: i32 = -256;

/** → 0. */
export function portForward(value: u32, to: u32, name: u32): i32 {
  const space = current().space;
  const handle = find(space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_RECEIVE | RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const targetHandle = find(space, to);
  const targetFault = faultOf(targetHandle, KIND_PORT, RIGHT_SEND | RIGHT_NOTIFY | RIGHT_MANAGE);
  if (targetFault !== 0) return targetFault;
  if (name === 0) return ERROR_BAD_ARGUMENT;
  const port = changetype<Port>(handle.object);
  const target = changetype<Port>(targetHandle.object);
  if (port === target || targetHandle.badge !== 0 || !isNone(target.target)) return ERROR_BAD_STATE;
  if (!isUntouched(port)) return ERROR_BAD_STATE;
  port.target = target;
  port.name = name;
  port.failure = 0;
  target.references += 1;
  target.proxies += 1;
  return 0;
}

/** → 0. */
export function portFail(value: u32, error: i32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_PORT, RIGHT_RECEIVE | RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const port = changetype<Port>(handle.object);
  if (isNone(port.target)) return ERROR_BAD_STATE;
  if (error > 0 || error < ERROR_LEAST) return ERROR_BAD_ARGUMENT;
  port.failure = error;
  if (error !== 0) finishThrough(port, error);
  return 0;
}

/** Nobody can end the proxy's calls any more: they end. */
export function closeProxy(proxy: Port): void {
  finishThrough(proxy, ERROR_PEER_DIED);
  unlinkNotified(proxy);
}

/** The proxy has bits that its target's receivers have not taken. */
export function linkNotified(proxy: Port): void {
  if (proxy.isNotified !== 0) return;
  const target = proxy.target;
  const last = target.notifiedLast;
  proxy.isNotified = 1;
  proxy.notifiedNext = none<Port>();
  proxy.notifiedPrevious = last;
  target.notifiedLast = proxy;
  if (isNone(last)) target.notified = proxy;
  else last.notifiedNext = proxy;
}

export function unlinkNotified(proxy: Port): void {
  if (proxy.isNotified === 0) return;
  const next = proxy.notifiedNext;
  const previous = proxy.notifiedPrevious;
  proxy.isNotified = 0;
  if (isNone(next)) proxy.target.notifiedLast = previous;
  else next.notifiedPrevious = previous;
  if (isNone(previous)) proxy.target.notified = next;
  else previous.notifiedNext = next;
}

function isUntouched(port: Port): bool {
  const isQueued = !isNone(port.senders) || !isNone(port.waiting) || port.bits !== 0;
  return !isQueued && isNone(port.target) && port.proxies === 0;
}
