/**
 * NAME
 *     time: run a command and say how long it took
 * SYNOPSIS
 *     time [-p] COMMAND [ARGUMENT]…
 * DESCRIPTION
 *     Runs COMMAND, and says on standard error how much time has passed (real) and how much of it the command and
 *     what it waited for had of the processor (user), counted to the cycle. What services did for it is theirs:
 *     sys is always 0.
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
import { CYCLES_PER_SECOND } from '../lib/process-list.ts';
import { cyclesOfRun, failureStatus, runProgram } from '../lib/run.ts';

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
  const busy = cyclesOfRun() / (CYCLES_PER_SECOND / 1000);
  writeError(`${isPortable ? '' : '\n'}${line('real', passed)}${line('user', busy)}${line('sys', 0)}`);
  return status;
}

function line(name: string, milliseconds: u64): string {
  const part = milliseconds % 1000;
  const seconds = milliseconds / 1000;
  if (isPortable) return `${name} ${seconds}.${(part / 10).toString().padStart(2, '0')}\n`;
  return `${name}\t${seconds / 60}m${seconds % 60}.${part.toString().padStart(3, '0')}s\n`;
}
