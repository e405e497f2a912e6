/**
 * The process service: programs are made, signalled and waited for here. One thread, this one, serves and never
 * waits for anybody; the loader calls other services, and couriers those of other nodes.
 *
 *     table.ts   who there is              signal.ts  what signals do          end.ts    what an end does
 *     spawn.ts   making a process          wait.ts    telling parents          list.ts   for ps
 *     image.ts   executables, kept         loader.ts  the loader's thread      nodes.ts  who else is there
 *     away.ts    children on other nodes   foreign.ts children of those there
 *     errand.ts  what those are told       courier.ts the threads that do it
 *
 * Started with the services that it uses; its arguments are the names of those that every program may use too.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_NO_SUCH_PROCESS,
  ERROR_NODE_LOST,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { BADGE_INIT } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { START_ADDRESS, START_ARGUMENT_COUNT, START_ARGUMENTS } from '../../abi/start.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { textsSize } from '../../lib/start-block.ts';
import { isUser } from '../../lib/user.ts';
import { HALT_OFF, HALT_REBOOT, NOTIFY_HALT_OFF, NOTIFY_HALT_REBOOT } from '../../proto/init.ts';
import { dispatch } from '../../proto/process.server.ts';
import type { End, Identity } from '../../proto/process.ts';
import * as peers from '../../proto/process-peer.server.ts';
import { fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleAt, handleNamed } from '../../runtime/start.ts';
import { createThread, notify, startThread, watchSpace } from '../../runtime/system.ts';
import { BADGE_PEER, CHANGED, LIST, runCourier, SET_GROUP, startCouriers } from './courier.ts';
import { finishEnd, handleDeaths } from './end.ts';
import {
  ask,
  hearCouriers,
  lookAround,
  oweErrand,
  resumeErrands,
  sendCouriers,
  startErrands,
} from './errand.ts';
import type { PeerServer } from './foreign.ts';
import { startImages } from './image.ts';
import { giveList } from './list.ts';
import { JOB_LOADED, JOB_PLACED, JOB_REPORTED, jobOf, runLoader, startLoader } from './loader.ts';
import { isThere } from './nodes.ts';
import { sendSignal, setAction } from './signal.ts';
import {
  finishPlacing,
  finishSpawn,
  giveMore,
  giveMorePages,
  requestSpawn,
  shareHandle,
  startPrepared,
  startSpawning,
  unlessRefused,
} from './spawn.ts';
import {
  callerOf,
  DEATH_BITS,
  deathBit,
  isAway,
  isForeign,
  isGroupOf,
  newService,
  ownNode,
  pathOf,
  placeOf,
  processAt,
  processesEnd,
  processOf,
  RUNS,
  startTable,
} from './table.ts';
import { setStartsAs } from './user.ts';
import { waitForChild } from './wait.ts';

/** A bit of the port, above those of deaths. */
const NOTIFY_LOADER: u32 = 1 << DEATH_BITS;
const NOTIFY_COURIERS: u32 = NOTIFY_LOADER << 1;
const NOTIFY_NODES: u32 = NOTIFY_LOADER << 2;
const NOTIFY_PAUSE: u32 = NOTIFY_LOADER << 3;
const LABEL_CONTRACT_SHIFT: u32 = 8;
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
  startLoader(space, handleNamed('name'), handleNamed('load'), port, NOTIFY_LOADER);
  shareHandles();
  const net = handleNamed('net');
  if (net !== 0) {
    startErrands(port, NOTIFY_PAUSE);
    startCouriers(space, threadEntry(), port, NOTIFY_COURIERS, NOTIFY_NODES, net);
  }
  startThread(createThread(space, threadEntry(), stack + STACK_SIZE, 0, LOADER_PRIORITY));
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (result === NOTIFIED) handleBits(request.label);
    else if (request.label >> LABEL_CONTRACT_SHIFT !== peers.CONTRACT) dispatch(none<Server>(), request);
    else if (request.badge === BADGE_PEER) peers.dispatch(none<PeerServer>(), request);
    else refuse(request, ERROR_ACCESS);
    if (net !== 0) sendCouriers();
    result = nextRequest(request);
  }
  return -result;
}

/** Another thread: the loader's, or from 1 on a courier's. */
export function thread(number: u32): void {
  if (number === 0) runLoader();
  else runCourier(number - 1);
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
  if ((bits & NOTIFY_COURIERS) !== 0) hearCouriers();
  if ((bits & NOTIFY_NODES) !== 0) lookAround();
  if ((bits & NOTIFY_PAUSE) !== 0) resumeErrands();
  if ((bits & NOTIFY_LOADER) === 0) return;
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    const job = jobOf(process);
    if (job === JOB_LOADED) finishSpawn(process);
    else if (job === JOB_REPORTED) finishEnd(process);
    else if (job === JOB_PLACED) finishPlacing(process);
  }
}

//@unmanaged
class Server {
  spawn(request: Message, imageSize: u32, startSize: u32, group: i32, node: i32, handles: u32): i32 {
    const result = requestSpawn(request, imageSize, startSize, group, node, handles, 0);
    return unlessRefused(request, handles, result);
  }

  prepare(request: Message, imageSize: u32, startSize: u32, group: i32, node: i32, handles: u32): i32 {
    const result = requestSpawn(request, imageSize, startSize, group, node, handles, 1);
    return unlessRefused(request, handles, result);
  }

  give(request: Message, pid: u32, handles: u32): i32 {
    return unlessRefused(request, handles, giveMore(request, pid, handles));
  }

  start(request: Message, pid: u32): i32 {
    return startPrepared(request, pid);
  }

  wait(request: Message, which: i32, options: u32, _result: End): i32 {
    const caller = callerOf(request.badge);
    return isNone(caller) ? ERROR_ACCESS : waitForChild(caller, request.token, which, options);
  }

  kill(request: Message, which: i32, signal: u32): i32 {
    return sendSignal(request.badge, request.token, which, signal);
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
    if (isAway(process)) return ask(SET_GROUP, request.token, process.node, process.key, wanted);
    process.group = wanted;
    if (isForeign(process)) oweErrand(process, CHANGED);
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

  list(request: Message, node: u32, first: u32, intoSize: u32): i32 {
    if (node === ownNode()) return giveList(request.token, request.badge, first, intoSize);
    if (!isThere(node)) return ERROR_NODE_LOST;
    return ask(LIST, request.token, node, first, intoSize);
  }

  identify(request: Message, result: Identity): i32 {
    const caller = callerOf(request.badge);
    if (isNone(caller)) return ERROR_NO_SUCH_PROCESS;
    result.pid = caller.pid;
    result.parent = caller.parent;
    result.group = caller.group;
    result.session = caller.session;
    result.user = caller.real;
    return 0;
  }

  place(_request: Message, pid: u32): i32 {
    return pid === 0 ? ownNode() : placeOf(pid);
  }

  halt(request: Message, how: u32): i32 {
    const caller = callerOf(request.badge);
    if (!isNone(caller) && isUser(caller.user)) return ERROR_ACCESS;
    if (how !== HALT_OFF && how !== HALT_REBOOT) return ERROR_BAD_ARGUMENT;
    const init = handleNamed('init');
    if (init === 0) return ERROR_ACCESS;
    return notify(init, how === HALT_OFF ? NOTIFY_HALT_OFF : NOTIFY_HALT_REBOOT);
  }

  adopt(request: Message, space: u32, nameSize: u32, priority: u32): i32 {
    return unlessRefused(request, 1, adopt(request, space, nameSize, priority));
  }

  allow(request: Message, pages: u32): i32 {
    const caller = processOf(request.badge);
    return isNone(caller) ? ERROR_ACCESS : giveMorePages(caller, pages);
  }

  startAs(request: Message, uid: u32, gid: u32): i32 {
    return setStartsAs(callerOf(request.badge), uid, gid);
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
