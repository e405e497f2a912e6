/**
 * The locate service: which node has what, asked by those who bind, move and want resources, and by the services of
 * its kind on other nodes.
 *
 *     a caller ─→ ┐                              ┌→ ways.ts ─→ net ─→ another node's locate service
 *     a peer   ─→ ├ directory.ts, which never    │
 *     a timer  ─→ ┘ waits, and all it knows ─→ ──┴→ the caller is answered
 *
 * The strategy is that of the kernel's command line, locate=central, class, local or full, or of the manifest, which
 * has strategy=… among this service's arguments; central where neither says. A node that is alone has only its own
 * resources.
 */
import { ERROR_ACCESS, ERROR_BAD_ARGUMENT, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { BADGE_SERVICE } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { none } from '../../lib/pointer.ts';
import { textsSize } from '../../lib/start-block.ts';
import * as clock from '../../proto/clock.client.ts';
import type { Instant } from '../../proto/clock.ts';
import * as files from '../../proto/file.server.ts';
import * as init from '../../proto/init.client.ts';
import { completeBind, completeResolve, dispatch } from '../../proto/locate.server.ts';
import {
  CLASS_SERVICE,
  CLASS_SHIFT,
  LOCATE_BYTES,
  LOCATE_COUNTERS,
  LOCATE_COUNTS,
  LOCATE_HINTS,
  LOCATE_IN_USE,
  LOCATE_OWN,
  LOCATE_ROWS,
  LOCATE_STATE_SIZE,
  LOCATE_WANTED,
  STRATEGIES,
  STRATEGY_BY_CLASS,
  STRATEGY_CENTRAL,
  STRATEGY_FULL,
  STRATEGY_LOCAL,
} from '../../proto/locate.ts';
import * as member from '../../proto/member.client.ts';
import * as net from '../../proto/net.client.ts';
import { PEER_LOCATE } from '../../proto/net.ts';
import * as trees from '../../proto/tree.server.ts';
import { now } from '../../runtime/clock.ts';
import { variable } from '../../runtime/environment.ts';
import { deliverLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { offerFace } from '../../runtime/peer-face.ts';
import { closeRoots, isRoot, rootAt } from '../../runtime/root-directory.ts';
import { firstRequest, LATER, nextRequest, receivedHandle } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, createTimer, hasDied, setTimer, watchPort } from '../../runtime/system.ts';
import { awaitBindings, NEVER_DUE } from './agreement.ts';
import { counters } from './counters.ts';
import {
  bindHere,
  changeView,
  endHere,
  hearDirectory,
  moveHere,
  resolveFor,
  startDirectory,
  tickDirectory,
  unbindHere,
  useStrategy,
} from './directory.ts';
import { inUse, wanted } from './generation.ts';
import { HINT_SIZE, hintCount } from './hints.ts';
import { BINDING_BEATS } from './limits.ts';
import type { Words } from './message.ts';
import { argumentOf, bindOffered, isText, LOOK_BEATS } from './offered.ts';
import { OWN_SIZE, ownAt, ownCount, ownEnd } from './own.ts';
import { ROW_SIZE, rowCount } from './rows.ts';
import { isStatted, type Services, startServices } from './services.ts';
import { beats, ticksOf } from './time.ts';
import { lookAround, nodeHere, sendWords, startWays } from './ways.ts';
import { bindWorld } from './world.ts';

const BIT_TIMER: u32 = 1;
const BIT_VIEW: u32 = 2;
const BIT_DEATHS: u32 = 4;
const BIT_CLOSED: u32 = 8;
/** What other nodes' locate services have for a badge: no service of this node has it. */
const BADGE_PEER: u32 = 0x7f00_0000;
const CONTRACT_SHIFT: u32 = 8;
const HANDLES_MASK: u32 = 15;
/** How long init may take to say what there is: it is quick, or ends the machine. */
const SOON_TICKS: u64 = 100_000;
const SERVICES_SIZE: u32 = 1024;
/** What an own resource's entry begins with. */
const ID_SIZE: u32 = 8;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

const buffer = memory.data(64, 4);
const extras = memory.data(64, 64);
const instant = memory.data(8, 8);
const state = memory.data(96, 4);
const services = memory.data(1024, 4);

let port: u32 = 0;
let names: u32 = 0;
let timer: u32 = 0;
let timerDue: u32 = 0xffff_ffff;
/** When to look again for what is offered here. */
let lookDue: u32 = 0;
/** When to look again whose servers have died. */
let deadDue: u32 = 0xffff_ffff;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  names = handleNamed('name');
  timer = createTimer();
  const strategy = strategyGiven();
  if (strategy === STRATEGIES) return ERROR_BAD_ARGUMENT;
  start(strategy);
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (result === NOTIFIED) hearBits(request.label);
    else serve(request);
    goOn();
    result = nextRequest(request);
  }
  return -result;
}

function start(strategy: u32): void {
  const service = handleNamed('net');
  const members = handleNamed('member');
  startWays(service, members);
  startServices(port, BIT_CLOSED);
  bindWorld(sendWords.index, answer.index, drop.index);
  startDirectory(nodeHere(), startHere(), strategy);
  awaitBindings(beats() + BINDING_BEATS);
  if (service !== 0) {
    if (members !== 0) member.attend(members, port, BIT_VIEW);
    enterCluster();
  }
  goOn();
}

/** Anew at each change: net may have begun anew. */
function enterCluster(): void {
  const service = handleNamed('net');
  net.attend(service, port, BIT_VIEW);
  offerFace(service, PEER_LOCATE, port, BADGE_PEER);
  changeView(lookAround(), beats());
}

/** A number that grows from start to start. */
function startHere(): u32 {
  const service = handleNamed('clock');
  const time = changetype<Instant>(instant);
  if (service === 0 || clock.now(service, time) !== 0) return beats();
  return (time.nanoseconds / NANOSECONDS_PER_MILLISECOND) as u32;
}

/** By the kernel's command line, or else the manifest; STRATEGIES for one that there is none of. */
function strategyGiven(): u32 {
  const told = variable('locate');
  const text = told !== 0 ? told : argumentOf('strategy');
  if (text === 0) return STRATEGY_CENTRAL;
  const size = textsSize(text, 1) - 1;
  if (isText(text, size, 'central')) return STRATEGY_CENTRAL;
  if (isText(text, size, 'class')) return STRATEGY_BY_CLASS;
  if (isText(text, size, 'local')) return STRATEGY_LOCAL;
  return isText(text, size, 'full') ? STRATEGY_FULL : STRATEGIES;
}

function serve(request: Message): void {
  if (request.badge === BADGE_PEER) hearPeer(request);
  else if (isRoot(request.badge)) files.dispatch(rootAt(request.badge), request);
  else if (request.label >> CONTRACT_SHIFT === trees.CONTRACT) trees.dispatch(none<Services>(), request);
  else dispatch(none<Server>(), request);
}

/** What another node says wants no reply. */
function hearPeer(request: Message): void {
  const words = changetype<Words>(changetype<usize>(request) + offsetof<Message>('label'));
  const given = (request.counts & HANDLES_MASK) !== 0 ? receivedHandle(request, 0) : 0;
  hearDirectory(words, given, beats());
  if (request.token !== 0) request.label = ERROR_BAD_ARGUMENT;
}

function hearBits(bits: u32): void {
  if ((bits & BIT_VIEW) !== 0) enterCluster();
  if ((bits & BIT_DEATHS) !== 0 || deadDue <= beats()) endDead();
  if ((bits & BIT_CLOSED) !== 0) closeRoots();
}

/** Resources whose servers have died are here no more; of one that is on its way here, that is seen later. */
function endDead(): void {
  let isLeft = false;
  for (let index: u32 = 0; index < ownEnd(); index += 1) {
    const own = ownAt(index);
    if (own.isUsed === 0 || own.isHere === 0 || !hasDied(own.port)) continue;
    if (!endHere(own)) isLeft = true;
  }
  deadDue = isLeft ? beats() + LOOK_BEATS : NEVER_DUE;
}

/** What is due, and the timer for what will be. */
function goOn(): void {
  const time = beats();
  if (lookDue <= time) lookDue = bindOffered(names) ? time + LOOK_BEATS : NEVER_DUE;
  const due = min<u32>(tickDirectory(time), min<u32>(lookDue, deadDue));
  if (due === timerDue && due > time) return;
  timerDue = due;
  if (due === NEVER_DUE) return;
  const ticks = ticksOf(max<u32>(due, time + 1));
  setTimer(timer, port, BIT_TIMER, ticks as u32, (ticks >> 32) as u32);
}

function answer(token: u32, status: i32, given: u32): void {
  if (token === 0 || isStatted(token, status)) return;
  if (given === 0) completeBind(token, status);
  else completeResolve(token, given);
}

function drop(handle: u32): void {
  close(handle);
}

function isService(request: Message): bool {
  return request.badge >= BADGE_SERVICE;
}

//@unmanaged
class Server {
  bind(request: Message, resource: u64, server: u32): i32 {
    const fault = refusal(request, server);
    if (fault !== 0) return fault;
    bindHere(resource, server, request.token);
    return LATER;
  }

  move(request: Message, resource: u64, from: u32, server: u32): i32 {
    const fault = refusal(request, server);
    if (fault !== 0) return fault;
    moveHere(resource, from, server, request.token, beats());
    return LATER;
  }

  unbind(request: Message, resource: u64): i32 {
    if (!isService(request)) return ERROR_ACCESS;
    unbindHere(resource, request.token);
    return LATER;
  }

  resolve(request: Message, resource: u64): i32 {
    const family = (resource >> (CLASS_SHIFT as u64)) as u32;
    if (family !== CLASS_SERVICE && !isService(request)) return ERROR_ACCESS;
    resolveFor(resource, request.token, beats());
    return LATER;
  }

  attend(request: Message, bits: u32): i32 {
    if (!isService(request)) return ERROR_ACCESS;
    const end = now() + SOON_TICKS;
    const low = end as u32;
    return init.tellOfRestartsUntil(handleNamed('init'), low, (end >> 32) as u32, request.badge, bits);
  }

  /** Programs of the superuser and services have such badges: os/service/name. */
  use(request: Message, strategy: u32): i32 {
    if (request.badge !== 0 && !isService(request)) return ERROR_ACCESS;
    if (strategy >= STRATEGIES) return ERROR_BAD_ARGUMENT;
    useStrategy(strategy, request.token);
    return LATER;
  }

  list(request: Message, intoSize: u32): i32 {
    let size: u32 = 0;
    for (let index: u32 = 0; index < ownEnd(); index += 1) {
      const own = ownAt(index);
      if (own.isUsed === 0 || own.isHere === 0) continue;
      if (intoSize - size < ID_SIZE) return ERROR_TOO_LARGE;
      const result = deliverLent(request.token, 0, size, changetype<usize>(own), ID_SIZE);
      if (result < 0) return result;
      size += ID_SIZE;
    }
    return size;
  }

  services(request: Message, intoSize: u32): i32 {
    const end = now() + SOON_TICKS;
    const size = init.listUntil(handleNamed('init'), end as u32, (end >> 32) as u32, services, SERVICES_SIZE);
    if (size < 0) return size;
    if (<u32>size > intoSize) return ERROR_TOO_LARGE;
    const result = deliverLent(request.token, 0, 0, services, size);
    return result < 0 ? result : size;
  }

  inspect(request: Message, intoSize: u32): i32 {
    if (intoSize < LOCATE_STATE_SIZE) return ERROR_TOO_LARGE;
    store<u32>(state, inUse(), LOCATE_IN_USE);
    store<u32>(state, wanted(), LOCATE_WANTED);
    store<u32>(state, ownCount(), LOCATE_OWN);
    store<u32>(state, rowCount(), LOCATE_ROWS);
    store<u32>(state, hintCount(), LOCATE_HINTS);
    const bytes = ownCount() * OWN_SIZE + rowCount() * ROW_SIZE + hintCount() * HINT_SIZE;
    store<u32>(state, bytes, LOCATE_BYTES);
    memory.copy(state + LOCATE_COUNTS, counters(), LOCATE_COUNTERS << 2);
    const result = deliverLent(request.token, 0, 0, state, LOCATE_STATE_SIZE);
    return result < 0 ? result : LOCATE_STATE_SIZE;
  }
}

/** Why nothing may be bound with this; 0 where it may, and the port is watched. */
function refusal(request: Message, server: u32): i32 {
  const fault = isService(request) ? watchPort(server, port, BIT_DEATHS) : ERROR_ACCESS;
  if (fault < 0) close(server);
  return min<i32>(fault, 0);
}
