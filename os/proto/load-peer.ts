/**
 * What the load services of a cluster do for each other (PEER_LOAD), and for nobody else.
 */
import type { In, Out } from './types.ts';

/** @contract 22 */
export interface LoadPeer {
  /** Each hears what the other knows: gossip as os/service/load/vectors.ts has it. → the answer's bytes. */
  exchange(said: In, answer: Out): u32;
}
