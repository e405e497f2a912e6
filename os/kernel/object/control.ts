/**
 * Control: the machine itself, for whoever has the handle: the firmware's console for a log before there is a
 * driver, and the end of it all.
 */

import { ERROR_BAD_ARGUMENT } from '../../abi/errors.ts';
import { LOG_SIZE_MAX } from '../../abi/limits.ts';
import { KIND_CONTROL, RIGHT_MANAGE, RIGHT_READ } from '../../abi/rights.ts';
import { faultOf, find } from '../handle-table.ts';
import { copyLog, keptFrom, logByte, resetMachine } from '../log.ts';
import { allPages, freePages } from '../page.ts';
import { ownAddressFault } from '../pager.ts';
import { current, idleCyclesHigh, idleCyclesLow, readyCount } from '../schedule.ts';
import { restOfPage, TO_READ, TO_WRITE, userAddress } from '../user-memory.ts';

/** → bytes written: to the end of the page at most. */
export function controlLog(value: u32, address: u32, size: u32): i32 {
  const fault = faultOf(find(current().space, value), KIND_CONTROL, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const count = min<u32>(min<u32>(size, LOG_SIZE_MAX), restOfPage(address));
  if (count === 0) return 0;
  const pa = userAddress(current().space, address, TO_READ);
  if (pa === 0) return ownAddressFault(address, TO_READ);
  for (let index: u32 = 0; index < count; index += 1) logByte(load<u8>(pa + index));
  return count;
}

/** → bytes read, the position behind them in a1. */
export function controlReadLog(value: u32, position: u32, address: u32, size: u32): i32 {
  const caller = current();
  const fault = faultOf(find(caller.space, value), KIND_CONTROL, RIGHT_READ);
  if (fault !== 0) return fault;
  const room = min<u32>(min<u32>(size, LOG_SIZE_MAX), restOfPage(address));
  const first = keptFrom(position);
  let count: u32 = 0;
  if (room > 0) {
    const pa = userAddress(caller.space, address, TO_WRITE);
    if (pa === 0) return ownAddressFault(address, TO_WRITE);
    count = copyLog(first, pa, room);
  }
  caller.a1 = first + count;
  return count;
}

/** → threads that wait to run; cycles for which none did, pages free and in all in a1 to a4. */
export function controlUse(value: u32): i32 {
  const caller = current();
  const fault = faultOf(find(caller.space, value), KIND_CONTROL, RIGHT_READ);
  if (fault !== 0) return fault;
  caller.a1 = idleCyclesLow();
  caller.a2 = idleCyclesHigh();
  caller.a3 = freePages();
  caller.a4 = allPages();
  return readyCount();
}

export function controlReset(value: u32, kind: u32, reason: u32): i32 {
  const fault = faultOf(find(current().space, value), KIND_CONTROL, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  resetMachine(kind, reason);
  return ERROR_BAD_ARGUMENT;
}
