/**
 * Waiting for children: each process has at most one wait, which a change of a child answers. What a parent has
 * been told of is over: an ended child is out of the table then. A parent that is not there any more to be
 * told (a signal has cancelled its wait) finds the change when it asks again.
 */
import { ERROR_CANCELLED, ERROR_NO_CHILD } from '../../abi/errors.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { completeWait } from '../../proto/process.server.ts';
import { ANY_CHILD, type End, HOW_STOPPED, WAIT_NO_HANG, WAIT_STOPPED } from '../../proto/process.ts';
import { LATER } from '../../runtime/serve.ts';
import { ENDED, LOADS, type Process, processAt, processesEnd, release } from './table.ts';

const end = memory.data(24, 8);

/** LATER, or an error. */
export function waitForChild(parent: Process, token: u32, which: i32, options: u32): i32 {
  if (!hasChild(parent, which)) return ERROR_NO_CHILD;
  if (parent.waiter !== 0) completeWait(parent.waiter, ERROR_CANCELLED, changetype<End>(end));
  parent.waiter = token;
  parent.waitWhich = which;
  parent.waitOptions = options;
  answerWaiter(parent);
  if (parent.waiter !== 0 && (options & WAIT_NO_HANG) !== 0) {
    parent.waiter = 0;
    answer(token, 0, 0, 0, 0);
  }
  return LATER;
}

/** Answers the parent's wait, if it has one and a child of its kind has changed. */
export function answerWaiter(parent: Process): void {
  if (parent.waiter === 0) return;
  const child = changedChild(parent);
  if (isNone(child)) return;
  const token = parent.waiter;
  parent.waiter = 0;
  if (child.state === ENDED) {
    const cycles = cyclesOf(child);
    if (answer(token, child.pid, child.how, child.value, cycles) !== 0) return;
    parent.childrenCycles += cycles;
    release(child);
    return;
  }
  const value: u32 = child.change === HOW_STOPPED ? child.value : 0;
  if (answer(token, child.pid, child.change, value, 0) === 0) child.change = 0;
}

/** A child whose end or, if that is asked for, stop or continuation its parent does not know; or none. */
function changedChild(parent: Process): Process {
  const wantsStops = (parent.waitOptions & WAIT_STOPPED) !== 0;
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const child = processAt(index);
    if (!isChild(child, parent, parent.waitWhich)) continue;
    if (child.state === ENDED ? child.job === 0 : wantsStops && child.change !== 0) return child;
  }
  return none<Process>();
}

function hasChild(parent: Process, which: i32): bool {
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    if (isChild(processAt(index), parent, which)) return true;
  }
  return false;
}

/** 0: one of the parent's group. */
function isChild(child: Process, parent: Process, which: i32): bool {
  if (child.pid === 0 || child.parent !== parent.pid || child.state === LOADS) return false;
  if (which === ANY_CHILD) return true;
  if (which > 0) return child.pid === which;
  return child.group === (which === 0 ? parent.group : -which);
}

/** Of one that has ended, with those that it has waited for. */
function cyclesOf(child: Process): u64 {
  return (((child.cyclesHigh as u64) << 32) | (child.cyclesLow as u64)) + child.childrenCycles;
}

function answer(token: u32, pid: u32, how: u32, value: u32, cycles: u64): i32 {
  const told = changetype<End>(end);
  told.pid = pid;
  told.how = how;
  told.value = value;
  told.cycles = cycles;
  return completeWait(token, 0, told);
}
