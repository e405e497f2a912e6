/**
 * What `--stats` and `--json` tell at the end: what the guest did, what it cost by cause, and how fast the
 * host was. The figures of the guest are the same in every run; those of the host are not.
 */
import type { Board } from '../board.ts';
import type { End } from './run.ts';

export interface Report {
  readonly end: string;
  readonly exitCode: number;
  readonly instructions: number;
  readonly cycles: number;
  readonly nanoseconds: number;
  /** Cycles by cause, and how often each cause applied, as the hart names them. */
  readonly counters: Readonly<Record<string, number>>;
  readonly hostSeconds: number;
  /** Millions of guest instructions a second of the host. */
  readonly mips: number;
  /** Bytes of the host's memory that the process holds. */
  readonly memory: number;
}

export function makeReport(board: Board, end: End, exitCode: number, hostSeconds: number): Report {
  const { instructions = 0, cycles = 0, ...counters } = board.hart.counters;
  return {
    end: end.kind,
    exitCode,
    instructions,
    cycles,
    nanoseconds: board.now,
    counters,
    hostSeconds: Number(hostSeconds.toFixed(6)),
    mips: Number((instructions / hostSeconds / 1e6).toFixed(1)),
    memory: process.memoryUsage().rss,
  };
}

export function reportText(report: Report): string {
  const rows: [string, string][] = [
    ['instructions', String(report.instructions)],
    ['cycles', String(report.cycles)],
    ['guest seconds', (report.nanoseconds / 1e9).toFixed(6)],
    ...Object.entries(report.counters).map(([name, count]): [string, string] => [`  ${name}`, String(count)]),
    ['host seconds', report.hostSeconds.toFixed(3)],
    ['MIPS', report.mips.toFixed(1)],
    ['host memory', `${(report.memory / 0x10_0000).toFixed(1)} MiB`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(20)} ${value.padStart(16)}\n`).join('');
}
