/**
 * The name space: which server a path is served by. Bindings are of absolute paths without `.`, `..`, or a
 * slash at the end; the longest that is a prefix of whole names counts.
 *
 * A handle with the badge of a user (os/lib/user.ts) leads to servers by handles with that badge.
 */
import type { In, Master, Out, Send } from './types.ts';

/** @contract 6 */
export interface Name {
  /** From now on the server serves the path and all below. ERROR_EXISTS where it is bound already. */
  bind(path: In, server: Master): void;
  unbind(path: In): void;
  /** The server, and how many bytes of the path were its binding: the rest, `/…` or nothing, is for it. */
  resolve(path: In): Resolution;
  /** → bytes of bindings, a path and a zero each; ERROR_TOO_LARGE where the range has no room. */
  list(into: Out): u32;
  /** As `resolve`, for the user with that badge, or 0 for root. ERROR_ACCESS for callers who are users. */
  resolveAs(user: u32, path: In): Resolution;
}

//@unmanaged
export class Resolution {
  server: Send = 0;
  consumed: u32 = 0;
}
