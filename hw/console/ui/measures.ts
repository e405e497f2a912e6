/**
 * How busy everything is: counters of boards and wires, looked at in steps of simulated time, and what they
 * grew by from one look to the next. Going back in time takes the later looks with it.
 */
import { isBoard } from '../../lab/intervene.ts';
import { serialisationNs } from '../../lab/wire.ts';
import { DISK_SECTOR_SIZE } from '../../manual/disk.ts';
import type { Session } from '../../session/session.ts';

/** Rates of a node, each a second of simulated time, `busy` a share. */
export interface NodeRates {
  readonly busy: number;
  readonly instructions: number;
  readonly traps: number;
  readonly instructionMisses: number;
  readonly dataMisses: number;
  readonly device: number;
  readonly frames: number;
  /** Bytes to and from its disks. */
  readonly disk: number;
}

interface Look {
  readonly at: number;
  /** By node: its hart's counters, frames that its interfaces have sent and taken, and bytes of its disks. */
  readonly counts: readonly (Readonly<Record<string, number>> | undefined)[];
  /** By direction, since the look before: frames, and nanoseconds that they took on the wire. */
  readonly frames: readonly number[];
  readonly wireNs: readonly number[];
}

const STEP_NS = 100_000_000;
const LOOKS_MAX = 240;
const SECOND = 1_000_000_000;
const NOTHING: NodeRates = {
  busy: 0,
  instructions: 0,
  traps: 0,
  instructionMisses: 0,
  dataMisses: 0,
  device: 0,
  frames: 0,
  disk: 0,
};

export class Measures {
  private readonly session: Session;
  private readonly looks: Look[] = [];

  constructor(session: Session) {
    this.session = session;
  }

  /** To be called often: looks when a step of time is over. */
  look(): void {
    const { now } = this.session;
    while (this.looks.length > 0 && this.looks.at(-1)!.at > now) this.looks.pop();
    const last = this.looks.at(-1);
    if (last !== undefined && now - last.at < STEP_NS) return;
    this.looks.push(this.takeLook());
    if (this.looks.length > LOOKS_MAX) this.looks.shift();
  }

  /** The node's rates in each step, the latest last. */
  history(node: number): NodeRates[] {
    return this.looks.slice(1).map((look, at) => ratesBetween(this.looks[at]!, look, node));
  }

  latest(node: number): NodeRates {
    const [before, last] = this.looks.slice(-2);
    return before === undefined || last === undefined ? NOTHING : ratesBetween(before, last, node);
  }

  /** The share of the last step in which the direction's wire was busy. */
  wireShare(direction: number): number {
    return Math.min(1, this.perSecond(look => look.wireNs[direction] ?? 0) / SECOND);
  }

  /** Frames a second of the last step. */
  wireRate(direction: number): number {
    return this.perSecond(look => look.frames[direction] ?? 0);
  }

  private perSecond(count: (look: Look) => number): number {
    const [before, last] = this.looks.slice(-2);
    return before === undefined || last === undefined ? 0 : (count(last) * SECOND) / (last.at - before.at);
  }

  private takeLook(): Look {
    const { cluster } = this.session;
    const { scheduler, stations } = cluster.share;
    const frames = new Array<number>(scheduler.directionCount).fill(0);
    const wireNs = new Array<number>(scheduler.directionCount).fill(0);
    const since = this.looks.at(-1)?.at ?? cluster.now;
    for (const { direction, frame } of this.session.frames.between(since, cluster.now)) {
      frames[direction]! += 1;
      wireNs[direction]! += serialisationNs(frame.length, scheduler.settings(direction).rate);
    }
    const counts = stations.map(station => {
      if (station === undefined || !isBoard(station)) return undefined;
      const { counters } = station.hart;
      const framesSeen = station.nics.reduce(
        (sum, nic) => sum + nic.counters.received + nic.counters.sent,
        0,
      );
      const sectors = station.disks.reduce((sum, disk) => sum + disk.sectorsMoved, 0);
      return { ...counters, frames: framesSeen, disk: sectors * DISK_SECTOR_SIZE };
    });
    return { at: cluster.now, counts, frames, wireNs };
  }
}

function ratesBetween(before: Look, after: Look, node: number): NodeRates {
  const [from, to] = [before.counts[node], after.counts[node]];
  const ns = after.at - before.at;
  if (from === undefined || to === undefined || ns <= 0) return NOTHING;
  const grown = (name: string): number => (to[name] ?? 0) - (from[name] ?? 0);
  const rate = (...names: string[]): number =>
    (names.reduce((sum, name) => sum + grown(name), 0) * SECOND) / ns;
  const cycles = grown('cycles');
  return {
    busy: cycles <= 0 ? 0 : 1 - grown('idle') / cycles,
    instructions: rate('instructions'),
    traps: rate('exceptions', 'interrupts'),
    instructionMisses: rate('iCacheMiss'),
    dataMisses: rate('dCacheMiss'),
    device: rate('device'),
    frames: rate('frames'),
    disk: rate('disk'),
  };
}
