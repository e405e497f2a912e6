/**
 * Neighbours: who is heard on which port, and whether they hear this node too. A neighbour counts as a link
 * only while both is true, so that a wire that works one way carries nothing.
 *
 * A hello says what its sender has heard on that port, and the digest of its link states (link-state.ts).
 * On a switch or hub a port has many neighbours; a node may be a neighbour on several ports.
 *
 * A node watches the two neighbours on a port that come before and behind it by number, in a circle: all there are,
 * but for a crowd on one switch. They hear from each other every HELLO_MS; on a wire perhaps more seldom, as the last
 * hello has said. Who was not heard for DOUBT_MS is asked, by a hello that says so, and answers at once; after ALARM_MS
 * everybody on the port is asked to, and looks at it himself, and so do all neighbours that it has elsewhere, by what
 * is said of links. So neither a crowd nor many wires cost a node much more than two neighbours do.
 *
 *     hello's payload     digest 4 · whom its sender hears, a bit each, 8 · who of them is to answer 8
 *                         · within how many rounds the next one comes 4
 */
import {
  ALARM_MS,
  ASK_MS,
  DOUBT_MS,
  EVERYBODY,
  HELLO_MS,
  NODES_MAX,
  PORTS_MAX,
  SILENCE_MS,
  SLOW_ROUNDS,
  UNWATCHED_MS,
} from './limits.ts';
import {
  addNode,
  countNodes,
  hasNode,
  NODE_SET_SIZE,
  nextNode,
  previousNode,
  removeNode,
} from './node-set.ts';
import { ETHERNET_SOURCE, PAYLOAD, SOURCE, SOURCE_INCARNATION } from './packet.ts';

const HELLO_DIGEST: u32 = 0;
const HELLO_HEARD: u32 = 4;
const HELLO_DOUBTED: u32 = 12;
const HELLO_ROUNDS: u32 = 20;
const HELLO_SIZE: u32 = 24;

/**
 * What a hello has brought, as bits: a link has come or gone; its sender is to hear from this node at once; somebody's
 * silence may be due sooner.
 */
export const LINKS_CHANGED: u32 = 1;
export const WANTS_HELLO: u32 = 2;
const SILENCE_SOONER: u32 = 4;

/** One for each port and node. */
//@unmanaged
class Neighbour {
  /** When it was last heard, or since when else its silence counts. */
  heardAt: u32 = 0;
  incarnation: u32 = 0;
  /** Whether it hears this node. */
  isMutual: u32 = 0;
  /** Its Ethernet address: first four bytes, last two. */
  address: u32 = 0;
  addressEnd: u32 = 0;
  /** When all that this node knows was last sent to it. */
  toldAt: u32 = 0;
  /** WATCHED, ALARMED: silence of others counts only after UNWATCHED_MS. */
  looks: u32 = 0;
  /** When it is to be asked next, once it is in doubt. */
  askDue: u32 = 0;
  /** How much later than a round after the last hello its next one may come, in ms. */
  patience: u32 = 0;
}

/** How much longer than SILENCE_MS a neighbour may be silent here. */
let silenceBeyond: u32 = 0;

const WATCHED: u32 = 1;
/** Somebody who watches it has not heard it for long. */
const ALARMED: u32 = 2;

const NEVER: u32 = 0xffff_ffff;

const neighbours = memory.data(9216);
/** Who is heard on each port, and whose silence counts soon: `looks` is not 0. */
const heard = memory.data(32, 4);
const looked = memory.data(32, 4);
/** When anybody was heard on each port. */
const portHeardAt = memory.data(16, 4);

function heardOn(port: u32): u32 {
  return heard + port * NODE_SET_SIZE;
}

function lookedAt(port: u32): u32 {
  return looked + port * NODE_SET_SIZE;
}

function neighbourOf(port: u32, node: u32): Neighbour {
  assert(port < PORTS_MAX && node < NODES_MAX);
  return changetype<Neighbour>(neighbours + (port * NODES_MAX + node) * offsetof<Neighbour>());
}

/** Takes in a hello, of which `self` is the hearer. What it has brought. */
export function hearHello(port: u32, packet: u32, self: u32, now: u32): u32 {
  const node = <u32>load<u16>(packet, SOURCE);
  const neighbour = neighbourOf(port, node);
  const before = neighbour.isMutual;
  const incarnation = load<u32>(packet, SOURCE_INCARNATION);
  if (neighbour.incarnation !== incarnation) neighbour.toldAt = 0;
  const patience = neighbour.patience;
  const isFirst = noteHeard(port, node, self, now);
  const rounds = min<u32>(max<u32>(1, load<u32>(packet, PAYLOAD + HELLO_ROUNDS)), SLOW_ROUNDS);
  neighbour.patience = (rounds - 1) * HELLO_MS;
  const hadAddress = neighbour.address;
  const hadEnd = neighbour.addressEnd;
  neighbour.address = load<u32>(packet, ETHERNET_SOURCE);
  neighbour.addressEnd = load<u16>(packet, ETHERNET_SOURCE + 4);
  const hasMoved = hadAddress !== neighbour.address || hadEnd !== neighbour.addressEnd;
  hearDoubts(port, packet + PAYLOAD + HELLO_DOUBTED, self, now);
  neighbour.isMutual = u32(hasNode(packet + PAYLOAD + HELLO_HEARD, self));
  const isNew = neighbour.incarnation !== incarnation;
  neighbour.incarnation = incarnation;
  const hasChanged = neighbour.isMutual !== before || ((isNew || hasMoved) && before !== 0);
  const isWanted = isFirst || neighbour.isMutual === 0 || hasNode(packet + PAYLOAD + HELLO_DOUBTED, self);
  const isSooner = neighbour.patience < patience || nextNode(packet + PAYLOAD + HELLO_DOUBTED, 0) < NODES_MAX;
  return (hasChanged ? LINKS_CHANGED : 0) | (isWanted ? WANTS_HELLO : 0) | (isSooner ? SILENCE_SOONER : 0);
}

/** True for one who was not heard on the port before. */
function noteHeard(port: u32, node: u32, self: u32, now: u32): bool {
  const neighbour = neighbourOf(port, node);
  neighbour.heardAt = now;
  neighbour.askDue = 0;
  if ((neighbour.looks & ALARMED) !== 0) lookLess(port, node, ALARMED);
  store<u32>(portHeardAt + (port << 2), now);
  if (hasNode(heardOn(port), node)) return false;
  addNode(heardOn(port), node);
  watch(port, self, now);
  return true;
}

function hearDoubts(port: u32, doubted: u32, self: u32, now: u32): void {
  for (let node = nextNode(doubted, 0); node < NODES_MAX; node = nextNode(doubted, node + 1)) {
    if (node !== self) hearDoubt(port, node, now);
  }
}

/** Who watches it does not hear it. Whom this node should have heard since, it judges by itself. */
function hearDoubt(port: u32, node: u32, now: u32): void {
  if (!hasNode(heardOn(port), node)) return;
  if (!hasNode(lookedAt(port), node) || neighbourOf(port, node).patience !== 0)
    lookAt(port, node, ALARMED, now);
}

/** Somebody has said so of it who may be no neighbour of this node. */
export function hearDoubtOf(node: u32, now: u32): void {
  for (let port: u32 = 0; port < PORTS_MAX; port += 1) hearDoubt(port, node, now);
}

/** Its silence counts: if it was not heard lately, it has ALARM_MS less than SILENCE_MS to answer. */
function lookAt(port: u32, node: u32, look: u32, now: u32): void {
  const neighbour = neighbourOf(port, node);
  neighbour.looks |= look;
  neighbour.patience = 0;
  addNode(lookedAt(port), node);
  if (now - neighbour.heardAt > ALARM_MS) neighbour.heardAt = now - ALARM_MS;
}

function lookLess(port: u32, node: u32, look: u32): void {
  const neighbour = neighbourOf(port, node);
  neighbour.looks &= ~look;
  if (neighbour.looks === 0) removeNode(lookedAt(port), node);
}

/** Chooses whom to watch on the port, of those who are heard there now. */
function watch(port: u32, self: u32, now: u32): void {
  const set = heardOn(port);
  const behind = nextNode(set, self + 1);
  const before = previousNode(set, self);
  const next = behind < NODES_MAX ? behind : nextNode(set, 0);
  const last = before < NODES_MAX ? before : previousNode(set, NODES_MAX);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    if (node !== next && node !== last) lookLess(port, node, WATCHED);
    else if (!isWatched(port, node)) lookAt(port, node, WATCHED, now);
  }
}

/** The digest that a hello's sender has of its link states. */
export function helloDigest(packet: u32): u32 {
  return load<u32>(packet, PAYLOAD + HELLO_DIGEST);
}

/** Whether a payload of `size` bytes can be a hello. */
export function isHello(size: u32): bool {
  return size === HELLO_SIZE;
}

/** Writes a hello's payload for the port, after which the next one comes within so many rounds; its size. */
export function writeHello(payload: u32, port: u32, digest: u32, rounds: u32, now: u32): u32 {
  store<u32>(payload, digest, HELLO_DIGEST);
  store<u32>(payload, rounds, HELLO_ROUNDS);
  memory.copy(payload + HELLO_HEARD, heardOn(port), NODE_SET_SIZE);
  memory.fill(payload + HELLO_DOUBTED, 0, NODE_SET_SIZE);
  const set = lookedAt(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    if (isDoubted(neighbourOf(port, node), now)) addNode(payload + HELLO_DOUBTED, node);
  }
  return HELLO_SIZE;
}

function isDoubted(neighbour: Neighbour, now: u32): bool {
  return now - neighbour.heardAt >= DOUBT_MS + neighbour.patience;
}

/** Whether more are heard on the port than are watched. */
export function isCrowded(port: u32): bool {
  return countNodes(heardOn(port)) > 2;
}

/** Whether this node watches it there. */
export function isWatched(port: u32, node: u32): bool {
  return (neighbourOf(port, node).looks & WATCHED) !== 0;
}

/** The first from `from` on that is watched on the port; NODES_MAX for none. */
export function nextWatched(port: u32, from: u32): u32 {
  let node = nextNode(lookedAt(port), from);
  while (node < NODES_MAX && !isWatched(port, node)) node = nextNode(lookedAt(port), node + 1);
  return node;
}

/** The first from `from` on whom to ask now, and who is not asked again before ASK_MS; NODES_MAX for none. */
export function nextToAsk(port: u32, from: u32, now: u32): u32 {
  const set = lookedAt(port);
  for (let node = nextNode(set, from); node < NODES_MAX; node = nextNode(set, node + 1)) {
    const neighbour = neighbourOf(port, node);
    if (!isDoubted(neighbour, now) || now < neighbour.askDue) continue;
    neighbour.askDue = now + ASK_MS;
    return node;
  }
  return NODES_MAX;
}

/** Whether others are to be told of the doubt: by those who watch, so that it does not go round. */
export function isAlarming(port: u32, node: u32, now: u32): bool {
  const neighbour = neighbourOf(port, node);
  return isWatched(port, node) && now - neighbour.heardAt >= ALARM_MS + neighbour.patience;
}

/** Whether all links to the node are in such doubt. */
export function isInDoubt(node: u32, now: u32): bool {
  for (let port: u32 = 0; port < PORTS_MAX; port += 1) {
    if (isLink(port, node) && !isAlarming(port, node, now)) return false;
  }
  return true;
}

/** How many links there are by the port. */
export function countLinksBy(port: u32): u32 {
  let count: u32 = 0;
  const set = heardOn(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    if (isLink(port, node)) count += 1;
  }
  return count;
}

/** Whoever hosts the neighbours may keep them from speaking for so long, in ms. */
export function allowSilence(ms: u32): void {
  silenceBeyond = max<u32>(ms, SILENCE_MS) - SILENCE_MS;
}

/** When somebody's silence means something next, of those on the first `ports` ports. */
export function silenceDue(ports: u32): u32 {
  let due = NEVER;
  for (let port: u32 = 0; port < ports; port += 1) {
    const set = lookedAt(port);
    for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
      const neighbour = neighbourOf(port, node);
      const isAsked = neighbour.askDue !== 0;
      const silence = isAsked ? SILENCE_MS + silenceBeyond : DOUBT_MS;
      due = min<u32>(due, neighbour.heardAt + silence + neighbour.patience);
      if (isAsked) due = min<u32>(due, neighbour.askDue);
    }
  }
  return due;
}

/** Forgets who was not heard for too long on the port, of those whose silence counts; true where a link has gone by it. */
export function forgetSilent(port: u32, self: u32, now: u32): bool {
  let hasGone = false;
  const set = lookedAt(port);
  const wasCrowded = isCrowded(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    const neighbour = neighbourOf(port, node);
    if (now - neighbour.heardAt < SILENCE_MS + silenceBeyond + neighbour.patience) continue;
    hasGone = forget(port, node) || hasGone;
    // where nobody of a crowd is heard, it is not the neighbour who is silent
    const isDeaf = now - load<u32>(portHeardAt + (port << 2)) >= SILENCE_MS + silenceBeyond;
    if (isDeaf && wasCrowded) hasGone = forgetPort(port) || hasGone;
    watch(port, self, now);
  }
  return hasGone;
}

/** The same for those of a crowd whom this node does not watch. */
export function forgetUnwatched(port: u32, now: u32): bool {
  let hasGone = false;
  const set = heardOn(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    if (now - neighbourOf(port, node).heardAt >= UNWATCHED_MS + silenceBeyond)
      hasGone = forget(port, node) || hasGone;
  }
  return hasGone;
}

/** The port has lost its carrier; true where a link has gone by it. */
export function forgetPort(port: u32): bool {
  let hasGone = false;
  const set = heardOn(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    hasGone = forget(port, node) || hasGone;
  }
  return hasGone;
}

function forget(port: u32, node: u32): bool {
  const neighbour = neighbourOf(port, node);
  removeNode(heardOn(port), node);
  removeNode(lookedAt(port), node);
  const wasMutual = neighbour.isMutual !== 0;
  neighbour.isMutual = neighbour.looks = neighbour.askDue = neighbour.patience = 0;
  return wasMutual;
}

export function isLink(port: u32, node: u32): bool {
  return neighbourOf(port, node).isMutual !== 0;
}

/** The lowest port by which the node is a neighbour; EVERYBODY where it is none. */
export function portTo(node: u32): u32 {
  for (let port: u32 = 0; port < PORTS_MAX; port += 1) {
    if (isLink(port, node)) return port;
  }
  return EVERYBODY;
}

/** Whether the port has any neighbour but `except`. */
export function hasLinkBeside(port: u32, except: u32): bool {
  const set = heardOn(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    if (node !== except && isLink(port, node)) return true;
  }
  return false;
}

/** Whether the neighbour was told everything no more than `within` ago; if not, it counts as told now. */
export function wasTold(port: u32, node: u32, now: u32, within: u32): bool {
  const neighbour = neighbourOf(port, node);
  if (neighbour.toldAt !== 0 && now - neighbour.toldAt < within) return true;
  neighbour.toldAt = now;
  return false;
}

/** Writes the neighbour's Ethernet address: two words. */
export function noteAddress(at: u32, port: u32, node: u32): void {
  const neighbour = neighbourOf(port, node);
  store<u32>(at, neighbour.address);
  store<u32>(at, neighbour.addressEnd, 4);
}
