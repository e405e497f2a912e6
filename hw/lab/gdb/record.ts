/**
 * The past of one board: checkpoints of everything, and what came from outside in between, so that any
 * earlier cycle can be gone back to by running forward again from the checkpoint before it.
 *
 *     beginning ──✓────✓──input──✓────── head        `head` is as far as the board has ever run
 *                           now ↑                     before it the run is a repetition: `isReplay`
 *
 * While a debugger is in charge, the board runs and is given input through its record only. What the
 * debugger changes makes a new present: what lay ahead of it is forgotten (`changed`). Input that arrives
 * while the past is being repeated waits for the present.
 */
import type { Board, BoardStop } from '../../board.ts';
import { restoreState, type Stateful, saveState } from '../../state.ts';
import type { MediumSnapshot } from '../medium.ts';
import { MemoryFollower, type PageTable } from '../page-table.ts';
import type { History } from './debuggee.ts';

interface Checkpoint {
  readonly cycle: number;
  /** How many inputs had been applied. */
  readonly inputCount: number;
  readonly board: Uint8Array;
  readonly memory: PageTable;
  readonly media: readonly MediumSnapshot[];
  readonly surroundings: readonly Uint8Array[];
}

interface Input {
  readonly cycle: number;
  readonly apply: () => void;
}

/** Cycles between checkpoints: what a step back repeats at most, some ten milliseconds of the host. */
const CHECKPOINT_CYCLES = 4_000_000;
/** Then the oldest is forgotten, and the beginning moves up. */
const CHECKPOINTS_MAX = 500;

export class BoardRecord implements History {
  /** Whether the board is repeating what it has done before: what it sends has been sent already. */
  isReplay = false;
  private readonly board: Board;
  private readonly surroundings: readonly Stateful[];
  private readonly memory: MemoryFollower;
  /** Ascending. */
  private taken: Checkpoint[] = [];
  private inputs: Input[] = [];
  /** The first input that has not been applied on the way from the last checkpoint to now. */
  private nextInput = 0;
  private waiting: (() => void)[] = [];
  private head: number;

  /** Begins at this moment. `surroundings` are what else the board's future depends on. */
  constructor(board: Board, surroundings: readonly Stateful[]) {
    this.board = board;
    this.surroundings = surroundings;
    this.memory = new MemoryFollower({ ram: board.ram, dirtyPages: () => board.hart.dirtyPages() });
    this.head = board.hart.cycle;
    this.checkpoint();
  }

  get beginning(): number {
    return this.taken[0]!.cycle;
  }

  get checkpoints(): readonly number[] {
    return this.taken.map(checkpoint => checkpoint.cycle);
  }

  /** Whether the board has been further than it is. */
  get isPast(): boolean {
    return this.board.hart.cycle < this.head;
  }

  runUntilCycle(goal: number): BoardStop {
    for (;;) {
      this.applyInputs();
      this.isReplay = this.isPast;
      const stop = this.board.runUntilCycle(Math.min(goal, this.nextMark()));
      this.head = Math.max(this.head, this.board.hart.cycle);
      this.isReplay = this.isPast;
      if (this.board.hart.cycle >= this.nextCheckpoint()) this.checkpoint();
      if (stop === 'off' || stop === 'breakpoint' || stop === 'watchpoint') return stop;
      if (this.board.hart.cycle >= goal) return stop;
    }
  }

  /** Something from outside that acts on the board: now, or when the present is reached again. */
  input(apply: () => void): void {
    this.waiting.push(apply);
    this.applyInputs();
  }

  /** Forgets the past: it begins now. For a board that has run without its record. */
  restart(): void {
    this.taken = [];
    this.inputs = [];
    this.nextInput = 0;
    this.head = this.board.hart.cycle;
    this.checkpoint();
  }

  /** The debugger has changed the machine: this is the present from now on. */
  changed(): void {
    const { cycle } = this.board.hart;
    this.taken = this.taken.filter(checkpoint => checkpoint.cycle < cycle);
    this.inputs = this.inputs.slice(0, this.nextInput);
    this.head = cycle;
    this.checkpoint();
  }

  seek(cycle: number): void {
    const checkpoint = this.taken.findLast(taken => taken.cycle <= cycle) ?? this.taken[0]!;
    this.restore(checkpoint);
    while (this.board.hart.cycle < cycle && this.board.power === 'on') this.runUntilCycle(cycle);
  }

  private applyInputs(): void {
    const { cycle } = this.board.hart;
    for (; this.nextInput < this.inputs.length; this.nextInput += 1) {
      const input = this.inputs[this.nextInput]!;
      if (input.cycle > cycle) return;
      input.apply();
    }
    if (this.isPast) return;
    for (const apply of this.waiting) {
      apply();
      this.inputs.push({ cycle, apply });
    }
    this.nextInput = this.inputs.length;
    this.waiting = [];
  }

  /** Where a run must pause: an input to be repeated, the present, the next checkpoint. */
  private nextMark(): number {
    const input = this.inputs[this.nextInput]?.cycle ?? Number.POSITIVE_INFINITY;
    const present = this.isPast ? this.head : Number.POSITIVE_INFINITY;
    return Math.min(input, present, this.nextCheckpoint());
  }

  private nextCheckpoint(): number {
    return this.isPast ? Number.POSITIVE_INFINITY : this.taken.at(-1)!.cycle + CHECKPOINT_CYCLES;
  }

  private checkpoint(): void {
    this.taken.push({
      cycle: this.board.hart.cycle,
      inputCount: this.nextInput,
      board: saveState(this.board),
      memory: this.memory.take(),
      media: this.board.disks.map(disk => disk.medium.snapshot()),
      surroundings: this.surroundings.map(saveState),
    });
    if (this.taken.length > CHECKPOINTS_MAX) this.taken.shift();
  }

  private restore(checkpoint: Checkpoint): void {
    this.memory.put(checkpoint.memory);
    restoreState(this.board, checkpoint.board);
    this.board.disks.forEach((disk, index) => {
      disk.medium.restore(checkpoint.media[index]!);
    });
    this.surroundings.forEach((part, index) => {
      restoreState(part, checkpoint.surroundings[index]!);
    });
    this.nextInput = checkpoint.inputCount;
  }
}
