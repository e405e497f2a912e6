/**
 * The list of processes, for ps: records in the order of numbers (os/proto/process.ts).
 */
import { RESOURCE_PAGES } from '../../abi/account.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { uidOf } from '../../lib/user.ts';
import {
  RECORD_CYCLES,
  RECORD_GROUP,
  RECORD_NAME,
  RECORD_NAME_SIZE,
  RECORD_PAGES,
  RECORD_PAGES_MAX,
  RECORD_PARENT,
  RECORD_PID,
  RECORD_PRIORITY,
  RECORD_SESSION,
  RECORD_SIZE,
  RECORD_STATE,
  RECORD_UID,
  STATE_ENDED,
  STATE_RUNNING,
  STATE_STOPPED,
  STATE_WAITING,
} from '../../proto/process.ts';
import { deliverLent } from '../../runtime/lent.ts';
import { allowed, cyclesUsed, used } from '../../runtime/system.ts';
import { lastComponent } from './loader.ts';
import { ENDED, isAway, type Process, pathOf, processAt, processesEnd, STOPPED } from './table.ts';

const record = memory.data(64, 8);

/** Those from `first` on, as far as they fit: bytes, or an error. Who asks from this node, waits only for this. */
export function giveList(token: u32, asker: u32, first: i32, size: u32): i32 {
  let written: u32 = 0;
  let process = nextFrom(first);
  while (!isNone(process) && size - written >= RECORD_SIZE) {
    describe(process, asker);
    const result = deliverLent(token, 0, written, record, RECORD_SIZE);
    if (result < 0) return result;
    written += RECORD_SIZE;
    process = nextFrom(process.pid + 1);
  }
  return written;
}

/** The process with the lowest number from `pid` on. */
function nextFrom(pid: i32): Process {
  let next = none<Process>();
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (process.pid === 0 || process.pid < pid || isAway(process)) continue;
    if (isNone(next) || process.pid < next.pid) next = process;
  }
  return next;
}

function describe(process: Process, asker: u32): void {
  let runnable = 0;
  memory.fill(record, 0, RECORD_SIZE);
  store<u32>(record, process.pid, RECORD_PID);
  store<u32>(record, process.parent, RECORD_PARENT);
  store<u32>(record, process.group, RECORD_GROUP);
  store<u32>(record, process.session, RECORD_SESSION);
  store<u8>(record, process.priority, RECORD_PRIORITY);
  store<u16>(record, uidOf(process.real), RECORD_UID);
  store<u32>(record, process.cyclesLow, RECORD_CYCLES);
  store<u32>(record, process.cyclesHigh, RECORD_CYCLES + 4);
  if (process.space !== 0) {
    runnable = cyclesUsed(process.space, record + RECORD_CYCLES);
    store<u32>(record, used(process.space, RESOURCE_PAGES), RECORD_PAGES);
    store<u32>(record, allowed(process.space, RESOURCE_PAGES), RECORD_PAGES_MAX);
  }
  store<u8>(record, stateOf(process, runnable > 0 || process.pid === asker), RECORD_STATE);
  const name = lastComponent(pathOf(process));
  for (let at: u32 = 0; at < RECORD_NAME_SIZE - 1 && load<u8>(name + at) !== 0; at += 1) {
    store<u8>(record + RECORD_NAME + at, load<u8>(name + at));
  }
}

function stateOf(process: Process, isRunnable: bool): u32 {
  if (process.state === STOPPED) return STATE_STOPPED;
  if (process.state === ENDED) return STATE_ENDED;
  return isRunnable ? STATE_RUNNING : STATE_WAITING;
}
