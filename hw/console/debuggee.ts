/**
 * The board of the command as a debugger sees it.
 */
import type { Board, BoardStop } from '../board.ts';
import type { Hart } from '../cpu/hart.ts';
import type { Debuggee, Halt } from '../lab/gdb/debuggee.ts';
import type { BoardRecord } from '../lab/gdb/record.ts';
import type { SymbolTable } from '../lab/symbols.ts';

export class BoardDebuggee implements Debuggee {
  readonly hart: Hart;
  readonly history: BoardRecord;
  private readonly board: Board;
  private readonly symbols: SymbolTable;

  constructor(board: Board, symbols: SymbolTable, history: BoardRecord) {
    this.board = board;
    this.hart = board.hart;
    this.symbols = symbols;
    this.history = history;
  }

  get now(): number {
    return this.board.now;
  }

  inspect(va: number, size: number): Uint8Array | undefined {
    return this.board.inspect(va, size);
  }

  run(cycles: number): Halt | undefined {
    return this.halt(this.history.runUntilCycle(this.hart.cycle + cycles));
  }

  /** A breakpoint on this very instruction does not count. */
  step(): Halt {
    const before = this.hart.cycle;
    let stop = this.stepOnce();
    if (stop === 'breakpoint' && this.hart.cycle === before) stop = this.stepOnce();
    return this.halt(stop) ?? { kind: 'step' };
  }

  changed(): void {
    this.history.changed();
  }

  reset(): void {
    this.board.reset();
    this.history.changed();
  }

  powerOff(): void {
    this.board.powerOff();
  }

  symbolAt(address: number): string | undefined {
    return this.symbols.nearest(address);
  }

  private stepOnce(): BoardStop {
    const { board, hart, history } = this;
    while (board.power === 'on' && !hart.awake && board.nextEvent !== Number.POSITIVE_INFINITY) {
      const stop = history.runUntilCycle(Math.max(hart.cycle + 1, board.cycleAt(board.nextEvent)));
      if (stop === 'off') return stop;
    }
    return hart.awake ? history.runUntilCycle(hart.cycle + 1) : 'time';
  }

  private halt(stop: BoardStop): Halt | undefined {
    switch (stop) {
      case 'off': {
        const off = this.board.poweredOff;
        return { kind: 'off', status: off?.by === 'guest' ? off.status : 0 };
      }
      case 'breakpoint':
        return { kind: 'breakpoint' };
      case 'watchpoint':
        return { kind: 'watchpoint', address: this.hart.watchedAddress };
      default:
        return undefined;
    }
  }
}
