/**
 * Processes: making them, waiting for them, signals. The port is badged: the caller is the process it was
 * given to. Numbers are the cluster's: 200042 is process 42 of node 2, 200001 init there; a node that is alone is
 * node 0. Numbers below 0 mean a group: -7 is all of group 7. A program may signal the programs of its own session
 * and of its user, those of root and services all of them; others are to it as if they were not there, or ERROR_ACCESS.
 *
 *     process record   0 pid  4 parent  8 group  12 state (u8)  13 priority (u8)  16 cycles (u64)  24 pages
 *                      28 name, 28 bytes, padded with zeros  56 session  60 pages allowed  14 user (u16)
 */
import type { Handle, Handles, In, Out } from './types.ts';

export const SIGNAL_HUP: u32 = 1;
export const SIGNAL_INT: u32 = 2;
export const SIGNAL_QUIT: u32 = 3;
export const SIGNAL_ILL: u32 = 4;
export const SIGNAL_TRAP: u32 = 5;
export const SIGNAL_ABRT: u32 = 6;
export const SIGNAL_BUS: u32 = 7;
export const SIGNAL_FPE: u32 = 8;
export const SIGNAL_KILL: u32 = 9;
export const SIGNAL_USR1: u32 = 10;
export const SIGNAL_SEGV: u32 = 11;
export const SIGNAL_USR2: u32 = 12;
export const SIGNAL_PIPE: u32 = 13;
export const SIGNAL_ALRM: u32 = 14;
export const SIGNAL_TERM: u32 = 15;
export const SIGNAL_CHLD: u32 = 17;
export const SIGNAL_CONT: u32 = 18;
export const SIGNAL_STOP: u32 = 19;
export const SIGNAL_TSTP: u32 = 20;
export const SIGNAL_TTIN: u32 = 21;
export const SIGNAL_TTOU: u32 = 22;
export const SIGNAL_WINCH: u32 = 28;

export const ACTION_DEFAULT: u32 = 0;
export const ACTION_IGNORE: u32 = 1;
export const ACTION_CATCH: u32 = 2;

export const WAIT_NO_HANG: u32 = 1;
/** Also for children that have been stopped. */
export const WAIT_STOPPED: u32 = 2;

export const HOW_EXITED: u32 = 1;
export const HOW_SIGNALLED: u32 = 2;
export const HOW_STOPPED: u32 = 3;
/** With STOPPED: it runs again. */
export const HOW_CONTINUED: u32 = 4;
/** What became of it nobody knows: its node, the value, cannot be reached any more. */
export const HOW_LOST: u32 = 5;

/** Any child. */
export const ANY_CHILD: i32 = -1;
/** All that the caller may signal, but not itself. */
export const ALL_PROCESSES: i32 = -1;
/** As the node of a spawn: by the cluster's policy. */
export const ANY_NODE: i32 = -1;
/** A node's numbers are below the next one's. */
export const NODE_PIDS: u32 = 100_000;
/** Of a node's numbers; services have those below. */
export const FIRST_PROGRAM: u32 = 32;

export const STATE_RUNNING: u32 = 1;
export const STATE_STOPPED: u32 = 2;
export const STATE_ENDED: u32 = 3;
/** None of its threads can run. */
export const STATE_WAITING: u32 = 4;

export const RECORD_SIZE: u32 = 64;
export const RECORD_PID: u32 = 0;
export const RECORD_PARENT: u32 = 4;
export const RECORD_GROUP: u32 = 8;
export const RECORD_STATE: u32 = 12;
export const RECORD_PRIORITY: u32 = 13;
export const RECORD_UID: u32 = 14;
export const RECORD_CYCLES: u32 = 16;
export const RECORD_PAGES: u32 = 24;
export const RECORD_NAME: u32 = 28;
export const RECORD_NAME_SIZE: u32 = 28;
/** 0 for a service. */
export const RECORD_SESSION: u32 = 56;
export const RECORD_PAGES_MAX: u32 = 60;

/** @contract 10 */
export interface Process {
  /**
   * → pid. `start` is a start block (os/abi/start.ts) without handles and pid; the descriptors become fd0, fd1 …
   * Group: -1 the caller's, 0 one of its own, else that one. Node: where it is to run, or ANY_NODE; the image is
   * this node's, and what begins with /boot every node's own. ERROR_NODE_LOST: it cannot be reached.
   */
  spawn(image: In, start: In, group: i32, node: i32, descriptors: Handles): u32;
  /** A spawn whose child waits for more descriptors: as many `give`s follow as it needs, then `start`. */
  prepare(image: In, start: In, group: i32, node: i32, descriptors: Handles): u32;
  give(pid: u32, descriptors: Handles): void;
  start(pid: u32): void;
  /** Waits until such a child has ended. A pid, ANY_CHILD, or a group below -1. With NO_HANG and none ended: pid 0. */
  wait(which: i32, options: u32): End;
  kill(which: i32, signal: u32): void;
  setGroup(pid: u32, group: u32): void;
  setSignal(signal: u32, action: u32): void;
  /** → bits of the caught signals that have come, signal n at bit n; none of them any more. */
  takeSignals(): u32;
  /** → bytes of process records, ordered by pid, from `first` on: of what runs on the node. */
  list(node: u32, first: u32, into: Out): u32;
  /**
   * Who calls.
   * @idempotent
   */
  identify(): Identity;
  /**
   * → the node where the process runs, as far as this one knows; where the caller does for 0.
   * @idempotent
   */
  place(pid: u32): u32;
  /** The machine ends in good order: HALT_… of init.ts. It goes on until it does. */
  halt(how: u32): void;
  /** Init only: a service that it has started. → pid. */
  adopt(space: Handle, name: In, priority: u32): u32;
  /** So many more pages for the caller: at most half of those that nobody has been promised. ERROR_QUOTA. */
  allow(pages: u32): void;
  /** Only root: what the caller starts from now on is that user's, and leads a session of its own. */
  startAs(uid: u32, gid: u32): void;
}

//@unmanaged
export class End {
  /** Of the processor, by the child and those that it has waited for, where it has ended. */
  cycles: u64 = 0;
  pid: u32 = 0;
  how: u32 = 0;
  /** The exit status, the signal, or the node that was lost. */
  value: u32 = 0;
}

//@unmanaged
export class Identity {
  pid: u32 = 0;
  parent: u32 = 0;
  group: u32 = 0;
  session: u32 = 0;
  /** Whose it is (os/lib/user.ts), also where it runs with the rights of its image's owner. */
  user: u32 = 0;
}

/** The node that gave the number; where the process runs, `place` says. */
export function originOf(pid: u32): u32 {
  return pid / NODE_PIDS;
}
