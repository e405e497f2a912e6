/**
 * A tree of files, by path. Paths are relative to the tree's root, begin with a slash and have neither `.` nor
 * `..`; an empty path is the root. Symbolic links inside are followed by the tree, except as the last name
 * where that is what is asked about. One that leads to the tree's root or to an absolute path may leave the tree,
 * since other trees are bound there: it gives ERROR_CROSS_DEVICE, and `beyond` says where it leads, for the client
 * to go on from there. Flags and the stat record are in os/abi/file.ts.
 */
import type { In, Out, Send } from './types.ts';

/** @contract 7 */
export interface Tree {
  /** → an open object (file.ts). */
  open(path: In, flags: u32, mode: u32): Send;
  /** A stat record → its size. Flags: OPEN_NO_FOLLOW, OPEN_EXECUTE. */
  stat(path: In, flags: u32, into: Out): u32;
  makeDirectory(path: In, mode: u32): void;
  remove(path: In, isDirectory: bool): void;
  /** At once, in place of what has the new name. */
  rename(from: In, to: In): void;
  link(from: In, to: In): void;
  symbolicLink(target: In, path: In): void;
  /** → the target's size; as much of it as there is room for is written. */
  readLink(path: In, into: Out): u32;
  setMode(path: In, mode: u32): void;
  /** Nanoseconds since 1970; the time of the last change of its contents. */
  setTime(path: In, modified: u64): void;
  space(): Space;
  /** Everything written lasts. */
  sync(): void;
  /**
   * Where a path leads that leaves the tree, from the link on, as an absolute path or one relative to the tree's
   * root → its size. ERROR_BAD_ARGUMENT for a path that does not. Flags: OPEN_NO_FOLLOW for the last name.
   */
  beyond(path: In, flags: u32, into: Out): u32;
  /** SAME_OWNER of os/abi/file.ts: stays. Without what had been allowed to whoever runs it. */
  setOwner(path: In, uid: u32, gid: u32): void;
}

//@unmanaged
export class Space {
  blockSize: u32 = 0;
  blocks: u32 = 0;
  free: u32 = 0;
}
