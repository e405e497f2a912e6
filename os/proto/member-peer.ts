/**
 * What the member services of a cluster do for each other (PEER_MEMBER), and for nobody else.
 */
import type { In, Out } from './types.ts';

/** @contract 21 */
export interface MemberPeer {
  /** Each hears what the other knows: statements as os/service/member/statement.ts has them. → the answer's bytes. */
  exchange(said: In, answer: Out): u32;
  /** The node is to end: HALT_OFF or HALT_REBOOT of os/proto/init.ts. */
  halt(how: u32): void;
}
