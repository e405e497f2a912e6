/**
 * Calls that are over, to be said to their servers: gathered for each peer and sent together. If the packet is
 * lost, a server that still keeps a reply sends it again, and hears it then.
 */
import { unlikely } from 'rv';
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
/** A bit for each node that is to be told some. */
let waiting: u64 = 0;
/** When some were last sent. */
let saidAt: u32 = 0;

export function acknowledgeDone(peer: u32, slot: u32, number: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  const last = list + (count << 3);
  store<u32>(last, slot, 4);
  store<u32>(last, number, 8);
  store<u32>(list, count + 1);
  if (count === 0) {
    unlikely();
    waiting |= (<u64>1) << peer;
    hurry(DONE_STEPS);
  }
  if (count + 1 === DONE_MAX) postDone(peer);
}

/** The slot's next call is about to say the same, where it goes to the same node. */
export function sayByCall(peer: u32, slot: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  if (count !== 0 && load<u32>(list + (count << 3) - 4) === slot) store<u32>(list, count - 1);
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
  if (waiting === 0) return NONE_STEPS;
  if (now - saidAt < GATHER_STEPS) return GATHER_STEPS - (now - saidAt);
  for (; waiting !== 0; waiting &= waiting - 1) postDone(ctz<u64>(waiting) as u32);
  saidAt = now;
  return NONE_STEPS;
}

function postDone(peer: u32): void {
  const list = lists + peer * LIST_SIZE;
  const count = load<u32>(list);
  if (count === 0) return;
  const payload = writeHead(peer, TYPE_DONE, 0, 0, 0);
  store<u32>(payload, count, DONE_COUNT);
  memory.copy(payload + DONE_PAIRS, list + 4, count << 3);
  store<u32>(list, 0);
  post(peer, DONE_PAIRS + (count << 3));
}
