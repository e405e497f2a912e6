/**
 * What services of other nodes have of this one: its port with a badge of its own, by which their calls are known.
 */
import { RIGHT_COPY, RIGHT_SEND } from '../abi/rights.ts';
import * as net from '../proto/net.client.ts';
import { close, copyHandle } from './system.ts';

/** From now on the net service at `nets` gives the port away as PEER_…. → 0, or an error. */
export function offerFace(nets: u32, service: u32, port: u32, badge: u32): i32 {
  const face = copyHandle(port, RIGHT_SEND | RIGHT_COPY, badge);
  if (face < 0) return face;
  const result = net.offer(nets, service, face);
  close(face);
  return result;
}
