/**
 * Who is in the cluster: views, on which their members agree by majority of the view before. A node that cannot
 * reach enough of its view goes on alone without a say: it must not acknowledge what others rely on.
 *
 *     member record    0 node (u16)  2 MEMBER_… (u16)  4 incarnation  8 ms since it is so
 */
import type { Notify, Out } from './types.ts';

export const MEMBER_RECORD_SIZE: u32 = 12;
export const MEMBER_RECORD_NODE: u32 = 0;
export const MEMBER_RECORD_STATE: u32 = 2;
export const MEMBER_RECORD_INCARNATION: u32 = 4;
export const MEMBER_RECORD_AGE: u32 = 8;

/** It answers, or nothing is known to the contrary. */
export const MEMBER_ALIVE: u32 = 1;
/** It cannot be reached; it may say that it lives before it counts as dead. */
export const MEMBER_SUSPECT: u32 = 2;
export const MEMBER_DEAD: u32 = 3;
/** It has said good-bye: nobody waits for it. */
export const MEMBER_LEFT: u32 = 4;

/** @contract 17 */
export interface Member {
  /** The latest view that this node knows; number 0 before the first. */
  view(): View;
  /** → bytes of member records: of all nodes that were ever heard of, by number. */
  list(into: Out): u32;
  /** For services. From now on the port gets these bits when the view, or whether it has a majority here, changes. */
  attend(receiver: Notify, bits: u32): void;
  /** For services. This node leaves: answers when the others have a view without it, or it is alone. */
  leave(): void;
  /** A node ends in good order: HALT_OFF or HALT_REBOOT of os/proto/init.ts. ERROR_NOT_FOUND where it is not reached. */
  halt(node: u32, how: u32): void;
}

/** The view's nodes, a bit each. */
export function nodesOf(view: View): u64 {
  return (view.low as u64) | ((view.high as u64) << 32);
}

//@unmanaged
export class View {
  number: u32 = 0;
  count: u32 = 0;
  /** Bit n: node n is in it; then nodes 32 …. */
  low: u32 = 0;
  high: u32 = 0;
  /** 1 where this node is in it and reaches a majority of it. */
  isMajority: u32 = 0;
}
