/**
 * Neighbours: who is heard on which port, and whether they hear this node too. A neighbour counts as a link
 * only while both is true, so that a wire that works one way carries nothing.
 *
 * A hello says what its sender has heard on that port, and the digest of its link states (link-state.ts).
 * On a switch or hub a port has many neighbours; a node may be a neighbour on several ports.
 *
 *     hello's payload     digest 4 · count 4 · node 2 …
 */
import { EVERYBODY, NODES_MAX, PORTS_MAX, SILENCE_MS } from './limits.ts';
import { addNode, NODE_SET_SIZE, nextNode, removeNode } from './node-set.ts';
import { PAYLOAD, SOURCE, SOURCE_INCARNATION } from './packet.ts';

const HELLO_DIGEST: u32 = 0;
const HELLO_COUNT: u32 = 4;
const HELLO_NODES: u32 = 8;
export const HELLO_SIZE_MAX: u32 = HELLO_NODES + (NODES_MAX << 1);

/** One for each port and node. */
//@unmanaged
class Neighbour {
  /** When it was last heard; 0 where it is not a neighbour, and in no set of `heard`. */
  heardAt: u32 = 0;
  incarnation: u32 = 0;
  /** Whether it hears this node. */
  isMutual: u32 = 0;
  /** Its Ethernet address: first four bytes, last two. */
  address: u32 = 0;
  addressEnd: u32 = 0;
  /** When all that this node knows was last sent to it. */
  toldAt: u32 = 0;
}

/** How much longer than SILENCE_MS a neighbour may be silent here. */
let silenceBeyond: u32 = 0;

/** Behind the Ethernet destination. */
const ETHERNET_SOURCE: u32 = 6;

const neighbours = memory.data(6144);
/** Who is heard on each port. */
const heard = memory.data(32, 4);

function heardOn(port: u32): u32 {
  return heard + port * NODE_SET_SIZE;
}

function neighbourOf(port: u32, node: u32): Neighbour {
  assert(port < PORTS_MAX && node < NODES_MAX);
  return changetype<Neighbour>(neighbours + (port * NODES_MAX + node) * offsetof<Neighbour>());
}

/** Takes in a hello; true where a link has come or gone by it. `self` is this node. */
export function hearHello(port: u32, packet: u32, self: u32, now: u32): bool {
  const node = <u32>load<u16>(packet, SOURCE);
  const neighbour = neighbourOf(port, node);
  const before = neighbour.isMutual;
  const incarnation = load<u32>(packet, SOURCE_INCARNATION);
  if (neighbour.incarnation !== incarnation) neighbour.toldAt = 0;
  neighbour.heardAt = now;
  addNode(heardOn(port), node);
  const hadAddress = neighbour.address;
  const hadEnd = neighbour.addressEnd;
  neighbour.address = load<u32>(packet, ETHERNET_SOURCE);
  neighbour.addressEnd = load<u16>(packet, ETHERNET_SOURCE + 4);
  const hasMoved = hadAddress !== neighbour.address || hadEnd !== neighbour.addressEnd;
  neighbour.isMutual = u32(lists(packet + PAYLOAD, self));
  const isNew = neighbour.incarnation !== incarnation;
  neighbour.incarnation = incarnation;
  return neighbour.isMutual !== before || ((isNew || hasMoved) && before !== 0);
}

/** The digest that a hello's sender has of its link states. */
export function helloDigest(packet: u32): u32 {
  return load<u32>(packet, PAYLOAD + HELLO_DIGEST);
}

/** Whether a payload of `size` bytes can be a hello. */
export function isHello(packet: u32, size: u32): bool {
  if (size < HELLO_NODES) return false;
  const count = load<u32>(packet, PAYLOAD + HELLO_COUNT);
  return count <= NODES_MAX && size === HELLO_NODES + (count << 1);
}

function lists(payload: u32, node: u32): bool {
  const count = load<u32>(payload, HELLO_COUNT);
  for (let index: u32 = 0; index < count; index += 1) {
    if (<u32>load<u16>(payload + (index << 1), HELLO_NODES) === node) return true;
  }
  return false;
}

/** Writes a hello's payload for the port; its size. */
export function writeHello(payload: u32, port: u32, digest: u32): u32 {
  let count: u32 = 0;
  const set = heardOn(port);
  for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
    store<u16>(payload + (count << 1), node, HELLO_NODES);
    count += 1;
  }
  store<u32>(payload, digest, HELLO_DIGEST);
  store<u32>(payload, count, HELLO_COUNT);
  return HELLO_NODES + (count << 1);
}

/** Whoever hosts the neighbours may keep them from speaking for so long, in ms. */
export function allowSilence(ms: u32): void {
  silenceBeyond = max<u32>(ms, SILENCE_MS) - SILENCE_MS;
}

/** Forgets who was not heard for too long; true where a link has gone by it. */
export function forgetSilent(now: u32): bool {
  let hasGone = false;
  for (let port: u32 = 0; port < PORTS_MAX; port += 1) {
    const set = heardOn(port);
    for (let node = nextNode(set, 0); node < NODES_MAX; node = nextNode(set, node + 1)) {
      if (now - neighbourOf(port, node).heardAt < SILENCE_MS + silenceBeyond) continue;
      hasGone = forget(port, node) || hasGone;
    }
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
  const wasMutual = neighbour.isMutual !== 0;
  neighbour.heardAt = 0;
  neighbour.isMutual = 0;
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
