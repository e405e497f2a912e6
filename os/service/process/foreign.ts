/**
 * What other nodes' process services ask of this one (os/proto/process-peer.ts), and children here whose parents
 * are there. Such a child is whole here and has its parent's number; what it comes to is told to the parent's node
 * until that has heard. When the parent's node is lost, a child that its parent was not told of goes; one that
 * runs is init's from then on.
 */
import {
  ERROR_BAD_ARGUMENT,
  ERROR_NAME_TOO_LONG,
  ERROR_NO_SUCH_PROCESS,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { isNone, none } from '../../lib/pointer.ts';
import {
  SPAWN_GROUP,
  SPAWN_IGNORED,
  SPAWN_IS_PREPARED,
  SPAWN_KEY,
  SPAWN_PARENT,
  SPAWN_PATH,
  SPAWN_REAL,
  SPAWN_SESSION,
  SPAWN_USER,
} from '../../proto/process-peer.ts';
import { fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { askForChildren, hearChanged, hearReady } from './away.ts';
import { NODES_MAX, READY } from './courier.ts';
import { hangUp } from './end.ts';
import { oweErrand } from './errand.ts';
import { giveList } from './list.ts';
import { JOB_LOAD, JOB_NONE, jobOf, order } from './loader.ts';
import { deliverEarly, signalFrom } from './signal.ts';
import {
  discard,
  giveTo,
  isSizeOfBlock,
  PROGRAM_PRIORITY,
  run,
  takeBlock,
  takeHandles,
  unlessRefused,
} from './spawn.ts';
import {
  ENDED,
  init,
  isForeign,
  LOADS,
  newProgram,
  PATH_SIZE_MAX,
  PREPARED,
  type Process,
  pathOf,
  processOfKey,
  READYING,
  release,
} from './table.ts';
import { answerWaiter } from './wait.ts';

const record = memory.data(32, 4);

//@unmanaged
export class PeerServer {
  spawn(request: Message, whatSize: u32, startSize: u32, handles: u32): i32 {
    return unlessRefused(request, handles, beginForeign(request, whatSize, startSize, handles));
  }

  give(request: Message, key: u32, handles: u32): i32 {
    const process = foreign(key);
    return unlessRefused(
      request,
      handles,
      isWaiting(process) ? giveTo(process, request, handles) : ERROR_NO_SUCH_PROCESS,
    );
  }

  start(_request: Message, key: u32): i32 {
    const process = foreign(key);
    if (!isWaiting(process)) return ERROR_NO_SUCH_PROCESS;
    process.isPrepared = 0;
    if (process.state === PREPARED) run(process);
    return 0;
  }

  ready(_request: Message, key: u32, pid: u32, result: i32): i32 {
    return hearReady(key, pid, result);
  }

  changed(_request: Message, key: u32, how: u32, value: u32, group: u32, cycles: u64): i32 {
    return hearChanged(key, how, value, group, cycles);
  }

  holds(_request: Message, key: u32): i32 {
    return isNone(foreign(key)) ? ERROR_NO_SUCH_PROCESS : 0;
  }

  forsake(_request: Message, key: u32): i32 {
    const process = foreign(key);
    if (isNone(process)) return ERROR_NO_SUCH_PROCESS;
    loseParent(process);
    return 0;
  }

  setGroup(_request: Message, key: u32, group: u32): i32 {
    const process = foreign(key);
    if (isNone(process)) return ERROR_NO_SUCH_PROCESS;
    process.group = group;
    return 0;
  }

  signal(_request: Message, which: i32, signal: u32, session: u32, user: u32): i32 {
    return signalFrom(which, signal, session, user);
  }

  hangUp(_request: Message, session: u32): i32 {
    hangUp(session);
    return 0;
  }

  list(request: Message, first: u32, intoSize: u32): i32 {
    return giveList(request.token, 0, first, intoSize);
  }

  returned(_request: Message, node: u32): i32 {
    if (node >= NODES_MAX) return ERROR_BAD_ARGUMENT;
    askForChildren(node);
    return 0;
  }
}

/** None where no such child is here. */
function foreign(key: i32): Process {
  const process = processOfKey(key);
  const isHere = !isNone(process) && isForeign(process) && process.isAbandoned === 0;
  return isHere ? process : none<Process>();
}

/** Whether it is there and runs only when it is told to. */
function isWaiting(process: Process): bool {
  if (isNone(process) || process.isPrepared === 0) return false;
  return process.state === PREPARED || process.state === READYING;
}

/** A child for a process of another node is to be made: 0, or an error, and the handles are the caller's to close. */
function beginForeign(request: Message, size: u32, startSize: u32, handles: u32): i32 {
  if (size <= SPAWN_PATH || !isSizeOfBlock(startSize)) return ERROR_BAD_ARGUMENT;
  if (size - SPAWN_PATH > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  const process = newProgram();
  if (isNone(process)) return ERROR_TOO_MANY;
  process.state = LOADS;
  let result = fetchLent(request.token, 0, 0, record, SPAWN_PATH);
  if (result === 0) result = fetchLent(request.token, 0, SPAWN_PATH, pathOf(process), size - SPAWN_PATH);
  if (result === 0) result = takeBlock(process, request.token, startSize);
  if (result < 0) {
    discard(process);
    return result;
  }
  process.pathSize = size - SPAWN_PATH;
  note(process);
  takeHandles(process, request, handles);
  order(process, JOB_LOAD);
  return 0;
}

function note(process: Process): void {
  process.priority = PROGRAM_PRIORITY;
  process.key = load<u32>(record, SPAWN_KEY);
  process.parent = load<u32>(record, SPAWN_PARENT);
  process.group = load<u32>(record, SPAWN_GROUP);
  process.session = load<u32>(record, SPAWN_SESSION);
  process.ignored = load<u32>(record, SPAWN_IGNORED);
  process.user = load<u32>(record, SPAWN_USER);
  process.real = load<u32>(record, SPAWN_REAL);
  process.isPrepared = load<u32>(record, SPAWN_IS_PREPARED);
  if (process.group === 0) process.group = process.pid;
  if (process.session === 0) process.session = process.pid;
}

/** It has been made, or not: its parent's node is told. */
export function tellReady(process: Process, result: i32): void {
  process.result = result;
  if (process.isAbandoned !== 0) {
    discard(process);
    return;
  }
  if (result >= 0) process.state = READYING;
  oweErrand(process, READY);
}

/** The parent's node has heard of it, or is lost. */
export function finishReady(process: Process, result: i32): void {
  if (process.result < 0 || result < 0 || process.isAbandoned !== 0) discard(process);
  else {
    process.state = PREPARED;
    if (process.isPrepared === 0) run(process);
    deliverEarly(process);
  }
}

/** The parent's node has heard that `how` has happened, or knows of no such child. */
export function finishChanged(process: Process, how: u32, result: i32): void {
  if (result < 0) {
    loseParent(process);
    return;
  }
  if (process.state === ENDED && process.how === how) release(process);
  else if (process.change === how) process.change = 0;
}

/** The parent is not there any more. */
export function loseParent(process: Process): void {
  process.errands = 0;
  if (process.state === LOADS || process.state === READYING || process.state === PREPARED) {
    process.isAbandoned = 1;
    if (jobOf(process) === JOB_NONE && process.isUnderWay === 0) discard(process);
    return;
  }
  process.key = 0;
  process.parent = init().pid;
  answerWaiter(init());
}
