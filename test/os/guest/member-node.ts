/**
 * One node's membership for a test that plays the wires in the host: the services' own code, router and
 * membership, where calls are datagrams. A question is asked again until it is answered, or PATIENCE_MS are over.
 *
 *     payload     ASK or ANSWER, 4 · statement
 */
import { current } from '../../../os/service/member/ballot.ts';
import { healthOf } from '../../../os/service/member/health.ts';
import {
  beginLeave,
  beginMembership,
  hasLeft,
  hear,
  hearNothing,
  isMajority,
  passTime,
  setReached,
  takeWanted,
  viewNodes,
  viewNumber,
} from '../../../os/service/member/membership.ts';
import { writeStatement } from '../../../os/service/member/statement.ts';
import { incarnationStated } from '../../../os/service/net/link-state.ts';
import { joinCluster, PAYLOAD, PAYLOAD_SIZE, SOURCE } from '../../../os/service/net/packet.ts';
import {
  arrive,
  finishHearing,
  isReachable,
  openData,
  tick as routerTick,
  sendData,
  setCarrier,
  startRouter,
} from '../../../os/service/net/router.ts';

const ASK: u32 = 1;
const ANSWER: u32 = 2;
const NODES: u32 = 64;
const RESEND_MS: u32 = 5;
const PATIENCE_MS: u32 = 40;

const incoming = memory.data(1600, 4) + 2;
const secret = memory.data(16);
const kept = memory.data(1024, 8);
/** When each was asked first, 0: it is not asked; and when last. */
const askedAt = memory.data(256, 4);
const sentAt = memory.data(256, 4);

let self: u32 = 0;
let founders: u64 = 0;
let waiting: u64 = 0;
let isHung = false;

export function setFounders(nodes: u32): void {
  founders = nodes;
}

/** Its net lives on, its member service does nothing. */
export function hang(isSo: u32): void {
  isHung = isSo !== 0;
}

export function start(node: u32, incarnation: u32, ports: u32, cluster: u32, keyByte: u32): void {
  self = node;
  memory.fill(secret, <u8>keyByte, 16);
  joinCluster(cluster, secret);
  startRouter(node, incarnation, ports);
  beginMembership(node, incarnation, founders, kept, 1);
}

export function incomingAt(): u32 {
  return incoming;
}

export function receive(port: u32, size: u32, now: u32): void {
  const isData = arrive(port, incoming, size, now);
  finishHearing(now);
  if (!isData || isHung) return;
  const from = <u32>load<u16>(incoming, SOURCE);
  const kind = load<u32>(incoming, PAYLOAD);
  const isSo = hear(incoming + PAYLOAD + 4, <u32>load<u16>(incoming, PAYLOAD_SIZE) - 4, now);
  passTime(now);
  if (kind === ASK && isSo) say(ANSWER, from);
  if (kind === ANSWER) store<u32>(askedAt + (from << 2), 0);
  askAll(now);
}

function say(kind: u32, to: u32): void {
  const packet = openData(to);
  store<u32>(packet, kind, PAYLOAD);
  const size = writeStatement(packet + PAYLOAD + 4, self);
  sendData(packet, to, size + 4, 0);
}

/** Those who are being asked are not asked a second time meanwhile. */
function askAll(now: u32): void {
  waiting |= takeWanted();
  for (let node: u32 = 0; node < NODES; node += 1) {
    const bit = (<u64>1) << (<u64>node);
    if ((waiting & bit) === 0 || load<u32>(askedAt + (node << 2)) !== 0) continue;
    waiting &= ~bit;
    store<u32>(askedAt + (node << 2), now);
    store<u32>(sentAt + (node << 2), now);
    say(ASK, node);
  }
}

export function tick(now: u32): u32 {
  routerTick(now);
  if (isHung) return 0;
  for (let node: u32 = 0; node < NODES; node += 1) {
    setReached(node, isReachable(node) ? incarnationStated(node) : 0, now);
    const asked = load<u32>(askedAt + (node << 2));
    if (asked === 0) continue;
    if (now - asked >= PATIENCE_MS || !isReachable(node)) {
      store<u32>(askedAt + (node << 2), 0);
      hearNothing(node, now);
    } else if (now - load<u32>(sentAt + (node << 2)) >= RESEND_MS) {
      store<u32>(sentAt + (node << 2), now);
      say(ASK, node);
    }
  }
  passTime(now);
  askAll(now);
  return 0;
}

export function chain(): u32 {
  return current().chain;
}

export function viewBits(): u32 {
  return viewNodes() as u32;
}

export function stateOf(node: u32): u32 {
  return healthOf(node).state;
}

export function leave(now: u32): void {
  beginLeave(now);
}

export { hasLeft, isMajority, setCarrier, viewNumber };
