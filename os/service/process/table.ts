/**
 * The table of processes: programs that this service has made, services that init has told of, and init itself;
 * and those on other nodes whose parent is here (away.ts).
 *
 * A process is in the table from its spawn until its parent has been told of its end. Its children then go to
 * init, and its number is free again once no group or session has it either.
 */
import { BADGE_INIT } from '../../abi/manifest.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { FIRST_PROGRAM, NODE_PIDS, originOf } from '../../proto/process.ts';
import { NO_NUMBER, numberVariable } from '../../runtime/environment.ts';

//@unmanaged
export class Process {
  /** 0 where the entry is free. */
  pid: i32 = 0;
  parent: i32 = 0;
  group: i32 = 0;
  /** 0 for services. */
  session: i32 = 0;
  /** Whose rights it has, whose it is, and whose it starts others as (user.ts). */
  user: u32 = 0;
  real: u32 = 0;
  startsAs: u32 = 0;
  /** Its image has lent it rights that its parent has not. */
  isRaised: u32 = 0;
  /** LOADS …, below. */
  state: u32 = 0;
  priority: u32 = 0;
  space: u32 = 0;
  /** Its first thread, whose waits caught signals cancel. */
  thread: u32 = 0;

  /** HOW_… and value of its end; a stop or continuation that nobody has been told of. */
  how: u32 = 0;
  value: u32 = 0;
  change: u32 = 0;
  /** Of a fault: cause, pc, address. */
  cause: u32 = 0;
  pc: u32 = 0;
  address: u32 = 0;
  /** In cycles, once it has ended. */
  cyclesLow: u32 = 0;
  cyclesHigh: u32 = 0;
  /** By children that have ended, once it knows. */
  childrenCycles: u64 = 0;

  /** Signals, bit n for n: what it does about them, and those caught that it has not taken. */
  ignored: u32 = 0;
  caught: u32 = 0;
  pending: u32 = 0;
  /** Those that it gets when it runs. */
  early: u32 = 0;
  /** The signal by which it was ended. */
  deadly: u32 = 0;

  /** Its own wait for a child. */
  waiter: u32 = 0;
  waitWhich: i32 = 0;
  waitOptions: u32 = 0;

  /** Who waits for its spawn, and what that asked for. */
  token: u32 = 0;
  startSize: u32 = 0;
  isPrepared: u32 = 0;
  /** Descriptors it has been given; of the spawn, those that are to be given. */
  descriptors: u32 = 0;
  given: u32 = 0;
  given0: u32 = 0;
  given1: u32 = 0;
  given2: u32 = 0;
  given3: u32 = 0;
  /** Its start block, until it runs. */
  block: u32 = 0;
  /** A copy of descriptor 2, for a message about a fault. */
  stderr: u32 = 0;

  /** Where it runs. */
  node: u32 = 0;
  /** What its parent's node and its own call it, where that are two (os/proto/process-peer.ts); else 0. */
  key: i32 = 0;
  /** What couriers are to tell, bit n for n; which of it is under way; whether the rest waits for a better time. */
  errands: u32 = 0;
  isUnderWay: u32 = 0;
  isHeld: u32 = 0;
  /** The policy has chosen the node: another would do. */
  isPlaced: u32 = 0;
  /** Of its making, for the parent's node. */
  result: i32 = 0;
  /** Nobody wants it any more; the loader still has it. */
  isAbandoned: u32 = 0;

  /** JOB_… for the loader, and its result. */
  job: u32 = 0;
  image: i32 = 0;
  pathSize: u32 = 0;
}

/** Its executable is being loaded. */
export const LOADS: u32 = 1;
/** It is there, and waits for descriptors. */
export const PREPARED: u32 = 2;
export const RUNS: u32 = 3;
export const STOPPED: u32 = 4;
/** Its parent has not been told yet; before that, maybe, a message about its fault is being written. */
export const ENDED: u32 = 5;
/** The entry is free as soon as no errand is under way for it. */
export const GONE: u32 = 6;
/** It is there; its parent's node is being told, and has maybe told the parent by now. */
export const READYING: u32 = 7;

const PROCESSES_MAX: u32 = 192;
export const PATH_SIZE_MAX: u32 = 255;

const ENTRY_SIZE: u32 = 576;
const PATH_OFFSET: u32 = 320;
const NOBODY: i32 = -1;
const INIT: i32 = 1;

const processes = memory.data(192 * 576, 4);

/** This node, and the number before its first. */
let node: u32 = 0;
let base: i32 = 0;
let lastPid: i32 = 0;
/** The entry behind the last that was ever taken. */
let end: u32 = 1;

/** Entries from 0 on are in use, or were. */
export function processesEnd(): u32 {
  return end;
}

export function processAt(index: u32): Process {
  return changetype<Process>(processes + index * ENTRY_SIZE);
}

/** Where its executable's path is kept; for a service its name. Ends by a zero. */
export function pathOf(process: Process): u32 {
  return changetype<usize>(process) + PATH_OFFSET;
}

/** Init's own entry, so that it is a parent like any other. */
export function startTable(): void {
  assert(offsetof<Process>() <= PATH_OFFSET);
  const number = numberVariable('node');
  if (number !== NO_NUMBER) node = number;
  base = node * NODE_PIDS;
  const first = init();
  first.node = node;
  first.pid = first.group = base + INIT;
  first.state = RUNS;
  store<u32>(pathOf(first), 0x7469_6e69);
  first.pathSize = 4;
  lastPid = lastOfServices();
}

export function ownNode(): u32 {
  return node;
}

/** This node's init. */
export function init(): Process {
  return processAt(0);
}

/** None where there is no such process. */
export function processOf(pid: i32): Process {
  for (let index: u32 = 0; index < end && pid > 0; index += 1) {
    const process = processAt(index);
    if (process.pid === pid) return process;
  }
  return none<Process>();
}

/** By its key; none where there is no such one. */
export function processOfKey(key: i32): Process {
  for (let index: u32 = 0; index < end && key > 0; index += 1) {
    const process = processAt(index);
    if (process.pid !== 0 && process.key === key) return process;
  }
  return none<Process>();
}

/** Whether it runs on another node, as a child of a process here. */
export function isAway(process: Process): bool {
  return process.node !== node;
}

/** Whether it runs here and its parent elsewhere. */
export function isForeign(process: Process): bool {
  return process.key !== 0 && process.node === node;
}

/** Where the process of this number runs, as far as is known here. */
export function placeOf(pid: i32): u32 {
  const process = processOf(pid);
  return isNone(process) ? originOf(pid) : process.node;
}

/** Of one that has its parent on another node, or runs on one: that node. */
export function otherNode(process: Process): u32 {
  return isAway(process) ? process.node : originOf(process.key);
}

/** Who calls with this badge; none for services other than init. */
export function callerOf(badge: u32): Process {
  return badge === BADGE_INIT ? init() : processOf(badge);
}

/** A free entry, all zero, with a number of its own; none where all are taken. */
export function newProgram(): Process {
  const process = newEntry();
  if (isNone(process)) return process;
  do {
    lastPid = lastPid === base + <i32>NODE_PIDS - 1 ? lastOfServices() + 1 : lastPid + 1;
  } while (isTaken(lastPid));
  process.pid = lastPid;
  return process;
}

/** The same with one of the numbers below those of programs. */
export function newService(): Process {
  let pid = base + INIT + 1;
  while (isTaken(pid)) pid += 1;
  if (pid > lastOfServices()) return none<Process>();
  const process = newEntry();
  if (!isNone(process)) process.pid = pid;
  return process;
}

function lastOfServices(): i32 {
  return base + <i32>FIRST_PROGRAM - 1;
}

/** Nobody here is to know of it any more; its entry is free once no errand is under way for it. */
export function release(process: Process): void {
  process.pid = process.isUnderWay === 0 ? 0 : NOBODY;
  process.state = GONE;
  process.errands = 0;
  process.parent = process.group = process.session = 0;
}

/** The same, but its node is to be told so: the caller owes it that. */
export function releaseOwing(process: Process): void {
  release(process);
  process.pid = NOBODY;
}

/** Its number as a bit of the service's port, together with others. */
export function deathBit(process: Process): u32 {
  const index = (changetype<usize>(process) - processes) / ENTRY_SIZE;
  return 1 << (index & (DEATH_BITS - 1));
}

/** So many bits, from 0 on. */
export const DEATH_BITS: u32 = 16;

export function isService(process: Process): bool {
  return process.session === 0;
}

/** Whether a process other than `except` is in this group and session. */
export function isGroupOf(group: i32, session: i32, except: Process): bool {
  for (let index: u32 = 0; index < end; index += 1) {
    const process = processAt(index);
    if (process.pid === 0 || process === except) continue;
    if (process.group === group && process.session === session) return true;
  }
  return false;
}

function newEntry(): Process {
  let index: u32 = 0;
  while (index < end && processAt(index).pid !== 0) index += 1;
  if (index === PROCESSES_MAX) return none<Process>();
  end = max(end, index + 1);
  const process = processAt(index);
  memory.fill(changetype<usize>(process), 0, ENTRY_SIZE);
  process.node = node;
  return process;
}

function isTaken(pid: i32): bool {
  for (let index: u32 = 0; index < end; index += 1) {
    const process = processAt(index);
    if (process.pid === 0) continue;
    if (process.pid === pid || process.group === pid || process.session === pid || process.key === pid)
      return true;
  }
  return false;
}
