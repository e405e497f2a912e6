/**
 * Signals: who may send them to whom, and what they do. A program that catches one finds its bit when it asks,
 * and what its first thread waits in, now or next, is cancelled so that it does.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BUSY,
  ERROR_NO_SUCH_PROCESS,
  ERROR_NODE_LOST,
} from '../../abi/errors.ts';
import { BADGE_INIT, BADGE_SERVICE } from '../../abi/manifest.ts';
import {
  CAUSE_BREAKPOINT,
  CAUSE_FETCH_PAGE,
  CAUSE_ILLEGAL,
  CAUSE_LOAD_PAGE,
  CAUSE_STORE_PAGE,
} from '../../lib/csr.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { isUser } from '../../lib/user.ts';
import {
  ACTION_CATCH,
  ACTION_IGNORE,
  ALL_PROCESSES,
  HOW_CONTINUED,
  HOW_STOPPED,
  SIGNAL_BUS,
  SIGNAL_CHLD,
  SIGNAL_CONT,
  SIGNAL_ILL,
  SIGNAL_KILL,
  SIGNAL_SEGV,
  SIGNAL_STOP,
  SIGNAL_TRAP,
  SIGNAL_TSTP,
  SIGNAL_TTIN,
  SIGNAL_TTOU,
  SIGNAL_WINCH,
} from '../../proto/process.ts';
import { LATER } from '../../runtime/serve.ts';
import { cancelThread, kill, startSpace, stopSpace } from '../../runtime/system.ts';
import { CHANGED, SIGNAL } from './courier.ts';
import { newErrand, oweErrand } from './errand.ts';
import { allThere, isLost, isThere, setOf } from './nodes.ts';
import {
  callerOf,
  ENDED,
  isAway,
  isForeign,
  isService,
  LOADS,
  type Process,
  placeOf,
  processAt,
  processesEnd,
  processOf,
  READYING,
  RUNS,
  STOPPED,
} from './table.ts';
import { isSameUser } from './user.ts';
import { answerWaiter } from './wait.ts';

const SIGNALS: u32 = 32;

/** 0, LATER where other nodes are asked, or why nobody got it. Init's is for this node. */
export function sendSignal(badge: u32, token: u32, which: i32, signal: u32): i32 {
  if (signal >= SIGNALS) return ERROR_BAD_ARGUMENT;
  const caller = callerOf(badge);
  const isPrivileged = badge >= BADGE_SERVICE;
  if (isNone(caller) && (!isPrivileged || which === 0)) return ERROR_NO_SUCH_PROCESS;
  const meant = which === 0 ? -caller.group : which;
  const isLimited = !isPrivileged && isUser(caller.user);
  const session = isLimited ? caller.session : 0;
  const user = isLimited ? caller.real : 0;
  const nodes = badge === BADGE_INIT ? 0 : nodesMeant(meant);
  if (meant > 0 && isLost(placeOf(meant))) return ERROR_NODE_LOST;
  const fault =
    meant > 0 && nodes !== 0 ? ERROR_NO_SUCH_PROCESS : signalHere(meant, signal, session, user, caller);
  if (nodes === 0) return fault;
  const errand = newErrand(SIGNAL, token, nodes);
  if (isNone(errand)) return ERROR_BUSY;
  errand.result = fault;
  errand.word0 = meant;
  errand.word1 = signal;
  errand.word2 = session;
  errand.word3 = user;
  return LATER;
}

/** The other nodes that there may be processes of this number or group on. */
function nodesMeant(which: i32): u64 {
  if (which < 0) return allThere();
  const node = placeOf(which);
  return isThere(node) ? setOf(node) : 0;
}

/** By a process of another node, of this session and user; session 0: by root, or a service there. */
export function signalFrom(which: i32, signal: u32, session: i32, user: u32): i32 {
  if (signal >= SIGNALS) return ERROR_BAD_ARGUMENT;
  return signalHere(which, signal, session, user, none<Process>());
}

function signalHere(which: i32, signal: u32, session: i32, user: u32, caller: Process): i32 {
  let fault = ERROR_NO_SUCH_PROCESS;
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (!isMeant(process, which, caller)) continue;
    const isAllowed = session === 0 || process.session === session || isSameUser(user, process);
    if (isService(process) || !isAllowed) {
      if (fault !== 0) fault = ERROR_ACCESS;
      continue;
    }
    fault = 0;
    if (signal !== 0) deliver(process, signal);
  }
  return fault;
}

function isMeant(process: Process, which: i32, caller: Process): bool {
  if (process.pid === 0 || process.state === LOADS || isAway(process)) return false;
  if (which > 0) return process.pid === which;
  if (isService(process) || process.state === ENDED) return false;
  return which === ALL_PROCESSES ? process !== caller : process.group === -which;
}

/** What the signal does to a program. */
export function deliver(process: Process, signal: u32): void {
  if (process.state === ENDED) return;
  const bit = (<u32>1) << signal;
  if (process.state === READYING) {
    process.early |= bit;
    return;
  }
  if (signal === SIGNAL_CONT) resume(process);
  if (signal !== SIGNAL_KILL && signal !== SIGNAL_STOP) {
    if ((process.ignored & bit) !== 0) return;
    if ((process.caught & bit) !== 0) {
      process.pending |= bit;
      cancelThread(process.thread);
      return;
    }
  }
  switch (signal) {
    case SIGNAL_CHLD:
    case SIGNAL_WINCH:
    case SIGNAL_CONT:
      return;
    case SIGNAL_STOP:
    case SIGNAL_TSTP:
    case SIGNAL_TTIN:
    case SIGNAL_TTOU:
      suspend(process, signal);
      return;
    default:
      if (process.deadly === 0) process.deadly = signal;
      kill(process.space);
  }
}

/** It runs now: what came before. */
export function deliverEarly(process: Process): void {
  for (let signal: u32 = 1; signal < SIGNALS; signal += 1) {
    if (((process.early >> signal) & 1) !== 0) deliver(process, signal);
  }
  process.early = 0;
}

function suspend(process: Process, signal: u32): void {
  if (process.state !== RUNS || stopSpace(process.space) < 0) return;
  process.state = STOPPED;
  process.value = signal;
  process.change = HOW_STOPPED;
  tellParent(process);
}

function resume(process: Process): void {
  if (process.state !== STOPPED) return;
  process.state = RUNS;
  process.change = HOW_CONTINUED;
  startSpace(process.space);
  tellParent(process);
}

/** Of a change: by an answer to its wait, and by SIGCHLD; or its node is. */
export function tellParent(process: Process): void {
  if (isForeign(process)) {
    oweErrand(process, CHANGED);
    return;
  }
  const parent = processOf(process.parent);
  if (isNone(parent)) return;
  answerWaiter(parent);
  if (!isService(parent)) deliver(parent, SIGNAL_CHLD);
}

/** 0, or an error. */
export function setAction(process: Process, signal: u32, action: u32): i32 {
  if (signal === 0 || signal >= SIGNALS || action > ACTION_CATCH) return ERROR_BAD_ARGUMENT;
  if (signal === SIGNAL_KILL || signal === SIGNAL_STOP) return ERROR_BAD_ARGUMENT;
  const bit = (<u32>1) << signal;
  process.ignored &= ~bit;
  process.caught &= ~bit;
  if (action === ACTION_IGNORE) process.ignored |= bit;
  if (action === ACTION_CATCH) process.caught |= bit;
  process.pending &= process.caught;
  return 0;
}

/** The signal that an exception stands for. */
export function signalOfCause(cause: u32): u32 {
  switch (cause) {
    case CAUSE_ILLEGAL:
      return SIGNAL_ILL;
    case CAUSE_BREAKPOINT:
      return SIGNAL_TRAP;
    case CAUSE_FETCH_PAGE:
    case CAUSE_LOAD_PAGE:
    case CAUSE_STORE_PAGE:
      return SIGNAL_SEGV;
    default:
      return SIGNAL_BUS;
  }
}
