/**
 * The kernel's data structures: what an object remembers. What is done with one is in the file of its name.
 *
 * All live in pools that are made at boot and are never given back, so a stale reference always is one to
 * an object of the same kind. `references` counts the handles to an object and the kernel's own references;
 * at 0 it ends. `owner` is the space whose account pays for it.
 */
import { RESOURCES } from '../abi/account.ts';

/**
 * A handle: one entry of a space's table, and a node of the derivation tree. Entries are 32 bytes, 128 a
 * page. A free entry has no object, no info, keeps its value for the next generation, and is linked by `next`.
 */
//@unmanaged
export class Handle {
  object: u32 = 0;
  /** Kind in bits 7–0, rights in bits 15–8, the space's index in bits 23–16, HANDLE_WATCHED. */
  info: u32 = 0;
  /** Index in bits 9–0, generation above; bit 31 is zero. */
  value: u32 = 0;
  badge: u32 = 0;
  /** The handle it was derived from, its own first derivation, and its neighbours among the parent's. */
  parent: Handle = changetype<Handle>(0);
  child: Handle = changetype<Handle>(0);
  next: Handle = changetype<Handle>(0);
  previous: Handle = changetype<Handle>(0);
}

/** In a handle's info: there is a watch among its children. */
export const HANDLE_WATCHED: u32 = 1 << 24;
/** In the info of nodes that are no handles: a mapped range, a watch. */
export const KIND_REGION: u32 = 15;
export const KIND_WATCH: u32 = 14;

/**
 * A mapped range: a node derived from the memory handle through which it was mapped, so that revoking
 * that handle takes the mapping away. `object` is the memory.
 */
//@unmanaged
export class Region extends Handle {
  space: Space = changetype<Space>(0);
  start: u32 = 0;
  pages: u32 = 0;
  /** The page of the memory that is at `start`. */
  firstPage: u32 = 0;
  /** Page-table bits R, W, X. */
  access: u32 = 0;
  spaceNext: Region = changetype<Region>(0);
  spacePrevious: Region = changetype<Region>(0);
  memoryNext: Region = changetype<Region>(0);
  memoryPrevious: Region = changetype<Region>(0);
}

/** An entry of the deadline heap; `heapIndex` is 0 where it is not in it. */
//@unmanaged
export class Deadline {
  low: u32 = 0;
  high: u32 = 0;
  heapIndex: u32 = 0;
  /** A timer's deadline, or else a thread's. */
  isTimer: u32 = 0;
}

/** The first 34 words are known to entry.s. */
//@unmanaged
export class Thread {
  pc: u32 = 0;
  ra: u32 = 0;
  sp: u32 = 0;
  gp: u32 = 0;
  tp: u32 = 0;
  t0: u32 = 0;
  t1: u32 = 0;
  t2: u32 = 0;
  s0: u32 = 0;
  s1: u32 = 0;
  a0: u32 = 0;
  a1: u32 = 0;
  a2: u32 = 0;
  a3: u32 = 0;
  a4: u32 = 0;
  a5: u32 = 0;
  a6: u32 = 0;
  a7: u32 = 0;
  s2: u32 = 0;
  s3: u32 = 0;
  s4: u32 = 0;
  s5: u32 = 0;
  s6: u32 = 0;
  s7: u32 = 0;
  s8: u32 = 0;
  s9: u32 = 0;
  s10: u32 = 0;
  s11: u32 = 0;
  t3: u32 = 0;
  t4: u32 = 0;
  t5: u32 = 0;
  t6: u32 = 0;
  isFullFrame: u32 = 0;
  satp: u32 = 0;

  /** THREAD_…: os/abi/thread.ts. */
  state: u8 = 0;
  /** Who stops it: HOLD_…, below. It runs only where that is nobody. */
  holds: u8 = 0;
  /** Whether its next wait is to end before it begins. */
  isCancelled: u8 = 0;
  priority: u32 = 0;
  space: Space = changetype<Space>(0);
  /** Neighbours in the ready queue or the port's queue that it is in. */
  next: Thread = changetype<Thread>(0);
  previous: Thread = changetype<Thread>(0);
  /** The port it waits at, to send or to receive. */
  port: Port = changetype<Port>(0);
  /** While it sends: the badge of its handle, and whether it wants a reply. */
  badge: u32 = 0;
  wantsReply: u32 = 0;
  /** Of its current or last call: token.ts. */
  token: u32 = 0;
  /** While it sends or calls through a proxy: which. */
  proxy: Port = changetype<Port>(0);
  /** While it waits for a reply: who must give it, and its neighbours among those who wait for the same. */
  replier: Space = changetype<Space>(0);
  callerNext: Thread = changetype<Thread>(0);
  callerPrevious: Thread = changetype<Thread>(0);
  /** Ranges of its memory that its call lends: {address, size, access}. */
  lentCount: u32 = 0;
  lent0Address: u32 = 0;
  lent0Size: u32 = 0;
  lent0Access: u32 = 0;
  lent1Address: u32 = 0;
  lent1Size: u32 = 0;
  lent1Access: u32 = 0;
  /** How far each was written to: kept after the call. */
  lent0Written: u32 = 0;
  lent1Written: u32 = 0;
  /** How far the first was delivered, without a gap. */
  delivered: u32 = 0;
  /** A Deadline in place. */
  deadlineLow: u32 = 0;
  deadlineHigh: u32 = 0;
  deadlineIndex: u32 = 0;
  deadlineIsTimer: u32 = 0;
  references: u32 = 0;
  owner: Space = changetype<Space>(0);
  /** From a page fault to its pager's reply: the page and the access (pager.ts), and the address. */
  fault: u32 = 0;
  faultAddress: u32 = 0;
  /** Neighbours among the threads of its space. */
  spaceNext: Thread = changetype<Thread>(0);
  spacePrevious: Thread = changetype<Thread>(0);
  /** Who is told of what is delivered into memory that it lends; none for nobody. */
  attendant: Port = changetype<Port>(0);
  attendantBits: u32 = 0;
}

/** Stopped by a call that named the thread, or its space. */
export const HOLD_THREAD: u8 = 1;
export const HOLD_SPACE: u8 = 2;

//@unmanaged
export class Port {
  references: u32 = 0;
  /** Handles with the right to receive. At 0 the port is dead. */
  receivers: u32 = 0;
  /** Threads that wait to send, or else threads that wait to receive; never both. */
  senders: Thread = changetype<Thread>(0);
  sendersLast: Thread = changetype<Thread>(0);
  waiting: Thread = changetype<Thread>(0);
  waitingLast: Thread = changetype<Thread>(0);
  /** Notification bits that nobody has received yet. */
  bits: u32 = 0;
  /** Proxies to this port that have bits which nobody has received yet, first come, first served. */
  notified: Port = changetype<Port>(0);
  notifiedLast: Port = changetype<Port>(0);
  /** Of a proxy: where messages to it go; none of others. */
  target: Port = changetype<Port>(0);
  /** Of a proxy: what the target's receivers know it by; 0 of others. */
  name: u32 = 0;
  /** Of a proxy: what calls to it answer, 0 where they are let through. */
  failure: i32 = 0;
  /** Of a proxy: whether it is among its target's notified, and its neighbours there. */
  isNotified: u32 = 0;
  notifiedNext: Port = changetype<Port>(0);
  notifiedPrevious: Port = changetype<Port>(0);
  /** How many proxies have this port for their target. */
  proxies: u32 = 0;
  watches: Watch = changetype<Watch>(0);
  owner: Space = changetype<Space>(0);
  nextFree: Port = changetype<Port>(0);
}

/**
 * `port` is told `bits` when the thing watched ends. The watch of a handle's derivations is one of its children
 * itself; others are in a list of the thing's, by `next` and `previous`, whose head's address is `object`.
 */
//@unmanaged
export class Watch extends Handle {
  port: Port = changetype<Port>(0);
  bits: u32 = 0;
  owner: Space = changetype<Space>(0);
  /** Neighbours among the watches that the same space has set. */
  ownerNext: Watch = changetype<Watch>(0);
  ownerPrevious: Watch = changetype<Watch>(0);
}

//@unmanaged
export class Memory {
  references: u32 = 0;
  pages: u32 = 0;
  /** Pages present. */
  present: u32 = 0;
  isDevice: u32 = 0;
  /** A device knows where its pages are: they stay. */
  isLocated: u32 = 0;
  /** Of device memory: the physical address of page 0. */
  deviceAddress: u32 = 0;
  /** Address of the first of MEMORY_DIRECTORIES words, each 0 or the address of a page of page addresses. */
  directory: u32 = 0;
  regions: Region = changetype<Region>(0);
  regionCount: u32 = 0;
  /** Who supplies absent pages, by messages with this badge; none where they are zero. */
  pager: Port = changetype<Port>(0);
  pagerBadge: u32 = 0;
  owner: Space = changetype<Space>(0);
  /** Among those that end in the background: how far it is. */
  nextDying: Memory = changetype<Memory>(0);
  cursor: u32 = 0;
  nextFree: Memory = changetype<Memory>(0);
}

export const MEMORY_DIRECTORIES: u32 = 16;

/** One for each source of the PLIC. */
//@unmanaged
export class Interrupt {
  references: u32 = 0;
  source: u32 = 0;
  port: Port = changetype<Port>(0);
  bits: u32 = 0;
  /** Delivered and not acknowledged: the PLIC has not been told of its completion. */
  isPending: u32 = 0;
}

//@unmanaged
export class Timer {
  /** A Deadline in place. */
  deadlineLow: u32 = 0;
  deadlineHigh: u32 = 0;
  deadlineIndex: u32 = 0;
  deadlineIsTimer: u32 = 0;
  references: u32 = 0;
  port: Port = changetype<Port>(0);
  bits: u32 = 0;
  owner: Space = changetype<Space>(0);
  nextFree: Timer = changetype<Timer>(0);
}

//@unmanaged
export class Space {
  references: u32 = 0;
  /** SPACE_…, below. */
  state: u32 = 0;
  index: u32 = 0;
  satp: u32 = 0;
  /** The root page table. */
  root: u32 = 0;
  /** Processor time, in cycles. */
  cyclesLow: u32 = 0;
  cyclesHigh: u32 = 0;
  /** Whose account this one's limits were taken from; none for the first. */
  parent: Space = changetype<Space>(0);
  /** Whether others were made of this one's account. */
  hasChildren: u32 = 0;
  threads: Thread = changetype<Thread>(0);
  /** Whether its threads are held. */
  isStopped: u32 = 0;
  /** Threads whose calls it has received and not replied to. */
  callers: Thread = changetype<Thread>(0);
  regions: Region = changetype<Region>(0);
  regionCount: u32 = 0;
  /** Those of memories that have a pager. */
  pagedRegions: u32 = 0;
  watches: Watch = changetype<Watch>(0);
  /** Those that it has set itself. */
  ownWatches: Watch = changetype<Watch>(0);
  /** Handle table: HANDLE_PAGES pages, and the free entries. */
  table0: u32 = 0;
  table1: u32 = 0;
  table2: u32 = 0;
  table3: u32 = 0;
  table4: u32 = 0;
  table5: u32 = 0;
  table6: u32 = 0;
  table7: u32 = 0;
  freeHandles: Handle = changetype<Handle>(0);
  /** How it ended. */
  exit: u32 = 0;
  exitWord: u32 = 0;
  exitPc: u32 = 0;
  exitValue: u32 = 0;
  nextDying: Space = changetype<Space>(0);
  cursor: u32 = 0;
  /** What is used and what is allowed of each resource, in turn. */
  used0: u32 = 0;
  limit0: u32 = 0;
  used1: u32 = 0;
  limit1: u32 = 0;
  used2: u32 = 0;
  limit2: u32 = 0;
  used3: u32 = 0;
  limit3: u32 = 0;
  used4: u32 = 0;
  limit4: u32 = 0;
  used5: u32 = 0;
  limit5: u32 = 0;
  used6: u32 = 0;
  limit6: u32 = 0;
}

export const HANDLE_PAGES: u32 = 8;

export const SPACE_FREE: u32 = 0;
export const SPACE_LIVE: u32 = 1;
/** Its threads are gone; the rest goes in the background. */
export const SPACE_DYING: u32 = 2;
/** Nothing is left but its account and its exit status. */
export const SPACE_DEAD: u32 = 3;

/** Where resource n's count of use is; its limit is the next word. */
//@inline
export function usedAddress(space: Space, resource: u32): u32 {
  assert(resource < RESOURCES);
  return changetype<usize>(space) + offsetof<Space>('used0') + (resource << 3);
}
