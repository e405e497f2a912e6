/**
 * The router: packets between nodes over wires of any topology. It knows packets, ports and the time that it is told;
 * frames leave by the function that it was started with.
 *
 *     hello   every HELLO_MS on every port: who hears whom (neighbour.ts)
 *     links   what a node says of its links, from neighbour to neighbour as it changes (link-state.ts); two
 *             neighbours whose digests differ tell each other all they know, so that lost ones do not matter
 *     data    by the cheapest way (route.ts), accepted once (window.ts)
 *     cast    to everybody: each node passes on what it sees for the first time, but not to where it came from
 *
 * A node number belongs to who has it as long as that node can be reached: one that comes with the same number,
 * be it only restarted, is heard no sooner. A packet's buffer is its owner's again when the call returns.
 */

import {
  COUNT_DAMAGED,
  COUNT_DELIVERED,
  COUNT_FOREIGN,
  COUNT_FORGED,
  COUNT_FORWARDED,
  COUNT_HOPS_OUT,
  COUNT_IMPOSTOR,
  COUNT_NO_ROUTE,
  COUNT_RECEIVED,
  COUNT_REPLAYED,
  COUNT_SENT,
  COUNT_STALE,
  count,
} from './counters.ts';
import { EVERYBODY, HELLO_MS, HOPS_MAX, NODES_MAX, PORTS_MAX, REFRESH_MS, RESEND_MS } from './limits.ts';
import {
  addLink,
  beginStatement,
  digest,
  forgetOld,
  incarnationStated,
  isKnown,
  isStatement,
  STATEMENT_NODE,
  statedIncarnation,
  statementOf,
  statementSize,
  takeStatement,
} from './link-state.ts';
import {
  forgetPort,
  forgetSilent,
  hasLinkBeside,
  hearHello,
  helloDigest,
  isHello,
  isLink,
  portTo,
  wasTold,
  writeAddress,
  writeHello,
} from './neighbour.ts';
import {
  DESTINATION,
  DESTINATION_INCARNATION,
  HOPS_LEFT,
  isOurs,
  isPacket,
  isSealed,
  KIND,
  KIND_CAST,
  KIND_DATA,
  KIND_HELLO,
  KIND_LINKS,
  PAYLOAD,
  PAYLOAD_SIZE,
  SEQUENCE,
  SOURCE,
  SOURCE_INCARNATION,
  seal,
} from './packet.ts';
import { computeRoutes, routeTo } from './route.ts';
import { acceptOnce, incarnationOf, TO_EVERYBODY, TO_ME } from './window.ts';

const COST: u32 = 1;
const BROADCAST: u32 = 0xffff_ffff;
/** No port: a packet of this node's own. */
const NOWHERE: u32 = PORTS_MAX;

let self: u32 = 0;
let incarnation: u32 = 0;
let ports: u32 = 0;
let transmitter: u32 = 0;
/** Bit n: port n has a carrier. */
let carriers: u32 = 0;
let helloDue: u32 = 0;
let refreshDue: u32 = 0;
/** Of what goes to everybody, hellos and links among it. */
let castSequence: u32 = 0;
/** Of what goes to each node alone. */
const sequences = memory.data(256);
/** For its own packets, 2 more than a multiple of 4. */
const own = memory.data(1600, 4) + 2;

/** `transmit` is the table index of a function (port, packet, size). Nothing is sent before the first tick. */
export function startRouter(node: u32, ofIncarnation: u32, portCount: u32, transmit: u32): void {
  assert(node < NODES_MAX && ofIncarnation !== 0 && portCount <= PORTS_MAX);
  self = node;
  incarnation = ofIncarnation;
  ports = portCount;
  transmitter = transmit;
}

/** The time has come that `tick` gave before, or any other. `now` is in ms, from 1. Gives the next time. */
export function tick(now: u32): u32 {
  let hasChanged = forgetSilent(now);
  if (now >= helloDue) {
    for (let port: u32 = 0; port < ports; port += 1) sendHello(port);
    helloDue = now + HELLO_MS;
  }
  hasChanged = hasChanged || now >= refreshDue;
  if (hasChanged) stateLinks(now);
  if (forgetOld(self, now)) computeRoutes(self);
  return min<u32>(helloDue, refreshDue);
}

export function setCarrier(port: u32, isUp: bool, now: u32): void {
  if (isUp) {
    carriers |= (<u32>1) << port;
    sendHello(port);
    return;
  }
  carriers &= ~((<u32>1) << port);
  if (forgetPort(port)) stateLinks(now);
}

/** A frame of `size` bytes has come in. True where it holds a payload for this node's services. */
export function arrive(port: u32, packet: u32, size: u32, now: u32): bool {
  count(COUNT_RECEIVED);
  if (!isPacket(packet, size) || !isOurs(packet)) return drop(COUNT_FOREIGN);
  if (<u32>load<u16>(packet, SOURCE) >= NODES_MAX) return drop(COUNT_DAMAGED);
  const destination = <u32>load<u16>(packet, DESTINATION);
  if (<u32>load<u16>(packet, KIND) === KIND_DATA && destination !== self) return forward(packet, destination);
  if (!isSealed(packet)) return drop(COUNT_FORGED);
  if (<u32>load<u16>(packet, SOURCE) === self) return hearSelf(packet);
  switch (<u32>load<u16>(packet, KIND)) {
    case KIND_DATA:
      return takeData(packet);
    case KIND_CAST:
      return takeCast(port, packet);
    case KIND_HELLO:
      return takeHello(port, packet, now);
    default:
      return takeLinks(port, packet, now);
  }
}

/**
 * Sends the payload of `size` bytes that lies in the packet to one node. False where there is no way now, or
 * it is not known which incarnation would get it.
 */
export function sendData(packet: u32, destination: u32, size: u32): bool {
  assert(destination < NODES_MAX && destination !== self);
  const sequence = sequences + (destination << 2);
  store<u32>(sequence, load<u32>(sequence) + 1);
  begin(packet, KIND_DATA, destination, load<u32>(sequence), size);
  store<u32>(packet, incarnationStated(destination), DESTINATION_INCARNATION);
  seal(packet);
  return pass(packet, destination);
}

/** Sends the payload to every node that can be reached. */
export function sendCast(packet: u32, size: u32): void {
  beginCast(packet, KIND_CAST, size);
  spread(packet, NOWHERE);
}

/** Whether there is a way to the node. */
export function isReachable(node: u32): bool {
  return routeTo(node) !== EVERYBODY;
}

function begin(packet: u32, kind: u32, destination: u32, sequence: u32, size: u32): void {
  store<u32>(packet, HOPS_MAX, HOPS_LEFT);
  store<u16>(packet, kind, KIND);
  store<u16>(packet, size, PAYLOAD_SIZE);
  store<u16>(packet, self, SOURCE);
  store<u16>(packet, destination, DESTINATION);
  store<u32>(packet, incarnation, SOURCE_INCARNATION);
  store<u32>(packet, 0, DESTINATION_INCARNATION);
  store<u32>(packet, sequence, SEQUENCE);
}

function beginCast(packet: u32, kind: u32, size: u32): void {
  castSequence += 1;
  begin(packet, kind, EVERYBODY, castSequence, size);
  seal(packet);
}

function transmit(port: u32, packet: u32): void {
  if (((carriers >> port) & 1) === 0) return;
  count(COUNT_SENT);
  call_indirect(transmitter, port, packet, PAYLOAD + <u32>load<u16>(packet, PAYLOAD_SIZE));
}

function broadcast(port: u32, packet: u32): void {
  store<u32>(packet, BROADCAST);
  store<u16>(packet, BROADCAST, 4);
  transmit(port, packet);
}

/** To every port with a neighbour, but for the one it came from. */
function spread(packet: u32, from: u32): void {
  for (let port: u32 = 0; port < ports; port += 1) {
    if (port !== from && hasLinkBeside(port, self)) broadcast(port, packet);
  }
}

/** One station further on the way to its destination. */
function pass(packet: u32, destination: u32): bool {
  const hop = routeTo(destination);
  if (hop === EVERYBODY) return drop(COUNT_NO_ROUTE);
  const port = portTo(hop);
  if (port === EVERYBODY) return drop(COUNT_NO_ROUTE);
  writeAddress(packet, port, hop);
  transmit(port, packet);
  return true;
}

/** Counts and drops; false, for its callers to give on. */
function drop(why: u32): bool {
  count(why);
  return false;
}

function forward(packet: u32, destination: u32): bool {
  if (destination >= NODES_MAX) return drop(COUNT_DAMAGED);
  if (!useHop(packet)) return false;
  if (pass(packet, destination)) count(COUNT_FORWARDED);
  return false;
}

function useHop(packet: u32): bool {
  const left = load<u32>(packet, HOPS_LEFT);
  if (left <= 1 || left > HOPS_MAX) return drop(COUNT_HOPS_OUT);
  store<u32>(packet, left - 1, HOPS_LEFT);
  return true;
}

/** Its own packet come back round a ring is nothing; another node of the same number is. */
function hearSelf(packet: u32): bool {
  return drop(load<u32>(packet, SOURCE_INCARNATION) === incarnation ? COUNT_REPLAYED : COUNT_IMPOSTOR);
}

/** Counts and drops what was seen before, and whoever has the number of a node that is still there. */
function isFirst(packet: u32, way: u32): bool {
  const source = <u32>load<u16>(packet, SOURCE);
  const theirs = load<u32>(packet, SOURCE_INCARNATION);
  if (theirs > incarnationOf(source) && incarnationStated(source) !== 0 && isReachable(source)) {
    if (incarnationStated(source) !== theirs) return drop(COUNT_IMPOSTOR);
  }
  if (acceptOnce(source, theirs, way, load<u32>(packet, SEQUENCE))) return true;
  return drop(COUNT_REPLAYED);
}

function takeData(packet: u32): bool {
  if (load<u32>(packet, DESTINATION_INCARNATION) !== incarnation) return drop(COUNT_STALE);
  if (!isFirst(packet, TO_ME)) return false;
  count(COUNT_DELIVERED);
  return true;
}

function takeCast(port: u32, packet: u32): bool {
  if (!isFirst(packet, TO_EVERYBODY)) return false;
  if (useHop(packet)) {
    count(COUNT_FORWARDED);
    spread(packet, port);
  }
  count(COUNT_DELIVERED);
  return true;
}

function takeHello(port: u32, packet: u32, now: u32): bool {
  if (!isHello(packet, load<u16>(packet, PAYLOAD_SIZE))) return drop(COUNT_DAMAGED);
  if (!isFirst(packet, TO_EVERYBODY)) return false;
  const node = <u32>load<u16>(packet, SOURCE);
  const theirs = helloDigest(packet);
  if (hearHello(port, packet, self, now)) stateLinks(now);
  if (isLink(port, node) && theirs !== digest() && !wasTold(port, node, now, RESEND_MS)) tellAll(port);
  return false;
}

function takeLinks(port: u32, packet: u32, now: u32): bool {
  const statement = packet + PAYLOAD;
  if (!isStatement(statement, load<u16>(packet, PAYLOAD_SIZE))) return drop(COUNT_DAMAGED);
  if (!isFirst(packet, TO_EVERYBODY)) return false;
  const node = <u32>load<u16>(statement, STATEMENT_NODE);
  if (node === self && statedIncarnation(statement) > incarnation) return drop(COUNT_IMPOSTOR);
  if (!takeStatement(statement, now)) return false;
  // Of itself, the last word is this node's own.
  if (node === self) stateLinks(now);
  else {
    sendStatement(node, port);
    computeRoutes(self);
  }
  return false;
}

function sendHello(port: u32): void {
  beginCast(own, KIND_HELLO, writeHello(own + PAYLOAD, port, digest()));
  broadcast(port, own);
}

/** Says this node's links anew, to all. */
function stateLinks(now: u32): void {
  refreshDue = now + REFRESH_MS;
  beginStatement(self, incarnation, now);
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (node !== self && portTo(node) !== EVERYBODY) addLink(self, node, COST);
  }
  computeRoutes(self);
  sendStatement(self, NOWHERE);
}

function sendStatement(node: u32, from: u32): void {
  writeStatement(node);
  spread(own, from);
}

/** To one port: everything that is known. */
function tellAll(port: u32): void {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isKnown(node)) continue;
    writeStatement(node);
    broadcast(port, own);
  }
}

function writeStatement(node: u32): void {
  const size = statementSize(statementOf(node));
  memory.copy(own + PAYLOAD, statementOf(node), size);
  beginCast(own, KIND_LINKS, size);
}
