/**
 * Calls between nodes: takes in the payloads of data packets, and keeps time. A call is carried out at most once,
 * and its caller is answered exactly once: with the reply, or with what became of it.
 *
 * Times are steps of 12.8 µs. Which life of each node was heard here last is known: when another begins, what
 * went on with the one before is over.
 */

import { NODES_MAX } from '../limits.ts';
import { PEER_HEARD, peerAt } from '../tables.ts';
import {
  hearBusy,
  hearFull,
  hearGone,
  hearReceived,
  hearReply,
  hearReplyFragment,
  loseCalls,
  pumpCalls,
  tickCalls,
} from './caller.ts';
import { tickDone } from './done.ts';
import { wasHeldUp } from './pace.ts';
import { takeReply, takeRequest } from './plain.ts';
import {
  forgetNumbers,
  hearDone,
  hearReplyReceived,
  hearRequest,
  hearRequestFragment,
  loseServices,
  pumpServices,
  tickServices,
} from './server.ts';
import {
  FLAG_OF_REPLY,
  FLAGS,
  isPlainSize,
  isWellFormed,
  TYPE,
  TYPE_BUSY,
  TYPE_DONE,
  TYPE_FRAGMENT,
  TYPE_FULL,
  TYPE_GONE,
  TYPE_RECEIVED,
  TYPE_REPLY,
  TYPE_REQUEST,
} from './wire.ts';

const NOBODY: u32 = 0;

/** A data packet's payload from a peer in its present incarnation. False where it says nothing sensible. */
export function hear(peer: u32, incarnation: u32, payload: u32, size: u32, now: u32): bool {
  if (isPlainSize(size) && load<u32>(peerAt(peer), PEER_HEARD) === incarnation) {
    const head = <u32>load<u16>(payload);
    if (head === TYPE_REPLY && takeReply(peer, payload, size, now)) return true;
    if (head === TYPE_REQUEST && takeRequest(peer, payload, size, now)) return true;
  }
  return hearAny(peer, incarnation, payload, size, now);
}

function hearAny(peer: u32, incarnation: u32, payload: u32, size: u32, now: u32): bool {
  if (!isWellFormed(payload, size)) return false;
  if (load<u32>(peerAt(peer), PEER_HEARD) !== incarnation) {
    loseCalls(peer, incarnation);
    loseServices(peer);
    forgetNumbers(peer);
    store<u32>(peerAt(peer), incarnation, PEER_HEARD);
  }
  const isOfReply = (<u32>load<u8>(payload, FLAGS) & FLAG_OF_REPLY) !== 0;
  switch (<u32>load<u8>(payload, TYPE)) {
    case TYPE_REQUEST:
      hearRequest(peer, payload, size, now);
      return true;
    case TYPE_REPLY:
      hearReply(peer, payload, size, now);
      return true;
    case TYPE_FRAGMENT:
      if (isOfReply) hearReplyFragment(peer, payload, size, now);
      else hearRequestFragment(peer, payload, size, now);
      return true;
    case TYPE_RECEIVED:
      if (isOfReply) hearReplyReceived(peer, payload, now);
      else hearReceived(peer, payload, now);
      goOn(peer, now);
      return true;
    case TYPE_BUSY:
      hearBusy(peer, payload, now);
      return true;
    case TYPE_GONE:
      hearGone(peer, payload);
      return true;
    case TYPE_FULL:
      hearFull(peer, payload, now);
      goOn(peer, now);
      return true;
    default:
      assert(<u32>load<u8>(payload, TYPE) === TYPE_DONE);
      hearDone(peer, payload);
      return true;
  }
}

/** Others that wait to send something to the peer. */
function goOn(peer: u32, now: u32): void {
  if (!wasHeldUp(peer)) return;
  pumpCalls(peer, now);
  pumpServices(peer, now);
}

/** The peer's node is gone, or has begun anew: what goes on with its present life, NOBODY for none, goes on. */
export function losePeer(peer: u32, present: u32): void {
  assert(peer < NODES_MAX);
  loseCalls(peer, present);
  if (present === NOBODY || load<u32>(peerAt(peer), PEER_HEARD) !== present) loseServices(peer);
}

/** → steps until the next time, at the latest; sooner where `takeHurry` says so (hurry.ts). */
export function tickRemote(now: u32): u32 {
  const calls = tickCalls(now);
  const services = tickServices(now);
  return min<u32>(tickDone(now), min<u32>(calls, services));
}
