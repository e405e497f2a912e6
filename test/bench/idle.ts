/**
 * NAME      idle — what sixteen nodes cost while nobody does anything
 * SYNOPSIS  node --import tsx test/bench/idle.ts [functions TOPOLOGY NODE]
 *
 * Boots all that `npm start` does on sixteen boards, in each topology that their network cards allow, and lets it
 * rest. Prints how many simulated seconds pass in one of the host's (processor time, the best of RUNS), and on what
 * a node spends its cycles meanwhile, exact, by program. With `functions`: where in the programs one node does.
 *
 *     the node asleep ─ the others go on ─→ it wakes ─ instruction by instruction ─→ booked to program or function
 */
import { Board } from '../../hw/board.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { type Elf, readElf } from '../../hw/elf.ts';
import { Random } from '../../hw/lab/random.ts';
import { SymbolTable } from '../../hw/lab/symbols.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildKernel } from '../../images/boot/kernel.ts';
import { buildService } from '../../images/boot/program.ts';
import { buildSystem, clusterManifest, placeOfService } from '../../images/boot/system.ts';
import { Spaces } from './spaces.ts';

const TOPOLOGIES = ['star:16', 'ring:16', 'web:16'];
const RUNS = 3;
const SECOND = 1_000_000_000;
/** As `npm start` gives each board. */
const DISK_SIZE = 16 * 1024 * 1024;
/** Until all is agreed, and told to all. */
const SETTLING = 15 * SECOND;
/** What is sent takes longer to any node. */
const LATENCY_NS = 4000;
const SHOWN = ['net', 'kernel', 'member', 'load', 'init'];

async function boot(name: string): Promise<Session> {
  const { firmware, kernel, archive } = await buildSystem(clusterManifest('one'));
  const images = { firmware, kernel, initrd: archive };
  const topology = parseTopology(name, new Random(1));
  const description = { topology, seed: 1, imagesOf: () => images, diskSize: DISK_SIZE };
  const session = Session.boot(description, await loadCore());
  for (const node of session.boards) await session.expect(node, '$ ', { within: '5s' });
  session.cluster.runUntil(session.now + SETTLING);
  return session;
}

/** How often in real time it rests. */
function speed({ cluster }: Session): number {
  const costs = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    cluster.runUntil(cluster.now + SECOND);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000_000;
  });
  return 1 / Math.min(...costs);
}

/** The kernel, init and all services. */
async function programs(): Promise<ReadonlyMap<string, Elf>> {
  const found = new Map([['kernel', readElf((await buildKernel()).elf)]]);
  const sources = clusterManifest('one').services.map(({ name, source }) => [
    name,
    source ?? placeOfService(name),
  ]);
  for (const [name, source] of [['init', 'os/service/init/init.ts'], ...sources])
    found.set(name!, readElf((await buildService(source!)).elf));
  return found;
}

/** Cycles of a node in a second, by space and function. */
type Book = Map<number, Map<string, number>>;

function follow({ cluster }: Session, node: number, spaces: Spaces, kindOf: (pc: number) => string): Book {
  const board = cluster.station(node);
  if (!(board instanceof Board)) throw new Error(`node ${node} is no board`);
  const book: Book = new Map();
  for (const end = cluster.now + SECOND; cluster.now < end; ) {
    const { cycle, pc, awake } = board.hart;
    if (!awake) {
      const others = Math.max(cluster.now + LATENCY_NS, cluster.nextEvent);
      const next = Math.min(end, others, cluster.share.scheduler.baseOf(node));
      cluster.runUntil(Math.max(next, cluster.now + 1));
      continue;
    }
    const space = spaces.look(board);
    cluster.step(node);
    const kinds = book.get(space) ?? new Map<string, number>();
    const kind = kindOf(pc);
    book.set(space, kinds.set(kind, (kinds.get(kind) ?? 0) + board.hart.cycle - cycle));
  }
  return book;
}

async function* table(): AsyncGenerator<string> {
  yield `| 16 nodes at rest | × real time | must | cycles a node and second | ${SHOWN.join(' | ')} |`;
  yield `|---|---|---|---|${SHOWN.map(() => '---').join('|')}|`;
  for (const name of TOPOLOGIES) {
    const session = await boot(name);
    const times = speed(session).toFixed(1);
    const spaces = new Spaces(await programs());
    const sums = new Map<string, number>();
    for (const [space, kinds] of follow(session, 3, spaces, () => '')) {
      const program = spaces.nameOf(space);
      sums.set(program, (sums.get(program) ?? 0) + kinds.get('')!);
    }
    const all = [...sums.values()].reduce((sum, cycles) => sum + cycles, 0);
    const shown = SHOWN.map(program => sums.get(program) ?? 0);
    yield `| ${name} | ${times} | ≥ 10 | ${all} | ${shown.join(' | ')} |`;
  }
}

async function* functions(name: string, node: number): AsyncGenerator<string> {
  const session = await boot(name);
  const found = await programs();
  const spaces = new Spaces(found);
  // addresses are the same in all programs: names are found when it is known which one it was
  const book = follow(session, node, spaces, pc => `${pc}`);
  const sums = new Map<string, number>();
  for (const [space, kinds] of book) {
    const program = spaces.nameOf(space);
    const symbols = new SymbolTable(found.get(program)?.symbols ?? []);
    for (const [pc, cycles] of kinds) {
      const place = `${program} ${symbols.nearest(Number(pc))?.replace(/\+.*/, '') ?? '?'}`;
      sums.set(place, (sums.get(place) ?? 0) + cycles);
    }
  }
  const sorted = [...sums].sort(([, one], [, other]) => other - one);
  for (const [place, cycles] of sorted) yield `${String(cycles).padStart(8)}  ${place}`;
}

const [kind, topology = 'star:16', node = '3'] = process.argv.slice(2);
const lines = kind === 'functions' ? functions(topology, Number(node)) : table();
for await (const line of lines) process.stdout.write(`${line}\n`);
