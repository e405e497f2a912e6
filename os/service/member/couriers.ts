/**
 * Couriers: threads that speak with other nodes, one node each at a time, while the main thread serves. Whom they
 * are to speak with is a bit for each node; to want it again while it is done is to have it done once more.
 */
import { completeHalt } from '../../proto/member.server.ts';
import * as peers from '../../proto/member-peer.client.ts';
import * as net from '../../proto/net.client.ts';
import { PEER_MEMBER } from '../../proto/net.ts';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { enter, leave } from '../../runtime/lock.ts';
import { type Message, receive, waitForEver } from '../../runtime/message.ts';
import { milliseconds } from '../../runtime/milliseconds.ts';
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
import { NODES_MAX } from './limits.ts';
import { hear, hearNothing, takeWanted } from './membership.ts';
import { bitOf } from './roster.ts';
import { STATEMENT_SIZE_MAX, writeStatement } from './statement.ts';

export const COURIERS: u32 = 4;
/** How long a node has to answer. */
const PATIENCE_MS: u32 = 100;
const WAKE: u32 = 1;
const STACK_SIZE: u32 = 4096;
/** A statement and its answer, with room to align them. */
const BUFFER_SIZE: u32 = 2688;

const stacks = memory.data(16_384, 16);
const buffers = memory.data(10_752, 8);
const messages = memory.data(256, 4);
const inspected = memory.data(4, 4);
/** The member service of each node; 0 where it is not known. */
const proxies = memory.data(256, 4);

let port: u32 = 0;
let self: u32 = 0;
let wanted: u64 = 0;
/** With whom somebody speaks now. */
let busy: u64 = 0;
/** Which node is to end, how, and who asks for it; token 0: none. */
let haltNode: u32 = 0;
let haltHow: u32 = 0;
let haltToken: u32 = 0;
/** What is to be done when something was heard: the index of a function without parameters. */
let settler: u32 = 0;

//@external("thread", "entry")
declare function threadEntry(): u32;

/** With this thread's priority: see the lock. → 0, or an error. */
export function startCouriers(node: u32, settle: u32): i32 {
  assert(STATEMENT_SIZE_MAX << 1 <= BUFFER_SIZE);
  self = node;
  settler = settle;
  port = createPort();
  const own = ownThread();
  inspectThread(own, inspected);
  close(own);
  for (let courier: u32 = 0; courier < COURIERS; courier += 1) {
    const stack = stacks + (courier + 1) * STACK_SIZE;
    const thread = createThread(handleNamed('space'), threadEntry(), stack, courier, load<u32>(inspected));
    if (thread < 0) return thread;
    startThread(thread);
  }
  return 0;
}

/** Whoever membership wants to speak with now is spoken with. */
export function sendCouriers(): void {
  wanted |= takeWanted();
  if ((wanted & ~busy) !== 0) notify(port, WAKE);
}

/** A courier's life. */
export function carry(courier: u32): void {
  const message = changetype<Message>(messages + (courier << 6));
  const said = buffers + courier * BUFFER_SIZE;
  message.port = port;
  waitForEver(message);
  while (true) {
    enter();
    if (haltToken !== 0) {
      carryHalt();
      continue;
    }
    const node = takeOne();
    if (node === NODES_MAX) {
      leave();
      receive(message);
      continue;
    }
    const size = writeStatement(said, self);
    leave();
    const heard = ask(node, said, size);
    enter();
    busy &= ~bitOf(node);
    const isHeard = heard > 0 && hear(said + STATEMENT_SIZE_MAX, heard, milliseconds());
    if (!isHeard) hearNothing(node, milliseconds());
    call_indirect(settler);
    leave();
  }
}

/** A node to speak with; NODES_MAX for none. Where there are more, the next courier comes too. */
function takeOne(): u32 {
  const nodes = wanted & ~busy;
  if (nodes === 0) return NODES_MAX;
  const node = ctz<u64>(nodes) as u32;
  wanted &= ~bitOf(node);
  busy |= bitOf(node);
  if ((nodes & (nodes - 1)) !== 0) notify(port, WAKE);
  return node;
}

/** → the size of the answer, or an error. */
function ask(node: u32, said: u32, size: u32): i32 {
  const proxy = proxyOf(node);
  if (proxy < 0) return proxy;
  const end = now() + ((PATIENCE_MS * TICKS_PER_MILLISECOND) as u64);
  const answer = said + STATEMENT_SIZE_MAX;
  const result = peers.exchangeUntil(
    proxy,
    end as u32,
    (end >> 32) as u32,
    said,
    size,
    answer,
    STATEMENT_SIZE_MAX,
  );
  if (result < 0) forgetProxy(node);
  return result;
}

/** The member service of the node, or an error; only for whoever speaks with it. */
function proxyOf(node: u32): i32 {
  const at = proxies + (node << 2);
  if (load<u32>(at) === 0) {
    const proxy = net.peer(handleNamed('net'), node, PEER_MEMBER);
    if (proxy < 0) return proxy;
    store<u32>(at, proxy);
  }
  return load<i32>(at);
}

function forgetProxy(node: u32): void {
  close(load<u32>(proxies + (node << 2)));
  store<u32>(proxies + (node << 2), 0);
}

/** Another node is to end; who asks for it is answered when that node has. False where there is no room. */
export function orderHalt(node: u32, how: u32, token: u32): bool {
  if (haltToken !== 0) return false;
  haltNode = node;
  haltHow = how;
  haltToken = token;
  notify(port, WAKE);
  return true;
}

function carryHalt(): void {
  const token = haltToken;
  const node = haltNode;
  const how = haltHow;
  haltToken = 0;
  leave();
  let result = net.peer(handleNamed('net'), node, PEER_MEMBER);
  if (result > 0) {
    const proxy = result;
    const end = now() + ((PATIENCE_MS * TICKS_PER_MILLISECOND) as u64);
    result = peers.haltUntil(proxy, end as u32, (end >> 32) as u32, how);
    close(proxy);
  }
  completeHalt(token, result);
}
