/**
 * Calls that are over, to be said to their servers: gathered for each peer and sent together. If the packet is
 * lost, a server that still keeps a reply sends it again, and hears it then.
 */
import { NODES_MAX } from '../limits.ts';
import { hurry } from './hurry.ts';
import { post, writeHead } from './outbox.ts';
import { DONE_COUNT, DONE_MAX, DONE_PAIRS, TYPE_DONE } from './wire.ts';

/** Within so many steps a server hears that its reply is here. */
export const DONE_STEPS: u32 = 100;
/** They are gathered for so long. */
const GATHER_STEPS: u32 = 78;
const NONE_STEPS: u32 = 0x7fff_ffff;

const LIST_SIZE: u32 = 4 + (DONE_MAX << 3);

/** For each node: a count, then pairs of slot and number. */
const lists = memory.data(33_024);
let isEmpty = true;
/** When some were last sent. */
let saidAt: u32 = 0;

export function acknowledgeDone(peer: u32, slot: u32, number: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  const last = list + (count << 3);
  store<u32>(last, slot, 4);
  store<u32>(last, number, 8);
  store<u32>(list, count + 1);
  isEmpty = false;
  hurry(DONE_STEPS);
  if (count + 1 === DONE_MAX) postDone(peer);
}

/** Of a call that is over something has come: its server may not know, unless it is about to hear of it. */
export function acknowledgeAgain(peer: u32, slot: u32, number: u32): void {
  const list = lists + peer * LIST_SIZE;
  const last = list + (load<u32>(list) << 3);
  const isNoted = last !== list && load<u32>(last - 4) === slot && load<u32>(last) === number;
  if (!isNoted) acknowledgeDone(peer, slot, number);
}

/** Sends them when it is time. → steps until the next time. */
export function tickDone(now: u32): u32 {
  if (isEmpty) return NONE_STEPS;
  if (now - saidAt < GATHER_STEPS) return GATHER_STEPS - (now - saidAt);
  for (let peer: u32 = 0; peer < NODES_MAX; peer += 1) {
    if (load<u32>(lists + peer * LIST_SIZE) !== 0) postDone(peer);
  }
  isEmpty = true;
  saidAt = now;
  return NONE_STEPS;
}

function postDone(peer: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  const payload = writeHead(peer, TYPE_DONE, 0, 0, 0);
  store<u32>(payload, count, DONE_COUNT);
  memory.copy(payload + DONE_PAIRS, list + 4, count << 3);
  store<u32>(list, 0);
  post(peer, DONE_PAIRS + (count << 3));
}
