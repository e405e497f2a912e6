/**
 * One board run to its end, whatever that is, in slices between which the host's own events are served.
 *
 *     guest switches off │ a limit │ the test convention (htif.ts) │ nothing can ever happen any more │ the
 *     person at the terminal, or a signal
 *
 * How the run is sliced does not show in it: limits are met at the exact cycle and instruction.
 */
import type { Board } from '../board.ts';
import { isHung } from '../lab/diagnosis.ts';
import type { BoardRecord } from '../lab/gdb/record.ts';
import type { GdbServer } from '../lab/gdb/server.ts';
import { HTIF_POLL_CYCLES, type Htif } from './htif.ts';
import type { Tracer } from './tracer.ts';

export type End =
  | { readonly kind: 'off'; readonly status: number }
  | { readonly kind: 'limit'; readonly what: 'cycles' | 'instructions' }
  | { readonly kind: 'test'; readonly value: number }
  | { readonly kind: 'stuck'; readonly why: string }
  | { readonly kind: 'quit'; readonly by: 'person' | NodeJS.Signals };

export interface RunOptions {
  readonly board: Board;
  readonly maxCycles: number;
  readonly maxInstructions: number;
  readonly htif: Htif | undefined;
  readonly tracer: Tracer | undefined;
  readonly gdb: GdbServer | undefined;
  /** Where a debugger may go back. */
  readonly record: BoardRecord | undefined;
  /** While the hart sleeps, let as much of the host's time pass: a person or another host is there. */
  readonly paced: boolean;
  /** Frames may come from outside. */
  readonly isWired: boolean;
  /** Called between slices. */
  readonly flush: () => void;
}

/** Cycles a slice may take: a few milliseconds of the host. */
const SLICE_CYCLES = 2_000_000;
/** The same where somebody outside waits for what the guest does. */
const SLICE_CYCLES_PACED = 100_000;
/** So many slices in a row end in a loop without a way out before it is said. */
const SPINNING_SLICES = 20;
const NS_PER_MS = 1_000_000;
/** A longer sleep is waited for in pieces. */
const WAIT_MAX_MS = 1000;

export class Run {
  private readonly options: RunOptions;
  private readonly board: Board;
  private inputOpen = true;
  private quitBy: 'person' | NodeJS.Signals | undefined;
  /** A debugger has been here. */
  private debugged = false;
  private wakeUp: (() => void) | undefined;
  /** What the guest has told by the test convention. */
  private testValue: number | undefined;
  /** Slices at whose end the guest could do nothing any more; devices may still be at work. */
  private spinning = 0;

  constructor(options: RunOptions) {
    this.options = options;
    this.board = options.board;
  }

  async toEnd(): Promise<End> {
    for (;;) {
      const end = this.ended();
      if (end !== undefined) return end;
      const { gdb } = this.options;
      this.debugged ||= gdb?.session !== undefined;
      if (gdb?.session !== undefined && !gdb.session.over) {
        if (gdb.session.running) gdb.session.slice();
        else await this.event();
      } else if (gdb !== undefined && !this.debugged) await this.event();
      else if (this.isAsleep) {
        const stuck = await this.sleep();
        if (stuck !== undefined) return stuck;
      } else this.slice();
      this.options.flush();
      await nextTurn();
    }
  }

  /** Characters for the guest. */
  input(bytes: Uint8Array): void {
    this.deliver(() => this.board.uart.receive(bytes));
  }

  /** Something from outside that acts on the board. */
  deliver(apply: () => void): void {
    if (this.options.record === undefined) apply();
    else this.options.record.input(apply);
    this.wake();
  }

  inputEnded(): void {
    this.inputOpen = false;
    this.wake();
  }

  quit(by: 'person' | NodeJS.Signals): void {
    this.quitBy = by;
    this.wake();
  }

  /** Something outside has changed: a frame has come, a debugger has connected. */
  wake(): void {
    this.wakeUp?.();
  }

  /** The hart sleeps, and not in a past that is being repeated. */
  private get isAsleep(): boolean {
    const { board, options } = this;
    return board.power === 'on' && !board.hart.awake && options.record?.isPast !== true;
  }

  private ended(): End | undefined {
    const { board, options } = this;
    if (this.quitBy !== undefined) return { kind: 'quit', by: this.quitBy };
    if (board.power === 'off')
      return { kind: 'off', status: board.poweredOff?.by === 'guest' ? board.poweredOff.status : 0 };
    if (this.testValue !== undefined) return { kind: 'test', value: this.testValue };
    if (this.spinning >= SPINNING_SLICES)
      return { kind: 'stuck', why: 'the guest jumps to itself with interrupts off' };
    if (board.hart.cycle >= options.maxCycles) return { kind: 'limit', what: 'cycles' };
    if (this.instructionsLeft() <= 0) return { kind: 'limit', what: 'instructions' };
    return undefined;
  }

  /** One instruction takes at least one cycle: so many cycles cannot hold more instructions than are left. */
  private slice(): void {
    const { board, options } = this;
    const goal = Math.min(
      options.maxCycles,
      board.hart.cycle + Math.min(options.paced ? SLICE_CYCLES_PACED : SLICE_CYCLES, this.instructionsLeft()),
    );
    if (options.record?.isPast) options.record.runUntilCycle(goal);
    else if (options.tracer !== undefined) options.tracer.runUntilCycle(goal);
    else if (options.htif === undefined) board.runUntilCycle(goal);
    else this.runPolling(goal, options.htif);
    this.spinning = board.power === 'on' && isHung(board.hart) ? this.spinning + 1 : 0;
  }

  private runPolling(goal: number, htif: Htif): void {
    const { board } = this;
    while (board.power === 'on' && board.hart.cycle < goal && this.testValue === undefined) {
      board.runUntilCycle(Math.min(goal, board.hart.cycle + HTIF_POLL_CYCLES));
      this.testValue = htif.look();
    }
  }

  /** The hart is asleep: go on to what wakes it, or wait for the outside, or tell that nothing will. */
  private async sleep(): Promise<End | undefined> {
    const { board, options } = this;
    const event = board.nextEvent;
    if (event === Number.POSITIVE_INFINITY && !this.canBeWoken())
      return { kind: 'stuck', why: 'the guest sleeps and nothing is left that could wake it' };
    if (event === Number.POSITIVE_INFINITY) await this.event();
    else if (options.paced) await this.pass(event);
    else board.runUntilCycle(Math.min(options.maxCycles, board.cycleAt(event)));
    return undefined;
  }

  /** Lets the host's time pass until the event, or until the outside does something. */
  private async pass(event: number): Promise<void> {
    const { board, options } = this;
    const wait = Math.min(WAIT_MAX_MS, (event - board.now) / NS_PER_MS);
    const before = performance.now();
    if (wait >= 1) {
      options.flush();
      await this.event(wait);
    }
    const passed = Math.floor((performance.now() - before) * NS_PER_MS);
    const until = wait < 1 ? event : Math.min(event, board.now + passed);
    board.runUntilCycle(Math.min(options.maxCycles, board.cycleAt(until)));
  }

  private canBeWoken(): boolean {
    return this.inputOpen || this.options.isWired || this.options.gdb?.session !== undefined;
  }

  /** Until somebody calls `wake`, or the milliseconds are over. */
  private event(milliseconds?: number): Promise<void> {
    return new Promise(resolve => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => this.wake(), milliseconds);
      this.wakeUp = () => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
    });
  }

  private instructionsLeft(): number {
    const { maxInstructions, board } = this.options;
    if (maxInstructions === Number.POSITIVE_INFINITY) return maxInstructions;
    return maxInstructions - board.hart.counters['instructions']!;
  }
}

/** Lets the host serve what has come meanwhile. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
