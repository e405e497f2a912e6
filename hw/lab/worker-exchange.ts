/**
 * What the worker threads of one cluster tell each other, in shared memory.
 *
 * They run in rounds. In each, every thread goes as far as what it knows of the others allows; then it
 * publishes the base of each of its nodes, the earliest arrival that it has sent to each node elsewhere,
 * and the arrivals themselves; then all wait for each other, and read. Two copies of everything are used
 * in turn, so that a quick thread may begin the next round while a slow one still reads.
 *
 *     turn, 2 ×: bases, f64 a node │ lowered, f64 a thread and node │ outcome, i32 a thread
 *                mail from thread to thread: bytes used, then arrivals
 *     arrival:   direction u32 │ kind u32 │ time f64 │ sequence f64 │ size u32 │ frame
 */

import { FRAME_SIZE_MAX } from '../manual/ethernet.ts';
import type { Outcome, Outgoing } from './scheduler.ts';
import type { Arrival } from './wire.ts';

export interface ExchangePlan {
  readonly memory: SharedArrayBuffer;
  readonly threads: number;
  /** The thread of each node. */
  readonly homes: readonly number[];
}

/** What a round has brought. */
export interface News {
  /** By node: the earliest time at which anything can happen there, as far as everybody knows. */
  readonly bases: Float64Array;
  readonly arrivals: readonly Outgoing[];
  readonly outcomes: readonly Outcome[];
}

const ARRIVAL_SIZE = 28;
/** Arrivals that a thread may send in a round: the scheduler's limit, and what one step may add. */
const ARRIVALS_MAX = 1024;
const MAIL_SIZE = 8 + ARRIVALS_MAX * (ARRIVAL_SIZE + FRAME_SIZE_MAX);

/** Words of the barrier. */
const WAITING = 0;
const ROUND = 1;
const ABORTED = 2;
const BARRIER_SIZE = 16;
const SPINS = 2_000;

const OUTCOMES: readonly Outcome[] = ['reached', 'waiting', 'stopped'];
const KIND_FRAME = 0;
const KIND_DAMAGED = 1;
const KIND_DARK = 2;
const KIND_LIGHT = 3;

export function planExchange(threads: number, homes: readonly number[]): ExchangePlan {
  return {
    memory: new SharedArrayBuffer(BARRIER_SIZE + 2 * turnSize(threads, homes.length)),
    threads,
    homes,
  };
}

export class Exchange {
  private readonly plan: ExchangePlan;
  private readonly self: number;
  private readonly barrier: Int32Array;
  private turn = 0;

  constructor(plan: ExchangePlan, self: number) {
    this.plan = plan;
    this.self = self;
    this.barrier = new Int32Array(plan.memory, 0, BARRIER_SIZE / 4);
  }

  /** Publishes, waits for all the others, and gives what they published. */
  round(
    outcome: Outcome,
    baseOf: (node: number) => number,
    outbox: readonly Outgoing[],
    targetOf: (direction: number) => number,
  ): News {
    this.turn ^= 1;
    const { threads, homes } = this.plan;
    const { bases, lowered, outcomes } = this.tables();
    const mine = lowered.subarray(this.self * homes.length, (this.self + 1) * homes.length);
    mine.fill(Number.POSITIVE_INFINITY);
    homes.forEach((home, node) => {
      if (home === this.self) bases[node] = baseOf(node);
    });
    for (const { direction, arrival } of outbox) {
      const node = targetOf(direction);
      mine[node] = Math.min(mine[node]!, arrival.time);
    }
    for (let other = 0; other < threads; other += 1) {
      if (other === this.self) continue;
      this.write(
        other,
        outbox.filter(({ direction }) => homes[targetOf(direction)] === other),
      );
    }
    outcomes[this.self] = OUTCOMES.indexOf(outcome);
    this.wait();
    return this.read();
  }

  /** Lets nobody wait for this thread any more: it has failed. */
  abort(): void {
    Atomics.store(this.barrier, ABORTED, 1);
    Atomics.add(this.barrier, ROUND, 1);
    Atomics.notify(this.barrier, ROUND);
  }

  private read(): News {
    const { threads, homes } = this.plan;
    const { bases, lowered, outcomes } = this.tables();
    const known = bases.slice();
    for (let thread = 0; thread < threads; thread += 1) {
      for (let node = 0; node < homes.length; node += 1) {
        known[node] = Math.min(known[node]!, lowered[thread * homes.length + node]!);
      }
    }
    const arrivals: Outgoing[] = [];
    for (let other = 0; other < threads; other += 1) {
      if (other !== this.self) this.readMail(other, arrivals);
    }
    return { bases: known, arrivals, outcomes: Array.from(outcomes, outcome => OUTCOMES[outcome]!) };
  }

  /** All threads have come here before any leaves. */
  private wait(): void {
    const { barrier } = this;
    const round = Atomics.load(barrier, ROUND);
    if (Atomics.add(barrier, WAITING, 1) === this.plan.threads - 1) {
      Atomics.store(barrier, WAITING, 0);
      Atomics.add(barrier, ROUND, 1);
      Atomics.notify(barrier, ROUND);
    } else {
      for (let spin = 0; spin < SPINS && Atomics.load(barrier, ROUND) === round; spin += 1);
      while (Atomics.load(barrier, ROUND) === round) Atomics.wait(barrier, ROUND, round);
    }
    if (Atomics.load(barrier, ABORTED) !== 0) throw new Error('another thread of the cluster has failed');
  }

  private write(to: number, mail: readonly Outgoing[]): void {
    const view = this.mail(this.self, to);
    let at = 8;
    for (const { direction, arrival } of mail) {
      const frame = arrival.kind === 'frame' ? arrival.frame : NO_FRAME;
      if (at + ARRIVAL_SIZE + frame.length > MAIL_SIZE)
        throw new Error('a round has more mail than there is room');
      view.setUint32(at, direction);
      view.setUint32(at + 4, kindOf(arrival));
      view.setFloat64(at + 8, arrival.time);
      view.setFloat64(at + 16, arrival.sequence);
      view.setUint32(at + 24, frame.length);
      new Uint8Array(view.buffer, view.byteOffset + at + ARRIVAL_SIZE, frame.length).set(frame);
      at += ARRIVAL_SIZE + frame.length;
    }
    view.setUint32(0, at);
  }

  private readMail(from: number, into: Outgoing[]): void {
    const view = this.mail(from, this.self);
    const end = view.getUint32(0);
    for (let at = 8; at < end; ) {
      const kind = view.getUint32(at + 4);
      const timing = { time: view.getFloat64(at + 8), sequence: view.getFloat64(at + 16) };
      const size = view.getUint32(at + 24);
      const frame = new Uint8Array(view.buffer, view.byteOffset + at + ARRIVAL_SIZE, size).slice();
      const arrival: Arrival =
        kind === KIND_DARK || kind === KIND_LIGHT
          ? { kind: 'light', ...timing, level: kind === KIND_LIGHT }
          : { kind: 'frame', ...timing, frame: new Uint8Array(frame), damaged: kind === KIND_DAMAGED };
      into.push({ direction: view.getUint32(at), arrival });
      at += ARRIVAL_SIZE + size;
    }
  }

  private tables(): { bases: Float64Array; lowered: Float64Array; outcomes: Int32Array } {
    const { memory, threads, homes } = this.plan;
    const start = BARRIER_SIZE + this.turn * turnSize(threads, homes.length);
    const afterBases = start + 8 * homes.length;
    const afterLowered = afterBases + 8 * threads * homes.length;
    return {
      bases: new Float64Array(memory, start, homes.length),
      lowered: new Float64Array(memory, afterBases, threads * homes.length),
      outcomes: new Int32Array(memory, afterLowered, threads),
    };
  }

  private mail(from: number, to: number): DataView {
    const { memory, threads, homes } = this.plan;
    const start =
      BARRIER_SIZE + this.turn * turnSize(threads, homes.length) + tablesSize(threads, homes.length);
    return new DataView(memory, start + (from * threads + to) * MAIL_SIZE, MAIL_SIZE);
  }
}

const NO_FRAME = new Uint8Array(0);

function kindOf(arrival: Arrival): number {
  if (arrival.kind === 'light') return arrival.level ? KIND_LIGHT : KIND_DARK;
  return arrival.damaged ? KIND_DAMAGED : KIND_FRAME;
}

function tablesSize(threads: number, nodes: number): number {
  return Math.ceil((8 * nodes + 8 * threads * nodes + 4 * threads) / 8) * 8;
}

function turnSize(threads: number, nodes: number): number {
  return tablesSize(threads, nodes) + threads * threads * MAIL_SIZE;
}
