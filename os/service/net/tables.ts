/**
 * Where the service's tables lie that every packet and call uses: close together, so that they take few pages of the
 * TLB and few lines of the cache. What they hold is known to the files that use them.
 *
 *     0     lock 4 · records in use 36                     worker.ts, remote/exchange.ts
 *     64    counters                                       counters.ts
 *     128   cards 512 · interrupts 16 · addresses 32       cards.ts
 *     704   key 32 · tag 16 · a pad 32                     packet.ts
 *     784   offered ports 64                               exports.ts
 *     848   services that are ready 128                    inward.ts
 *     1024  workers, of 192                                worker.ts
 *
 * Of each node a record of PEER_SIZE, of which a packet out uses the first line, one that comes in the others:
 *
 *     0     way 32 · pad of the next packet out 32         router.ts
 *     64    pad of the next packet in 32                   router.ts
 *     96    incarnation 4                                  window.ts
 *     100   incarnation heard by remote calls 4            remote/remote.ts
 *     104   pace 24                                        remote/pace.ts
 *     128   windows 2 × 36                                 window.ts
 */
import { NODES_MAX } from './limits.ts';

/** Neither begins with a page: there the data of all programs and of the kernel fight for the same lines. */
const desk = memory.data(8320, 4096) + 896;
export const LOCK_AT: u32 = desk;
export const IN_USE_AT: u32 = desk + 4;
export const COUNTERS_AT: u32 = desk + 64;
export const CARDS_AT: u32 = desk + 128;
export const INTERRUPTS_AT: u32 = desk + 640;
export const ADDRESSES_AT: u32 = desk + 656;
export const KEY_AT: u32 = desk + 704;
export const TAG_AT: u32 = desk + 736;
export const PASSING_PAD_AT: u32 = desk + 752;
export const OFFERS_AT: u32 = desk + 784;
export const READY_AT: u32 = desk + 848;
export const WORKERS_AT: u32 = desk + 1024;

const PEER_SHIFT: u32 = 8;
const peers = memory.data(18_944, 4096) + 2560;
export const PEER_PAD_OUT: u32 = 32;
export const PEER_PAD_IN: u32 = 64;
export const PEER_INCARNATION: u32 = 96;
export const PEER_HEARD: u32 = 100;
export const PEER_PACE: u32 = 104;
export const PEER_WINDOWS: u32 = 128;

/** The node's record. */
//@inline
export function peerAt(node: u32): u32 {
  assert(node < NODES_MAX);
  return peers + (node << PEER_SHIFT);
}
