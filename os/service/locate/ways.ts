/**
 * Who else is there, by the member service: then all have the same view, and who is cut off from most of it agrees to
 * nothing. Where there is no member service, or no view yet, it is whom the net service reaches.
 *
 * The ways to other nodes' locate services: a proxy each, from the net service, asked for when it is first needed and
 * again when it was of no use. Messages are sent, not called, so that nobody here waits for anybody there.
 */
import { EXTRAS_HANDLES, EXTRAS_LENT, EXTRAS_RIGHTS, EXTRAS_VALUES } from '../../abi/message.ts';
import { RIGHT_COPY, RIGHT_SEND } from '../../abi/rights.ts';
import * as member from '../../proto/member.client.ts';
import { nodesOf, type View } from '../../proto/member.ts';
import * as net from '../../proto/net.client.ts';
import { NODE_RECORD_COST, NODE_RECORD_NODE, NODE_RECORD_SIZE, PEER_LOCATE } from '../../proto/net.ts';
import { now } from '../../runtime/clock.ts';
import { type Message, send } from '../../runtime/message.ts';
import { close } from '../../runtime/system.ts';
import { NODES_MAX } from './limits.ts';
import { WORDS_SIZE } from './message.ts';
import { only, setDistance } from './view.ts';

/** How long the net service may take to take a message: it waits for nobody. */
const SEND_TICKS: u64 = 100_000;
const RECORDS_SIZE: u32 = NODES_MAX * NODE_RECORD_SIZE;

const records = memory.data(1024, 4);
/** A handle for each node; 0 where there is none yet. */
const ways = memory.data(256, 4);
const bytes = memory.data(64, 4);
const extras = memory.data(64, 64);
const viewBytes = memory.data(20, 4);

let service: u32 = 0;
let members: u32 = 0;

/** The handles of the net service and of the member service; 0 where there is none. */
export function startWays(net: u32, member: u32): void {
  service = net;
  members = member;
}

/** The words at `address` go to the node, with a copy of the port if there is one. */
export function sendWords(node: u32, address: u32, port: u32): void {
  const way = wayTo(node);
  if (way <= 0) return;
  const message = changetype<Message>(bytes);
  message.port = way;
  memory.copy(bytes + offsetof<Message>('label'), address, WORDS_SIZE);
  message.extras = port === 0 ? 0 : extras;
  store<u32>(extras, port === 0 ? 0 : 1, EXTRAS_HANDLES);
  store<u32>(extras, 0, EXTRAS_LENT);
  store<u32>(extras, port, EXTRAS_VALUES);
  store<u32>(extras, RIGHT_SEND | RIGHT_COPY, EXTRAS_RIGHTS);
  const end = now() + SEND_TICKS;
  message.deadlineLow = end as u32;
  message.deadlineHigh = (end >> 32) as u32;
  if (send(message) < 0) forgetWay(node);
}

function wayTo(node: u32): i32 {
  const at = ways + (node << 2);
  if (load<u32>(at) !== 0) return load<u32>(at);
  const way = service === 0 ? 0 : net.peer(service, node, PEER_LOCATE);
  if (way > 0) store<u32>(at, way);
  return way;
}

/** It is asked for anew when it is needed. */
function forgetWay(node: u32): void {
  const at = ways + (node << 2);
  if (load<u32>(at) !== 0) close(load<u32>(at));
  store<u32>(at, 0);
}

/** This node's number; 0 where it is alone. */
export function nodeHere(): u32 {
  const count = listNodes();
  for (let index: u32 = 0; index < count; index += 1) {
    const record = records + index * NODE_RECORD_SIZE;
    if (load<u32>(record, NODE_RECORD_COST) === 0) return load<u16>(record, NODE_RECORD_NODE);
  }
  return 0;
}

/** The nodes of the view; the distances of those that can be reached are noted, ways to others are of no use. */
export function lookAround(): u64 {
  const count = listNodes();
  let nodes: u64 = 0;
  for (let index: u32 = 0; index < count; index += 1) {
    const record = records + index * NODE_RECORD_SIZE;
    const node = <u32>load<u16>(record, NODE_RECORD_NODE);
    nodes |= only(node);
    setDistance(node, load<u32>(record, NODE_RECORD_COST));
  }
  for (let node: u32 = 0; node < NODES_MAX; node += 1) if ((nodes & only(node)) === 0) forgetWay(node);
  const agreed = agreedView();
  return agreed === 0 ? nodes : agreed;
}

/** 0 where there is none. */
function agreedView(): u64 {
  const view = changetype<View>(viewBytes);
  if (members === 0 || member.view(members, view) < 0) return 0;
  return nodesOf(view);
}

function listNodes(): u32 {
  const size = service === 0 ? 0 : net.list(service, records, RECORDS_SIZE);
  return size < 0 ? 0 : <u32>size / NODE_RECORD_SIZE;
}
