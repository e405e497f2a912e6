/**
 * Calls that are over, to be said to their servers: gathered for each peer and sent together. If the packet is
 * lost, a server that still keeps a reply sends it again, and hears it then.
 */
import { NODES_MAX } from '../limits.ts';
import { post, writeHead } from './outbox.ts';
import { DONE_COUNT, DONE_MAX, DONE_PAIRS, TYPE_DONE } from './wire.ts';

const LIST_SIZE: u32 = 4 + (DONE_MAX << 3);

/** For each node: a count, then pairs of slot and number. */
const lists = memory.data(33_024);
let isEmpty = true;

export function acknowledgeDone(peer: u32, slot: u32, number: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  store<u32>(list + (count << 3), slot, 4);
  store<u32>(list + (count << 3), number, 8);
  store<u32>(list, count + 1);
  isEmpty = false;
  if (count + 1 === DONE_MAX) postDone(peer);
}

export function hasDone(): bool {
  return !isEmpty;
}

export function tickDone(): void {
  if (isEmpty) return;
  for (let peer: u32 = 0; peer < NODES_MAX; peer += 1) {
    if (load<u32>(lists + peer * LIST_SIZE) !== 0) postDone(peer);
  }
  isEmpty = true;
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
