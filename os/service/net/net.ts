/**
 * The net service's process: network cards, packets, remote calls and proxies, all in one, since each message
 * passes them all.
 *
 *     a card's interrupt ─→ router.ts ─→ remote/ ─→ inward.ts: the port is called ┊ outward.ts: the caller is answered
 *     a message through a proxy ─→ outward.ts ─→ remote/ ─→ router.ts ─→ a card
 *
 * Every thread of the service does all of that in turn (worker.ts). What can wait until nobody waits for it is done
 * last, before the thread receives again: the next packets' pads, the timer. Without a number in its cluster, or
 * without its key, the node is alone, and the service only says so.
 */
import { unlikely } from 'rv';
import { CALL_RECEIVE, CALL_REPLY_AND_RECEIVE } from '../../abi/calls.ts';
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_CANCELLED,
  ERROR_NO_SUCH_MESSAGE,
  ERROR_NOT_FOUND,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { BADGE_SERVICE } from '../../abi/manifest.ts';
import { EXTRAS_RECEIVE_ONLY, NO_INTERRUPT, NOTIFIED } from '../../abi/message.ts';
import {
  answerFrames,
  frameDone,
  hasCarrier,
  hasFrame,
  nextFrame,
  takeCardInterrupt,
} from '../../lib/network-card.ts';
import { isUser } from '../../lib/user.ts';
import * as clock from '../../proto/clock.client.ts';
import type { Instant } from '../../proto/clock.ts';
import * as inits from '../../proto/init.client.ts';
import { completeDirectory, completePeer, dispatch } from '../../proto/net.server.ts';
import {
  LINK_RECORD_CARD,
  LINK_RECORD_COST,
  LINK_RECORD_NEIGHBOUR,
  LINK_RECORD_NODE,
  LINK_RECORD_SIZE,
  NO_CARD,
  NODE_RECORD_COST,
  NODE_RECORD_HOP,
  NODE_RECORD_INCARNATION,
  NODE_RECORD_NODE,
  NODE_RECORD_ROUND_TRIP,
  NODE_RECORD_SIZE,
} from '../../proto/net.ts';
import { NO_NUMBER } from '../../runtime/environment.ts';
import { deliverLent } from '../../runtime/lent.ts';
import { type Message, operate, receive } from '../../runtime/message.ts';
import { firstRequest, LATER } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { acknowledge, attendToLent, close, createTimer, notify, setTimer } from '../../runtime/system.ts';
import { cardAt, cardCount, interruptOf, keptWord, openCards, takeAllSent } from './cards.ts';
import { DIED, NOTIFY, RELEASE, tell } from './control.ts';
import { COUNTERS, counters } from './counters.ts';
import {
  DIRECTORY_ID,
  EXPORTS_MAX,
  exportAt,
  nextDeadExport,
  OFFERS_END,
  offerPort,
  startExports,
} from './exports.ts';
import { clusterKey, clusterNumber, nodeNumber, silenceMost } from './identity.ts';
import {
  endImport,
  IMPORT_MARK,
  IMPORTS_MAX,
  importNamed,
  importPort,
  nextOrphan,
  startImports,
  watchGiven,
} from './imports.ts';
import { carryOut, countReady, passOn } from './inward.ts';
import { NODES_MAX, PORTS_MAX } from './limits.ts';
import { countLinks, incarnationStated, linkCost, linkedNode } from './link-state.ts';
import { allowSilence, portTo } from './neighbour.ts';
import { callOut, sendAnswer } from './outward.ts';
import { isData, isPiece, joinCluster, PAYLOAD, PAYLOAD_SIZE, SOURCE, SOURCE_INCARNATION } from './packet.ts';
import { attend, doesAttend, lookAtPeers } from './peers.ts';
import { joinPiece, wholePacket } from './pieces.ts';
import { NEVER_STEPS, takeHurry } from './remote/hurry.ts';
import { roundTrip } from './remote/pace.ts';
import { hear, tickRemote } from './remote/remote.ts';
import { costTo, routeTo } from './route.ts';
import {
  arrive,
  finishHearing,
  isHearing,
  isReachable,
  prepareAhead,
  setCarrier,
  startRouter,
  tick,
} from './router.ts';
import { milliseconds, steps, stepsUntil, tickIn } from './steps.ts';
import { enter, extrasOf, heldBy, leave, letOthers, messageOf, startWorkers } from './worker.ts';

/** Bits of the port: a card's interrupt each, then these. */
const CARD_BITS: u32 = (1 << PORTS_MAX) - 1;
const BIT_TIMER: u32 = 1 << 8;
const BIT_ORPHANS: u32 = 1 << 9;
const BIT_DEATHS: u32 = 1 << 10;
/** There are requests to be carried out, more than one. */
const BIT_READY: u32 = 1 << 11;
/** Something has been delivered for the reply to a request that is being carried out. */
const BIT_DELIVERED: u32 = 1 << 12;

/** Frames that are heard in one turn. */
const BURST: u32 = 16;

const instant = memory.data(8, 8);
const record = memory.data(16, 4);

/** NO_NUMBER until the node has joined. */
let self: u32 = 0xffff_ffff;
let incarnation: u32 = 0;
let port: u32 = 0;
let timer: u32 = 0;
/** The step for which the timer is set. */
let timerDue: u32 = 0;
/** The millisecond in which the router is to be called, and the step in which remote calls are to be looked at. */
let routerDue: u32 = 0;
let remoteDue: u32 = 0;
/** BIT_ORPHANS, BIT_DEATHS: there are some that have not been told yet. */
let untold: u32 = 0;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  if (join()) {
    const opened = openCards();
    if (opened < 0) return opened;
    const started = start();
    if (started < 0) return started;
  }
  work(0);
  return 0;
}

/** Another thread's beginning. */
export function thread(worker: u32): void {
  work(worker);
}

/** Whether this node belongs to a cluster. */
function join(): bool {
  self = nodeNumber();
  const key = clusterKey();
  if (self === NO_NUMBER || key === 0) return false;
  joinCluster(clusterNumber(), key);
  return true;
}

/**
 * A number that grows from start to start: tenths of seconds since 2020, by the clock, or one more than the last
 * instance's, where that has lived for less. A number used twice would be a pad used twice (packet.ts).
 */
function beginning(): u32 {
  const time = changetype<Instant>(instant);
  assert(clock.now(handleNamed('clock'), time) === 0);
  const tenths: u64 = time.nanoseconds / 100_000_000;
  const number = max<u32>(1 + ((tenths - 15_778_368_000) as u32), load<u32>(keptWord()) + 1);
  store<u32>(keptWord(), number);
  return number;
}

function start(): i32 {
  incarnation = beginning();
  timer = createTimer();
  startExports(handleNamed('name'), port, BIT_DEATHS);
  startImports(port, BIT_ORPHANS);
  allowSilence(silenceMost());
  startRouter(self, incarnation, cardCount());
  for (let card: u32 = 0; card < cardCount(); card += 1)
    setCarrier(card, hasCarrier(cardAt(card)), milliseconds());
  routerDue = milliseconds();
  setTimerIn(0);
  return startWorkers(handleNamed('space'));
}

/** A thread's life. */
function work(worker: u32): void {
  const message = messageOf(worker);
  attendToLent(port, BIT_DELIVERED);
  let result = firstRequest(message, port, extrasOf(worker));
  while (true) {
    enter(worker);
    let interrupt = NO_INTERRUPT;
    const token = message.token;
    if (result === NOTIFIED) interrupt = hearBits(message.badge, message.label);
    else if (result === 0 && (message.badge & IMPORT_MARK) !== 0) {
      message.token = 0;
      callOut(message, token, extrasOf(worker), steps());
    } else {
      unlikely();
      serve(message, result);
    }
    if (countReady() !== 0) {
      carryOutReady(worker, interrupt);
      interrupt = NO_INTERRUPT;
    }
    if (message.token === 0) prepareForNext();
    leave();
    result = goOn(message, interrupt);
  }
}

/** A request of this node's own; or the thread was cancelled, for the sake of a call that it had made already. */
function serve(message: Message, result: i32): void {
  if (result === 0) {
    dispatch(changetype<Server>(0), message);
    return;
  }
  assert(result === ERROR_CANCELLED);
  message.token = 0;
}

/** Answers, if there is an answer, and receives what comes next. */
//@inline
function goOn(message: Message, interrupt: u32): i32 {
  const call = message.token === 0 ? CALL_RECEIVE : CALL_REPLY_AND_RECEIVE;
  const result = operate(message, call, interrupt);
  if (result !== ERROR_NO_SUCH_MESSAGE) return result;
  unlikely();
  return receive(message);
}

/** This thread carries out requests, and calls another for help where there are more. */
function carryOutReady(worker: u32, interrupt: u32): void {
  const message = messageOf(worker);
  let owed = interrupt;
  let isFree = true;
  if (message.token !== 0) {
    unlikely();
    sendAnswer();
  }
  while (countReady() !== 0 && isFree) {
    if (countReady() > 1) {
      unlikely();
      notify(port, BIT_READY);
    }
    isFree = carryOut(worker, owed);
    owed = NO_INTERRUPT;
  }
  if (countReady() !== 0) {
    unlikely();
    notify(port, BIT_READY);
  }
  message.port = port;
  message.extras = extrasOf(worker) | EXTRAS_RECEIVE_ONLY;
  message.token = 0;
}

/** What nobody waits for. */
function prepareForNext(): void {
  if (self === NO_NUMBER) return;
  prepareAhead();
  takeAllSent();
  // before ways are found anew: who is back mostly says first which life it is in
  lookAtPeers(self);
  const wait = takeHurry();
  if (isHearing()) {
    unlikely();
    const before = routerDue;
    routerDue = finishHearing(milliseconds());
    if (routerDue !== before || wait !== NEVER_STEPS) setAlarm(wait);
  } else if (wait !== NEVER_STEPS && <i32>(timerDue - steps()) > <i32>wait) {
    unlikely();
    setAlarm(wait);
  }
}

/** Remote calls are to be looked at within so many steps, NEVER_STEPS for when they are due already. */
function setAlarm(wait: u32): void {
  const now = steps();
  const due = remoteDue - now;
  const isSooner = <i32>due > <i32>wait;
  if (isSooner) remoteDue = now + wait;
  setTimerIn(min<u32>(stepsUntil(routerDue), isSooner ? wait : <u32>max<i32>(0, <i32>due)));
}

/** Bits of this port, or, where `name` is a proxy's, for another node. → the interrupt to be acknowledged. */
//@inline
function hearBits(name: u32, bits: u32): u32 {
  const card = ctz<u32>(bits);
  const isOne = bits === (<u32>1) << card && card < PORTS_MAX;
  if (isOne && (name | untold) === 0) return hearCard(card);
  unlikely();
  return hearAll(name, bits);
}

/** All that there may be beside one card's interrupt. */
function hearAll(name: u32, bits: u32): u32 {
  let interrupt = NO_INTERRUPT;
  if (name !== 0) {
    const entry = importNamed(name);
    tell(entry.peer, NOTIFY, entry.id, bits, steps());
    return interrupt;
  }
  for (let cards = bits & CARD_BITS; cards !== 0; cards &= cards - 1) {
    if (interrupt !== NO_INTERRUPT) acknowledge(interrupt);
    interrupt = hearCard(ctz<u32>(cards));
  }
  untold |= bits & (BIT_ORPHANS | BIT_DEATHS);
  if ((bits & BIT_DELIVERED) !== 0) passOn(steps());
  if ((bits & BIT_TIMER) !== 0) passTime();
  if ((untold & BIT_ORPHANS) !== 0) tellOrphans();
  if ((untold & BIT_DEATHS) !== 0) tellDeaths();
  return interrupt;
}

/** → its interrupt, which is to be acknowledged when there is time, or with the next message. */
function hearCard(index: u32): u32 {
  const card = cardAt(index);
  answerFrames(card);
  const frame = nextFrame(card);
  if (frame === 0) {
    unlikely();
    hearCarrier(index);
  } else {
    hearFrame(index, frame, card.frameSize);
    frameDone(card);
    if (hasFrame(card)) {
      unlikely();
      hearMore(index);
    }
  }
  return interruptOf(index);
}

/** Frames that have come together, or meanwhile: none of them is to interrupt once it is heard. */
function hearMore(index: u32): void {
  const card = cardAt(index);
  let left = BURST - 1;
  while (hasFrame(card)) {
    answerFrames(card);
    const frame = nextFrame(card);
    hearFrame(index, frame, card.frameSize);
    frameDone(card);
    left -= 1;
    if (left !== 0) continue;
    giveWay();
    left = BURST;
  }
}

/** Frames that come faster than they are heard have no end: what else there is to do is done between them. */
function giveWay(): void {
  sendAnswer();
  if (<i32>(steps() - timerDue) >= 0) passTime();
  if (countReady() !== 0) notify(port, BIT_READY);
  letOthers();
}

/** There is no frame that the interrupt would have come for. */
function hearCarrier(index: u32): void {
  if (takeCardInterrupt(cardAt(index))) setCarrier(index, hasCarrier(cardAt(index)), milliseconds());
}

/** Data needs no time, and comes most often. */
//@inline
function hearFrame(card: u32, packet: u32, size: u32): void {
  if (isData(packet)) {
    if (arrive(card, packet, size, 0)) hearData(packet);
    return;
  }
  unlikely();
  hearOther(card, packet, size);
}

function hearOther(card: u32, frame: u32, frameSize: u32): void {
  let packet = frame;
  let size = frameSize;
  if (isPiece(frame)) {
    size = joinPiece(frame, frameSize);
    if (size === 0) return;
    packet = wholePacket();
  }
  if (arrive(card, packet, size, milliseconds())) hearData(packet);
}

/** A payload for this node's services. */
//@inline
function hearData(packet: u32): void {
  hear(
    load<u16>(packet, SOURCE),
    load<u32>(packet, SOURCE_INCARNATION),
    packet + PAYLOAD,
    load<u16>(packet, PAYLOAD_SIZE),
    steps(),
  );
}

function passTime(): void {
  const time = milliseconds();
  if (time >= routerDue) routerDue = tick(time);
  lookAtPeers(self);
  const now = steps();
  remoteDue = now + tickRemote(now);
  setAlarm(NEVER_STEPS);
}

function setTimerIn(wait: u32): void {
  const ticks = tickIn(wait);
  timerDue = steps() + wait;
  setTimer(timer, port, BIT_TIMER, ticks as u32, (ticks >> 32) as u32);
}

/** Imports that nobody has any more: their nodes are to know. */
function tellOrphans(): void {
  untold &= ~BIT_ORPHANS;
  for (let index = nextOrphan(0); index < IMPORTS_MAX; index = nextOrphan(index + 1)) {
    const entry = importNamed(IMPORT_MARK | index);
    if (entry.id < OFFERS_END || tell(entry.peer, RELEASE, entry.id, 0, steps())) endImport(index);
    else untold |= BIT_ORPHANS;
  }
}

/** The same for exported ports that have died. */
function tellDeaths(): void {
  untold &= ~BIT_DEATHS;
  for (let index = nextDeadExport(0); index < EXPORTS_MAX; index = nextDeadExport(index + 1)) {
    const entry = exportAt(index);
    if (tell(entry.peer, DIED, entry.id, 0, steps())) entry.isDead = 1;
    else untold |= BIT_DEATHS;
  }
}

//@unmanaged
class Server {
  /** What is resolved there is resolved as root. */
  directory(request: Message, node: u32): i32 {
    if (isUser(request.badge)) return ERROR_ACCESS;
    const proxy = proxyOf(node, DIRECTORY_ID);
    if (proxy < 0) return proxy;
    completeDirectory(request.token, proxy);
    watchGiven(record);
    return LATER;
  }

  offer(request: Message, service: u32, handle: u32): i32 {
    const isRefused = request.badge < BADGE_SERVICE;
    if (!isRefused && offerPort(service, handle)) return 0;
    close(handle);
    return isRefused ? ERROR_ACCESS : ERROR_BAD_ARGUMENT;
  }

  peer(request: Message, node: u32, service: u32): i32 {
    if (request.badge < BADGE_SERVICE) return ERROR_ACCESS;
    if (service <= DIRECTORY_ID || service >= OFFERS_END) return ERROR_BAD_ARGUMENT;
    const proxy = proxyOf(node, service);
    if (proxy < 0) return proxy;
    completePeer(request.token, proxy);
    watchGiven(record);
    return LATER;
  }

  attend(request: Message, handle: u32, bits: u32): i32 {
    const isRefused = request.badge < BADGE_SERVICE;
    const isNew = !doesAttend(request.badge);
    if (!isRefused && attend(request.badge, handle, bits)) {
      if (isNew) {
        follow(request.badge, bits);
        // whatever changed since it looked, perhaps before it attended
        notify(handle, bits);
      }
      return 0;
    }
    close(handle);
    return isRefused ? ERROR_ACCESS : ERROR_TOO_MANY;
  }

  list(request: Message, intoSize: u32): i32 {
    let size: u32 = 0;
    for (let node: u32 = 0; node < NODES_MAX && self !== NO_NUMBER; node += 1) {
      if (!isReachable(node)) continue;
      if (intoSize - size < NODE_RECORD_SIZE) return ERROR_TOO_LARGE;
      writeRecord(node);
      const result = deliverLent(request.token, 0, size, record, NODE_RECORD_SIZE);
      if (result < 0) return result;
      size += NODE_RECORD_SIZE;
    }
    return size;
  }

  links(request: Message, intoSize: u32): i32 {
    let size: u32 = 0;
    for (let node: u32 = 0; node < NODES_MAX && self !== NO_NUMBER; node += 1) {
      for (let index: u32 = 0; index < countLinks(node); index += 1) {
        if (intoSize - size < LINK_RECORD_SIZE) return ERROR_TOO_LARGE;
        writeLink(node, index);
        const result = deliverLent(request.token, 0, size, record, LINK_RECORD_SIZE);
        if (result < 0) return result;
        size += LINK_RECORD_SIZE;
      }
    }
    return size;
  }

  count(request: Message, intoSize: u32): i32 {
    const size = COUNTERS << 2;
    if (intoSize < size) return ERROR_TOO_LARGE;
    const result = deliverLent(request.token, 0, 0, counters(), size);
    return result < 0 ? result : size;
  }
}

/** The service is told when this one has begun anew. Init may be waiting for an answer of this service's. */
function follow(service: u32, bits: u32): void {
  const init = handleNamed('init');
  if (init === 0) return;
  const worker = heldBy();
  leave();
  inits.tellOfRestarts(init, service, bits);
  enter(worker);
}

/** A proxy of another node's port that is for everybody, or why there is none. */
function proxyOf(node: u32, id: u32): i32 {
  if (node >= NODES_MAX || node === self || self === NO_NUMBER || !isReachable(node)) return ERROR_NOT_FOUND;
  const proxy = importPort(node, id, record);
  return proxy === 0 ? ERROR_TOO_MANY : proxy;
}

function writeLink(node: u32, index: u32): void {
  const neighbour = linkedNode(node, index);
  store<u16>(record, node, LINK_RECORD_NODE);
  store<u16>(record, neighbour, LINK_RECORD_NEIGHBOUR);
  store<u16>(record, linkCost(node, index), LINK_RECORD_COST);
  store<u16>(record, node === self ? portTo(neighbour) : NO_CARD, LINK_RECORD_CARD);
}

function writeRecord(node: u32): void {
  store<u16>(record, node, NODE_RECORD_NODE);
  store<u16>(record, routeTo(node), NODE_RECORD_HOP);
  store<u32>(record, costTo(node), NODE_RECORD_COST);
  store<u32>(record, node === self ? incarnation : incarnationStated(node), NODE_RECORD_INCARNATION);
  store<u32>(record, roundTrip(node), NODE_RECORD_ROUND_TRIP);
}
