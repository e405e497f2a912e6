/**
 * The other nodes of the cluster, from the server that is bound at /dev/net.
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import * as net from '../../os/proto/net.client.ts';
import {
  LINK_RECORD_CARD,
  LINK_RECORD_COST,
  LINK_RECORD_NEIGHBOUR,
  LINK_RECORD_NODE,
  LINK_RECORD_SIZE,
  NO_CARD,
  NODE_RECORD_COST,
  NODE_RECORD_HOP,
  NODE_RECORD_INCARNATION,
  NODE_RECORD_NODE,
  NODE_RECORD_ROUND_TRIP,
  NODE_RECORD_SIZE,
} from '../../os/proto/net.ts';
import { mountOf } from './mount.ts';
import type { Options } from './options.ts';

const PLACE = '/dev/net';
const NODES_MAX: i32 = 64;
const LINKS_MAX: i32 = 1024;
const COUNTERS_MAX: i32 = 32;
const DIGITS_MAX: i32 = 9;

/** A node that can be reached. */
export class Node {
  constructor(
    readonly number: i32,
    /** The neighbour by which it is reached. */
    readonly hop: i32,
    /** 0 for this node itself. */
    readonly cost: i32,
    readonly incarnation: u32,
    /** Microseconds; 0 where nothing went there yet. */
    readonly roundTrip: i32,
  ) {}
}

/** A wire between two nodes, as the first one states it. */
export class Link {
  constructor(
    readonly node: i32,
    readonly neighbour: i32,
    readonly cost: i32,
    /** The first node's network card, where that is this node; −1 elsewhere. */
    readonly card: i32,
  ) {}
}

/** Why `nodeList`, `linkList`, `packetCounters` or `serverAt` found none; 0 where it did. */
export let nodeError: i32 = 0;

/** By number. */
export function nodeList(): Node[] {
  const found: Node[] = [];
  const server = serverAt(PLACE);
  if (server === 0) return found;
  const records = heap.alloc(NODES_MAX * NODE_RECORD_SIZE);
  const size = net.list(server, records, NODES_MAX * NODE_RECORD_SIZE);
  for (let at = 0; at < size; at += NODE_RECORD_SIZE) found.push(nodeAt(records + at));
  heap.free(records);
  if (size < 0) nodeError = size;
  return found;
}

/** Of a node that a command's line calls `2` or `node2`; what is neither ends the program. */
export function nodeNumber(options: Options, text: string): i32 {
  const digits = text.startsWith('node') ? text.substring(4) : text;
  let isNumber = digits.length > 0 && digits.length <= DIGITS_MAX;
  for (let index = 0; index < digits.length; index++) {
    if (digits.charCodeAt(index) < 0x30 || digits.charCodeAt(index) > 0x39) isNumber = false;
  }
  if (!isNumber) options.fail(`invalid node: ‘${text}’`);
  return <i32>parseInt(digits, 10);
}

export function isThere(number: i32): bool {
  const nodes = nodeList();
  for (let index = 0; index < nodes.length; index++) if (nodes[index].number === number) return true;
  return false;
}

/** Of all nodes, by node: each wire once for each end that states it. */
export function linkList(): Link[] {
  const found: Link[] = [];
  const server = serverAt(PLACE);
  if (server === 0) return found;
  const records = heap.alloc(LINKS_MAX * LINK_RECORD_SIZE);
  const size = net.links(server, records, LINKS_MAX * LINK_RECORD_SIZE);
  for (let at = 0; at < size; at += LINK_RECORD_SIZE) found.push(linkAt(records + at));
  heap.free(records);
  if (size < 0) nodeError = size;
  return found;
}

/** What became of packets at this node, in the order of os/service/net/counters.ts. */
export function packetCounters(): u32[] {
  const found: u32[] = [];
  const server = serverAt(PLACE);
  if (server === 0) return found;
  const words = heap.alloc(COUNTERS_MAX << 2);
  const size = net.count(server, words, COUNTERS_MAX << 2);
  for (let at = 0; at < size; at += 4) found.push(load<u32>(words + at));
  heap.free(words);
  if (size < 0) nodeError = size;
  return found;
}

/** That node's name service: a handle, or an error. */
export function directoryOf(node: u32): i32 {
  const server = serverAt(PLACE);
  return server === 0 ? nodeError : net.directory(server, node);
}

/** The server that is bound at exactly that path; 0 where there is none. */
export function serverAt(path: string): u32 {
  const mount = mountOf(path);
  const isThere = mount !== null && mount.path === path;
  nodeError = isThere ? 0 : ERROR_NOT_FOUND;
  return mount !== null && isThere ? mount.server : 0;
}

function linkAt(record: usize): Link {
  const card = <u32>load<u16>(record, LINK_RECORD_CARD);
  return new Link(
    load<u16>(record, LINK_RECORD_NODE),
    load<u16>(record, LINK_RECORD_NEIGHBOUR),
    load<u16>(record, LINK_RECORD_COST),
    card === NO_CARD ? -1 : <i32>card,
  );
}

function nodeAt(record: usize): Node {
  return new Node(
    load<u16>(record, NODE_RECORD_NODE),
    load<u16>(record, NODE_RECORD_HOP),
    load<u32>(record, NODE_RECORD_COST),
    load<u32>(record, NODE_RECORD_INCARNATION),
    load<u32>(record, NODE_RECORD_ROUND_TRIP),
  );
}
