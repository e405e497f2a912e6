/**
 * One node's net service for a test that plays the wires in the host: the service's own code, with the frames
 * it sends handed to the test.
 */

import { sipHash } from '../../../os/lib/siphash.ts';
import { counters } from '../../../os/service/net/counters.ts';
import { joinCluster, PAYLOAD } from '../../../os/service/net/packet.ts';
import { costTo } from '../../../os/service/net/route.ts';
import {
  arrive,
  isReachable,
  sendCast,
  sendData,
  setCarrier,
  startRouter,
  tick,
} from '../../../os/service/net/router.ts';

//@external("wire", "transmit")
declare function wireTransmit(port: u32, packet: u32, size: u32): void;

/** A packet that has come in, and one that goes out. */
const incoming = memory.data(1600, 4) + 2;
const outgoing = memory.data(1600, 4) + 2;
const secret = memory.data(16);

function transmit(port: u32, packet: u32, size: u32): void {
  wireTransmit(port, packet, size);
}

export function start(node: u32, incarnation: u32, ports: u32, cluster: u32, keyByte: u32): void {
  memory.fill(secret, <u8>keyByte, 16);
  joinCluster(cluster, secret);
  startRouter(node, incarnation, ports, transmit.index);
}

export function incomingAt(): u32 {
  return incoming;
}

export function outgoingAt(): u32 {
  return outgoing;
}

export function payloadOffset(): u32 {
  return PAYLOAD;
}

export function receive(port: u32, size: u32, now: u32): bool {
  return arrive(port, incoming, size, now);
}

export function send(destination: u32, size: u32): bool {
  return sendData(outgoing, destination, size);
}

export function cast(size: u32): void {
  sendCast(outgoing, size);
}

export { costTo, counters, isReachable, setCarrier, sipHash, tick };
