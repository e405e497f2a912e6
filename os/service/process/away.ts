/**
 * Children on other nodes, as their parents' node has them: an entry of the process table with the node where the
 * child runs, so that waits and groups need nobody else. It has a number of this node's as its key, and as its pid
 * until the other node has given it one.
 *
 *     LOADS ─ ready ─→ PREPARED, RUNS ─ changed ─→ ENDED ─ wait ─→ free
 *       └─ not made: the caller is told ─→ free; or it is made here, where nobody has asked for that node
 *     its node is lost: HOW_LOST · its parent ends: the node is told, and the child is init's there
 */
import { ERROR_BUSY, ERROR_NO_SUCH_PROCESS, ERROR_NODE_LOST } from '../../abi/errors.ts';
import { isNone } from '../../lib/pointer.ts';
import { HOW_CONTINUED, HOW_LOST, HOW_STOPPED } from '../../proto/process.ts';
import { FORSAKE, HOLDS, SPAWN } from './courier.ts';
import { oweErrand } from './errand.ts';
import { loseParent } from './foreign.ts';
import { JOB_LOAD, order } from './loader.ts';
import { tellParent } from './signal.ts';
import { closeGiven, complete } from './spawn.ts';
import {
  ENDED,
  GONE,
  isAway,
  isForeign,
  LOADS,
  otherNode,
  ownNode,
  PREPARED,
  type Process,
  processAt,
  processesEnd,
  processOf,
  processOfKey,
  RUNS,
  release,
  releaseOwing,
} from './table.ts';

/** The entry of a requested child becomes that of one on the node. */
export function sendAway(process: Process, node: u32): void {
  process.key = process.pid;
  process.node = node;
  oweErrand(process, SPAWN);
}

/** The other node has the request, or an error. */
export function finishSpawnAway(process: Process, result: i32): void {
  if (result < 0 && process.state === LOADS) failThere(process, result);
}

/** It cannot be made there. That node, if it has the request, hears that nobody waits for it, and undoes it. */
function failThere(process: Process, error: i32): void {
  if (process.isPlaced === 0) {
    fail(process, error);
    return;
  }
  process.node = ownNode();
  process.key = 0;
  process.errands = 0;
  order(process, JOB_LOAD);
}

function fail(process: Process, error: i32): void {
  complete(process, error);
  closeGiven(process);
  release(process);
}

/** What its node says of the making of a child. 0: it may run. */
export function hearReady(key: i32, pid: i32, result: i32): i32 {
  const child = childOf(key);
  if (isNone(child)) return ERROR_NO_SUCH_PROCESS;
  // said again, since the first answer was lost
  if (child.state !== LOADS) return child.pid === pid ? 0 : ERROR_NO_SUCH_PROCESS;
  if (result < 0 || !isNone(processOf(pid))) {
    fail(child, result < 0 ? result : ERROR_BUSY);
    return ERROR_NO_SUCH_PROCESS;
  }
  if (child.group === key) child.group = pid;
  if (child.session === key) child.session = pid;
  closeGiven(child);
  child.pid = pid;
  child.state = child.isPrepared === 0 ? RUNS : PREPARED;
  if (complete(child, pid) >= 0) return 0;
  release(child);
  return ERROR_NO_SUCH_PROCESS;
}

/** It has ended, been stopped or continued. */
export function hearChanged(key: i32, how: u32, value: u32, group: i32, cycles: u64): i32 {
  const child = childOf(key);
  if (isNone(child) || child.state === LOADS) return ERROR_NO_SUCH_PROCESS;
  if (child.state === ENDED) return 0;
  child.group = group;
  if (how === 0) return 0;
  child.value = value;
  if (how === HOW_STOPPED || how === HOW_CONTINUED) child.change = how;
  else {
    child.cyclesLow = cycles as u32;
    child.cyclesHigh = (cycles >> 32) as u32;
    end(child, how);
  }
  tellParent(child);
  return 0;
}

function end(child: Process, how: u32): void {
  child.state = ENDED;
  child.how = how;
  child.change = 0;
  child.errands = 0;
}

/** None where there is no such child on another node. */
function childOf(key: i32): Process {
  const child = processOfKey(key);
  return isNone(child) || !isAway(child) || child.state === GONE ? changetype<Process>(0) : child;
}

/** Whether the other node has it. */
export function finishHolds(child: Process, result: i32): void {
  if (result === ERROR_NO_SUCH_PROCESS) lose(child);
}

/** Its node has been away. */
export function askForChildren(node: u32): void {
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const child = processAt(index);
    if (child.pid === 0 || !isAway(child) || child.node !== node) continue;
    if (child.state !== GONE && child.state !== ENDED) oweErrand(child, HOLDS);
  }
}

/** The parent of a child that is away has ended. */
export function forsake(child: Process): void {
  const isKnown = child.state !== ENDED && (child.errands & (1 << SPAWN)) === 0;
  closeGivenUnless(child);
  if (!isKnown) {
    release(child);
    return;
  }
  releaseOwing(child);
  oweErrand(child, FORSAKE);
}

/** What was to go along goes nowhere; while it is being carried it is closed after. */
function closeGivenUnless(child: Process): void {
  if (child.isUnderWay === 0) closeGiven(child);
}

function lose(child: Process): void {
  if (child.state === ENDED || child.state === GONE) return;
  if (child.state === LOADS) {
    failThere(child, ERROR_NODE_LOST);
    return;
  }
  child.value = child.node;
  end(child, HOW_LOST);
  tellParent(child);
}

/** The node cannot be reached any more. */
export function loseNode(node: u32): void {
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (process.pid === 0) continue;
    if (isForeign(process) && otherNode(process) === node) loseParent(process);
    else if (isAway(process) && otherNode(process) === node) loseAway(process);
  }
}

function loseAway(process: Process): void {
  // a spawn that is under way comes back with an error
  if (process.state === LOADS && process.isUnderWay === SPAWN) return;
  if (process.state === GONE) {
    process.errands = 0;
    if (process.isUnderWay === 0) process.pid = 0;
  } else lose(process);
}

/** A caller's START has been carried out, or not. */
export function noteStart(key: i32, result: i32): void {
  const child = childOf(key);
  if (!isNone(child) && result === 0 && child.state === PREPARED) child.state = RUNS;
}

/** A caller's SET_GROUP. */
export function noteGroup(key: i32, group: i32, result: i32): void {
  const child = childOf(key);
  if (!isNone(child) && result === 0) child.group = group;
}
