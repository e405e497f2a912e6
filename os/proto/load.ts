/**
 * How busy each node is, as far as is known here, and where a program should run: by a policy that the whole
 * cluster has, and that can be changed at any time.
 *
 *     load record    0 node (u16)  2 processor use, ‰ (u16)  4 threads that wait to run, hundredths (u16)
 *                    6 clock, MHz (u16)  8 free pages  12 all pages  16 age, ms
 */
import type { Out } from './types.ts';

export const LOAD_RECORD_SIZE: u32 = 20;
export const LOAD_RECORD_NODE: u32 = 0;
export const LOAD_RECORD_USE: u32 = 2;
export const LOAD_RECORD_WAITING: u32 = 4;
export const LOAD_RECORD_CLOCK: u32 = 6;
export const LOAD_RECORD_FREE: u32 = 8;
export const LOAD_RECORD_PAGES: u32 = 12;
export const LOAD_RECORD_AGE: u32 = 16;

/** Always this node. */
export const POLICY_HERE: u32 = 0;
/** Any node, each as likely. */
export const POLICY_RANDOM: u32 = 1;
/** The node that has the most processor left. */
export const POLICY_LEAST_LOADED: u32 = 2;
/** Of two nodes by chance the one that has more left: stale news do not send everybody to the same. */
export const POLICY_TWO_CHOICES: u32 = 3;
/** The lowest-numbered node that is not busy: work keeps together, and others may rest. */
export const POLICY_PRIORITY: u32 = 4;
export const POLICIES: u32 = 5;

/** @contract 16 */
export interface Load {
  /** → the node for a program that will want so many pages: one with as many free, while there is any. */
  place(pages: u32): u32;
  /** → POLICY_…, which all nodes of the cluster have. */
  policy(): u32;
  /** ERROR_BAD_ARGUMENT where there is none of that number. The last one that is set anywhere holds everywhere. */
  setPolicy(policy: u32): void;
  /** → bytes of load records: of this node and those in its view that have told, by number. */
  list(into: Out): u32;
}
