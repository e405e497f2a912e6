/**
 * NAME      remote-call — where the cycles of a call between two nodes go
 * SYNOPSIS  node --import tsx test/bench/remote-call.ts [functions|files|lines|order]
 *
 * Boots two nodes, and follows both by the instruction while one calls the other and is answered. Of the fastest
 * of several calls every cycle is booked once, to the program, function, file or line that spent it, or to wire
 * and network cards; so the parts add up to what the caller measured.
 *
 *     caller's node: the call ─→ wire ─→ server's node ─→ wire ─→ caller's node: the answer
 *
 * With `order`: the functions of each program that run for a call, as they come first; what belongs into the
 * program's .order file (images/guest/build.ts).
 *
 * A part on a node ends when its frame is given to the card. What the node does after that goes on while the frame
 * is on its way; it is shown apart, and does not count.
 */
import { Board } from '../../hw/board.ts';
import { type Elf, type ElfSymbol, readElf } from '../../hw/elf.ts';
import { SymbolTable } from '../../hw/lab/symbols.ts';
import { type LineTable, readLineTable } from '../../hw/line-table.ts';
import type { Session } from '../../hw/session/session.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { bootCluster } from '../os/cluster-rig.ts';

const CYCLE_NS = 10;
/** Of `csrrs rd, cycle, x0`, without its register. */
const READ_CYCLE = 0xc000_2073;
const REGISTER_MASK = 0xffff_f07f;
/** From a call's end to the next one's beginning it takes less. */
const BETWEEN_CALLS = 1000;
const CSR_SATP = 0x180;
const SAMPLE_SIZE = 16;
const CAUSES = ['instructions', 'iCacheMiss', 'dCacheMiss', 'dirtyEviction', 'walkRead', 'device'] as const;
const DEVICE = CAUSES.indexOf('device');

const PROGRAMS: Readonly<Record<string, string>> = {
  caller: 'test/os/guest/neighbours.ts',
  net: 'os/service/net/net.ts',
  name: 'os/service/name/name.ts',
};

/** One instruction, or a trap, or sleep. */
interface Step {
  readonly cycle: number;
  readonly cycles: number;
  readonly pc: number;
  readonly program: string;
  readonly counts: readonly number[];
  readonly isReading: boolean;
  readonly isInterrupt: boolean;
}

/** Looks at a board while it goes on by single instructions. */
class Follower {
  readonly steps: Step[] = [];
  private readonly board: Board;
  private readonly programs: ReadonlyMap<string, Elf>;
  private readonly spaces = new Map<number, string>();

  constructor(board: Board, programs: ReadonlyMap<string, Elf>) {
    this.board = board;
    this.programs = programs;
  }

  /** What the board is about to do; the result is to be called when that is done. */
  begin(): () => void {
    const { hart } = this.board;
    const { cycle, pc, counters, trapsTaken } = hart;
    const program = hart.awake ? this.programAt(pc) : 'asleep';
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

  private programAt(pc: number): string {
    if (this.board.hart.privilege !== 'user') return 'kernel';
    const space = this.board.hart.readCsr(CSR_SATP)!;
    const known = this.spaces.get(space);
    if (known !== undefined) return known;
    const sample = this.board.inspect(pc, SAMPLE_SIZE);
    if (sample === undefined) return 'other';
    const found = [...this.programs].find(([, elf]) => holds(elf, pc, sample));
    this.spaces.set(space, found?.[0] ?? 'other');
    return this.spaces.get(space)!;
  }
}

function holds({ sections }: Elf, address: number, sample: Uint8Array): boolean {
  return [...sections.values()].some(({ address: start, bytes }) =>
    sample.every((byte, at) => bytes[address - start + at] === byte),
  );
}

interface Frame {
  readonly direction: number;
  readonly cycle: number;
}

/** Both boards, until the caller has made all its calls. */
function follow(session: Session, programs: ReadonlyMap<string, Elf>) {
  const followers = [0, 1].map(node => {
    const board = session.cluster.station(node);
    if (!(board instanceof Board)) throw new Error(`node ${node} is no board`);
    return new Follower(board, programs);
  });
  const frames: Frame[] = [];
  session.cluster.share.watch(({ direction, time }) => frames.push({ direction, cycle: time / CYCLE_NS }));
  for (let time = session.now; !session.text(0).includes('cycles '); time += CYCLE_NS) {
    const ends = followers.map(follower => follower.begin());
    session.cluster.runUntil(time);
    for (const end of ends) end();
  }
  return { steps: followers.map(({ steps }) => steps), frames };
}

type Followed = ReturnType<typeof follow>;

/** The moments that part the fastest call, in cycles, which both boards count alike. */
function momentsOf({ steps: [caller, server], frames }: Followed) {
  const readings = caller!.filter(({ isReading }) => isReading).map(({ cycle }) => cycle);
  const calls = readings
    .flatMap((to, at) => (at > 0 ? [{ from: readings[at - 1]!, to }] : []))
    .filter(({ from, to }) => to - from > BETWEEN_CALLS);
  const { from, to } = calls.reduce((best, call) =>
    call.to - call.from < best.to - best.from ? call : best,
  );
  const within = frames.filter(({ cycle }) => cycle > from && cycle < to);
  const request = within.find(({ direction }) => direction === 0)!.cycle;
  const reply = within.findLast(({ direction }) => direction === 1)!.cycle;
  const sent = endOfAccess(caller!, request);
  const answered = endOfAccess(server!, reply);
  const heard = interruptAfter(server!, sent);
  const told = interruptAfter(caller!, answered);
  return { start: from, sent, heard, answered, told, end: to };
}

/** When the last access to a device before that was done: it has given the card its frame. */
function endOfAccess(steps: readonly Step[], cycle: number): number {
  const access = steps.findLast(step => step.cycle < cycle && step.counts[DEVICE]! > 0);
  return access!.cycle + access!.cycles;
}

/** When the node wakes, or is interrupted. */
function interruptAfter(steps: readonly Step[], cycle: number): number {
  const turn = steps.find((step, at) => step.cycle >= cycle && (step.isInterrupt || isAwakening(steps, at)));
  return turn!.cycle;
}

function isAwakening(steps: readonly Step[], at: number): boolean {
  return at > 0 && steps[at - 1]!.program === 'asleep' && steps[at]!.program !== 'asleep';
}

interface Line {
  cycles: number;
  readonly counts: number[];
}

/** Books what was done between two moments, by the name that a step has. */
function book(
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

function printed(title: string, lines: ReadonlyMap<string, Line>): string {
  const sorted = [...lines].sort(([, one], [, other]) => other.cycles - one.cycles);
  const total = sorted.reduce((sum, [, { cycles }]) => sum + cycles, 0);
  const row = (cells: readonly (number | string)[], name: string) =>
    `${cells.map(cell => String(cell).padStart(7)).join('')}  ${name}\n`;
  const rows = sorted.map(([name, { cycles, counts }]) => row([cycles, ...counts], name));
  return `\n${title}: ${total} cycles\n${row(HEADINGS, '')}${rows.join('')}`;
}

function namer(programs: ReadonlyMap<string, Elf>, kind: string): (step: Step) => string {
  const symbols = new Map([...programs].map(([name, elf]) => [name, new SymbolTable(elf.symbols)]));
  const lines = new Map<string, LineTable>([...programs].map(([name, elf]) => [name, readLineTable(elf)]));
  return ({ program, pc }) => {
    const place = lines.get(program)?.at(pc);
    if (kind === 'programs' || !programs.has(program)) return program;
    if (kind === 'functions') return `${program} ${symbols.get(program)!.nearest(pc)?.replace(/\+.*/, '')}`;
    return `${program} ${place?.file}${kind === 'lines' ? `:${place?.line}` : ''}`;
  };
}

/** Functions of each program, as they first run between two moments. */
function order(parts: readonly (readonly Step[])[], programs: ReadonlyMap<string, Elf>): string {
  const found = new Map([...programs.keys()].map(name => [name, new Set<string>()]));
  const names = new Map([...programs].map(([name, { symbols }]) => [name, functionsOf(symbols)]));
  for (const { program, pc } of parts.flat()) {
    const functions = names.get(program);
    const at = functions?.findLast(({ address }) => address <= pc);
    if (at !== undefined) found.get(program)!.add(at.name);
  }
  return [...found].map(([name, functions]) => `\n${name}:\n${[...functions].join('\n')}\n`).join('');
}

/** Ascending; where a function is exported, by its own name. */
function functionsOf(symbols: readonly ElfSymbol[]): readonly ElfSymbol[] {
  const own = symbols.filter(
    ({ kind, size, name }) => kind === 'function' && size > 0 && !/^[^/]*$/.test(name),
  );
  return own.sort((one, other) => one.address - other.address);
}

const [kind = 'programs'] = process.argv.slice(2);
const session = await bootCluster('line:2', {
  programs: { neighbours: 'neighbours' },
  session: { run: '/boot/bin/neighbours', arguments: ['neighbours', '1', '2'] },
});
await session.expect(0, 'absent', { within: '2s' });
const programs = new Map([['kernel', readElf((await buildKernel()).elf)]]);
for (const [name, entry] of Object.entries(PROGRAMS))
  programs.set(name, readElf((await buildService(entry)).elf));
const followed = follow(session, programs);
const [caller, server] = followed.steps as [Step[], Step[]];
const { start, sent, heard, answered, told, end } = momentsOf(followed);
const within = (steps: readonly Step[], from: number, to: number) =>
  steps.filter(({ cycle }) => cycle >= from && cycle < to);
const call = [within(caller, start, sent), within(server, heard, answered), within(caller, told, end)];
if (kind === 'order') {
  process.stdout.write(order(call, programs));
} else {
  const nameOf = namer(programs, kind);
  const print = (title: string, steps: readonly Step[], from: number, to: number) =>
    process.stdout.write(printed(title, book(steps, from, to, nameOf)));
  print("caller's node, the call", caller, start, sent);
  process.stdout.write(`\nwire and cards: ${heard - sent} cycles\n`);
  print("server's node", server, heard, answered);
  process.stdout.write(`\nwire and cards: ${told - answered} cycles\n`);
  print("caller's node, the answer", caller, told, end);
  process.stdout.write(`\nin all: ${end - start} cycles\n`);
  print("meanwhile, caller's node", caller, sent, told);
  print("meanwhile, server's node", server, answered, end);
}
