/**
 * What the terminal service's own threads ask of it: each carries one thing to or from another service, which
 * the service itself must not wait for. Nobody else may.
 */
import type { In, Out, Send } from './types.ts';

/** @contract 112 */
export interface TerminalLine {
  /** → bytes of what has been typed that are taken, 1 or more. */
  typed(from: In): u32;
  /** What was given last has gone out. → bytes that go out next; 0: the line is to be drained. */
  nextOutput(into: Out): u32;
  nextSignal(): TypedSignal;
  /** This line cannot be used any more. */
  lost(line: u32): void;
  /** Somebody wants this terminal's line exchanged for that of another node's. */
  nextAttach(): Attachment;
  /** It is done, and this is the line; or it is not, for this reason. */
  attached(line: Send, place: u32): void;
  refused(error: i32): void;
}

//@unmanaged
export class Attachment {
  node: u32 = 0;
  /** Of this terminal: where its line is, and its user. */
  place: u32 = 0;
  user: u32 = 0;
}

//@unmanaged
export class TypedSignal {
  /** As process.ts has it: below 0 for a group. */
  which: i32 = 0;
  signal: u32 = 0;
}
