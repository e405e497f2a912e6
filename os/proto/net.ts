/**
 * The other nodes of the cluster: who they are, how they are reached, and the way to what they have to offer.
 *
 *     node record    0 node (u16)  2 next hop (u16)  4 cost, 0 for this node itself  8 incarnation  12 round trip, µs
 *     link record    0 node (u16), 2 its neighbour (u16), as it says; 4 cost (u16); 6 this node's card (u16), or NO_CARD
 *     counters       words in the order of os/service/net/counters.ts: COUNT_…
 */
import type { Notify, Out, Send } from './types.ts';

export const NODE_RECORD_SIZE: u32 = 16;
export const NODE_RECORD_NODE: u32 = 0;
export const NODE_RECORD_HOP: u32 = 2;
export const NODE_RECORD_COST: u32 = 4;
export const NODE_RECORD_INCARNATION: u32 = 8;
export const NODE_RECORD_ROUND_TRIP: u32 = 12;

export const LINK_RECORD_SIZE: u32 = 8;
export const LINK_RECORD_NODE: u32 = 0;
export const LINK_RECORD_NEIGHBOUR: u32 = 2;
export const LINK_RECORD_COST: u32 = 4;
export const LINK_RECORD_CARD: u32 = 6;
export const NO_CARD: u32 = 0xffff;

/** Services that a node has for its peers, by number: the same on every node. */
export const PEER_PROCESS: u32 = 2;
export const PEER_MEMBER: u32 = 3;
export const PEER_LOCATE: u32 = 4;
export const PEER_LOAD: u32 = 5;
export const PEER_TERMINAL: u32 = 6;

/** @contract 13 */
export interface Net {
  /** → the name service of that node, as if it were here. ERROR_NOT_FOUND for this node, and no such one. */
  directory(node: u32): Send;
  /** → bytes of node records: of all nodes that can be reached, by number. */
  list(into: Out): u32;
  /** → bytes of counters: what became of packets. */
  count(into: Out): u32;
  /** For services. What others get as this node's PEER_…, in the place of what was offered before. */
  offer(service: u32, server: Send): void;
  /** For services. → the PEER_… of that node; errors as of `directory`. Calls fail until it offers one. */
  peer(node: u32, service: u32): Send;
  /**
   * For services. From now on the port gets these bits when a node can be reached no more, or can again, and at once
   * when a service does this for the first time; one port for each service. The service's own port gets them too when
   * net has been started again: then it is to attend and to offer anew, and ports of other nodes that it was given
   * before have died.
   */
  attend(receiver: Notify, bits: u32): void;
  /** → bytes of link records: of all links that any node states, by node. */
  links(into: Out): u32;
}
