/**
 * The name space: which server a path is served by. Bindings are of absolute paths without `.`, `..`, or a
 * slash at the end; the longest that is a prefix of whole names counts.
 */
import type { In, Out, Send } from './types.ts';

/** @contract 6 */
export interface Name {
  /** From now on the server serves the path and all below. ERROR_EXISTS where it is bound already. */
  bind(path: In, server: Send): void;
  unbind(path: In): void;
  /** The server, and how many bytes of the path were its binding: the rest, `/…` or nothing, is for it. */
  resolve(path: In): Resolution;
  /** → bytes of bindings, a path and a zero each; ERROR_TOO_LARGE where the range has no room. */
  list(into: Out): u32;
}

//@unmanaged
export class Resolution {
  server: Send = 0;
  consumed: u32 = 0;
}
