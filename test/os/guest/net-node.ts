/**
 * One node's net service for a test that plays the wires in the host: the service's own code, with the frames
 * it sends handed to the test.
 */

import { chaskey, expandKey } from '../../../os/lib/chaskey.ts';
import { hashOnto, setUniversalKey } from '../../../os/lib/universal-hash.ts';
import { counters } from '../../../os/service/net/counters.ts';
import { PAYLOAD } from '../../../os/service/net/packet.ts';
import { costTo } from '../../../os/service/net/route.ts';
import {
  arrive,
  finishHearing,
  isReachable,
  openData,
  sendCast,
  sendData,
  setCarrier,
  tick,
} from '../../../os/service/net/router.ts';
import { incoming } from './wire-node.ts';

/** A packet that goes out. */
const outgoing = memory.data(1600, 4) + 2;

export function outgoingAt(): u32 {
  return outgoing;
}

export function payloadOffset(): u32 {
  return PAYLOAD;
}

export function receive(port: u32, size: u32, now: u32): bool {
  const isData = arrive(port, incoming, size, now);
  finishHearing(now);
  return isData;
}

export function send(destination: u32, size: u32): bool {
  const packet = openData(destination);
  memory.copy(packet + PAYLOAD, outgoing + PAYLOAD, size);
  return sendData(packet, destination, size, 0);
}

export function cast(size: u32): void {
  sendCast(outgoing, size);
}

export { incomingAt, start } from './wire-node.ts';
export { chaskey, costTo, counters, expandKey, hashOnto, isReachable, setCarrier, setUniversalKey, tick };
