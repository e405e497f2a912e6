/**
 * NAME
 *     time: run a command and say how long it took
 * SYNOPSIS
 *     time [-p] COMMAND [ARGUMENT]…
 * DESCRIPTION
 *     Runs COMMAND, and says on standard error how much time has passed (real) and how much of it the command and
 *     what it waited for had of the processor (user), the kernel's work for it included. What services did for it
 *     is theirs, so that there is no sys. In the shell, `time` before a pipeline times all of it.
 *
 *     -p   as POSIX has it: seconds with two decimals, not 0m1.234s
 *
 *     The status is that of the command; 127 where there is none, 126 where it cannot be run.
 * SEE ALSO
 *     top, ps, sleep
 */
import { now, TICKS_PER_MILLISECOND } from '../../os/runtime/clock.ts';
import { complainOf, writeError } from '../lib/complaint.ts';
import { Options } from '../lib/options.ts';
import { ownNode } from '../lib/process.ts';
import { cyclesPerSecond } from '../lib/process-list.ts';
import { cyclesOfRun, failureStatus, runProgram } from '../lib/run.ts';
import { timeReport } from '../lib/time-report.ts';

const REFUSED: i32 = 125;

let isPortable: bool = false;

export function main(): i32 {
  const options = new Options('time [-p] COMMAND [ARGUMENT]...', '+p', 'portability=p', REFUSED);
  while (options.next()) isPortable = true;
  options.need(1, 'missing command');
  const start = now();
  const status = runProgram(options.operands);
  const passed = (now() - start) / TICKS_PER_MILLISECOND;
  if (status < 0) {
    complainOf(options.operands[0], status);
    return failureStatus(status);
  }
  writeError(timeReport(passed, (cyclesOfRun() * 1000) / cyclesPerSecond(ownNode()), isPortable));
  return status;
}
