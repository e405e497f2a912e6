/**
 * The process service: programs are made, signalled and waited for here. It has two threads: this one serves
 * and never waits for anybody; the loader (loader.ts) calls other services.
 *
 *     table.ts   who there is              signal.ts  what signals do        end.ts    what an end does
 *     spawn.ts   making a process          wait.ts    telling parents        list.ts   for ps
 *     image.ts   executables, kept         loader.ts  the other thread
 *
 * Started with the services that it uses; its arguments are the names of those that every program may use too.
 */
import { ERROR_ACCESS, ERROR_BAD_ARGUMENT, ERROR_NO_SUCH_PROCESS, ERROR_TOO_MANY } from '../../abi/errors.ts';
import { BADGE_INIT } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { START_ADDRESS, START_ARGUMENT_COUNT, START_ARGUMENTS } from '../../abi/start.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { textsSize } from '../../lib/start-block.ts';
import { HALT_OFF, HALT_REBOOT, NOTIFY_HALT_OFF, NOTIFY_HALT_REBOOT } from '../../proto/init.ts';
import { dispatch } from '../../proto/process.server.ts';
import type { End, Identity } from '../../proto/process.ts';
import { fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, LATER, nextRequest, receivedHandle } from '../../runtime/serve.ts';
import { handleAt, handleNamed } from '../../runtime/start.ts';
import { close, createThread, notify, startThread, watchSpace } from '../../runtime/system.ts';
import { finishEnd, handleDeaths } from './end.ts';
import { startImages } from './image.ts';
import { giveList } from './list.ts';
import { JOB_LOADED, JOB_REPORTED, jobOf, runLoader, startLoader } from './loader.ts';
import { sendSignal, setAction } from './signal.ts';
import { finishSpawn, giveMore, requestSpawn, shareHandle, startPrepared, startSpawning } from './spawn.ts';
import {
  callerOf,
  DEATH_BITS,
  deathBit,
  isGroupOf,
  newService,
  PROCESSES_MAX,
  pathOf,
  processAt,
  processOf,
  RUNS,
  startTable,
} from './table.ts';
import { waitForChild } from './wait.ts';

/** A bit of the port, above those of deaths. */
const NOTIFY_LOADER: u32 = 1 << DEATH_BITS;
const STACK_SIZE: u32 = 8192;
/** As this thread's own: what the loader does is waited for. */
const LOADER_PRIORITY: u32 = 20;
const NAME_SIZE_MAX: u32 = 11;

const buffer = memory.data(64, 4);
const extras = memory.data(64, 64);
const stack = memory.data(8192, 16);

//@external("thread", "entry")
declare function threadEntry(): u32;

export function main(_argument: u32): i32 {
  const port = handleNamed('port');
  const space = handleNamed('space');
  startTable();
  startImages(space);
  startSpawning(space, port);
  startLoader(space, handleNamed('name'), port, NOTIFY_LOADER);
  shareHandles();
  startThread(createThread(space, threadEntry(), stack + STACK_SIZE, 0, LOADER_PRIORITY));
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (result === NOTIFIED) handleBits(request.label);
    else dispatch(none<Server>(), request);
    result = nextRequest(request);
  }
  return -result;
}

/** The loader's thread. */
export function thread(_argument: u32): void {
  runLoader();
}

function shareHandles(): void {
  let name = START_ADDRESS + load<u32>(START_ADDRESS, START_ARGUMENTS);
  const count = load<u32>(START_ADDRESS, START_ARGUMENT_COUNT);
  for (let index: u32 = 0; index < count; index += 1) {
    // the first argument is this service's own name
    if (index > 0) shareHandle(name, handleAt(name));
    name += textsSize(name, 1);
  }
}

function handleBits(bits: u32): void {
  handleDeaths(bits);
  if ((bits & NOTIFY_LOADER) === 0) return;
  for (let index: u32 = 0; index < PROCESSES_MAX; index += 1) {
    const process = processAt(index);
    const job = jobOf(process);
    if (job === JOB_LOADED) finishSpawn(process);
    else if (job === JOB_REPORTED) finishEnd(process);
  }
}

//@unmanaged
class Server {
  spawn(request: Message, imageSize: u32, startSize: u32, group: i32, handles: u32): i32 {
    return unlessRefused(request, handles, requestSpawn(request, imageSize, startSize, group, handles, 0));
  }

  prepare(request: Message, imageSize: u32, startSize: u32, group: i32, handles: u32): i32 {
    return unlessRefused(request, handles, requestSpawn(request, imageSize, startSize, group, handles, 1));
  }

  give(request: Message, pid: u32, handles: u32): i32 {
    return unlessRefused(request, handles, giveMore(request, pid, handles));
  }

  start(request: Message, pid: u32): i32 {
    return startPrepared(request.badge, pid);
  }

  wait(request: Message, which: i32, options: u32, _result: End): i32 {
    const caller = callerOf(request.badge);
    return isNone(caller) ? ERROR_ACCESS : waitForChild(caller, request.token, which, options);
  }

  kill(request: Message, which: i32, signal: u32): i32 {
    return sendSignal(request.badge, which, signal);
  }

  /** Of itself or a child, within its session; a leader of a session stays in its group. */
  setGroup(request: Message, pid: u32, group: u32): i32 {
    const caller = callerOf(request.badge);
    if (isNone(caller)) return ERROR_ACCESS;
    const process = pid === 0 ? caller : processOf(pid);
    if (isNone(process)) return ERROR_NO_SUCH_PROCESS;
    const isOwn = process === caller || process.parent === caller.pid;
    if (!isOwn || process.session !== caller.session) return ERROR_NO_SUCH_PROCESS;
    const wanted: i32 = group === 0 ? process.pid : group;
    if (process.pid === process.session && wanted !== process.pid) return ERROR_ACCESS;
    if (wanted !== process.pid && !isGroupOf(wanted, process.session, process)) return ERROR_NO_SUCH_PROCESS;
    process.group = wanted;
    return 0;
  }

  setSignal(request: Message, signal: u32, action: u32): i32 {
    const caller = processOf(request.badge);
    return isNone(caller) ? ERROR_ACCESS : setAction(caller, signal, action);
  }

  takeSignals(request: Message): i32 {
    const caller = processOf(request.badge);
    if (isNone(caller)) return ERROR_ACCESS;
    const taken = caller.pending;
    caller.pending = 0;
    return taken;
  }

  list(request: Message, first: u32, intoSize: u32): i32 {
    return giveList(request.token, first, intoSize);
  }

  identify(request: Message, result: Identity): i32 {
    const caller = callerOf(request.badge);
    if (isNone(caller)) return ERROR_NO_SUCH_PROCESS;
    result.pid = caller.pid;
    result.parent = caller.parent;
    result.group = caller.group;
    result.session = caller.session;
    return 0;
  }

  halt(_request: Message, how: u32): i32 {
    if (how !== HALT_OFF && how !== HALT_REBOOT) return ERROR_BAD_ARGUMENT;
    const init = handleNamed('init');
    if (init === 0) return ERROR_ACCESS;
    return notify(init, how === HALT_OFF ? NOTIFY_HALT_OFF : NOTIFY_HALT_REBOOT);
  }

  adopt(request: Message, space: u32, nameSize: u32, priority: u32): i32 {
    return unlessRefused(request, 1, adopt(request, space, nameSize, priority));
  }
}

function adopt(request: Message, space: u32, nameSize: u32, priority: u32): i32 {
  if (request.badge !== BADGE_INIT) return ERROR_ACCESS;
  if (nameSize > NAME_SIZE_MAX) return ERROR_BAD_ARGUMENT;
  const process = newService();
  if (isNone(process)) return ERROR_TOO_MANY;
  const result = fetchLent(request.token, 0, 0, pathOf(process), nameSize);
  if (result < 0) {
    process.pid = 0;
    return result;
  }
  process.pathSize = nameSize;
  process.parent = processAt(0).pid;
  process.group = process.pid;
  process.state = RUNS;
  process.priority = priority;
  process.space = space;
  watchSpace(space, handleNamed('port'), deathBit(process));
  return process.pid;
}

/** What is refused leaves no handles behind. */
function unlessRefused(request: Message, count: u32, result: i32): i32 {
  if (result >= 0 || result === LATER) return result;
  for (let index: u32 = 0; index < count; index += 1) close(receivedHandle(request, index));
  return result;
}
