/**
 * The machine's end: at once after a failure that nothing survives, or in good order when somebody asks for it.
 */
import { INIT_CONTROL } from '../../abi/layout.ts';
import { HALT_REBOOT } from '../../proto/init.ts';
import * as member from '../../proto/member.client.ts';
import * as programs from '../../proto/process.client.ts';
import {
  ALL_PROCESSES,
  RECORD_PID,
  RECORD_SESSION,
  RECORD_SIZE,
  SIGNAL_KILL,
  SIGNAL_TERM,
} from '../../proto/process.ts';
import * as tree from '../../proto/tree.client.ts';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { type Message, receive } from '../../runtime/message.ts';
import { close, createPort, reset } from '../../runtime/system.ts';
import { mountCount } from './manifest.ts';
import { mountedPort } from './mounts.ts';
import { report } from './report.ts';

const RESET_SHUTDOWN: u32 = 0;
const RESET_COLD_REBOOT: u32 = 1;
const REASON_NONE: u32 = 0;
const REASON_FAILURE: u32 = 1;

/** How long the others have to agree on a view without this node. */
const LEAVE_MILLISECONDS: u32 = 1500;
/** How long programs have to end after each signal, and a tree to write what it has. */
const TERM_MILLISECONDS: u32 = 2000;
const KILL_MILLISECONDS: u32 = 500;
const SYNC_MILLISECONDS: u32 = 10_000;
const LOOK_MILLISECONDS: u32 = 20;

const record = memory.data(64, 4);
const pause = memory.data(64, 4);

let isEnding = false;

/** Whether the end has begun: nothing is started any more. */
export function isHalting(): bool {
  return isEnding;
}

/** Does not return. A status other than 0 is a failure. */
export function switchOff(status: u32): void {
  reset(INIT_CONTROL, RESET_SHUTDOWN, status === 0 ? REASON_NONE : REASON_FAILURE);
  while (true) {}
}

/** The cluster is left; programs are asked to end, then made to; trees write what they have; then the machine ends. */
export function halt(processes: u32, members: u32, how: u32): void {
  isEnding = true;
  report(how === HALT_REBOOT ? 'restarting the machine' : 'switching off');
  leaveCluster(members);
  if (processes !== 0) {
    endPrograms(processes, SIGNAL_TERM, TERM_MILLISECONDS);
    endPrograms(processes, SIGNAL_KILL, KILL_MILLISECONDS);
  }
  syncTrees();
  if (how === HALT_REBOOT) reset(INIT_CONTROL, RESET_COLD_REBOOT, REASON_NONE);
  switchOff(0);
}

/** The others go on without waiting for this node. */
function leaveCluster(members: u32): void {
  if (members === 0) return;
  const end = ticksAfter(LEAVE_MILLISECONDS);
  member.leaveUntil(members, end as u32, (end >> 32) as u32);
}

function endPrograms(processes: u32, signal: u32, milliseconds: u32): void {
  const soon = ticksAfter(LOOK_MILLISECONDS);
  programs.killUntil(processes, soon as u32, (soon >> 32) as u32, ALL_PROCESSES, signal);
  for (let waited: u32 = 0; waited < milliseconds; waited += LOOK_MILLISECONDS) {
    if (!arePrograms(processes)) return;
    wait(LOOK_MILLISECONDS);
  }
}

function arePrograms(processes: u32): bool {
  const soon = ticksAfter(LOOK_MILLISECONDS);
  const low = soon as u32;
  const high = (soon >> 32) as u32;
  const node = programs.placeUntil(processes, low, high, 0);
  if (node < 0) return false;
  let first: u32 = 0;
  while (programs.listUntil(processes, low, high, node, first, record, RECORD_SIZE) > 0) {
    if (load<u32>(record, RECORD_SESSION) !== 0) return true;
    first = load<u32>(record, RECORD_PID) + 1;
  }
  return false;
}

/** Trees write what they have. */
export function syncTrees(): void {
  for (let index: u32 = 0; index < mountCount(); index += 1) syncTree(mountedPort(index));
}

function syncTree(port: u32): void {
  if (port === 0) return;
  const end = ticksAfter(SYNC_MILLISECONDS);
  tree.syncUntil(port, end as u32, (end >> 32) as u32);
}

export function wait(milliseconds: u32): void {
  const message = changetype<Message>(pause);
  const end = ticksAfter(milliseconds);
  message.port = createPort();
  message.extras = 0;
  message.deadlineLow = end as u32;
  message.deadlineHigh = (end >> 32) as u32;
  receive(message);
  close(message.port);
}

function ticksAfter(milliseconds: u32): u64 {
  return now() + (milliseconds as u64) * (TICKS_PER_MILLISECOND as u64);
}
