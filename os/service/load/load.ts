/**
 * The load service: how busy the nodes are, and where a program should run.
 *
 *     timer ─→ measure.ts ─→ vectors.ts ←─ gossip.ts, a thread of its own ←→ the load services of other nodes
 *     place ─→ policy.ts ───────┘
 *
 * Who has no say in the cluster (os/proto/member.ts) places nothing elsewhere.
 */
import { ERROR_ACCESS, ERROR_BAD_ARGUMENT, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import { NOTIFIED } from '../../abi/message.ts';
import { RIGHT_COPY, RIGHT_NOTIFY } from '../../abi/rights.ts';
import { none } from '../../lib/pointer.ts';
import * as loads from '../../proto/load.server.ts';
import {
  LOAD_RECORD_AGE,
  LOAD_RECORD_CLOCK,
  LOAD_RECORD_FREE,
  LOAD_RECORD_NODE,
  LOAD_RECORD_PAGES,
  LOAD_RECORD_SIZE,
  LOAD_RECORD_USE,
  LOAD_RECORD_WAITING,
  POLICIES,
} from '../../proto/load.ts';
import * as peers from '../../proto/load-peer.server.ts';
import * as member from '../../proto/member.client.ts';
import { nodesOf, type View } from '../../proto/member.ts';
import { PEER_LOAD } from '../../proto/net.ts';
import { TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import { enter, leave } from '../../runtime/lock.ts';
import type { Message } from '../../runtime/message.ts';
import { milliseconds } from '../../runtime/milliseconds.ts';
import { offerFace } from '../../runtime/peer-face.ts';
import { firstRequest, nextRequest, refuse } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, copyHandle, createTimer } from '../../runtime/system.ts';
import { setTimerIn } from '../../runtime/timer.ts';
import { gossip, noteUse, setPeers, startGossip, tellAll } from './gossip.ts';
import { MEASURE_MS, NODES_MAX } from './limits.ts';
import { measure, startMeasuring } from './measure.ts';
import { choose, startPolicies } from './policy.ts';
import {
  currentPolicy,
  GOSSIP_SIZE_MAX,
  hearGossip,
  isFresh,
  setPolicy,
  vectorOf,
  writeGossip,
} from './vectors.ts';

const BIT_TIMER: u32 = 1;
const BIT_VIEW: u32 = 2;
/** The badge of the handle that other nodes have: no user's, and no service's of this node. */
const BADGE_PEER: u32 = 0x5000_0000;
const LABEL_CONTRACT_SHIFT: u32 = 8;

const buffer = memory.data(64, 4);
const view = memory.data(20, 4);
const record = memory.data(20, 4);
const heard = memory.data(1536, 4);

let port: u32 = 0;
let timer: u32 = 0;
let self: u32 = 0;
/** Those among whom it may place: of the view, or this node alone. */
let nodes: u64 = 0;

export function main(_argument: u32): i32 {
  const started = start();
  if (started < 0) return -started;
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, 0);
  while (result >= 0) {
    if (result === NOTIFIED) hearBits(request.label);
    else serve(request);
    result = nextRequest(request);
  }
  return -result;
}

/** Another thread's beginning. */
export function thread(_argument: u32): void {
  gossip();
}

function start(): i32 {
  port = handleNamed('port');
  timer = createTimer();
  const number = numberVariable('node');
  self = number < NODES_MAX ? number : 0;
  startPolicies(self, milliseconds() ^ (self << 24));
  startMeasuring();
  setTimerIn(timer, port, BIT_TIMER, MEASURE_MS * TICKS_PER_MILLISECOND);
  if (number !== NO_NUMBER) {
    const told = copyHandle(port, RIGHT_NOTIFY | RIGHT_COPY, 0);
    member.attend(handleNamed('member'), told, BIT_VIEW);
    close(told);
  }
  lookAtView();
  return startGossip(self);
}

function hearBits(bits: u32): void {
  if ((bits & BIT_VIEW) !== 0) lookAtView();
  if ((bits & BIT_TIMER) === 0) return;
  enter();
  measure(self, milliseconds());
  noteUse();
  leave();
  setTimerIn(timer, port, BIT_TIMER, MEASURE_MS * TICKS_PER_MILLISECOND);
}

function lookAtView(): void {
  const found = changetype<View>(view);
  const isKnown = member.view(handleNamed('member'), found) >= 0 && found.isMajority !== 0;
  enter();
  if (vectorOf(self).measuredAt === 0) measure(self, milliseconds());
  nodes = isKnown ? nodesOf(found) : (<u64>1) << (<u64>self);
  setPeers(nodes);
  leave();
  // with each view anew: net may have begun anew with it
  offerFace(handleNamed('net'), PEER_LOAD, port, BADGE_PEER);
}

function serve(request: Message): void {
  enter();
  const isPeers = request.label >> LABEL_CONTRACT_SHIFT === peers.CONTRACT;
  if (!isPeers) loads.dispatch(none<Server>(), request);
  else if (request.badge === BADGE_PEER) peers.dispatch(none<PeerServer>(), request);
  else refuse(request, ERROR_ACCESS);
  leave();
}

//@unmanaged
class Server {
  place(_request: Message, pages: u32): i32 {
    return choose(currentPolicy(), nodes, pages, milliseconds());
  }

  policy(_request: Message): i32 {
    return currentPolicy();
  }

  setPolicy(_request: Message, wanted: u32): i32 {
    if (wanted >= POLICIES) return ERROR_BAD_ARGUMENT;
    setPolicy(wanted, self);
    tellAll();
    return 0;
  }

  list(request: Message, intoSize: u32): i32 {
    let size: u32 = 0;
    const now = milliseconds();
    for (let node: u32 = 0; node < NODES_MAX; node += 1) {
      if (((nodes >> <u64>node) & 1) === 0 || !isFresh(node, now)) continue;
      if (intoSize - size < LOAD_RECORD_SIZE) return ERROR_TOO_LARGE;
      writeRecord(node, now);
      const result = deliverLent(request.token, 0, size, record, LOAD_RECORD_SIZE);
      if (result < 0) return result;
      size += LOAD_RECORD_SIZE;
    }
    return size;
  }
}

function writeRecord(node: u32, now: u32): void {
  const vector = vectorOf(node);
  store<u16>(record, node, LOAD_RECORD_NODE);
  store<u16>(record, vector.use, LOAD_RECORD_USE);
  store<u16>(record, vector.waiting, LOAD_RECORD_WAITING);
  store<u16>(record, vector.clock, LOAD_RECORD_CLOCK);
  store<u32>(record, vector.free, LOAD_RECORD_FREE);
  store<u32>(record, vector.pages, LOAD_RECORD_PAGES);
  store<u32>(record, now - vector.measuredAt, LOAD_RECORD_AGE);
}

//@unmanaged
class PeerServer {
  exchange(request: Message, saidSize: u32, answerSize: u32): i32 {
    if (saidSize > GOSSIP_SIZE_MAX || answerSize < GOSSIP_SIZE_MAX) return ERROR_BAD_ARGUMENT;
    const fetched = fetchLent(request.token, peers.EXCHANGE_SAID, 0, heard, saidSize);
    if (fetched < 0) return fetched;
    if (!hearGossip(heard, saidSize, self, milliseconds())) return ERROR_BAD_ARGUMENT;
    const size = writeGossip(heard, milliseconds());
    const result = deliverLent(request.token, peers.EXCHANGE_ANSWER, 0, heard, size);
    return result < 0 ? result : size;
  }
}
