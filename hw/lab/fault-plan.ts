/**
 * Faults by seed: a journal's worth of trouble that the same seed makes again.
 *
 *     for (const entry of planFaults(random, topology, { fromNs, untilNs, count: 20 })) cluster.plan(entry);
 *
 * Each fault is drawn from the kinds asked for, with its place, its time and, where it has an end, its
 * end: power comes back, a cut heals, a slow or hung disk and a drifting clock recover before `untilNs`.
 * The plan is data: it can be printed as a journal, edited, shortened, and replayed.
 */
import type { Intervention } from './fault.ts';
import type { Entry } from './journal.ts';
import type { Random } from './random.ts';
import type { Topology } from './topology.ts';

export interface FaultPlan {
  readonly fromNs: number;
  readonly untilNs: number;
  readonly count: number;
  /** All of `FAULT_KINDS` where left out. */
  readonly kinds?: readonly FaultKind[];
  /** Sizes that the plan must know to hit something; without drives, no disk fault is drawn. */
  readonly ramSize?: number;
  readonly diskSectors?: number;
}

export type FaultKind = keyof typeof DRAW;

interface Place {
  readonly random: Random;
  readonly node: number;
  readonly link: number;
  readonly plan: FaultPlan;
}

/** What begins, and what ends it. */
type Drawn = readonly [Intervention, Intervention?];

const RAM_BASE = 0x8000_0000;
const RAM_SIZE_LEAST = 0x10_0000;

const DRAW = {
  power: ({ node }: Place): Drawn => [
    { do: 'power-off', node },
    { do: 'power-on', node },
  ],
  reset: ({ node }: Place): Drawn => [{ do: 'reset', node }],
  freeze: ({ node, random }: Place): Drawn => [{ do: 'freeze', node, ns: 1 + random.below(50_000_000) }],
  ram: ({ node, random, plan }: Place): Drawn => {
    const address = RAM_BASE + random.below(plan.ramSize ?? RAM_SIZE_LEAST);
    return [{ do: 'flip-ram', node, address, bit: random.below(8) }];
  },
  register: ({ node, random }: Place): Drawn => [
    { do: 'flip-register', node, register: 1 + random.below(31), bit: random.below(32) },
  ],
  drift: ({ node, random }: Place): Drawn => [
    { do: 'drift', node, ppm: random.below(2_001) - 1_000 },
    { do: 'drift', node, ppm: 0 },
  ],
  slow: ({ node, random }: Place): Drawn => [
    { do: 'drift', node, ppm: -random.below(500_001) },
    { do: 'drift', node, ppm: 0 },
  ],
  interrupt: ({ node, random }: Place): Drawn => [
    { do: random.chance(1, 2) ? 'lose-interrupt' : 'spurious-interrupt', node, source: 1 + random.below(11) },
  ],
  cut: ({ link }: Place): Drawn => [
    { do: 'wire', link, way: 'both', settings: { cut: true } },
    { do: 'wire', link, way: 'both', settings: { cut: false } },
  ],
  noise: ({ link, random }: Place): Drawn => [
    {
      do: 'wire',
      link,
      way: random.chance(1, 2) ? 'forward' : 'backward',
      settings: {
        lossPpm: random.below(300_000),
        duplicatePpm: random.below(100_000),
        reorderPpm: random.below(100_000),
        damagePpm: random.below(100_000),
      },
    },
    {
      do: 'wire',
      link,
      way: 'both',
      settings: { lossPpm: 0, duplicatePpm: 0, reorderPpm: 0, damagePpm: 0 },
    },
  ],
  frame: ({ link, random }: Place): Drawn => [
    {
      do: 'strike',
      link,
      way: random.chance(1, 2) ? 'forward' : 'backward',
      what: (['drop', 'damage', 'corrupt', 'duplicate'] as const)[random.below(4)]!,
    },
  ],
  disk: ({ node, random, plan }: Place): Drawn => {
    const sector = random.below(plan.diskSectors ?? 1);
    const whole = { node, disk: 0 };
    switch (random.below(7)) {
      case 0:
        return [{ do: 'disk-latent', ...whole, sector, count: 1 }];
      case 1:
        return [{ do: 'disk-corrupt', ...whole, sector }];
      case 2:
        return [{ do: 'disk-lost', ...whole }];
      case 3:
        return [{ do: 'disk-torn', ...whole }];
      case 4:
        return [{ do: 'disk-misdirected', ...whole, by: 1 + random.below(1_000) }];
      case 5:
        return [
          { do: 'disk-slow', ...whole, factor: 2 + random.below(99) },
          { do: 'disk-slow', ...whole, factor: 1 },
        ];
      default:
        return [
          { do: 'disk-hang', ...whole },
          { do: 'disk-resume', ...whole },
        ];
    }
  },
};

export const FAULT_KINDS = Object.keys(DRAW) as readonly FaultKind[];

const ON_WIRES: readonly FaultKind[] = ['cut', 'noise', 'frame'];

/** Ascending by time. */
export function planFaults(random: Random, topology: Topology, plan: FaultPlan): Entry[] {
  const kinds = (plan.kinds ?? FAULT_KINDS).filter(kind => isPossible(kind, topology, plan));
  if (kinds.length === 0) throw new Error('none of these faults can befall this cluster: ask for others');
  const boards = topology.nodes.flatMap(({ kind }, node) => (kind === 'board' ? [node] : []));
  const entries: Entry[] = [];
  for (let drawn = 0; drawn < plan.count; drawn += 1) {
    const kind = kinds[random.below(kinds.length)]!;
    const node = boards[random.below(boards.length)]!;
    const link = topology.links.length === 0 ? 0 : random.below(topology.links.length);
    const at = timeWithin(random, plan.fromNs, plan.untilNs);
    const [begin, end] = DRAW[kind]({ random, node, link, plan });
    entries.push({ when: { at }, intervention: begin });
    if (end !== undefined) {
      entries.push({ when: { at: timeWithin(random, at, plan.untilNs) }, intervention: end });
    }
  }
  return entries.sort((one, other) => timeOf(one) - timeOf(other));
}

function isPossible(kind: FaultKind, topology: Topology, plan: FaultPlan): boolean {
  if (kind === 'disk') return plan.diskSectors !== undefined;
  return topology.links.length > 0 || !ON_WIRES.includes(kind);
}

/** A whole nanosecond; a span beyond 32 bits is drawn in two parts. */
function timeWithin(random: Random, from: number, until: number): number {
  const span = Math.max(1, until - from);
  if (span <= 0xffff_ffff) return from + random.below(span);
  const units = Math.floor(span / 0x10_0000);
  return from + random.below(units) * 0x10_0000 + random.below(0x10_0000);
}

function timeOf(entry: Entry): number {
  return 'at' in entry.when ? entry.when.at : 0;
}
