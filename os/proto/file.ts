/**
 * An open object: a file, a directory, an end of a pipe, a terminal. Its position belongs to it, so that all
 * who share the handle share it; it is closed when nobody holds a handle any more. Flags, stat records and
 * directory entries are in os/abi/file.ts.
 */
import type { Image, In, Out } from './types.ts';

/** @contract 8 */
export interface File {
  /** → bytes read; 0 at the end. */
  read(into: Out): u32;
  /** → bytes written, 1 or more. */
  write(from: In): u32;
  seek(offset: i64, whence: u32): Position;
  truncate(size: u64): void;
  /** A stat record → its size. */
  stat(into: Out): u32;
  /** → bytes of whole directory entries, from the position on; 0 at the end. */
  list(into: Out): u32;
  sync(): void;
  /** What only this kind of object can do (terminal.ts). */
  control(command: u32, value: In, answer: Out): u32;
  /** → its contents as a memory, where the server can. */
  map(): Image;
}

//@unmanaged
export class Position {
  offset: u64 = 0;
}
