/**
 * The member service's process: it tells membership.ts what net reaches and what other nodes say, lets the couriers
 * say what that wants to be said, and tells those who attend when the view has changed.
 *
 *     net: attend, list ─→ setReached ┐                    ┌─→ couriers.ts ─→ the member services of other nodes
 *     another node: exchange ─→ hear  ├─→ membership.ts ───┤
 *     timer ─→ passTime               ┘                    └─→ notifications of those who attend
 *
 * A node without a number, or that net has not joined to a cluster, is a view of its own.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_BUSY,
  ERROR_NOT_FOUND,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { BADGE_SERVICE } from '../../abi/manifest.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { none } from '../../lib/pointer.ts';
import { HALT_REBOOT, NOTIFY_HALT_OFF, NOTIFY_HALT_REBOOT } from '../../proto/init.ts';
import * as members from '../../proto/member.server.ts';
import {
  MEMBER_RECORD_AGE,
  MEMBER_RECORD_INCARNATION,
  MEMBER_RECORD_NODE,
  MEMBER_RECORD_SIZE,
  MEMBER_RECORD_STATE,
  type View,
} from '../../proto/member.ts';
import * as peers from '../../proto/member-peer.server.ts';
import * as net from '../../proto/net.client.ts';
import {
  NODE_RECORD_COST,
  NODE_RECORD_INCARNATION,
  NODE_RECORD_NODE,
  NODE_RECORD_SIZE,
  PEER_MEMBER,
} from '../../proto/net.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';
import { KEPT_ADDRESS } from '../../runtime/kept.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import { enter, leave } from '../../runtime/lock.ts';
import type { Message } from '../../runtime/message.ts';
import { milliseconds, ticksOf } from '../../runtime/milliseconds.ts';
import { offerFace } from '../../runtime/peer-face.ts';
import { firstRequest, LATER, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, createTimer, map, notify, setTimer } from '../../runtime/system.ts';
import { KEPT_SIZE } from './ballot.ts';
import { carry, orderHalt, sendCouriers, startCouriers } from './couriers.ts';
import { foundersMask } from './founders.ts';
import { healthOf } from './health.ts';
import { NODES_MAX } from './limits.ts';
import {
  beginLeave,
  beginMembership,
  hasLeft,
  hear,
  isMajority,
  passTime,
  setReached,
  viewNodes,
  viewNumber,
} from './membership.ts';
import { nodesEnd } from './roster.ts';
import { STATEMENT_SIZE_MAX, writeStatement } from './statement.ts';

const BIT_REACH: u32 = 1;
const BIT_TIMER: u32 = 2;
/** The badge of the handle that other nodes have: no user's, and no service's of this node. */
const BADGE_PEER: u32 = 0x5000_0000;
const LABEL_CONTRACT_SHIFT: u32 = 8;
const ATTENDANTS_MAX: u32 = 8;
const LEAVERS_MAX: u32 = 4;
/** So long the others have for a view without this node. */
const LEAVE_MS: u32 = 1000;

const buffer = memory.data(64, 4);
const extras = memory.data(64, 64);
const nodes = memory.data(1024, 4);
const record = memory.data(12, 4);
const statement = memory.data(1344, 8);
/** A handle and bits for each that attends. */
const attendants = memory.data(64, 4);
/** Tokens of those who wait for this node to have left. */
const leavers = memory.data(16, 4);

let port: u32 = 0;
let timer: u32 = 0;
let timerDue: u32 = 0;
/** NO_NUMBER until this node is in a cluster. */
let self: u32 = 0xffff_ffff;
let incarnation: u32 = 0;
let attendantCount: u32 = 0;
let leaverCount: u32 = 0;
let leaveBy: u32 = 0;
/** What those who attend were told last. */
let toldNumber: u32 = 0;
let toldNodes: u64 = 0;
let toldMajority = false;

export function main(_argument: u32): i32 {
  port = handleNamed('port');
  const request = changetype<Message>(buffer);
  const started = start();
  if (started < 0) return -started;
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    const found = isTold(result, request) ? listNodes() : 0;
    enter();
    if (isTold(result, request)) lookAround(found);
    if (result !== NOTIFIED) serve(request);
    else settle();
    leave();
    result = nextRequest(request);
  }
  return -result;
}

/** Another thread's beginning. */
export function thread(courier: u32): void {
  carry(courier);
}

function isTold(result: i32, request: Message): bool {
  return result === NOTIFIED && (request.label & (BIT_REACH | BIT_TIMER)) !== 0;
}

/** → 0, or an error. Alone there is nothing to start. */
function start(): i32 {
  const number = numberVariable('node');
  const found = number < NODES_MAX ? listNodes() : 0;
  if (found <= 0) return 0;
  self = number;
  assert(KEPT_SIZE <= 1 << PAGE_SHIFT && STATEMENT_SIZE_MAX <= 1344);
  const kept = handleNamed('kept');
  const result = map(handleNamed('space'), KEPT_ADDRESS, kept, 0, 1, RIGHT_READ | RIGHT_WRITE);
  if (result < 0) return result;
  timer = createTimer();
  lookAround(found);
  settle();
  return startCouriers(self, settle.index);
}

/** What net reaches, to `nodes`; how many bytes, or an error. */
function listNodes(): i32 {
  return net.list(handleNamed('net'), nodes, NODES_MAX * NODE_RECORD_SIZE);
}

function lookAround(size: i32): void {
  if (self === NO_NUMBER || size <= 0) return;
  const now = milliseconds();
  let node: u32 = 0;
  for (let at = nodes; at < nodes + size; at += NODE_RECORD_SIZE) {
    const next = <u32>load<u16>(at, NODE_RECORD_NODE);
    for (; node < next; node += 1) setReached(node, 0, now);
    const reached = load<u32>(at, NODE_RECORD_INCARNATION);
    if (load<u32>(at, NODE_RECORD_COST) === 0 && next === self) begin(reached, now);
    else setReached(next, reached, now);
    node = next + 1;
  }
  for (; node < nodesEnd(); node += 1) setReached(node, 0, now);
}

/** In a new incarnation everything is to be said anew, to net too. */
function begin(ofIncarnation: u32, now: u32): void {
  if (ofIncarnation === incarnation) return;
  incarnation = ofIncarnation;
  beginMembership(self, incarnation, foundersMask(), KEPT_ADDRESS, now);
  net.attend(handleNamed('net'), port, BIT_REACH);
  offerFace(handleNamed('net'), PEER_MEMBER, port, BADGE_PEER);
}

function serve(request: Message): void {
  const isPeers = request.label >> LABEL_CONTRACT_SHIFT === peers.CONTRACT;
  if (!isPeers) {
    members.dispatch(none<Server>(), request);
    settle();
  } else if (request.badge === BADGE_PEER) peers.dispatch(none<PeerServer>(), request);
  else refuse(request, ERROR_ACCESS);
}

/** Draws the conclusions from what has happened. */
function settle(): void {
  if (self === NO_NUMBER) return;
  const now = milliseconds();
  let due = passTime(now);
  if (leaverCount > 0) due = min<u32>(due, endLeave(now));
  setTimerFor(due);
  sendCouriers();
  if (toldNumber === viewNumber() && toldNodes === viewNodes() && toldMajority === isMajority()) return;
  toldNumber = viewNumber();
  toldNodes = viewNodes();
  toldMajority = isMajority();
  for (let index: u32 = 0; index < attendantCount; index += 1) {
    const at = attendants + (index << 3);
    notify(load<u32>(at), load<u32>(at, 4));
  }
}

function setTimerFor(due: u32): void {
  if (due === timerDue && due > milliseconds()) return;
  timerDue = due;
  const ticks = ticksOf(due);
  setTimer(timer, port, BIT_TIMER, ticks as u32, (ticks >> 32) as u32);
}

/** Those who wait for this node's leave are answered when it is done. When it is to be looked at again. */
function endLeave(now: u32): u32 {
  if (now < leaveBy && !hasLeft()) return leaveBy;
  for (let index: u32 = 0; index < leaverCount; index += 1)
    members.completeLeave(load<u32>(leavers + (index << 2)), 0);
  leaverCount = 0;
  return leaveBy + LEAVE_MS;
}

function haltHere(how: u32): i32 {
  return notify(handleNamed('init'), how === HALT_REBOOT ? NOTIFY_HALT_REBOOT : NOTIFY_HALT_OFF);
}

//@unmanaged
class Server {
  view(_request: Message, result: View): i32 {
    const isAlone = self === NO_NUMBER;
    const found: u64 = isAlone ? 1 : viewNodes();
    result.number = isAlone ? 1 : viewNumber();
    result.count = popcnt<u64>(found) as u32;
    result.low = found as u32;
    result.high = (found >> 32) as u32;
    result.isMajority = u32(isAlone || isMajority());
    return 0;
  }

  list(request: Message, intoSize: u32): i32 {
    let size: u32 = 0;
    const now = milliseconds();
    for (let node: u32 = 0; node < nodesEnd(); node += 1) {
      const health = healthOf(node);
      if (health.incarnation === 0) continue;
      if (intoSize - size < MEMBER_RECORD_SIZE) return ERROR_TOO_LARGE;
      store<u16>(record, node, MEMBER_RECORD_NODE);
      store<u16>(record, health.state, MEMBER_RECORD_STATE);
      store<u32>(record, health.incarnation, MEMBER_RECORD_INCARNATION);
      store<u32>(record, now - health.since, MEMBER_RECORD_AGE);
      const result = deliverLent(request.token, 0, size, record, MEMBER_RECORD_SIZE);
      if (result < 0) return result;
      size += MEMBER_RECORD_SIZE;
    }
    return size;
  }

  attend(request: Message, handle: u32, bits: u32): i32 {
    const isRefused = request.badge < BADGE_SERVICE;
    if (isRefused || attendantCount === ATTENDANTS_MAX) {
      close(handle);
      return isRefused ? ERROR_ACCESS : ERROR_TOO_MANY;
    }
    const at = attendants + (attendantCount << 3);
    store<u32>(at, handle);
    store<u32>(at, bits, 4);
    attendantCount += 1;
    return 0;
  }

  leave(request: Message): i32 {
    if (request.badge < BADGE_SERVICE) return ERROR_ACCESS;
    if (self === NO_NUMBER) return 0;
    if (leaverCount === LEAVERS_MAX) return ERROR_TOO_MANY;
    const now = milliseconds();
    if (leaverCount === 0) leaveBy = now + LEAVE_MS;
    store<u32>(leavers + (leaverCount << 2), request.token);
    leaverCount += 1;
    beginLeave(now);
    return LATER;
  }

  halt(request: Message, node: u32, how: u32): i32 {
    if (node === self || self === NO_NUMBER) return haltHere(how);
    if (node >= NODES_MAX || healthOf(node).reached === 0) return ERROR_NOT_FOUND;
    return orderHalt(node, how, request.token) ? LATER : ERROR_BUSY;
  }
}

//@unmanaged
class PeerServer {
  exchange(request: Message, saidSize: u32, answerSize: u32): i32 {
    if (saidSize > STATEMENT_SIZE_MAX || answerSize < STATEMENT_SIZE_MAX) return ERROR_BAD_ARGUMENT;
    const fetched = fetchLent(request.token, peers.EXCHANGE_SAID, 0, statement, saidSize);
    if (fetched < 0) return fetched;
    const now = milliseconds();
    if (self === NO_NUMBER || !hear(statement, saidSize, now)) return ERROR_BAD_ARGUMENT;
    settle();
    const size = writeStatement(statement, self);
    const result = deliverLent(request.token, peers.EXCHANGE_ANSWER, 0, statement, size);
    return result < 0 ? result : size;
  }

  halt(_request: Message, how: u32): i32 {
    return haltHere(how);
  }
}
