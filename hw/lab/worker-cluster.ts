/**
 * A cluster whose boards are spread over worker threads. It does what hw/cluster.ts does, with the same
 * results to the last bit, and asks to be waited for.
 *
 *     const cluster = await WorkerCluster.start({ module, data }, 2);
 *     await cluster.runUntil(1_000_000_000);
 *     await cluster.close();
 *
 * Threads pay where the wires are long or the boards many: they meet at least once in the wires' least
 * delay of simulated time, and a meeting costs some ten microseconds of the host's.
 */
import { Worker } from 'node:worker_threads';
import type { ClusterOptions } from '../cluster.ts';
import { Capture, type Sink } from './capture.ts';
import type { Intervention } from './fault.ts';
import { Agenda, type CycleEntry, type Entry } from './journal.ts';
import { HALFWAY, hashOfParts } from './share.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot.ts';
import { isComputer, type Topology } from './topology.ts';
import { planExchange } from './worker-exchange.ts';
import type { Answer, Recipe, Request, RunAnswer, SerialByte, WorkerStart } from './worker-protocol.ts';

const CAPTURE_HOLD_NS = 10_000_000;

export class WorkerCluster {
  readonly topology: Topology;
  /** Told of every character that a board sends, after the run in which it did. */
  onSerial: ((sent: SerialByte) => void) | undefined;
  private agenda = new Agenda();
  private readonly threads: readonly Thread[];
  private time = 0;
  /** A board stopped of its own before the others had come to the same time. */
  private halfway = false;
  private capturing: Capture | undefined;

  private constructor(topology: Topology, threads: readonly Thread[]) {
    this.topology = topology;
    this.threads = threads;
  }

  /** Starts so many threads, and has each build its boards. */
  static async start(recipe: Recipe, threadCount: number): Promise<WorkerCluster> {
    const { clusterOptions } = await import(recipe.module);
    const { topology }: ClusterOptions = await clusterOptions(recipe.data);
    const plan = planExchange(threadCount, shareOut(topology, threadCount));
    const threads = Array.from({ length: threadCount }, (_, self) => new Thread({ recipe, plan, self }));
    await Promise.all(threads.map(thread => thread.ready));
    return new WorkerCluster(topology, threads);
  }

  get now(): number {
    return this.time;
  }

  /** All that was done, and then what is to come. */
  get journal(): Entry[] {
    return this.agenda.journal;
  }

  async perform(intervention: Intervention): Promise<void> {
    await this.check(intervention);
    this.agenda.note(this.time, intervention);
    await this.ask({ ask: 'carryOut', intervention, now: this.time });
  }

  async plan(entry: Entry): Promise<void> {
    if ('at' in entry.when && entry.when.at < this.time) {
      throw new Error(`it is ${this.time} ns and the entry is for ${entry.when.at}: plan for later`);
    }
    await this.check(entry.intervention);
    this.agenda.plan(entry);
  }

  /** Runs until `ns`. False where a board stopped before. */
  async runUntil(ns: number): Promise<boolean> {
    while (this.time < ns) {
      const flush = this.capturing === undefined ? Number.POSITIVE_INFINITY : this.time + CAPTURE_HOLD_NS;
      const cycles = await Promise.all(this.agenda.waitingForCycle.map(entry => this.timeOf(entry)));
      const next = Math.max(this.time, Math.min(ns, this.agenda.nextTime, flush, ...cycles));
      const answers = (await this.ask({ ask: 'run', limit: next })) as RunAnswer[];
      this.report(answers);
      this.halfway = !answers.every(answer => answer.reached);
      if (this.halfway) return false;
      this.time = next;
      this.capturing?.flush(next);
      await this.carryOutDue();
    }
    return true;
  }

  async hash(): Promise<string> {
    const maps = (await this.ask({ ask: 'hashes' })) as Map<string, string>[];
    return hashOfParts(new Map(maps.flatMap(map => [...map])));
  }

  /** The same bytes as those of a cluster in one thread. */
  async toBytes(): Promise<Uint8Array> {
    const files = (await this.ask({ ask: 'save', now: this.time })) as Uint8Array[];
    const saved = files.map(file => decodeSnapshot(file, this.topology).snapshot);
    const snapshot: Snapshot = {
      time: this.time,
      parts: merged(saved.map(part => part.parts)),
      memories: merged(saved.map(part => part.memories)),
      media: merged(saved.map(part => part.media)),
    };
    return encodeSnapshot({ snapshot, planned: this.agenda.toCome }, this.topology);
  }

  /** Becomes what the file holds. Throws an error of one line, and stays, where it is not of this cluster. */
  async fromBytes(file: Uint8Array): Promise<void> {
    const { snapshot, planned } = decodeSnapshot(file, this.topology);
    await this.ask({ ask: 'restore', file });
    this.time = snapshot.time;
    this.halfway = false;
    this.agenda = new Agenda();
    for (const entry of planned) this.agenda.plan(entry);
    this.capturing?.drop();
  }

  async capture(sink: Sink): Promise<void> {
    this.capturing = new Capture(this.topology, sink);
    await this.ask({ ask: 'watch', watching: true });
  }

  async endCapture(): Promise<void> {
    this.capturing?.flush(Number.POSITIVE_INFINITY);
    this.capturing = undefined;
    await this.ask({ ask: 'watch', watching: false });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map(thread => thread.end()));
  }

  private async carryOutDue(): Promise<void> {
    for (const entry of this.agenda.waitingForCycle) {
      if ((await this.timeOf(entry)) <= this.time) this.agenda.cycleCame(entry, this.time);
    }
    for (;;) {
      const intervention = this.agenda.take(this.time);
      if (intervention === undefined) return;
      await this.ask({ ask: 'carryOut', intervention, now: this.time });
    }
  }

  private async timeOf({ when }: CycleEntry): Promise<number> {
    const times = await this.ask({ ask: 'timeOfCycle', node: when.node, cycle: when.cycle, now: this.time });
    return Math.min(...(times as number[]));
  }

  private async check(intervention: Intervention): Promise<void> {
    if (this.halfway) throw new Error(HALFWAY);
    const refusals = await this.ask({ ask: 'refusal', intervention });
    const why = refusals.find(refusal => refusal !== undefined);
    if (why !== undefined) throw new Error(String(why));
  }

  private ask(request: Request): Promise<unknown[]> {
    return Promise.all(this.threads.map(thread => thread.ask(request)));
  }

  private report(answers: readonly RunAnswer[]): void {
    for (const { sightings, serial } of answers) {
      for (const sighting of sightings) this.capturing?.add(sighting);
      for (const sent of serial) this.onSerial?.(sent);
    }
  }
}

/** One worker thread, seen from the outside. */
class Thread {
  readonly ready: Promise<unknown>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();
  private asked = 0;

  constructor(start: WorkerStart) {
    this.worker = new Worker(new URL('./worker-start.mjs', import.meta.url), { workerData: start });
    this.ready = this.expect(0);
    this.worker.on('message', (answer: Answer) => this.hear(answer));
    this.worker.on('error', error => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('a thread of the cluster has ended')));
  }

  ask(request: Request): Promise<unknown> {
    this.asked += 1;
    const answer = this.expect(this.asked);
    this.worker.postMessage({ number: this.asked, request });
    return answer;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private expect(number: number): Promise<unknown> {
    return new Promise((done, failed) => this.waiting.set(number, { done, failed }));
  }

  private hear(answer: Answer): void {
    const waiting = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    if ('error' in answer) waiting?.failed(new Error(answer.error));
    else waiting?.done(answer.value);
  }

  private fail(error: Error): void {
    for (const { failed } of this.waiting.values()) failed(error);
    this.waiting.clear();
  }
}

/** Boards in equal runs of neighbours; a switch or hub lives with its first board. */
function shareOut(topology: Topology, threads: number): number[] {
  const boards = topology.nodes.filter(isComputer).length;
  const homes = topology.nodes.map((node, at) =>
    isComputer(node) ? Math.floor((at * threads) / boards) : 0,
  );
  topology.nodes.forEach((node, at) => {
    if (isComputer(node)) return;
    const link = topology.links.find(({ a, b }) => a === at || b === at);
    if (link !== undefined) homes[at] = homes[link.a === at ? link.b : link.a]!;
  });
  return homes;
}

/** The parts that all have are the same in all. */
function merged<T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> {
  return new Map(maps.flatMap(map => [...map]));
}
