/**
 * Load vectors: how busy each node was when it was measured last, as far as that has come here, and the policy.
 * Nodes tell each other all they know; of two words on a node the younger counts, of two policies the one that was
 * set later.
 *
 *     gossip      policy's version 4 · by which node 2 · policy 2 · vectors: age 4 · node 2 · use 2 · waiting 2
 *                 · clock 2 · free 4 · pages 4
 */
import { POLICIES } from '../../proto/load.ts';
import { NODES_MAX, STALE_MS } from './limits.ts';

//@unmanaged
export class Vector {
  /** In ms of this node's clock; 0: nothing is known. */
  measuredAt: u32 = 0;
  /** Of a thousand cycles so many were used. */
  use: u32 = 0;
  /** Hundredths of threads that waited to run. */
  waiting: u32 = 0;
  /** MHz. */
  clock: u32 = 0;
  free: u32 = 0;
  pages: u32 = 0;
  /** Hundredths of threads that were sent there since it was measured. */
  sent: u32 = 0;
}

const VECTOR_SIZE: u32 = 28;
const VERSION: u32 = 0;
const SETTER: u32 = 4;
const POLICY: u32 = 6;
const TOLD: u32 = 8;
const TOLD_AGE: u32 = 0;
const TOLD_NODE: u32 = 4;
const TOLD_USE: u32 = 6;
const TOLD_WAITING: u32 = 8;
const TOLD_CLOCK: u32 = 10;
const TOLD_FREE: u32 = 12;
const TOLD_PAGES: u32 = 16;
const TOLD_SIZE: u32 = 20;
export const GOSSIP_SIZE_MAX: u32 = TOLD + NODES_MAX * TOLD_SIZE;

const vectors = memory.data(1792, 4);

/** POLICY_HERE, until something else is set. */
let policy: u32 = 0;
let version: u32 = 0;
let setter: u32 = 0;

export function vectorOf(node: u32): Vector {
  assert(node < NODES_MAX && offsetof<Vector>() === VECTOR_SIZE);
  return changetype<Vector>(vectors + node * VECTOR_SIZE);
}

/** Whether what is known of the node is young enough to count. */
export function isFresh(node: u32, now: u32): bool {
  const measuredAt = vectorOf(node).measuredAt;
  return measuredAt !== 0 && now - measuredAt < STALE_MS;
}

export function currentPolicy(): u32 {
  return policy;
}

/** From now on it is this, here and wherever it is told. */
export function setPolicy(wanted: u32, byNode: u32): void {
  policy = wanted;
  version += 1;
  setter = byNode;
}

/** All that is known to `at`; its size. */
export function writeGossip(at: u32, now: u32): u32 {
  store<u32>(at, version, VERSION);
  store<u16>(at, setter, SETTER);
  store<u16>(at, policy, POLICY);
  let end = at + TOLD;
  for (let node: u32 = 0; node < NODES_MAX; node += 1) {
    if (!isFresh(node, now)) continue;
    const vector = vectorOf(node);
    store<u32>(end, now - vector.measuredAt, TOLD_AGE);
    store<u16>(end, node, TOLD_NODE);
    store<u16>(end, vector.use, TOLD_USE);
    store<u16>(end, vector.waiting, TOLD_WAITING);
    store<u16>(end, vector.clock, TOLD_CLOCK);
    store<u32>(end, vector.free, TOLD_FREE);
    store<u32>(end, vector.pages, TOLD_PAGES);
    end += TOLD_SIZE;
  }
  return end - at;
}

/** Takes in what another node knows, but for what it says of this one. False where it is no gossip. */
export function hearGossip(at: u32, size: u32, self: u32, now: u32): bool {
  if (size < TOLD || (size - TOLD) % TOLD_SIZE !== 0 || <u32>load<u16>(at, POLICY) >= POLICIES) return false;
  for (let told = at + TOLD; told < at + size; told += TOLD_SIZE) {
    const node = <u32>load<u16>(told, TOLD_NODE);
    if (node >= NODES_MAX || load<u16>(told, TOLD_CLOCK) === 0) return false;
    if (node !== self) hearVector(told, vectorOf(node), now);
  }
  hearPolicy(load<u32>(at, VERSION), load<u16>(at, SETTER), load<u16>(at, POLICY));
  return true;
}

function hearVector(told: u32, vector: Vector, now: u32): void {
  const age = load<u32>(told, TOLD_AGE);
  if (age >= min<u32>(now, STALE_MS) || now - age <= vector.measuredAt) return;
  vector.measuredAt = now - age;
  vector.use = load<u16>(told, TOLD_USE);
  vector.waiting = load<u16>(told, TOLD_WAITING);
  vector.clock = load<u16>(told, TOLD_CLOCK);
  vector.free = load<u32>(told, TOLD_FREE);
  vector.pages = load<u32>(told, TOLD_PAGES);
  vector.sent = 0;
}

function hearPolicy(itsVersion: u32, itsSetter: u32, its: u32): void {
  if (itsVersion < version || (itsVersion === version && itsSetter <= setter)) return;
  version = itsVersion;
  setter = itsSetter;
  policy = its;
}
