/**
 * One node's net service with remote calls, for a test that plays wires, callers and servers in the host: the
 * service's own code, with the frames it sends and what it asks of its own node handed to the test.
 */
import { counters } from '../../../os/service/net/counters.ts';
import { incarnationStated } from '../../../os/service/net/link-state.ts';
import {
  joinCluster,
  PAYLOAD,
  PAYLOAD_SIZE,
  SOURCE,
  SOURCE_INCARNATION,
} from '../../../os/service/net/packet.ts';
import { launch, requestAt, takeSlot } from '../../../os/service/net/remote/caller.ts';
import { answerPlain, callPlain } from '../../../os/service/net/remote/plain.ts';
import { hear, losePeer, tickRemote } from '../../../os/service/net/remote/remote.ts';
import {
  deliverService,
  finishService,
  serviceBuffer,
  serviceHeader,
} from '../../../os/service/net/remote/server.ts';
import {
  arrive,
  finishHearing,
  isReachable,
  setCarrier,
  startRouter,
  tick,
} from '../../../os/service/net/router.ts';

const incoming = memory.data(1600, 4) + 2;
/** The label and the words of a plain call or answer. */
const words = memory.data(32, 4);
const secret = memory.data(16);

export function start(node: u32, incarnation: u32, ports: u32, cluster: u32, keyByte: u32): void {
  memory.fill(secret, <u8>keyByte, 16);
  joinCluster(cluster, secret);
  startRouter(node, incarnation, ports);
}

export function incomingAt(): u32 {
  return incoming;
}

export function wordsAt(): u32 {
  return words;
}

/** False where it is to be made as others are. */
export function callShort(peer: u32, target: u32, token: u32, steps: u32): bool {
  return callPlain(peer, target, token, words, steps);
}

export function answerShort(index: u32, steps: u32): bool {
  return answerPlain(index, words, steps);
}

export function receive(port: u32, size: u32, now: u32, steps: u32): void {
  const isData = arrive(port, incoming, size, now);
  finishHearing(now);
  if (!isData) return;
  const incarnation = load<u32>(incoming, SOURCE_INCARNATION);
  hear(
    load<u16>(incoming, SOURCE),
    incarnation,
    incoming + PAYLOAD,
    load<u16>(incoming, PAYLOAD_SIZE),
    steps,
  );
}

export {
  counters,
  deliverService,
  finishService,
  incarnationStated,
  isReachable,
  launch,
  losePeer,
  requestAt,
  serviceBuffer,
  serviceHeader,
  setCarrier,
  takeSlot,
  tick,
  tickRemote,
};
