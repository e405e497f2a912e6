/**
 * The kernel's entries from entry.s: the first one, system calls, interrupts and exceptions, and its own
 * defects. Each gives the thread that is to run next.
 *
 * A method's answer goes to a0 of the caller. RESTART as an answer means that a bounded step of the work is
 * done and more is left: the caller executes its `ecall` again, after whatever interrupts there are.
 */

import { EXIT_FAULT, EXIT_STATUS } from '../abi/account.ts';
import {
  CALL_CALL,
  CALL_CONTROL_LOG,
  CALL_CONTROL_READ_LOG,
  CALL_CONTROL_RESET,
  CALL_CONTROL_USE,
  CALL_HANDLE_CLOSE,
  CALL_HANDLE_COPY,
  CALL_HANDLE_INSPECT,
  CALL_HANDLE_REVOKE,
  CALL_HANDLE_WATCH,
  CALL_INTERRUPT_ACKNOWLEDGE,
  CALL_INTERRUPT_BIND,
  CALL_INTERRUPT_CREATE,
  CALL_LENT_ATTEND,
  CALL_LENT_DELIVER,
  CALL_LENT_DELIVERED,
  CALL_LENT_INSPECT,
  CALL_LENT_PASS,
  CALL_LENT_READ,
  CALL_LENT_WRITE,
  CALL_LENT_WRITTEN,
  CALL_MEMORY_CHANGES,
  CALL_MEMORY_COPY,
  CALL_MEMORY_CREATE,
  CALL_MEMORY_CREATE_PAGED,
  CALL_MEMORY_INSPECT,
  CALL_MEMORY_LOCATE,
  CALL_MEMORY_MOVE_PAGE,
  CALL_MEMORY_PART,
  CALL_NOTIFY,
  CALL_NULL,
  CALL_PORT_CREATE,
  CALL_PORT_FAIL,
  CALL_PORT_FORWARD,
  CALL_PORT_WATCH,
  CALL_RECEIVE,
  CALL_REPLY,
  CALL_REPLY_AND_RECEIVE,
  CALL_SEND,
  CALL_SPACE_ACCOUNT,
  CALL_SPACE_ALLOW,
  CALL_SPACE_CREATE,
  CALL_SPACE_EXIT,
  CALL_SPACE_GRANT,
  CALL_SPACE_KILL,
  CALL_SPACE_MAP,
  CALL_SPACE_START,
  CALL_SPACE_STATUS,
  CALL_SPACE_STOP,
  CALL_SPACE_THREAD,
  CALL_SPACE_UNMAP,
  CALL_SPACE_WATCH,
  CALL_THREAD_CANCEL,
  CALL_THREAD_CREATE,
  CALL_THREAD_EXIT,
  CALL_THREAD_INSPECT,
  CALL_THREAD_LOAD,
  CALL_THREAD_PRIORITY,
  CALL_THREAD_READ,
  CALL_THREAD_SAVE,
  CALL_THREAD_SELF,
  CALL_THREAD_START,
  CALL_THREAD_STOP,
  CALL_THREAD_WRITE,
  CALL_THREAD_YIELD,
  CALL_TIMER_CANCEL,
  CALL_TIMER_CREATE,
  CALL_TIMER_SET,
} from '../abi/calls.ts';

import { ERROR_BAD_ADDRESS, ERROR_BAD_STATE, ERROR_NO_SUCH_CALL } from '../abi/errors.ts';
import { NO_INTERRUPT } from '../abi/message.ts';
import { CAUSE_FETCH_PAGE, CAUSE_INTERRUPT, CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE } from '../lib/csr.ts';
import { boot } from './boot.ts';
import { isSliceOver, renew } from './clock.ts';
import { fastCall, fastReplyAndReceive } from './fast-path.ts';
import { deliverExternal, expireDeadlines } from './interrupts.ts';

import {
  lentAttend,
  lentDeliver,
  lentDelivered,
  lentInspect,
  lentPass,
  lentRead,
  lentWrite,
  lentWritten,
} from './lent.ts';
import { controlLog, controlReadLog, controlReset, controlUse } from './object/control.ts';
import { handleClose, handleCopy, handleInspect, handleRevoke, handleWatch } from './object/handle.ts';
import { interruptAcknowledge, interruptBind, interruptCreate } from './object/interrupt.ts';
import {
  memoryChanges,
  memoryCopy,
  memoryCreate,
  memoryCreatePaged,
  memoryInspect,
  memoryLocate,
  memoryMovePage,
  memoryPart,
} from './object/memory.ts';
import { portCreate, portNotify, portWatch, receive, reply, sendMessage } from './object/port.ts';
import { portFail, portForward } from './object/proxy.ts';
import {
  endSpace,
  spaceAccount,
  spaceAllow,
  spaceCreate,
  spaceGrant,
  spaceKill,
  spaceMap,
  spaceStart,
  spaceStatus,
  spaceStop,
  spaceThread,
  spaceUnmap,
  spaceWatch,
} from './object/space.ts';
import {
  threadCancel,
  threadCreate,
  threadExit,
  threadInspect,
  threadLoad,
  threadPriority,
  threadRead,
  threadSave,
  threadSelf,
  threadStart,
  threadStop,
  threadWrite,
} from './object/thread.ts';
import { timerCancel, timerCreate, timerSet } from './object/timer.ts';
import { PTE_EXECUTE, PTE_READ, PTE_WRITE } from './page-table.ts';
import { askPager } from './pager.ts';
import { reportTrap } from './panic.ts';
import { ABSENT, resolve } from './region.ts';
import { INSTRUCTION_ECALL_SIZE, RESTART } from './restart.ts';
import { continueOrYield, current, yieldTurn } from './schedule.ts';
import type { Thread } from './structures.ts';

const INTERRUPT_TIMER: u32 = 5;

export function start(_hart: u32, tree: u32): Thread {
  return boot(tree);
}

/** The calls that say themselves who runs next. `value` is the caller's a0; the rest is in its slots. */
export function message_call(value: u32, call: u32): Thread {
  if (current().t6 !== NO_INTERRUPT) return acknowledgeAndGoOn(value, call);
  return goOn(value, call);
}

/** The message brings the acknowledgement of an interrupt with it; what is wrong with that is the answer. */
function acknowledgeAndGoOn(value: u32, call: u32): Thread {
  const thread = current();
  const fault = call === CALL_THREAD_YIELD ? 0 : interruptAcknowledge(thread.t6);
  if (fault === 0 || fault === ERROR_BAD_STATE) return goOn(value, call);
  thread.a0 = fault;
  return thread;
}

//@inline
function goOn(value: u32, call: u32): Thread {
  if (call === CALL_CALL) return fastCall(value);
  if (call === CALL_REPLY_AND_RECEIVE) return fastReplyAndReceive(value, current().t5);
  if (call === CALL_RECEIVE) return receive(value);
  if (call === CALL_REPLY) return reply(current().t5);
  if (call === CALL_SEND) return sendMessage(value, 0);
  assert(call === CALL_THREAD_YIELD);
  current().a0 = 0;
  return yieldTurn();
}

/** All others: methods of one object. Arguments are a0–a7 of the caller. */
export function system_call(
  a0: u32,
  a1: u32,
  a2: u32,
  a3: u32,
  a4: u32,
  a5: u32,
  _a6: u32,
  call: u32,
): Thread {
  const answer = method(a0, a1, a2, a3, a4, a5, call);
  if (answer === RESTART) current().pc -= INSTRUCTION_ECALL_SIZE;
  else current().a0 = answer;
  return continueOrYield();
}

/** An interrupt, or an exception of the running thread. */
export function trap(cause: u32, value: u32): Thread {
  if ((cause & CAUSE_INTERRUPT) === 0) return exception(cause, value);
  if ((cause & ~CAUSE_INTERRUPT) !== INTERRUPT_TIMER) {
    deliverExternal();
    return continueOrYield();
  }
  expireDeadlines();
  if (isSliceOver()) return yieldTurn();
  renew();
  return continueOrYield();
}

export function panic_trap(cause: u32, pc: u32, value: u32, ra: u32, sp: u32): void {
  reportTrap(cause, pc, value, ra, sp);
}

function exception(cause: u32, value: u32): Thread {
  const thread = current();
  let access: u32 = 0;
  if (cause === CAUSE_LOAD_PAGE) access = PTE_READ;
  else if (cause === CAUSE_STORE_PAGE) access = PTE_WRITE;
  else if (cause === CAUSE_FETCH_PAGE) access = PTE_EXECUTE;
  const result = access === 0 ? ERROR_BAD_ADDRESS : resolve(thread.space, value, access);
  if (result === 0) return thread;
  if (result === ABSENT && askPager(value, access)) return continueOrYield();
  endSpace(thread.space, EXIT_FAULT, cause, thread.pc, value);
  return continueOrYield();
}

/** What the call answers; what it answers to a thread that has ended does not matter. */
function method(a0: u32, a1: u32, a2: u32, a3: u32, a4: u32, a5: u32, call: u32): i32 {
  switch (call) {
    case CALL_NULL:
      return 0;
    case CALL_THREAD_EXIT:
      threadExit();
      return 0;
    case CALL_SPACE_EXIT:
      endSpace(current().space, EXIT_STATUS, a0, 0, 0);
      return 0;
    case CALL_NOTIFY:
      return portNotify(a0, a1);
    case CALL_LENT_READ:
      return lentRead(a0, a1, a2, a3, a4);
    case CALL_LENT_WRITE:
      return lentWrite(a0, a1, a2, a3, a4);
    case CALL_LENT_DELIVER:
      return lentDeliver(a0, a1, a2, a3, a4);
    case CALL_LENT_DELIVERED:
      return lentDelivered(a0);
    case CALL_LENT_ATTEND:
      return lentAttend(a0, a1);
    case CALL_LENT_PASS:
      return lentPass(a0, a1, a2, a3, a4);
    case CALL_LENT_INSPECT:
      return lentInspect(a0, a1);
    case CALL_LENT_WRITTEN:
      return lentWritten(a0);
    case CALL_HANDLE_COPY:
      return handleCopy(a0, a1, a2);
    case CALL_HANDLE_CLOSE:
      return handleClose(a0);
    case CALL_HANDLE_REVOKE:
      return handleRevoke(a0);
    case CALL_HANDLE_INSPECT:
      return handleInspect(a0);
    case CALL_HANDLE_WATCH:
      return handleWatch(a0, a1, a2);
    case CALL_SPACE_CREATE:
      return spaceCreate();
    case CALL_SPACE_GRANT:
      return spaceGrant(a0, a1, a2, a3);
    case CALL_SPACE_MAP:
      return spaceMap(a0, a1, a2, a3, a4, a5);
    case CALL_SPACE_UNMAP:
      return spaceUnmap(a0, a1);
    case CALL_SPACE_ACCOUNT:
      return spaceAccount(a0, a1);
    case CALL_SPACE_ALLOW:
      return spaceAllow(a0, a1, a2);
    case CALL_SPACE_KILL:
      return spaceKill(a0);
    case CALL_SPACE_WATCH:
      return spaceWatch(a0, a1, a2);
    case CALL_SPACE_STATUS:
      return spaceStatus(a0);
    case CALL_SPACE_STOP:
      return spaceStop(a0);
    case CALL_SPACE_START:
      return spaceStart(a0);
    case CALL_SPACE_THREAD:
      return spaceThread(a0, a1);
    case CALL_THREAD_CREATE:
      return threadCreate(a0, a1, a2, a3, a4);
    case CALL_THREAD_START:
      return threadStart(a0);
    case CALL_THREAD_STOP:
      return threadStop(a0);
    case CALL_THREAD_READ:
      return threadRead(a0, a1);
    case CALL_THREAD_WRITE:
      return threadWrite(a0, a1, a2);
    case CALL_THREAD_PRIORITY:
      return threadPriority(a0, a1);
    case CALL_THREAD_CANCEL:
      return threadCancel(a0);
    case CALL_THREAD_SELF:
      return threadSelf();
    case CALL_THREAD_SAVE:
      return threadSave(a0, a1);
    case CALL_THREAD_LOAD:
      return threadLoad(a0, a1);
    case CALL_THREAD_INSPECT:
      return threadInspect(a0);
    case CALL_PORT_CREATE:
      return portCreate();
    case CALL_PORT_WATCH:
      return portWatch(a0, a1, a2);
    case CALL_PORT_FORWARD:
      return portForward(a0, a1, a2);
    case CALL_PORT_FAIL:
      return portFail(a0, a1);
    case CALL_MEMORY_CREATE:
      return memoryCreate(a0);
    case CALL_MEMORY_CREATE_PAGED:
      return memoryCreatePaged(a0, a1);
    case CALL_MEMORY_PART:
      return memoryPart(a0, a1, a2);
    case CALL_MEMORY_MOVE_PAGE:
      return memoryMovePage(a0, a1, a2, a3);
    case CALL_MEMORY_INSPECT:
      return memoryInspect(a0);
    case CALL_MEMORY_COPY:
      return memoryCopy(a0, a1, a2, a3, a4);
    case CALL_MEMORY_CHANGES:
      return memoryChanges(a0, a1, a2);
    case CALL_MEMORY_LOCATE:
      return memoryLocate(a0, a1, a2);
    case CALL_INTERRUPT_CREATE:
      return interruptCreate(a0, a1);
    case CALL_INTERRUPT_BIND:
      return interruptBind(a0, a1, a2);
    case CALL_INTERRUPT_ACKNOWLEDGE:
      return interruptAcknowledge(a0);
    case CALL_TIMER_CREATE:
      return timerCreate();
    case CALL_TIMER_SET:
      return timerSet(a0, a1, a2, a3, a4);
    case CALL_TIMER_CANCEL:
      return timerCancel(a0);
    case CALL_CONTROL_LOG:
      return controlLog(a0, a1, a2);
    case CALL_CONTROL_READ_LOG:
      return controlReadLog(a0, a1, a2, a3);
    case CALL_CONTROL_USE:
      return controlUse(a0);
    case CALL_CONTROL_RESET:
      return controlReset(a0, a1, a2);
    default:
      return ERROR_NO_SUCH_CALL;
  }
}
