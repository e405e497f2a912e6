/**
 * Gossip: a thread that tells one other node all that is known here, and hears what that knows, every GOSSIP_MS;
 * each in turn, beginning anywhere; seldom while nothing changes here. Whom a view brings is told at once, and all of
 * them when the policy was set here.
 */
import * as peers from '../../proto/load-peer.client.ts';
import * as net from '../../proto/net.client.ts';
import { PEER_LOAD } from '../../proto/net.ts';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { enter, leave } from '../../runtime/lock.ts';
import { type Message, receive } from '../../runtime/message.ts';
import { milliseconds, ticksOf } from '../../runtime/milliseconds.ts';
import { handleNamed } from '../../runtime/start.ts';
import {
  close,
  createPort,
  createThread,
  inspectThread,
  notify,
  ownThread,
  startThread,
} from '../../runtime/system.ts';
import { CALM_GOSSIP_MS, CHANGE, EAGER_ROUNDS, GOSSIP_MS, NODES_MAX } from './limits.ts';
import { GOSSIP_SIZE_MAX, hearGossip, vectorOf, writeGossip } from './vectors.ts';

/** How long a node has to answer. */
const PATIENCE_MS: u32 = 200;
const WAKE: u32 = 1;
const STACK_SIZE: u32 = 4096;

const stack = memory.data(4096, 16);
const said = memory.data(1536, 4);
const answer = memory.data(1536, 4);
const wake = memory.data(64, 4);
const inspected = memory.data(4, 4);

let port: u32 = 0;
let self: u32 = 0;
/** The nodes there are, this one among them. */
let nodes: u64 = 0;
/** Those to be told at once. */
let urgent: u64 = 0;
let last: u32 = 0;
/** When somebody was told last, and what use of this node's processor. */
let toldAt: u32 = 0;
let toldUse: u32 = 0;
/** For so many rounds nobody is to wait long. */
let eager: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** With this thread's priority: see the lock. → 0, or an error. */
export function startGossip(node: u32): i32 {
  assert(GOSSIP_SIZE_MAX <= 1536);
  self = node;
  last = node;
  port = createPort();
  const own = ownThread();
  inspectThread(own, inspected);
  close(own);
  const end = stack + STACK_SIZE;
  const thread = createThread(handleNamed('space'), threadEntry(), end, 0, load<u32>(inspected));
  return thread < 0 ? thread : startThread(thread);
}

/** Who there is now; who was not there before is told at once. */
export function setPeers(found: u64): void {
  urgent |= found & ~nodes & ~((<u64>1) << (<u64>self));
  nodes = found;
  beEager();
}

/** This node has been measured anew. */
export function noteUse(): void {
  const use = vectorOf(self).use;
  if (max<u32>(use, toldUse) - min<u32>(use, toldUse) >= CHANGE) beEager();
}

function beEager(): void {
  toldUse = vectorOf(self).use;
  if (eager === 0) notify(port, WAKE);
  eager = EAGER_ROUNDS;
}

/** There is news that nobody should wait for. */
export function tellAll(): void {
  urgent = nodes & ~((<u64>1) << (<u64>self));
  notify(port, WAKE);
}

/** The thread's life. */
export function gossip(): void {
  const message = changetype<Message>(wake);
  message.port = port;
  while (true) {
    const time = milliseconds();
    enter();
    let due = dueAfter();
    const node = next(time >= due);
    const size = node === NODES_MAX ? 0 : writeGossip(said, time);
    if (time >= due) {
      toldAt = time;
      eager -= min<u32>(eager, 1);
      due = dueAfter();
    }
    leave();
    if (node !== NODES_MAX) speak(node, size);
    else wait(message, ticksOf(due));
  }
}

function dueAfter(): u32 {
  return toldAt + (eager !== 0 ? GOSSIP_MS : CALM_GOSSIP_MS);
}

function wait(message: Message, until: u64): void {
  message.deadlineLow = until as u32;
  message.deadlineHigh = (until >> 32) as u32;
  receive(message);
}

/** Whom to speak with now; NODES_MAX for nobody. */
function next(isDue: bool): u32 {
  const others = nodes & ~((<u64>1) << (<u64>self));
  urgent &= others;
  let wanted = urgent;
  if (wanted === 0 && isDue) {
    const behind = others & ~(((<u64>2) << (<u64>last)) - 1);
    wanted = behind !== 0 ? behind : others;
  }
  if (wanted === 0) return NODES_MAX;
  last = ctz<u64>(wanted) as u32;
  urgent &= ~((<u64>1) << (<u64>last));
  return last;
}

function speak(node: u32, size: u32): void {
  const proxy = net.peer(handleNamed('net'), node, PEER_LOAD);
  if (proxy < 0) return;
  const end = now() + ((PATIENCE_MS * TICKS_PER_MILLISECOND) as u64);
  const low = end as u32;
  const high = (end >> 32) as u32;
  const heard = peers.exchangeUntil(proxy, low, high, said, size, answer, GOSSIP_SIZE_MAX);
  close(proxy);
  if (heard <= 0) return;
  enter();
  hearGossip(answer, heard, self, milliseconds());
  leave();
}
