/**
 * Whose a terminal is, and at which node's console it is seen. The same port is the terminal (terminal.ts).
 *
 * A console is a serial line, and a terminal has one, at first its own node's. To attach a session is to exchange
 * the lines of two terminals: what was seen at one console is seen at the other. Where a line is lost, each terminal
 * goes back to its own.
 */
import type { Send } from './types.ts';

/** In the stat record of a terminal's device, where other objects have 0: the node at whose console it is. */
export const STAT_PLACE: u32 = 12;
/** In its mode: somebody is logged in there. */
export const MODE_TAKEN: u32 = 0x10;

/** @contract 24 */
export interface Console {
  /** For services: the user (os/lib/user.ts), the mode, and since when, in nanoseconds since 1970. */
  set(user: u32, mode: u32, since: u64): void;
  state(): ConsoleState;
  /**
   * On an open terminal: its line goes to that node's terminal, and gets that one's. ERROR_NOT_FOUND: nobody is
   * logged in there; ERROR_ACCESS: somebody else is; ERROR_BUSY: another exchange is under way.
   */
  bring(node: u32): void;
  /** For peers: takes the line, which is that node's console, for a user, and gives its own. */
  exchange(line: Send, place: u32, user: u32): Exchanged;
}

//@unmanaged
export class ConsoleState {
  since: u64 = 0;
  user: u32 = 0;
  mode: u32 = 0;
  place: u32 = 0;
}

//@unmanaged
export class Exchanged {
  line: Send = 0;
  place: u32 = 0;
}
