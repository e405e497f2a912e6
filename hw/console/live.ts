/**
 * A session that runs while a person watches: simulated time follows the host's, times a speed, in slices
 * between which keys and commands are served. What is done to the session waits its turn in one queue, so
 * that nothing ever happens in the middle of a slice.
 *
 *     live.enqueue(() => session.type(0, 'ls\n'));      as soon as the slice is over
 *     await live.run();                                 until somebody quits
 *
 * How a run is cut into slices does not show in it (hw/cluster.ts); when inputs arrive does, and the journal
 * keeps that.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isBoard } from '../lab/intervene.ts';
import { whereabouts } from '../session/failure.ts';
import { formatRecording, type Origin } from '../session/recording.ts';
import type { Session } from '../session/session.ts';
import { aboutHost } from './bad-input.ts';
import type { Operator } from './commands.ts';

export interface LiveOptions {
  readonly session: Session;
  readonly origin: Origin;
  /** Follow the host's clock; else as fast as the host can. */
  readonly isPaced: boolean;
  /** After every slice and every action. */
  readonly changed: () => void;
  /** What there is to tell the person. */
  readonly tell: (text: string) => void;
}

/** Simulated time from one look at the queue to the next: so long that a look is not felt, nor that there is none. */
const PIECE_MIN_NS = 1_000_000;
const PIECE_MAX_NS = 10_000_000;
const PIECE_MS = 3;
/** The host's time that a slice may take, in milliseconds. */
const SLICE_MS = 20;
/** From one slice to the next: while somebody types, while nobody does, and while nothing happens. */
const TYPING_TICK_MS = 25;
const TICK_MS = 50;
const IDLE_TICK_MS = 100;
const TYPING_PAUSE_MS = 1000;
/** What the host's clock may run ahead before the difference is forgotten. */
const LAG_MAX_MS = 150;
const NS_PER_MS = 1_000_000;

export class Live implements Operator {
  readonly session: Session;
  viewNames: readonly string[] = [];
  isRunning = true;
  /** Milliseconds from one slice to the next, at most: fewer where somebody waits who cannot be seen. */
  tickMsMax = IDLE_TICK_MS;
  speed = 1;
  /** How many simulated seconds the last second of the host brought. */
  speedReached = 0;
  onView: (name: string) => void = () => {};
  screenText: () => string = () => '';
  private readonly options: LiveOptions;
  private readonly queue: (() => void | Promise<void>)[] = [];
  private isOver = false;
  private wakeUp: (() => void) | undefined;
  private lastMs = performance.now();
  private lastActionMs = performance.now();
  private pieceNs = PIECE_MIN_NS;

  constructor(options: LiveOptions) {
    this.options = options;
    this.session = options.session;
  }

  async run(): Promise<void> {
    this.lastMs = performance.now();
    while (!this.isOver) {
      await this.serve();
      if (this.isOver) break;
      if (this.isRunning) await this.slice();
      else this.lastMs = performance.now();
      this.options.changed();
      await this.rest();
    }
  }

  /** Lets it be done when the slice is over. What it throws is told. */
  enqueue(action: () => void | Promise<void>): void {
    this.queue.push(action);
    this.lastActionMs = performance.now();
    this.wakeUp?.();
  }

  pause(): void {
    this.isRunning = false;
  }

  go(): void {
    this.isRunning = true;
    this.lastMs = performance.now();
  }

  setSpeed(factor: number): void {
    this.speed = factor;
  }

  showView(name: string): void {
    this.onView(name);
  }

  quit(): void {
    this.isOver = true;
    this.wakeUp?.();
  }

  recording(): string {
    return formatRecording(this.session, this.options.origin);
  }

  capture(): string {
    return this.screenText();
  }

  readFile(path: string): Uint8Array {
    return aboutHost(path, () => new Uint8Array(readFileSync(path)));
  }

  writeFile(path: string, contents: Uint8Array | string): void {
    aboutHost(path, () => writeFileSync(path, contents));
  }

  private async serve(): Promise<void> {
    for (let action = this.queue.shift(); action !== undefined; action = this.queue.shift()) {
      try {
        await action();
      } catch (error) {
        if (!(error instanceof Error) || isSlip(error)) throw error;
        this.options.tell(error.message.split('\n')[0]!);
      }
    }
  }

  private async slice(): Promise<void> {
    const { session } = this;
    const startMs = performance.now();
    const elapsedMs = Math.min(LAG_MAX_MS, startMs - this.lastMs);
    this.lastMs = startMs;
    const before = session.now;
    const goal = this.options.isPaced
      ? before + Math.round(elapsedMs * NS_PER_MS * this.speed)
      : Number.MAX_SAFE_INTEGER;
    while (session.now < goal && this.queue.length === 0 && performance.now() - startMs < SLICE_MS) {
      const pieceMs = performance.now();
      if (!(await session.runTo(Math.min(goal, session.now + this.pieceNs)))) {
        this.isRunning = false;
        this.options.tell(stoppedText(session));
        break;
      }
      const isLong = performance.now() - pieceMs > PIECE_MS;
      this.pieceNs = Math.max(PIECE_MIN_NS, Math.min(PIECE_MAX_NS, this.pieceNs * (isLong ? 0.5 : 2)));
      if (!this.options.isPaced && session.isStuck) break;
    }
    const rate = (session.now - before) / NS_PER_MS / Math.max(1, elapsedMs);
    this.speedReached = 0.9 * this.speedReached + 0.1 * rate;
  }

  /** Until the next tick, or until somebody does something. */
  private rest(): Promise<void> {
    if (this.queue.length > 0 || this.isOver) return Promise.resolve();
    const spentMs = performance.now() - this.lastMs;
    const milliseconds = this.isRunning ? this.tickMs() - spentMs : undefined;
    if (milliseconds !== undefined && milliseconds <= 0) return new Promise(resolve => setImmediate(resolve));
    return new Promise(resolve => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => this.wakeUp?.(), milliseconds);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
    });
  }

  /** Nothing needs to be looked at sooner than it can happen. */
  private tickMs(): number {
    const { isPaced } = this.options;
    const { cluster, isStuck } = this.session;
    if (!isPaced) return isStuck ? IDLE_TICK_MS : 0;
    const untilEvent = (cluster.nextEvent - cluster.now) / NS_PER_MS / this.speed;
    const isTyping = performance.now() - this.lastActionMs < TYPING_PAUSE_MS;
    return Math.min(this.tickMsMax, Math.max(isTyping ? TYPING_TICK_MS : TICK_MS, untilEvent));
  }
}

/** A slip of the program, and no refusal in words. */
function isSlip(error: Error): boolean {
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(error.name);
}

/** Which board would not go on, and where it stands. */
function stoppedText(session: Session): string {
  const stopped = session.boards.find(node => {
    const station = session.cluster.station(node);
    return isBoard(station) && session.breakpointsOf(node).has(station.hart.pc);
  });
  if (stopped === undefined) return 'a board would not go on';
  return `${session.nameOf(stopped)} stands at a breakpoint: ${whereabouts(session, stopped)}`;
}
