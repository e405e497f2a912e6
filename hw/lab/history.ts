/**
 * The recorded past of a cluster: snapshots now and then, and what was done in between.
 *
 *     const history = new History(cluster, { everyNs: 1_000_000, snapshotsMax: 64 });
 *     history.runUntil(t);            instead of cluster.runUntil, so that the past is recorded
 *     history.rewindTo(earlier);      the nearest snapshot before, and then forwards again
 *
 * Running from a snapshot does the same again, entry for entry of the agenda; so the state at any time
 * that was passed can be had again exactly. Where boards mostly slept since the last snapshot, which makes going
 * over it again cheap, the next one waits. When there are too many snapshots, the one goes whose
 * neighbours are closest together for their age: the near past stays dense, the far past grows sparse,
 * the beginning stays.
 */
import type { Checkpoint, Cluster } from '../cluster.ts';
import { isBoard } from './intervene.ts';

export interface HistoryOptions {
  readonly everyNs: number;
  readonly snapshotsMax: number;
}

/** A checkpoint, and the cycle at which each board stood; 0 for nodes that count none. */
export interface Point extends Checkpoint {
  readonly cycles: readonly number[];
  /** Cycles that all boards had been awake; undefined where some node counts none. */
  readonly awake: number | undefined;
}

/** So little is gone over again in no time, and a snapshot can wait for so many intervals. */
const LITTLE_CYCLES = 5_000_000;
const WAIT_INTERVALS = 4;

export class History {
  readonly cluster: Cluster;
  private readonly options: HistoryOptions;
  /** Ascending by time; the first is the beginning. */
  private points: Point[];

  constructor(cluster: Cluster, options: HistoryOptions) {
    if (options.everyNs < 1 || options.snapshotsMax < 3) {
      throw new Error('a history needs an interval from 1 ns and room for 3 snapshots or more');
    }
    this.cluster = cluster;
    this.options = options;
    this.points = [this.point()];
  }

  /** The earliest time that can be gone back to. */
  get beginning(): number {
    return this.points[0]!.time;
  }

  /** Snapshots from which going forward is cheap, ascending. */
  get checkpoints(): readonly Point[] {
    this.prune();
    return this.points;
  }

  runUntil(ns: number): boolean {
    this.prune();
    const { everyNs } = this.options;
    while (this.cluster.now < ns) {
      const last = this.points.at(-1)!;
      const intervals = Math.max(1, Math.floor((this.cluster.now - last.time) / everyNs) + 1);
      const look = last.time + intervals * everyNs;
      if (!this.cluster.runUntil(Math.min(ns, look))) return false;
      if (this.cluster.now >= look && (intervals >= WAIT_INTERVALS || !this.hasSlept(last))) this.record();
    }
    return true;
  }

  /** Takes a snapshot now, whatever the interval says. */
  record(): void {
    this.prune();
    const now = this.cluster.now;
    const index = this.points.findIndex(point => point.time > now);
    this.points.splice(index < 0 ? this.points.length : index, 0, this.point());
    if (this.points.length > this.options.snapshotsMax) this.thin();
  }

  /**
   * Goes back to a time that was passed. What was done by hand after it is forgotten: another future
   * begins here.
   */
  rewindTo(ns: number): void {
    this.visit(ns);
    this.cluster.agenda.forgetLive();
    this.points = this.points.filter(point => point.time <= this.cluster.now);
  }

  /** Goes to a time without forgetting what came after it: `visit` of a later time finds it again. */
  visit(ns: number): void {
    if (ns < this.beginning) {
      throw new Error(`the record begins at ${this.beginning} ns: ${ns} cannot be gone back to`);
    }
    this.prune();
    const from = this.points.findLast(point => point.time <= ns)!;
    if (ns < this.cluster.now || from.time > this.cluster.now) this.cluster.restore(from);
    this.cluster.runUntil(ns);
  }

  /** Goes to a board's first instruction boundary at or after a cycle that was passed. */
  visitCycle(node: number, cycle: number): void {
    const from = this.checkpoints.findLast(point => point.cycles[node]! <= cycle);
    if (from === undefined) throw new Error(`the record of node ${node} begins after cycle ${cycle}`);
    this.cluster.restore(from);
    this.cluster.runUntilCycle(node, cycle);
  }

  private point(): Point {
    const cycles = this.cluster.share.stations.map(station =>
      station !== undefined && isBoard(station) ? station.hart.cycle : 0,
    );
    return { ...this.cluster.checkpoint(), cycles, awake: this.awakeCycles() };
  }

  private hasSlept({ awake: before }: Point): boolean {
    const now = this.awakeCycles();
    return before !== undefined && now !== undefined && now - before < LITTLE_CYCLES;
  }

  private awakeCycles(): number | undefined {
    let sum = 0;
    for (const station of this.cluster.share.stations) {
      if (station === undefined) continue;
      if (!isBoard(station)) return undefined;
      const { cycles, idle } = station.hart.counters;
      sum += cycles - idle;
    }
    return sum;
  }

  /** Snapshots of a future that will not be are of no use. */
  private prune(): void {
    this.points = this.points.filter(point => this.cluster.agenda.leadsTo(point.mark, point.time));
  }

  /** Lets go of the snapshot that is missed least. */
  private thin(): void {
    const now = this.cluster.now;
    let least = 1;
    let leastWorth = Number.POSITIVE_INFINITY;
    for (let at = 1; at < this.points.length - 1; at += 1) {
      const gap = this.points[at + 1]!.time - this.points[at - 1]!.time;
      const age = now - this.points[at]!.time + this.options.everyNs;
      if (gap / age < leastWorth) {
        least = at;
        leastWorth = gap / age;
      }
    }
    this.points.splice(least, 1);
  }
}
