/**
 * The router: packets between nodes over wires of any topology. It knows packets, ports and the time that it is told;
 * frames leave by cards.ts, which tests replace.
 *
 *     hello   every HELLO_MS to two neighbours, more seldom to others: who hears whom (neighbour.ts)
 *     links   what a node says of its links, from neighbour to neighbour as it changes (link-state.ts); two
 *             neighbours whose digests differ tell each other all they know, so that lost ones do not matter
 *     data    by the cheapest way (route.ts), accepted once (window.ts)
 *     cast    to everybody: each node passes on what it sees for the first time, but not to where it came from
 *
 * A node number belongs to who has it as long as that node can be reached: one that comes with the same number,
 * be it only restarted, is heard no sooner. A packet's buffer is its owner's again when the call returns.
 *
 *     openData ─→ the payload is written where the card will read it ─→ sendData
 *     arrive … ─→ when there are no more frames at hand: finishHearing
 */
import { unlikely } from 'rv';
import { openPacket, transmit } from './cards.ts';
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
import {
  EVERYBODY,
  HELLO_MS,
  HELLOS_TO_ALL,
  HOPS_MAX,
  LISTENERS,
  NODES_MAX,
  PORTS_MAX,
  REFRESH_MS,
  RESEND_MS,
  SLOW_ROUNDS,
} from './limits.ts';
import {
  addLink,
  beginStatement,
  COST,
  COST_IN_DOUBT,
  countLinks,
  digest,
  forgetOld,
  incarnationStated,
  isKnown,
  isStatement,
  linkCost,
  linkedNode,
  STATEMENT_NEW,
  STATEMENT_NODE,
  STATEMENT_OLD,
  statedIncarnation,
  statementOf,
  statementSize,
  takeStatement,
} from './link-state.ts';
import {
  countLinksBy,
  forgetPort,
  forgetSilent,
  forgetUnwatched,
  hasLinkBeside,
  hearDoubtOf,
  hearHello,
  helloDigest,
  isAlarming,
  isCrowded,
  isHello,
  isInDoubt,
  isLink,
  isWatched,
  LINKS_CHANGED,
  nextToAsk,
  nextWatched,
  noteAddress,
  portTo,
  silenceDue,
  WANTS_HELLO,
  wasTold,
  writeHello,
} from './neighbour.ts';
import { addNode, hasNode, NODE_SET_SIZE } from './node-set.ts';
import {
  CLUSTER,
  DESTINATION,
  DESTINATION_INCARNATION,
  ETHERNET_TYPE,
  ETHERNET_TYPE_OURS,
  HOPS_LEFT,
  isPacket,
  isPadOf,
  isSealed,
  isSealedBy,
  KIND,
  KIND_CAST,
  KIND_DATA,
  KIND_HELLO,
  KIND_LINKS,
  ownCluster,
  PAYLOAD,
  PAYLOAD_SIZE,
  type Pad,
  passingPad,
  prepareNext,
  SEQUENCE,
  SOURCE,
  SOURCE_INCARNATION,
  seal,
  sealNext,
} from './packet.ts';
import { computeRoutes, routeTo } from './route.ts';
import { ADDRESSES_AT, PEER_PAD_IN, PEER_PAD_OUT, peerAt } from './tables.ts';
import { acceptFrom, acceptOnce, incarnationOf, TO_EVERYBODY, TO_ME } from './window.ts';

/** Odd, without pattern: how far in a round of hellos the moments of two nodes lie apart that follow each other. */
const MOMENTS: u32 = 7;
/** What is old is looked for once in so many rounds of hellos: a power of two. */
const AGE_TURNS: u32 = 32;
const BROADCAST: u32 = 0xffff_ffff;
/** No port: a packet of this node's own. */
const NOWHERE: u32 = PORTS_MAX;

let self: u32 = 0;
let incarnation: u32 = 0;
let ports: u32 = 0;
/** Bit n: port n has a carrier. */
let carriers: u32 = 0;
let helloDue: u32 = 0;
/** When the next tick is due, as was last said. */
let due: u32 = 0;
/** How often hellos were due. */
let turn: u32 = 0;
/** Bit n: somebody on port n is to hear from this node. */
let awaited: u32 = 0;
/** Since `finishHearing` something was heard that it has to do with. */
let hasHeard = false;
/** This node's links, and what is stated of all, are not what they were: to be stated, and ways to be found, once for
 * all that has come in. */
let areLinksNew = false;
let areWaysOld = false;
let refreshDue: u32 = 0;
/** Bit n: hellos go out by port n in every round; by the others once in SLOW_ROUNDS. */
let quickPorts: u32 = 0xffff_ffff;
/** Who was in doubt when this node last said its links. */
const doubted = memory.data(8, 4);
/** Of what goes to everybody, hellos and links among it. */
let castSequence: u32 = 0;
/** For packets to everybody, 2 more than a multiple of 4, and for those to a node that cannot be reached. */
const own = memory.data(1600, 4) + 2;
const nowhere = memory.data(1600, 4) + 2;
/** The address that a hello goes to. */
const target = memory.data(8, 4);

/** What it takes to send to a node: a line of the cache, with the pad. */
//@unmanaged
class Way {
  /** The port to send by, EVERYBODY for no way; the next station's Ethernet address, first four bytes, last two. */
  port: u32 = 0;
  address: u32 = 0;
  addressEnd: u32 = 0;
  /** Of the destination, as stated. */
  incarnation: u32 = 0;
  /** Of what goes to that node alone. */
  sequence: u32 = 0;
}

/** Pads that were used last, one each way: the next ones are to be made. 0 for none. */
let usedOutward = changetype<Pad>(0);
let usedInward = changetype<Pad>(0);

/** Nothing is sent before the first tick. */
export function startRouter(node: u32, ofIncarnation: u32, portCount: u32): void {
  assert(node < NODES_MAX && ofIncarnation !== 0 && portCount <= PORTS_MAX);
  assert(offsetof<Way>() <= PEER_PAD_OUT && offsetof<Pad>() === PEER_PAD_IN - PEER_PAD_OUT);
  self = node;
  incarnation = ofIncarnation;
  ports = portCount;
  findWays();
}

//@inline
function wayTo(node: u32): Way {
  return changetype<Way>(peerAt(node));
}

/** The time has come that `tick` gave before, or any other. `now` is in ms, from 1. Gives the next time. */
export function tick(now: u32): u32 {
  for (let port: u32 = 0; port < ports; port += 1) if (forgetSilent(port, self, now)) areLinksNew = true;
  if (now >= helloDue) {
    turn += 1;
    helloDue = nextTurn(now);
    for (let port: u32 = 0; port < ports; port += 1) greet(port, now);
  }
  for (let port: u32 = 0; port < ports; port += 1) askSilent(port, now);
  if (now >= refreshDue) stateLinks(now);
  if (turn % AGE_TURNS === 0 && forgetOld(self, now)) areWaysOld = true;
  return finishHearing(now);
}

/** Each node has a moment of its own, so that no two of a few need to be quick at once. */
function nextTurn(now: u32): u32 {
  const moment = (self * MOMENTS) % HELLO_MS;
  return now + HELLO_MS - ((now + HELLO_MS - moment) % HELLO_MS);
}

/** Draws the conclusions from what was heard since the last time. When to tick next. */
export function finishHearing(now: u32): u32 {
  if (areLinksNew) {
    areWaysOld = true;
    stateLinks(now);
  }
  if (areWaysOld) findWays();
  for (let port: u32 = 0; awaited !== 0; port += 1) {
    if (((awaited >> port) & 1) !== 0) sendHello(port, now);
    awaited &= ~((<u32>1) << port);
  }
  hasHeard = false;
  due = min<u32>(min<u32>(helloDue, refreshDue), silenceDue(ports));
  return due;
}

/** Whether something has come in of which conclusions are to be drawn. */
export function isHearing(): bool {
  return hasHeard;
}

export function setCarrier(port: u32, isUp: bool, now: u32): void {
  if (isUp) {
    carriers |= (<u32>1) << port;
    sendHello(port, now);
    return;
  }
  carriers &= ~((<u32>1) << port);
  if (forgetPort(port)) areLinksNew = hasHeard = true;
}

/** A frame of `size` bytes has come in. True where it holds a payload for this node's services. */
export function arrive(port: u32, packet: u32, size: u32, now: u32): bool {
  count(COUNT_RECEIVED);
  if (!isPacket(packet, size)) {
    unlikely();
    return drop(COUNT_FOREIGN);
  }
  const source = <u32>load<u16>(packet, SOURCE);
  if (source >= NODES_MAX) {
    unlikely();
    return drop(COUNT_DAMAGED);
  }
  const pad = changetype<Pad>(peerAt(source) + PEER_PAD_IN);
  if (!isExpected(packet, source, pad)) return takeOther(port, packet, source, now);
  usedInward = pad;
  if (!isSealedBy(packet, pad)) {
    unlikely();
    return drop(COUNT_FORGED);
  }
  if (!acceptFrom(source, TO_ME, load<u32>(packet, SEQUENCE))) {
    unlikely();
    return drop(COUNT_REPLAYED);
  }
  count(COUNT_DELIVERED);
  return true;
}

/**
 * Whether the packet is data for this node that comes next from a node which is known: then its pad has been made,
 * since such pads are made of packets to this node alone.
 */
//@inline
function isExpected(packet: u32, source: u32, pad: Pad): bool {
  if (!isPadOf(pad, packet)) return false;
  return ((pad.block2 ^ incarnation) | (pad.block1 ^ incarnationOf(source))) === 0;
}

function takeOther(port: u32, packet: u32, source: u32, now: u32): bool {
  const kind = <u32>load<u8>(packet, KIND);
  if (kind === KIND_DATA) return takeData(port, packet, source);
  if (!isSealed(packet, passingPad())) return drop(COUNT_FORGED);
  if (source === self) return hearSelf(packet);
  switch (kind) {
    case KIND_CAST:
      return takeCast(port, packet);
    case KIND_HELLO:
      return takeHello(port, packet, now);
    case KIND_LINKS:
      return takeLinks(port, packet, now);
    default:
      return drop(COUNT_FOREIGN);
  }
}

/** Where a packet to that node is to be made: its payload is written behind PAYLOAD. */
//@inline
export function openData(destination: u32): u32 {
  const port = wayTo(destination).port;
  return port === EVERYBODY ? nowhere : openPacket(port);
}

/**
 * Sends the payload of `size` bytes that lies in the opened packet to the node that it was opened for. False where
 * there is no way now, or it is not known which incarnation would get it. Where `from` is not 0, all but its first
 * HEAD_SIZE bytes (os/lib/universal-hash.ts) is copied from there.
 */
export function sendData(packet: u32, destination: u32, size: u32, from: u32): bool {
  assert(destination < NODES_MAX && destination !== self);
  const way = wayTo(destination);
  if (way.port === EVERYBODY) {
    unlikely();
    return drop(COUNT_NO_ROUTE);
  }
  const pad = changetype<Pad>(changetype<usize>(way) + PEER_PAD_OUT);
  const sequence = way.sequence + 1;
  way.sequence = sequence;
  begin(packet, KIND_DATA, destination, way.incarnation, sequence, size);
  usedOutward = pad;
  sealNext(packet, pad, size, way.incarnation, sequence, from);
  pass(packet, way, PAYLOAD + size);
  return true;
}

/** Makes the pads of the packets that are to be expected next: while there is nothing better to do. */
export function prepareAhead(): void {
  if (changetype<usize>(usedOutward) !== 0) prepareNext(usedOutward);
  if (changetype<usize>(usedInward) !== 0) prepareNext(usedInward);
  usedOutward = changetype<Pad>(0);
  usedInward = changetype<Pad>(0);
}

/** Sends the payload to every node that can be reached. */
export function sendCast(packet: u32, size: u32): void {
  beginCast(packet, KIND_CAST, size);
  spread(packet, NOWHERE);
}

/** Which life of the node packets to it are for, 0 where that is not known. */
//@inline
export function incarnationFor(node: u32): u32 {
  return wayTo(node).incarnation;
}

/** Whether there is a way to the node. */
export function isReachable(node: u32): bool {
  return routeTo(node) !== EVERYBODY;
}

//@inline
function begin(packet: u32, kind: u32, destination: u32, theirs: u32, sequence: u32, size: u32): void {
  store<u16>(packet, ETHERNET_TYPE_OURS, ETHERNET_TYPE);
  store<u32>(packet, ownCluster(), CLUSTER);
  store<u32>(packet, kind | (HOPS_MAX << 8) | (size << 16), KIND);
  store<u32>(packet, self | (destination << 16), SOURCE);
  store<u32>(packet, incarnation, SOURCE_INCARNATION);
  store<u32>(packet, theirs, DESTINATION_INCARNATION);
  store<u32>(packet, sequence, SEQUENCE);
}

function beginCast(packet: u32, kind: u32, size: u32): void {
  castSequence += 1;
  begin(packet, kind, EVERYBODY, 0, castSequence, size);
  seal(packet, passingPad());
}

/** The packet of that size. */
//@inline
function sendBy(port: u32, packet: u32, size: u32): void {
  if (((carriers >> port) & 1) === 0) return;
  count(COUNT_SENT);
  transmit(port, packet, size);
}

function sizeOf(packet: u32): u32 {
  return PAYLOAD + <u32>load<u16>(packet, PAYLOAD_SIZE);
}

function broadcast(port: u32, packet: u32): void {
  store<u32>(packet, BROADCAST);
  store<u16>(packet, BROADCAST, 4);
  sendBy(port, packet, sizeOf(packet));
}

/** To every port with a neighbour, but for the one it came from. */
function spread(packet: u32, from: u32): void {
  for (let port: u32 = 0; port < ports; port += 1) {
    if (port !== from && hasLinkBeside(port, self)) broadcast(port, packet);
  }
}

/** One station further on its way. */
//@inline
function pass(packet: u32, way: Way, size: u32): void {
  store<u32>(packet, way.address);
  store<u16>(packet, way.addressEnd, 4);
  sendBy(way.port, packet, size);
}

/** Counts and drops; false, for its callers to give on. */
function drop(why: u32): bool {
  count(why);
  return false;
}

function forward(packet: u32, destination: u32): bool {
  if (destination >= NODES_MAX) return drop(COUNT_DAMAGED);
  const way = wayTo(destination);
  if (way.port === EVERYBODY) return drop(COUNT_NO_ROUTE);
  if (!useHop(packet)) return false;
  pass(packet, way, sizeOf(packet));
  count(COUNT_FORWARDED);
  return false;
}

function useHop(packet: u32): bool {
  const left = <u32>load<u8>(packet, HOPS_LEFT);
  if (left <= 1 || left > HOPS_MAX) return drop(COUNT_HOPS_OUT);
  store<u8>(packet, left - 1, HOPS_LEFT);
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

function takeData(port: u32, packet: u32, source: u32): bool {
  const destination = <u32>load<u16>(packet, DESTINATION);
  if (destination !== self) return isForCard(port, packet) && forward(packet, destination);
  usedInward = changetype<Pad>(peerAt(source) + PEER_PAD_IN);
  if (!isSealed(packet, usedInward)) return drop(COUNT_FORGED);
  if (source === self) return hearSelf(packet);
  if (load<u32>(packet, DESTINATION_INCARNATION) !== incarnation) return drop(COUNT_STALE);
  if (!isFirst(packet, TO_ME)) return false;
  count(COUNT_DELIVERED);
  return true;
}

/** A hub gives all that passes to everybody, and so does a switch that has not learned yet: that goes its own way. */
function isForCard(port: u32, packet: u32): bool {
  const address = ADDRESSES_AT + (port << 3);
  return load<u32>(packet) === load<u32>(address) && load<u16>(packet, 4) === load<u16>(address, 4);
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
  if (!isHello(load<u16>(packet, PAYLOAD_SIZE))) return drop(COUNT_DAMAGED);
  if (!isFirst(packet, TO_EVERYBODY)) return false;
  const node = <u32>load<u16>(packet, SOURCE);
  const theirs = helloDigest(packet);
  const brought = hearHello(port, packet, self, now);
  // most bring nothing: then only the silence of whom it is from is due later
  if (brought !== 0 || due !== helloDue) hasHeard = true;
  if (hasNode(doubted, node)) areLinksNew = hasHeard = true;
  if ((brought & WANTS_HELLO) !== 0) awaited |= (<u32>1) << port;
  if ((brought & LINKS_CHANGED) !== 0) areLinksNew = true;
  // who is going to state its links differs anyhow; in a crowd its two watchers tell a node what it has missed
  const isTold = areLinksNew || theirs === digest() || !isLink(port, node) || !isWatched(port, node);
  if (!isTold && !wasTold(port, node, now, RESEND_MS)) tellAll(port, node);
  return false;
}

function takeLinks(port: u32, packet: u32, now: u32): bool {
  const statement = packet + PAYLOAD;
  if (!isStatement(statement, load<u16>(packet, PAYLOAD_SIZE))) return drop(COUNT_DAMAGED);
  if (!isFirst(packet, TO_EVERYBODY)) return false;
  const node = <u32>load<u16>(statement, STATEMENT_NODE);
  if (node === self && statedIncarnation(statement) > incarnation) return drop(COUNT_IMPOSTOR);
  const taken = takeStatement(statement, now);
  if (taken === STATEMENT_OLD) return false;
  hasHeard = true;
  // Of itself, the last word is this node's own.
  if (node === self) areLinksNew = true;
  else sendStatement(node, port);
  if (taken === STATEMENT_NEW) {
    areWaysOld = true;
    hearStatedDoubts(node, now);
  }
  return false;
}

/** Those whom a node says to be in doubt. Of itself, this node knows better. */
function hearStatedDoubts(node: u32, now: u32): void {
  for (let index: u32 = 0; index < countLinks(node); index += 1) {
    if (linkCost(node, index) === COST_IN_DOUBT) hearDoubtOf(linkedNode(node, index), now);
  }
}

/** A turn of hellos: to all on the port, or to those of a crowd who watch and are watched. */
function greet(port: u32, now: u32): void {
  const isForAll = turn % HELLOS_TO_ALL === 0;
  if (isForAll && forgetUnwatched(port, now)) areLinksNew = true;
  if (isForAll || !isCrowded(port)) {
    if (roundsOf(port) === 1 || turn % SLOW_ROUNDS === 0) sendHello(port, now);
    return;
  }
  for (let node = nextWatched(port, 0); node < NODES_MAX; node = nextWatched(port, node + 1))
    sendHelloTo(port, node, now);
}

//@inline
function roundsOf(port: u32): u32 {
  return ((quickPorts >> port) & 1) !== 0 ? 1 : SLOW_ROUNDS;
}

/** Those who have been silent for a while are to say that they are there; all their neighbours are to look, in the end. */
function askSilent(port: u32, now: u32): void {
  for (let node = nextToAsk(port, 0, now); node < NODES_MAX; node = nextToAsk(port, node + 1, now)) {
    if (!isAlarming(port, node, now)) {
      sendHelloTo(port, node, now);
      continue;
    }
    sendHello(port, now);
    if (isLink(port, node) && !hasNode(doubted, node) && isInDoubt(node, now)) areLinksNew = true;
  }
}

function sendHello(port: u32, now: u32): void {
  writeOwnHello(port, now);
  broadcast(port, own);
}

/** The same, for the ears of one neighbour. */
function sendHelloTo(port: u32, node: u32, now: u32): void {
  writeOwnHello(port, now);
  transmitTo(port, node);
}

function writeOwnHello(port: u32, now: u32): void {
  beginCast(own, KIND_HELLO, writeHello(own + PAYLOAD, port, digest(), roundsOf(port), now));
}

/** What is in `own`, to one neighbour. */
function transmitTo(port: u32, node: u32): void {
  noteAddress(target, port, node);
  store<u32>(own, load<u32>(target));
  store<u16>(own, load<u16>(target, 4), 4);
  sendBy(port, own, sizeOf(own));
}

/** Says this node's links anew, to all. */
function stateLinks(now: u32): void {
  areLinksNew = false;
  refreshDue = now + REFRESH_MS;
  beginStatement(self, incarnation, now);
  memory.fill(doubted, 0, NODE_SET_SIZE);
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (node === self || portTo(node) === EVERYBODY) continue;
    const isDoubted = isInDoubt(node, now);
    if (isDoubted) addNode(doubted, node);
    addLink(self, node, isDoubted ? COST_IN_DOUBT : COST);
  }
  sendStatement(self, NOWHERE);
  chooseQuickPorts();
}

/**
 * By which ports LISTENERS neighbours hear this node in every round; and by those where nobody does yet. Who was told
 * otherwise is told at once.
 */
function chooseQuickPorts(): void {
  const before = quickPorts;
  let listeners: u32 = 0;
  for (let port: u32 = 0; port < ports; port += 1) {
    const links = countLinksBy(port);
    const bit = (<u32>1) << port;
    if (links === 0 || isCrowded(port) || listeners < LISTENERS) quickPorts |= bit;
    else quickPorts &= ~bit;
    listeners += links;
  }
  awaited |= before ^ quickPorts;
}

/** Anew, from what is stated now. */
function findWays(): void {
  areWaysOld = false;
  computeRoutes(self);
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    const way = wayTo(node);
    const hop = routeTo(node);
    way.port = hop === EVERYBODY || hop === self ? EVERYBODY : portTo(hop);
    if (way.port === EVERYBODY) continue;
    way.incarnation = incarnationStated(node);
    noteAddress(changetype<usize>(way) + offsetof<Way>('address'), way.port, hop);
  }
}

function sendStatement(node: u32, from: u32): void {
  writeStatement(node);
  spread(own, from);
}

/** Tells one neighbour everything that is known. */
function tellAll(port: u32, neighbour: u32): void {
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isKnown(node)) continue;
    writeStatement(node);
    transmitTo(port, neighbour);
  }
}

function writeStatement(node: u32): void {
  const size = statementSize(statementOf(node));
  memory.copy(own + PAYLOAD, statementOf(node), size);
  beginCast(own, KIND_LINKS, size);
}
