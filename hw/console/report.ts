/**
 * What `--stats` and `--json` tell at the end: what the guest did, what it cost by cause, and how fast the
 * host was. The figures of the guest are the same in every run; those of the host are not.
 * Every cycle has exactly one cause.
 */
import type { Board } from '../board.ts';
import { CYCLES_EACH } from '../cpu/counters.ts';
import type { TranslatorStatistics } from '../cpu/translator/translator.ts';
import type { End } from './run.ts';

export interface Report {
  readonly end: string;
  readonly exitCode: number;
  readonly instructions: number;
  readonly cycles: number;
  readonly nanoseconds: number;
  /** How often each cause of hw/manual/timing.ts applied, and the cycles that it took in all. */
  readonly causes: Readonly<Record<string, { readonly count: number; readonly cycles: number }>>;
  /** Absent where nothing is translated. */
  readonly translation: TranslatorStatistics | undefined;
  readonly hostSeconds: number;
  /** Millions of guest instructions a second of the host. */
  readonly mips: number;
  /** Bytes of the host's memory that the process holds. */
  readonly memory: number;
}

export function makeReport(board: Board, end: End, exitCode: number, hostSeconds: number): Report {
  const { cycles = 0, ...counts } = board.hart.counters;
  const causes = Object.entries(counts).map(([name, count]) => [
    name,
    { count, cycles: count * (CYCLES_EACH[name] ?? 0) },
  ]);
  return {
    end: end.kind,
    exitCode,
    instructions: counts['instructions']!,
    cycles,
    nanoseconds: board.now,
    causes: Object.fromEntries(causes),
    translation: board.hart.translation,
    hostSeconds: Number(hostSeconds.toFixed(6)),
    mips: Number((counts['instructions']! / hostSeconds / 1e6).toFixed(1)),
    memory: process.memoryUsage().rss,
  };
}

export function reportText(report: Report): string {
  const row = (name: string, ...columns: string[]) =>
    [name.padEnd(18), ...columns.map(column => column.padStart(16))].join('') + '\n';
  return [
    row('', 'count', 'cycles'),
    ...Object.entries(report.causes).map(([name, { count, cycles }]) =>
      row(`  ${name}`, String(count), String(cycles)),
    ),
    row('cycles', '', String(report.cycles)),
    row('guest seconds', '', (report.nanoseconds / 1e9).toFixed(6)),
    ...translationRows(report, row),
    row('host seconds', '', report.hostSeconds.toFixed(3)),
    row('MIPS', '', report.mips.toFixed(1)),
    row('host memory', '', `${(report.memory / 0x10_0000).toFixed(1)} MiB`),
  ].join('');
}

/** Regions, their size, what it took to make them, and how much of the work they did. */
function translationRows(
  { translation, instructions }: Report,
  row: (name: string, ...columns: string[]) => string,
): string[] {
  if (translation === undefined) return [];
  const { regions, translations, guestInstructions, bytes, milliseconds, executed } = translation;
  return [
    row('regions', String(regions), `${translations} made`),
    row('  instructions', String(guestInstructions), `${bytes} bytes`),
    row('  translation', '', `${milliseconds.toFixed(0)} ms`),
    row('  of all executed', '', `${((100 * executed) / Math.max(1, instructions)).toFixed(1)} %`),
  ];
}
