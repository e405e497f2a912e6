/**
 * A cluster: boards, the wires between them, and one clock.
 *
 *     const cluster = new Cluster({ topology: parseTopology('ring:3', random), seed: 7, station });
 *     cluster.perform({ do: 'power-on', node: 0 });
 *     cluster.runUntil(1_000_000_000);
 *
 * Whatever is done from outside goes through `perform` (now) or `plan` (when its time comes), never past
 * it: then the cluster is a function of its description, its seed and its journal, and any state can be
 * had again by running, by restoring, or by both.
 *
 *     runUntil ─→ scheduler, as far as the next entry of the agenda ─→ carry it out ─→ …
 */
import { Capture, type Sink } from './lab/capture.ts';
import type { Intervention } from './lab/fault.ts';
import { isBoard } from './lab/intervene.ts';
import { Agenda, type CycleEntry, type Entry, type Mark } from './lab/journal.ts';
import { HALFWAY, hashOfParts, Share, type ShareOptions } from './lab/share.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './lab/snapshot.ts';
import type { Station } from './lab/station.ts';
import type { Topology } from './lab/topology.ts';

const CAPTURE_HOLD_NS = 10_000_000;

export type ClusterOptions = Omit<ShareOptions, 'isHere'>;

/** A snapshot and how much of the agenda had been done: what this very cluster can go back to. */
export interface Checkpoint extends Snapshot {
  readonly mark: Mark;
}

export class Cluster {
  readonly topology: Topology;
  agenda = new Agenda();
  readonly share: Share;
  private readonly options: ClusterOptions;
  private time = 0;
  /** A board stopped of its own before the others had come to the same time. */
  private halfway = false;
  private capturing: Capture | undefined;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.topology = options.topology;
    this.share = new Share(options);
  }

  /** Nanoseconds; everything at or before it has happened. */
  get now(): number {
    return this.time;
  }

  /** Whether nothing can be done to it before it has run on. */
  get isHalfway(): boolean {
    return this.halfway;
  }

  /** When anything will happen of itself or as planned; Infinity where nothing ever will. */
  get nextEvent(): number {
    const bases = this.topology.nodes.map((_, node) => this.share.scheduler.baseOf(node));
    return Math.min(...bases, this.agenda.nextTime, this.nextCycleTime());
  }

  /** The board, or what stands for it, at that node. */
  station(node: number): Station {
    const station = this.share.stations[node];
    if (station === undefined) throw new Error(`node ${node} is no board`);
    return station;
  }

  /** Does it now, and notes it in the journal. */
  perform(intervention: Intervention): void {
    this.check(intervention);
    this.agenda.note(this.time, intervention);
    this.share.carryOut(intervention, this.time);
  }

  /** Lets it be done when its time comes. */
  plan(entry: Entry): void {
    if ('at' in entry.when && entry.when.at < this.time) {
      throw new Error(`it is ${this.time} ns and the entry is for ${entry.when.at}: plan for later`);
    }
    this.check(entry.intervention);
    this.agenda.plan(entry);
  }

  /** Runs until `ns`. False where a board stopped before (a breakpoint); the clock then stands still. */
  runUntil(ns: number): boolean {
    while (this.time < ns) {
      const next = Math.max(
        this.time,
        Math.min(ns, this.agenda.nextTime, this.nextCycleTime(), this.nextFlush()),
      );
      this.halfway = this.share.scheduler.run(next) !== 'reached';
      if (this.halfway) return false;
      this.time = next;
      this.capturing?.flush(next);
      this.carryOutDue();
    }
    return true;
  }

  /** Runs until the board stands at its first instruction boundary at or after the cycle. */
  runUntilCycle(node: number, cycle: number): boolean {
    const station = this.station(node);
    if (!isBoard(station)) throw new Error(`node ${node} counts no cycles`);
    while (station.hart.cycle < cycle) {
      const planned = Math.max(this.time + 1, this.agenda.nextTime);
      const time = Math.min(this.share.timeOfCycle(node, cycle, this.time), planned);
      if (time === Number.POSITIVE_INFINITY || !this.runUntil(time)) return false;
    }
    return true;
  }

  /** Runs until the node has executed an instruction, or, where it sleeps, until it did something. */
  step(node: number): boolean {
    const { now, nextEvent } = this.station(node);
    if (nextEvent === Number.POSITIVE_INFINITY) return false;
    return this.runUntil(Math.max(this.time, now, nextEvent) + 1);
  }

  /** Writes every frame from now on to the sink, as pcapng; what was not yet written is, when it ends. */
  capture(sink: Sink): void {
    const capture = new Capture(this.topology, sink);
    this.capturing = capture;
    this.share.watch(sighting => capture.add(sighting));
  }

  endCapture(): void {
    this.capturing?.flush(Number.POSITIVE_INFINITY);
    this.capturing = undefined;
    this.share.watch(undefined);
  }

  /** Sixteen digits that differ wherever anything that the cluster remembers differs. */
  hash(): string {
    return hashOfParts(this.share.hashes());
  }

  snapshot(): Snapshot {
    return { time: this.time, ...this.share.save() };
  }

  checkpoint(): Checkpoint {
    return { mark: this.agenda.mark, ...this.snapshot() };
  }

  /** Goes back, or forth, to a checkpoint of this cluster; what was done since is to be done again. */
  restore(checkpoint: Checkpoint): void {
    this.become(checkpoint);
    this.agenda.goTo(checkpoint.mark);
  }

  /** The cluster, and what is still planned for it, as a file. */
  toBytes(): Uint8Array {
    return encodeSnapshot({ snapshot: this.snapshot(), planned: this.agenda.toCome }, this.topology);
  }

  /** Becomes what the file holds. Throws an error of one line, and stays, where it is not of this cluster. */
  fromBytes(bytes: Uint8Array): void {
    const { snapshot, planned } = decodeSnapshot(bytes, this.topology);
    this.become(snapshot);
    this.agenda = new Agenda();
    for (const entry of planned) this.agenda.plan(entry);
  }

  /** Another cluster in the same state and with the same plans: what happens to one leaves the other alone. */
  fork(): Cluster {
    const other = new Cluster(this.options);
    other.become(this.snapshot());
    for (const entry of this.agenda.toCome) other.agenda.plan(entry);
    return other;
  }

  private become(snapshot: Snapshot): void {
    const before = this.share.save();
    try {
      this.share.restore(snapshot, snapshot.time);
    } catch (error) {
      this.share.restore(before, this.time);
      throw error;
    }
    this.time = snapshot.time;
    this.halfway = false;
    this.capturing?.drop();
  }

  private check(intervention: Intervention): void {
    const why = this.halfway ? HALFWAY : this.share.refusal(intervention);
    if (why !== undefined) throw new Error(why);
  }

  /** A capture holds frames back no longer than this. */
  private nextFlush(): number {
    return this.capturing === undefined ? Number.POSITIVE_INFINITY : this.time + CAPTURE_HOLD_NS;
  }

  private carryOutDue(): void {
    for (const entry of this.agenda.waitingForCycle) {
      if (this.timeOf(entry) <= this.time) this.agenda.cycleCame(entry, this.time);
    }
    for (;;) {
      const intervention = this.agenda.take(this.time);
      if (intervention === undefined) return;
      this.share.carryOut(intervention, this.time);
    }
  }

  private timeOf({ when }: CycleEntry): number {
    return this.share.timeOfCycle(when.node, when.cycle, this.time);
  }

  /** The earliest time at which a cycle that an entry waits for may come, as the clocks go now. */
  private nextCycleTime(): number {
    return Math.min(...this.agenda.waitingForCycle.map(entry => this.timeOf(entry)));
  }
}
