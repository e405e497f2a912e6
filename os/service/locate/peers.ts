/**
 * What this node knows of each other's locate service, and has told it. A peer begins anew when its service does, or
 * when it was out of reach: then nothing that was told in either direction counts any more.
 *
 *     epoch    by it a node asks another to be told everything (REQUEST); the answer, a STATE of that epoch, comes
 *              when its resources have been told
 */
import { dropHintsTo } from './hints.ts';
import { forgetTold } from './own.ts';
import { dropRows, type Row } from './rows.ts';
import { only } from './view.ts';

//@unmanaged
export class Peer {
  /** What it has stated: what it told is what is so in this view, by these generations. */
  view: u64 = 0;
  inUse: u32 = 0;
  wanted: u32 = 0;
  previous: u32 = 0;
  /** Of these statements, the last one's number. */
  serial: u32 = 0;
  /** Whether the above counts. */
  hasStated: u32 = 0;
  /** Which start of its service. */
  start: u32 = 0;
  /** The epoch in which it is to tell. */
  epoch: u32 = 0;
  /** The epoch in which it wants to be told; 0: it has not asked yet. */
  itsEpoch: u32 = 0;
  /** The last statement of this node's that it has heard. */
  heard: u32 = 0;
  /** Some of what it told was thrown away, since it was not to be kept here. */
  isPruned: u32 = 0;
  /** When it is asked again to tell, and when this node's statement is said to it again. */
  due: u32 = 0;
  stateDue: u32 = 0;
  /** How long after the last time that was. */
  pause: u32 = 0;
  statePause: u32 = 0;
}

const table = memory.data(4608, 8);

const EPOCH_MASK: u32 = 0xffff;
let epoch: u32 = 0;
let forgotten: u32 = 0;

export function startPeers(start: u32): void {
  // other than those of an earlier start, most likely
  epoch = (start * 0x9e37_79b1) >> 16;
}

export function peerAt(node: u32): Peer {
  return changetype<Peer>(table + node * offsetof<Peer>());
}

/** It is gone, or its service has begun anew: nothing counts any more of what it told or was told. */
export function beginAnew(node: u32): void {
  const peer = peerAt(node);
  forgotten = node;
  dropRows(isForgotten.index);
  dropHintsTo(node);
  forgetTold(only(node));
  peer.itsEpoch = 0;
  peer.heard = 0;
  askAgain(peer);
}

function isForgotten(row: Row): bool {
  return row.node === forgotten + 1;
}

/** It is to tell everything, in a new epoch. */
export function askAgain(peer: Peer): void {
  epoch = (epoch + 1) & EPOCH_MASK;
  if (epoch === 0) epoch = 1;
  peer.epoch = epoch;
  peer.hasStated = 0;
  peer.isPruned = 0;
  peer.due = 0;
}
