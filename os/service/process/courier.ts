/**
 * Couriers: threads that call the process services of other nodes (os/proto/process-peer.ts) for the main thread,
 * which gives each one errand at a time and is notified when it is back. No two are on their way to the same node,
 * so that a node that does not answer keeps one of them, and what one node is told comes in order.
 *
 * What a courier needs is in its entry, the main thread's until `state` is OUT and again when it is BACK; the path
 * and descriptors of a spawn it finds in the process's entry, which stays as it is meanwhile.
 */

import { load32, store32 } from 'rv';
import { ERROR_NODE_LOST, ERROR_NOT_FOUND } from '../../abi/errors.ts';
import { PAGE_SHIFT } from '../../abi/layout.ts';
import { RIGHT_COPY, RIGHT_NOTIFY, RIGHT_READ, RIGHT_WRITE } from '../../abi/rights.ts';
import { addNumber, addText, addZeroEnded, beginLine } from '../../lib/line.ts';
import * as net from '../../proto/net.client.ts';
import { NODE_RECORD_COST, NODE_RECORD_NODE, NODE_RECORD_SIZE, PEER_PROCESS } from '../../proto/net.ts';
import * as peer from '../../proto/process-peer.client.ts';
import {
  SPAWN_GROUP,
  SPAWN_IGNORED,
  SPAWN_IS_PREPARED,
  SPAWN_KEY,
  SPAWN_PARENT,
  SPAWN_PATH,
  SPAWN_REAL,
  SPAWN_SESSION,
  SPAWN_USER,
} from '../../proto/process-peer.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import { type Message, receive, waitForEver } from '../../runtime/message.ts';
import { offerFace } from '../../runtime/peer-face.ts';
import {
  close,
  copyHandle,
  createMemory,
  createPort,
  createThread,
  hasDied,
  inspectThread,
  map,
  notify,
  ownThread,
  startThread,
} from '../../runtime/system.ts';
import { ownNode, type Process, pathOf } from './table.ts';

/** What a courier is to do. */
export const OFFER: u32 = 1;
/** Which nodes are there: bits in word0 and word1. */
export const LOOK: u32 = 2;
export const SPAWN: u32 = 3;
export const READY: u32 = 4;
export const CHANGED: u32 = 5;
export const HOLDS: u32 = 6;
export const FORSAKE: u32 = 7;
export const RETURNED: u32 = 8;
export const GIVE: u32 = 9;
export const START: u32 = 10;
export const SET_GROUP: u32 = 11;
export const SIGNAL: u32 = 12;
export const HANG_UP: u32 = 13;
export const LIST: u32 = 14;

export const IDLE: u32 = 0;
const OUT: u32 = 1;
export const BACK: u32 = 2;

//@unmanaged
export class Courier {
  state: u32 = 0;
  port: u32 = 0;
  what: u32 = 0;
  node: u32 = 0;
  /** An address: whom it is about, or 0. */
  process: u32 = 0;
  /** The place of the errand in its table; NO_ERRAND for none. */
  errand: u32 = 0;
  word0: u32 = 0;
  word1: u32 = 0;
  word2: u32 = 0;
  word3: u32 = 0;
  cycles: u64 = 0;
  /** Of a caller here whose memory is read or written. */
  token: u32 = 0;
  given: u32 = 0;
  given0: u32 = 0;
  given1: u32 = 0;
  given2: u32 = 0;
  given3: u32 = 0;
  result: i32 = 0;
}

export const NO_ERRAND: u32 = 0xffff_ffff;
export const COURIERS: u32 = 4;
export const NODES_MAX: u32 = 64;
/** Between the badges of programs and of services: of the port that other nodes' process services have. */
export const BADGE_PEER: u32 = 0x3fff_ffff;

const ENTRY_SIZE: u32 = 128;
const STACK_SIZE: u32 = 4096;
const SECONDS: u32 = 5;
const WAKE: u32 = 1;
/** Where each has room for what it carries: a spawn record and path, then a start block or a list. */
const ROOM: u32 = 0x6600_0000;
const ROOM_PAGES: u32 = 17;
const ROOM_BLOCK: u32 = 4096;
const LIST_SIZE_MAX: u32 = 4096;
const RECORDS_SIZE: u32 = 1024;
const PATH_ROOM: u32 = 300;
const LINE_HEADER: u32 = 12;

const couriers = memory.data(512, 8);
const stacks = memory.data(16384, 16);
const messages = memory.data(256, 4);
const records = memory.data(1024, 4);
/** Of each node the handle of its process service; 0 where it was not needed yet. */
const ports = memory.data(256, 4);
const priority = memory.data(4, 4);

let nodes: u32 = 0;
let served: u32 = 0;
let backBit: u32 = 0;
let changeBit: u32 = 0;

export function courierAt(index: u32): Courier {
  return changetype<Courier>(couriers + index * ENTRY_SIZE);
}

/**
 * Makes the threads, which begin at `entry` with their number from 1 on. The main thread's `port` gets `back` when
 * one has come back, and `change` when nodes come or go.
 */
export function startCouriers(space: u32, entry: u32, port: u32, back: u32, change: u32, net: u32): void {
  assert(offsetof<Courier>() <= ENTRY_SIZE);
  nodes = net;
  served = port;
  backBit = back;
  changeBit = change;
  const own = ownThread();
  inspectThread(own, priority);
  close(own);
  const room = createMemory(COURIERS * ROOM_PAGES);
  assert(room > 0 && map(space, ROOM, room, 0, COURIERS * ROOM_PAGES, RIGHT_READ | RIGHT_WRITE) === 0);
  for (let index: u32 = 0; index < COURIERS; index += 1) {
    courierAt(index).port = createPort();
    const stack = stacks + (index + 1) * STACK_SIZE;
    startThread(createThread(space, entry, stack, index + 1, load<u32>(priority)));
  }
}

/** One that has nothing to do, or null where a courier is on its way to the node, or all are somewhere. */
export function freeCourier(node: u32): u32 {
  let free: u32 = COURIERS;
  for (let index: u32 = 0; index < COURIERS; index += 1) {
    const courier = courierAt(index);
    if (stateOf(courier) === IDLE) free = index;
    else if (courier.node === node) return COURIERS;
  }
  return free;
}

/** The main thread has filled its entry. */
export function sendOut(courier: Courier): void {
  setState(courier, OUT);
  notify(courier.port, WAKE);
}

export function stateOf(courier: Courier): u32 {
  return load32(changetype<usize>(courier) + offsetof<Courier>('state'));
}

export function setState(courier: Courier, state: u32): void {
  store32(changetype<usize>(courier) + offsetof<Courier>('state'), state);
}

/** The thread of the courier with this index. */
export function runCourier(index: u32): void {
  const courier = courierAt(index);
  const message = changetype<Message>(messages + (index << 6));
  message.port = courier.port;
  waitForEver(message);
  while (receive(message) >= 0) {
    if (stateOf(courier) !== OUT) continue;
    courier.result = carryOut(courier, ROOM + index * (ROOM_PAGES << PAGE_SHIFT));
    setState(courier, BACK);
    notify(served, backBit);
  }
}

function carryOut(courier: Courier, room: u32): i32 {
  if (courier.what === OFFER) return offer();
  if (courier.what === LOOK) return look(courier);
  const port = peerPort(courier.node);
  if (port < 0) return port === ERROR_NOT_FOUND ? ERROR_NODE_LOST : port;
  // a spawn is answered when the node has it; nothing but the node's loss ends the wait, so that it is never in doubt
  if (courier.what === SPAWN) return spawn(courier, port, room);
  const end = now() + (SECONDS as u64) * (TICKS_PER_SECOND as u64);
  return call(courier, port, end as u32, (end >> 32) as u32, room);
}

function call(courier: Courier, port: u32, low: u32, high: u32, room: u32): i32 {
  const word0 = courier.word0;
  const word1 = courier.word1;
  switch (courier.what) {
    case READY:
      return peer.readyUntil(port, low, high, word0, word1, courier.word2);
    case CHANGED:
      return changed(courier, port, low, high);
    case HOLDS:
      return peer.holdsUntil(port, low, high, word0);
    case FORSAKE:
      return peer.forsakeUntil(port, low, high, word0);
    case RETURNED:
      return peer.returnedUntil(port, low, high, ownNode());
    case GIVE:
      return peer.giveUntil(port, low, high, word0, givenOf(courier), courier.given);
    case START:
      return peer.startUntil(port, low, high, word0);
    case SET_GROUP:
      return peer.setGroupUntil(port, low, high, word0, word1);
    case SIGNAL:
      return peer.signalUntil(port, low, high, word0, word1, courier.word2, courier.word3);
    case HANG_UP:
      return peer.hangUpUntil(port, low, high, word0);
    default:
      return list(courier, port, low, high, room + ROOM_BLOCK);
  }
}

function changed(courier: Courier, port: u32, low: u32, high: u32): i32 {
  const key = courier.word0;
  const how = courier.word1;
  return peer.changedUntil(port, low, high, key, how, courier.word2, courier.word3, courier.cycles);
}

export function givenOf(courier: Courier): u32 {
  return changetype<usize>(courier) + offsetof<Courier>('given0');
}

/** This node's process service is there for its peers. */
function offer(): i32 {
  const offered = offerFace(nodes, PEER_PROCESS, served, BADGE_PEER);
  const told = copyHandle(served, RIGHT_NOTIFY | RIGHT_COPY, 0);
  if (told < 0) return told;
  const attended = net.attend(nodes, told, changeBit);
  close(told);
  return offered < 0 ? offered : attended;
}

function look(courier: Courier): i32 {
  const size = net.list(nodes, records, RECORDS_SIZE);
  courier.word0 = courier.word1 = 0;
  for (let at: i32 = 0; at < size; at += NODE_RECORD_SIZE) {
    const record = records + at;
    const node = <u32>load<u16>(record, NODE_RECORD_NODE);
    if (load<u32>(record, NODE_RECORD_COST) === 0) continue;
    if (node < 32) courier.word0 |= 1 << node;
    else courier.word1 |= 1 << (node - 32);
  }
  return size;
}

/** The process service of that node, or why it cannot be reached. */
function peerPort(node: u32): i32 {
  const at = ports + (node << 2);
  const known = load<u32>(at);
  if (known !== 0 && !hasDied(known)) return known;
  if (known !== 0) close(known);
  const found = net.peer(nodes, node, PEER_PROCESS);
  store<u32>(at, max(found, 0));
  return found;
}

function spawn(courier: Courier, port: u32, room: u32): i32 {
  const process = changetype<Process>(courier.process);
  const block = room + ROOM_BLOCK;
  const result = fetchLent(courier.token, 1, 0, block, process.startSize);
  if (result < 0) return result;
  const size = SPAWN_PATH + addPath(process, room + SPAWN_PATH);
  store<u32>(room, process.key, SPAWN_KEY);
  store<u32>(room, process.parent, SPAWN_PARENT);
  store<u32>(room, courier.word0, SPAWN_GROUP);
  store<u32>(room, courier.word1, SPAWN_SESSION);
  store<u32>(room, process.ignored, SPAWN_IGNORED);
  store<u32>(room, process.user, SPAWN_USER);
  store<u32>(room, process.real, SPAWN_REAL);
  store<u32>(room, process.isPrepared, SPAWN_IS_PREPARED);
  const given = changetype<usize>(process) + offsetof<Process>('given0');
  return peer.spawn(port, room, size, block, process.startSize, given, process.given);
}

/**
 * As every node sees it: what is below /boot is everywhere, the rest is this node's. → its size. What a line has
 * in front of its text lies where the record will be.
 */
function addPath(process: Process, at: u32): u32 {
  const line = beginLine(at - LINE_HEADER, LINE_HEADER + PATH_ROOM);
  const path = pathOf(process);
  if (!isBelow(path, '/boot') && !isBelow(path, '/node')) {
    addText(line, '/node/');
    addNumber(line, ownNode());
  }
  addZeroEnded(line, path);
  return line.at - line.start;
}

function isBelow(path: u32, place: string): bool {
  const length: u32 = place.length;
  for (let at: u32 = 0; at < length; at += 1) {
    if (<u32>load<u8>(path + at) !== <u32>load<u16>(changetype<usize>(place) + (at << 1))) return false;
  }
  return load<u8>(path + length) === 0x2f;
}

function list(courier: Courier, port: u32, low: u32, high: u32, room: u32): i32 {
  const size = peer.listUntil(port, low, high, courier.word0, room, min<u32>(courier.word1, LIST_SIZE_MAX));
  if (size <= 0) return size;
  const result = deliverLent(courier.token, 0, 0, room, size);
  return result < 0 ? result : size;
}
