/**
 * What process services of different nodes say to each other. A process whose parent is on another node is there
 * in two tables: whole where it runs, and as a child where its parent is. Both call it by its key, a number of the
 * parent's node, from the moment when it is asked for.
 *
 *     parent's node                             node where it runs
 *     spawn ──────────────────────────────────→ is made, but does not run
 *     the caller is told its number  ←───────── ready
 *       answered ─────────────────────────────→ runs; an error: it is undone
 *     the parent is told             ←───────── changed, until it is answered
 *
 * So a child that nobody was told of never runs, whatever is lost on the way. All calls are answered at once.
 *
 *     spawn record   0 key  4 parent  8 group, 0 its own  12 session, 0 its own  16 ignored signals
 *                    20 whether it waits for `start`  24 whose rights it has  28 whose it is  32 the path
 */
import type { Handles, In, Out } from './types.ts';

export const SPAWN_KEY: u32 = 0;
export const SPAWN_PARENT: u32 = 4;
export const SPAWN_GROUP: u32 = 8;
export const SPAWN_SESSION: u32 = 12;
export const SPAWN_IGNORED: u32 = 16;
export const SPAWN_IS_PREPARED: u32 = 20;
export const SPAWN_USER: u32 = 24;
export const SPAWN_REAL: u32 = 28;
export const SPAWN_PATH: u32 = 32;

/** @contract 15 */
export interface ProcessPeer {
  /** `what` is a spawn record, `start` as of Process.spawn. → 0: `ready` comes when it is made. */
  spawn(what: In, start: In, descriptors: Handles): void;
  give(key: u32, descriptors: Handles): void;
  start(key: u32): void;
  /** It has this number, or could not be made: an error. ERROR_NO_SUCH_PROCESS: nobody waits for it any more. */
  ready(key: u32, pid: u32, outcome: i32): void;
  /** HOW_… and value of what it has come to, 0 for nothing new, and its group. ERROR_NO_SUCH_PROCESS: it is nobody's child there. */
  changed(key: u32, how: u32, value: u32, group: u32, cycles: u64): void;
  /** Whether it is there: 0, or ERROR_NO_SUCH_PROCESS. */
  holds(key: u32): void;
  /** Its parent has ended. */
  forsake(key: u32): void;
  setGroup(key: u32, group: u32): void;
  /** By a process of this session and user; session 0: by root, or a service. */
  signal(which: i32, signal: u32, session: u32, user: u32): void;
  /** The session's leader has ended. */
  hangUp(session: u32): void;
  /** As Process.list. */
  list(first: u32, into: Out): u32;
  /** The node was away, or had lost the caller: what it had of the caller's it may have given up. */
  returned(node: u32): void;
}
