/**
 * A terminal. What `open` gives obeys file.ts, whose `control` has the commands of os/abi/terminal.ts, and these
 * here, for members of a process group: one that is not in the foreground is signalled SIGTTIN where it reads,
 * and SIGTTOU where it writes with TOSTOP; the call waits until it is in the foreground. Where it sets something
 * it is signalled SIGTTOU, and the call is ERROR_CANCELLED. Whoever uses file.ts is never in the background.
 */
import type { In, Out, Send } from './types.ts';

/** @contract 12 */
export interface Terminal {
  /** → an open object: this terminal. Flags: OPEN_READ and OPEN_WRITE of os/abi/file.ts. */
  open(flags: u32): Send;
  /** → bytes: with ICANON those of a line, 0 for the end of file. */
  readAs(group: u32, into: Out): u32;
  /** → bytes written, 1 or more. */
  writeAs(group: u32, from: In): u32;
  controlAs(group: u32, command: u32, value: In, answer: Out): u32;
}
