/**
 * What the tests that play the wires in the host do with a node first, whatever else of net they look at: it begins,
 * and they lay the packets that come in where it finds them.
 */
import { joinCluster } from '../../../os/service/net/packet.ts';
import { startRouter } from '../../../os/service/net/router.ts';

/** A packet that has come in. */
export const incoming = memory.data(1600, 4) + 2;
const secret = memory.data(16);

export function start(node: u32, incarnation: u32, ports: u32, cluster: u32, keyByte: u32): void {
  memory.fill(secret, <u8>keyByte, 16);
  joinCluster(cluster, secret);
  startRouter(node, incarnation, ports);
}

export function incomingAt(): u32 {
  return incoming;
}
