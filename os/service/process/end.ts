/**
 * The end of processes: what they ended by, what becomes of their children and their session, and who is told.
 * Before a parent is told of a fault, the loader has written a message about it.
 */
import { EXIT_FAULT, EXIT_LIVES, EXIT_STATUS } from '../../abi/account.ts';
import { isNone } from '../../lib/pointer.ts';
import { HOW_EXITED, HOW_SIGNALLED, SIGNAL_CONT, SIGNAL_HUP, SIGNAL_KILL } from '../../proto/process.ts';
import { close, cyclesUsed, spaceStatus } from '../../runtime/system.ts';
import { forsake } from './away.ts';
import { HANG_UP } from './courier.ts';
import { newErrand } from './errand.ts';
import { JOB_NONE, JOB_REPORT, order, setJob } from './loader.ts';
import { allThere } from './nodes.ts';
import { deliver, signalOfCause, tellParent } from './signal.ts';
import {
  DEATH_BITS,
  deathBit,
  ENDED,
  init,
  isAway,
  isService,
  type Process,
  processAt,
  processesEnd,
} from './table.ts';
import { answerWaiter } from './wait.ts';

const STATUS_MASK: u32 = 0xff;

const ending = memory.data(12, 4);

/** Of the processes whose bits are set, those that have died. */
export function handleDeaths(bits: u32): void {
  if ((bits & ((1 << DEATH_BITS) - 1)) === 0) return;
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (process.pid === 0 || process.space === 0 || (bits & deathBit(process)) === 0) continue;
    const how = spaceStatus(process.space, ending);
    if (how !== EXIT_LIVES) bury(process, how);
  }
}

function bury(process: Process, how: u32): void {
  noteEnd(process, how);
  cyclesUsed(process.space, changetype<usize>(process) + offsetof<Process>('cyclesLow'));
  close(process.space);
  if (process.thread !== 0) close(process.thread);
  if (process.block !== 0) close(process.block);
  process.space = process.thread = process.block = 0;
  if (isService(process)) {
    process.pid = 0;
    return;
  }
  process.state = ENDED;
  process.change = 0;
  process.errands = 0;
  if (how === EXIT_FAULT && process.stderr !== 0) order(process, JOB_REPORT);
  else finishEnd(process);
}

function noteEnd(process: Process, how: u32): void {
  process.how = HOW_SIGNALLED;
  process.value = process.deadly === 0 ? SIGNAL_KILL : process.deadly;
  if (how === EXIT_STATUS) {
    process.how = HOW_EXITED;
    process.value = load<u32>(ending) & STATUS_MASK;
  } else if (how === EXIT_FAULT) {
    process.cause = load<u32>(ending);
    process.pc = load<u32>(ending, 4);
    process.address = load<u32>(ending, 8);
    process.value = signalOfCause(process.cause);
  }
}

/** Nothing more is to be said about it. */
export function finishEnd(process: Process): void {
  setJob(process, JOB_NONE);
  if (process.stderr !== 0) close(process.stderr);
  process.stderr = 0;
  process.waiter = 0;
  if (process.session === process.pid) hangUpEverywhere(process.session);
  giveAwayChildren(process);
  tellParent(process);
  answerWaiter(init());
}

/** Its children are init's, each on its node. */
function giveAwayChildren(process: Process): void {
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const child = processAt(index);
    if (child.pid === 0 || child.parent !== process.pid) continue;
    if (isAway(child)) forsake(child);
    else child.parent = init().pid;
  }
}

/** Nobody is left who leads the session. */
function hangUpEverywhere(session: i32): void {
  hangUp(session);
  const errand = newErrand(HANG_UP, 0, allThere());
  if (!isNone(errand)) errand.word0 = session;
}

/** Of the session, those on this node. */
export function hangUp(session: i32): void {
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (process.pid === 0 || process.session !== session || process.space === 0) continue;
    deliver(process, SIGNAL_HUP);
    deliver(process, SIGNAL_CONT);
  }
}
