/**
 * One node's net service with remote calls, for a test that plays wires, callers and servers in the host: the
 * service's own code, with the frames it sends and what it asks of its own node handed to the test.
 */
import { counters } from '../../../os/service/net/counters.ts';
import { incarnationStated } from '../../../os/service/net/link-state.ts';
import { PAYLOAD, PAYLOAD_SIZE, SOURCE, SOURCE_INCARNATION } from '../../../os/service/net/packet.ts';
import { launch, requestAt, takeSlot } from '../../../os/service/net/remote/caller.ts';
import { answerPlain, callPlain } from '../../../os/service/net/remote/plain.ts';
import { hear, losePeer, tickRemote } from '../../../os/service/net/remote/remote.ts';
import {
  deliverService,
  finishService,
  serviceBuffer,
  serviceHeader,
} from '../../../os/service/net/remote/server.ts';
import { arrive, finishHearing, isReachable, setCarrier, tick } from '../../../os/service/net/router.ts';
import { incoming } from './wire-node.ts';

/** The label and the words of a plain call or answer. */
const words = memory.data(32, 4);

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

export { incomingAt, start } from './wire-node.ts';
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
