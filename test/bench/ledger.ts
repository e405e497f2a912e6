/**
 * Where the cycles of a board go: it is followed by the instruction, and what it does is booked by program, function,
 * file or line of whoever spent it.
 *
 *     begin() ─→ the board goes on ─→ what begin gave ─→ steps          book(steps, …) ─→ printed(…)
 */
import type { Board } from '../../hw/board.ts';
import { type Elf, readElf } from '../../hw/elf.ts';
import { SymbolTable } from '../../hw/lab/symbols.ts';
import { type LineTable, readLineTable } from '../../hw/line-table.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { Spaces } from './spaces.ts';

/** Of `csrrs rd, cycle, x0`, without its register. */
const READ_CYCLE = 0xc000_2073;
const REGISTER_MASK = 0xffff_f07f;
const CAUSES = ['instructions', 'iCacheMiss', 'dCacheMiss', 'dirtyEviction', 'walkRead', 'device'] as const;
export const DEVICE = CAUSES.indexOf('device');

/** The kernel, and services by the names of their entries. */
export async function programsOf(
  entries: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Elf>> {
  const programs = new Map([['kernel', readElf((await buildKernel()).elf)]]);
  for (const [name, entry] of Object.entries(entries))
    programs.set(name, readElf((await buildService(entry)).elf));
  return programs;
}

/** One instruction, or a trap, or sleep. */
export interface Step {
  readonly cycle: number;
  readonly cycles: number;
  readonly pc: number;
  readonly program: string;
  readonly counts: readonly number[];
  readonly isReading: boolean;
  readonly isInterrupt: boolean;
}

/** Looks at a board while it goes on by single instructions. */
export class Follower {
  readonly steps: Step[] = [];
  private readonly board: Board;
  private readonly spaces: Spaces;

  constructor(board: Board, programs: ReadonlyMap<string, Elf>) {
    this.board = board;
    this.spaces = new Spaces(programs);
  }

  /** What the board is about to do; the result is to be called when that is done. */
  begin(): () => void {
    const { hart } = this.board;
    const { cycle, pc, counters, trapsTaken } = hart;
    const program = hart.awake ? this.spaces.nameOf(this.spaces.look(this.board)) : 'asleep';
    const isReading = program === 'caller' && this.isReading(pc);
    return () => {
      if (hart.cycle === cycle) return;
      const after = hart.counters;
      const counts = CAUSES.map(cause => after[cause]! - counters[cause]!);
      const isInterrupt = hart.trapsTaken !== trapsTaken && hart.lastTrap!.cause >>> 31 === 1;
      this.steps.push({ cycle, cycles: hart.cycle - cycle, pc, program, counts, isReading, isInterrupt });
    };
  }

  private isReading(pc: number): boolean {
    const bytes = this.board.inspect(pc, 4);
    if (bytes === undefined) return false;
    const word = new DataView(bytes.slice().buffer).getUint32(0, true);
    return (word & REGISTER_MASK) >>> 0 === READ_CYCLE;
  }
}

interface Line {
  cycles: number;
  readonly counts: number[];
}

/** Books what was done between two moments, by the name that a step has. */
export function book(
  steps: readonly Step[],
  from: number,
  to: number,
  nameOf: (step: Step) => string,
): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const step of steps) {
    const cycles = Math.min(to, step.cycle + step.cycles) - Math.max(from, step.cycle);
    if (cycles <= 0) continue;
    const name = nameOf(step);
    const line = lines.get(name) ?? { cycles: 0, counts: CAUSES.map(() => 0) };
    line.cycles += cycles;
    for (const [at, count] of step.counts.entries()) line.counts[at]! += count;
    lines.set(name, line);
  }
  return lines;
}

const HEADINGS = ['cycles', 'instr', 'I$', 'D$', 'evict', 'walk', 'device'];

export function printed(title: string, lines: ReadonlyMap<string, Line>): string {
  const sorted = [...lines].sort(([, one], [, other]) => other.cycles - one.cycles);
  const total = sorted.reduce((sum, [, { cycles }]) => sum + cycles, 0);
  const row = (cells: readonly (number | string)[], name: string) =>
    `${cells.map(cell => String(cell).padStart(7)).join('')}  ${name}\n`;
  const rows = sorted.map(([name, { cycles, counts }]) => row([cycles, ...counts], name));
  return `\n${title}: ${total} cycles\n${row(HEADINGS, '')}${rows.join('')}`;
}

export function namer(programs: ReadonlyMap<string, Elf>, kind: string): (step: Step) => string {
  const symbols = new Map([...programs].map(([name, elf]) => [name, new SymbolTable(elf.symbols)]));
  const lines = new Map<string, LineTable>([...programs].map(([name, elf]) => [name, readLineTable(elf)]));
  return ({ program, pc }) => {
    const place = lines.get(program)?.at(pc);
    if (kind === 'programs' || !programs.has(program)) return program;
    if (kind === 'functions') return `${program} ${symbols.get(program)!.nearest(pc)?.replace(/\+.*/, '')}`;
    return `${program} ${place?.file}${kind === 'lines' ? `:${place?.line}` : ''}`;
  };
}
