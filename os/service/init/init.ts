/**
 * The first process: starts what the manifest says, gives each service its own and nothing else, starts again
 * what dies, and ends the machine in good order.
 *
 *     manifest.ts   what there is to start          service.ts    what each has, and its start
 *     devices.ts    which devices there are         supervise.ts  deaths, restarts, health
 *     mounts.ts     which paths lead to whom        sessions.ts   programs, by a thread of their own
 *     end.ts        halt and restart                report.ts     the boot log
 *
 * It owns everything, and calls only names, processes and trees; none of these ever calls it and waits.
 */
import { ERROR_BAD_ARGUMENT, ERROR_NOT_FOUND, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { INIT_SPACE } from '../../abi/layout.ts';
import { BADGE_INIT, BADGE_SERVICE, SERVICE_PRIORITY, SERVICE_RESTARTS_MAX } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_SEND } from '../../abi/rights.ts';
import { addNumber, addText, addZeroEnded } from '../../lib/line.ts';
import { none } from '../../lib/pointer.ts';
import { textsSize } from '../../lib/start-block.ts';
import { dispatch } from '../../proto/init.server.ts';
import {
  HALT_OFF,
  HALT_REBOOT,
  NOTIFY_HALT_OFF,
  NOTIFY_HALT_REBOOT,
  SERVICE_RECORD_PID,
  SERVICE_RECORD_RESTARTS,
  SERVICE_RECORD_SIZE,
  SERVICE_RECORD_STATE,
  STATE_ABSENT,
} from '../../proto/init.ts';
import * as programs from '../../proto/process.client.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, nextRequest } from '../../runtime/serve.ts';
import {
  copyHandle,
  createPort,
  createThread,
  createTimer,
  kill,
  lentRead,
  lentWrite,
  setTimer,
  startThread,
} from '../../runtime/system.ts';
import { halt, isHalting, switchOff } from './end.ts';
import { openManifest, serviceCount, sessionCount } from './manifest.ts';
import { mountAll } from './mounts.ts';
import { beginReport, endReport, report } from './report.ts';
import {
  follow,
  makeServices,
  nameOf,
  SERVICES_MAX,
  serviceAt,
  startService,
  tellFollowers,
} from './service.ts';
import { runSessions } from './sessions.ts';
import { handleDeaths, pingServices } from './supervise.ts';

const CLIENT_RIGHTS: u32 = RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY;
/** Bits of init's port; those below are the services'. */
const NOTIFY_HEALTH: u32 = 1 << SERVICES_MAX;
const HEALTH_SECONDS: u32 = 1;
const STACK_SIZE: u32 = 8192;
/** Below every service: sessions are in no hurry. */
const SESSION_PRIORITY: u32 = 16;

const buffer = memory.data(64, 4);
const nameBuffer = memory.data(12, 4);
const record = memory.data(24, 4);
const stack = memory.data(8192, 16);

let port: u32 = 0;
let timer: u32 = 0;
/** Handles with init's badge; 0 where there is no such service. */
let names: u32 = 0;
let processes: u32 = 0;
let members: u32 = 0;

export function main(_archiveSize: u32): i32 {
  port = createPort();
  timer = createTimer();
  if (!openManifest()) {
    report('the boot archive has no manifest: build it again');
    switchOff(1);
  }
  makeServices(port);
  names = portOf('name');
  processes = portOf('process');
  members = portOf('member');
  startServices();
  if (names !== 0) mountAll(names);
  for (let index: u32 = 0; index < serviceCount(); index += 1) adopt(index);
  if (processes !== 0 && sessionCount() > 0) startSessions();
  setHealthTimer();
  serve();
  return 0;
}

function serve(): void {
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) handleBits(request.label);
    else dispatch(none<Server>(), request);
    result = nextRequest(request);
  }
}

function handleBits(bits: u32): void {
  if ((bits & NOTIFY_HALT_OFF) !== 0) halt(processes, members, HALT_OFF);
  if ((bits & NOTIFY_HALT_REBOOT) !== 0) halt(processes, members, HALT_REBOOT);
  const started = handleDeaths(bits & (NOTIFY_HEALTH - 1));
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    if ((started & (1 << index)) === 0) continue;
    if (isNamed(index, 'name')) mountAll(names);
    adopt(index);
    tellFollowers(index);
  }
  if ((bits & NOTIFY_HEALTH) === 0) return;
  pingServices();
  setHealthTimer();
}

function setHealthTimer(): void {
  const time = now() + (HEALTH_SECONDS as u64) * (TICKS_PER_SECOND as u64);
  setTimer(timer, port, NOTIFY_HEALTH, time as u32, (time >> 32) as u32);
}

/** In the manifest's order; what cannot be started cannot be done without. */
function startServices(): void {
  const line = beginReport();
  addText(line, 'starting');
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    const service = serviceAt(index);
    addText(line, ' ');
    addZeroEnded(line, nameOf(service));
    if (service.state === STATE_ABSENT) addText(line, ' (absent)');
  }
  endReport(line);
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    if (serviceAt(index).state === STATE_ABSENT) continue;
    const result = startService(index);
    if (result === 0) continue;
    const fault = beginReport();
    addZeroEnded(fault, nameOf(serviceAt(index)));
    addText(fault, ' cannot be started, error ');
    addNumber(fault, -result);
    addText(fault, result === ERROR_NOT_FOUND ? ': the boot archive has no such file' : '');
    endReport(fault);
    switchOff(1);
  }
}

/** The process service's list is to have it too. */
function adopt(index: u32): void {
  const service = serviceAt(index);
  if (processes === 0 || service.space === 0) return;
  const name = nameOf(service);
  const priority = load<u32>(service.record, SERVICE_PRIORITY);
  const end = now() + (TICKS_PER_SECOND as u64);
  const size = textsSize(name, 1) - 1;
  const pid = programs.adoptUntil(
    processes,
    end as u32,
    (end >> 32) as u32,
    service.space,
    name,
    size,
    priority,
  );
  if (pid > 0) service.pid = pid;
}

//@external("thread", "entry")
declare function threadEntry(): u32;

function startSessions(): void {
  const thread = createThread(INIT_SPACE, threadEntry(), stack + STACK_SIZE, 0, SESSION_PRIORITY);
  startThread(thread);
}

/** The thread of the sessions. */
export function thread(_argument: u32): void {
  runSessions(names, processes);
}

/** The service's port with init's badge; 0 where there is none of that name, or it is absent. */
function portOf(name: string): u32 {
  const index = indexOf(name);
  if (index === SERVICES_MAX || serviceAt(index).state === STATE_ABSENT) return 0;
  return copyHandle(serviceAt(index).port, CLIENT_RIGHTS, BADGE_INIT);
}

function indexOf(name: string): u32 {
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    if (isNamed(index, name)) return index;
  }
  return SERVICES_MAX;
}

function isNamed(index: u32, name: string): bool {
  const length: u32 = name.length;
  const own = nameOf(serviceAt(index));
  for (let at: u32 = 0; at < length; at += 1) {
    if (load<u8>(own + at) !== load<u16>(changetype<usize>(name) + (at << 1))) return false;
  }
  return load<u8>(own + length) === 0;
}

//@unmanaged
class Server {
  halt(_request: Message, how: u32): i32 {
    if (!isHalting()) halt(processes, members, how);
    return 0;
  }

  /** Its death is an event like any other, but not a failure, unless nobody can take its place. */
  restart(request: Message, nameSize: u32): i32 {
    if (nameSize > 11) return ERROR_NOT_FOUND;
    memory.fill(nameBuffer, 0, 12);
    const count = lentRead(request.token, 0, 0, nameBuffer, nameSize);
    if (count < 0) return count;
    for (let index: u32 = 0; index < serviceCount(); index += 1) {
      const service = serviceAt(index);
      if (!isSame(nameOf(service), nameBuffer) || service.space === 0) continue;
      service.isAsked = load<u32>(service.record, SERVICE_RESTARTS_MAX) > 0 ? 1 : 0;
      return kill(service.space);
    }
    return ERROR_NOT_FOUND;
  }

  tellOfRestarts(request: Message, badge: u32, bits: u32): i32 {
    const leader = request.badge - BADGE_SERVICE;
    const follower = badge - BADGE_SERVICE;
    if (leader >= serviceCount() || follower >= serviceCount()) return ERROR_BAD_ARGUMENT;
    follow(leader, follower, bits);
    return 0;
  }

  list(request: Message, intoSize: u32): i32 {
    const size = serviceCount() * SERVICE_RECORD_SIZE;
    if (size > intoSize) return ERROR_TOO_LARGE;
    for (let index: u32 = 0; index < serviceCount(); index += 1) {
      const service = serviceAt(index);
      memory.fill(record, 0, SERVICE_RECORD_SIZE);
      const name = nameOf(service);
      memory.copy(record, name, textsSize(name, 1));
      store<u32>(record, service.state, SERVICE_RECORD_STATE);
      store<u32>(record, service.restarts, SERVICE_RECORD_RESTARTS);
      store<u32>(record, service.pid, SERVICE_RECORD_PID);
      const at = index * SERVICE_RECORD_SIZE;
      const written = lentWrite(request.token, 0, at, record, SERVICE_RECORD_SIZE);
      if (written !== <i32>SERVICE_RECORD_SIZE) return written < 0 ? written : ERROR_TOO_LARGE;
    }
    return size;
  }
}

function isSame(one: u32, other: u32): bool {
  let at: u32 = 0;
  while (load<u8>(one + at) === load<u8>(other + at)) {
    if (load<u8>(one + at) === 0) return true;
    at += 1;
  }
  return false;
}
