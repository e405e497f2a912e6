/**
 * The other nodes of the cluster, from the server that is bound at /dev/net.
 */
import { ERROR_NOT_FOUND } from '../../os/abi/errors.ts';
import * as net from '../../os/proto/net.client.ts';
import {
  NODE_RECORD_COST,
  NODE_RECORD_HOP,
  NODE_RECORD_INCARNATION,
  NODE_RECORD_NODE,
  NODE_RECORD_ROUND_TRIP,
  NODE_RECORD_SIZE,
} from '../../os/proto/net.ts';
import { mountOf } from './mount.ts';

const PLACE = '/dev/net';
const NODES_MAX: i32 = 64;

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

/** Why `nodeList` found none; 0 where it did. */
export let nodeError: i32 = 0;

/** By number. */
export function nodeList(): Node[] {
  const found: Node[] = [];
  const mount = mountOf(PLACE);
  nodeError = mount === null || mount.path !== PLACE ? ERROR_NOT_FOUND : 0;
  if (mount === null || nodeError !== 0) return found;
  const records = heap.alloc(NODES_MAX * NODE_RECORD_SIZE);
  const size = net.list(mount.server, records, NODES_MAX * NODE_RECORD_SIZE);
  for (let at = 0; at < size; at += NODE_RECORD_SIZE) found.push(nodeAt(records + at));
  heap.free(records);
  if (size < 0) nodeError = size;
  return found;
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
