/**
 * How long a pipeline takes, and how much of the processor it has: the shell's own share of it, and that of the
 * processes that it has waited for meanwhile.
 */
import { timeReport } from '../lib/time-report.ts';
import type { Shell } from './shell.ts';
import { cyclesPerMillisecond, milliseconds, ownCycles } from './system.ts';

export class Stopwatch {
  private start: u64 = milliseconds();
  private cycles: u64;

  constructor(shell: Shell) {
    this.cycles = ownCycles() + shell.childCycles;
  }

  tell(shell: Shell, isPortable: bool): void {
    const busy = ownCycles() + shell.childCycles - this.cycles;
    shell.descriptors.write(
      2,
      timeReport(milliseconds() - this.start, busy / cyclesPerMillisecond(), isPortable),
    );
  }
}
