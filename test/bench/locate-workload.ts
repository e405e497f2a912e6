/**
 * What finding resources costs by each strategy: the same seeded workload, played message by message by the service's
 * own code (test/os/locate-rig.ts). Nothing is measured on the host: every figure is exact, and the same each time.
 *
 * RESOLVES searches by chance, of any node for any resource, within a second, and as many moves as is said.
 */
import { Random } from '../../hw/lab/random.ts';
import { type Counter, idOf, LocateCluster, type Network, type Strategy } from '../os/locate-rig.ts';

const RESOLVES = 2000;
const MILLISECONDS = 1000;
const SETTLE_MS = 50;
const CLASSES = 64;
/** Bytes of what a node keeps: os/service/locate/{own,rows,hints}.ts. */
const OWN_SIZE = 72;
const ROW_SIZE = 16;
const HINT_SIZE = 16;

export type Shape = 'ring' | 'star' | 'mesh';

export interface Setting {
  readonly shape: Shape;
  readonly nodes: number;
  readonly resources: number;
  /** In the second of the workload. */
  readonly moves: number;
  readonly seed?: number;
}

export interface Cost {
  /** Of searches for what is elsewhere, how many a hint answered. */
  readonly hitRate: number;
  /** Searches that had to ask. */
  readonly asked: number;
  /** Messages: that ask and answer; that tell; that acknowledge; to the holders, whatever the strategy. */
  readonly asking: number;
  readonly telling: number;
  readonly acknowledging: number;
  readonly holders: number;
  /** Wires that messages which ask and answer have gone over. */
  readonly askingFrames: number;
  /** Of all answers to questions and told rows, the share of the node that has most of them. */
  readonly busiest: number;
  /** Of searches for what is elsewhere, in microseconds: half of them, and all but a hundredth, took no longer. */
  readonly median: number;
  readonly slow: number;
  /** Kept at a node, at most. */
  readonly bytes: number;
}

export function linksOf(shape: Shape, nodes: number): Network['links'] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  if (shape === 'star') return all.slice(1).map(node => [0, node]);
  if (shape === 'mesh') return all.flatMap(a => all.slice(a + 1).map(b => [a, b] as const));
  const line = all.slice(1).map(node => [node - 1, node] as const);
  return nodes > 2 ? [...line, [nodes - 1, 0]] : line;
}

const identity = (number: number) => idOf(number % CLASSES, number);

/** Times are milliseconds from the workload's beginning. */
interface Deed {
  readonly time: number;
  readonly perform: (cluster: LocateCluster) => void;
}

/** The same for every strategy. A resource does not move again before it has arrived. */
function workload({ nodes, resources, moves, seed = 1 }: Setting): readonly Deed[] {
  const random = new Random(seed).stream('workload');
  const deeds: Deed[] = [];
  const time = () => random.below(MILLISECONDS * 1000) / 1000;
  for (let count = 0; count < RESOLVES; count++) {
    const [node, number] = [random.below(nodes), random.below(resources)];
    deeds.push({ time: time(), perform: cluster => cluster.resolve(node, identity(number)) });
  }
  const places = Array.from({ length: resources }, (_, number) => number % nodes);
  const movedAt = new Map<number, number>();
  const times = Array.from({ length: nodes > 1 ? moves : 0 }, time).sort((a, b) => a - b);
  for (const at of times) {
    let number = random.below(resources);
    while ((movedAt.get(number) ?? -SETTLE_MS) > at - 10) number = (number + 1) % resources;
    movedAt.set(number, at);
    const from = places[number]!;
    const to = (from + 1 + random.below(nodes - 1)) % nodes;
    places[number] = to;
    const id = identity(number);
    deeds.push({ time: at, perform: cluster => cluster.move(id, from, to) });
  }
  return deeds;
}

export function costOf(module: WebAssembly.Module, strategy: Strategy, setting: Setting): Cost {
  const { nodes, resources, shape } = setting;
  const cluster = new LocateCluster(module, { nodes, links: linksOf(shape, nodes), strategy });
  cluster.run(SETTLE_MS);
  for (let number = 0; number < resources; number++) cluster.bind(number % nodes, identity(number));
  cluster.run(SETTLE_MS);
  const countsBefore = countsOf(cluster);
  const answersBefore = answersOf(cluster);
  let askingFrames = 0;
  cluster.watch = (kind, wires) => {
    if (kind === KIND_ASK || kind === KIND_ANSWER) askingFrames += wires;
  };
  const first = cluster.calls.length;
  const start = cluster.now / 1000;
  for (const { time, perform } of workload(setting)) cluster.at(start + time, () => perform(cluster));
  cluster.run(MILLISECONDS + 4 * SETTLE_MS);
  const failed = cluster.calls.slice(first).filter(({ status }) => status !== 0);
  if (failed.length > 0) throw new Error(`${failed.length} calls failed`);
  const before = (counter: Counter) => countsBefore.get(counter)!;
  const counted = (...counters: Counter[]) =>
    counters.reduce((sum, counter) => sum + cluster.count(counter) - before(counter), 0);
  const elsewhere = counted('searches') - counted('own');
  const times = timesOf(cluster, first);
  const answers = answersOf(cluster).map((count, node) => count - answersBefore[node]!);
  const all = answers.reduce((sum, count) => sum + count, 0);
  return {
    hitRate: counted('hits', 'wrong') / elsewhere,
    asked: counted('misses'),
    asking: counted('ASK', 'ANSWER'),
    telling: counted('TELL'),
    acknowledging: counted('TOLD'),
    holders: counted('GIVE', 'GIVEN', 'TAKE', 'TAKEN', 'SETTLED'),
    askingFrames,
    busiest: all === 0 ? 0 : Math.max(...answers) / all,
    median: times[Math.floor(times.length / 2)] ?? 0,
    slow: times[Math.floor(times.length * 0.99)] ?? 0,
    bytes: Math.max(...cluster.nodes.map(({ directory }) => bytesOf(directory))),
  };
}

const KIND_ASK = 3;
const KIND_ANSWER = 4;

function countsOf(cluster: LocateCluster): ReadonlyMap<Counter, number> {
  return new Map(COUNTED.map(counter => [counter, cluster.count(counter)]));
}

const COUNTED: readonly Counter[] = [
  'TELL',
  'TOLD',
  'ASK',
  'ANSWER',
  'GIVE',
  'GIVEN',
  'TAKE',
  'TAKEN',
  'SETTLED',
  'searches',
  'own',
  'hits',
  'wrong',
  'misses',
];

/** How many moves to how many searches that ask make central and full copy cost the same, and what was expected. */
export interface Crossing {
  readonly nodes: number;
  /** Moves in the second, by the messages that were sent; copies counted once, as DESIGN.md has it. */
  readonly measured: number;
  /** 2r(1−h)/(N−3), as DESIGN.md has it, and 2r(1−h)/(N−2), since an N-th of what central costs stays at home. */
  readonly expected: number;
  readonly exact: number;
  /** The same with the acknowledgements of copies, and r(1−h)/(N−1). */
  readonly acknowledged: number;
  readonly exactAcknowledged: number;
}

const MOVES: readonly number[] = [10, 20, 50, 100, 200, 300, 500, 800];

/** Where the lines of two strategies' messages cross as moves grow. */
export function crossingOf(module: WebAssembly.Module, setting: Omit<Setting, 'moves'>): Crossing {
  const points = MOVES.map(moves => {
    const central = costOf(module, 'central', { ...setting, moves });
    const full = costOf(module, 'full', { ...setting, moves });
    const kept = central.asking + central.telling + central.acknowledging;
    return { moves, asked: central.asked, once: full.telling - kept, twice: 2 * full.telling - kept };
  });
  const once = zeroOf(points.map(({ moves, asked, once }) => ({ moves, asked, excess: once })));
  const twice = zeroOf(points.map(({ moves, asked, twice }) => ({ moves, asked, excess: twice })));
  const { nodes } = setting;
  return {
    nodes,
    measured: once.moves,
    expected: (2 * once.asked) / (nodes - 3),
    exact: (2 * once.asked) / (nodes - 2),
    acknowledged: twice.moves,
    exactAcknowledged: twice.asked / (nodes - 1),
  };
}

interface Point {
  readonly moves: number;
  readonly asked: number;
  readonly excess: number;
}

/** On the line between the last point that is below and the first above. */
function zeroOf(points: readonly Point[]): Point {
  const above = points.findIndex(({ excess }) => excess > 0);
  if (above < 1) throw new Error('the lines do not cross');
  const [a, b] = [points[above - 1]!, points[above]!];
  const share = -a.excess / (b.excess - a.excess);
  return {
    moves: a.moves + share * (b.moves - a.moves),
    asked: a.asked + share * (b.asked - a.asked),
    excess: 0,
  };
}

/** What each node had to do for others as a keeper. */
function answersOf(cluster: LocateCluster): readonly number[] {
  return cluster.nodes.map(node => node.count('ANSWER') + node.count('TOLD'));
}

/** Of searches that left their node, sorted. */
function timesOf(cluster: LocateCluster, first: number): readonly number[] {
  return cluster.calls
    .slice(first)
    .filter(({ port, begun, ended }) => port !== undefined && ended! > begun)
    .map(({ begun, ended }) => ended! - begun)
    .sort((a, b) => a - b);
}

function bytesOf(directory: LocateCluster['nodes'][number]['directory']): number {
  const kept = directory.ownCount() * OWN_SIZE + directory.rowCount() * ROW_SIZE;
  return kept + directory.hintCount() * HINT_SIZE;
}
