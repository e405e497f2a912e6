/**
 * The board of the command as a debugger sees it.
 */
import type { Board, BoardStop } from '../board.ts';
import type { Hart } from '../cpu/hart.ts';
import type { Debuggee, Halt, History } from '../lab/gdb/debuggee.ts';
import type { SymbolTable } from '../lab/symbols.ts';

export class BoardDebuggee implements Debuggee {
  readonly hart: Hart;
  readonly history: History | undefined;
  private readonly board: Board;
  private readonly symbols: SymbolTable;

  constructor(board: Board, symbols: SymbolTable, history: History | undefined) {
    this.board = board;
    this.hart = board.hart;
    this.symbols = symbols;
    this.history = history;
  }

  get now(): number {
    return this.board.now;
  }

  run(cycles: number): Halt | undefined {
    return this.halt(this.board.runUntilCycle(this.hart.cycle + cycles));
  }

  step(): Halt {
    return this.halt(this.board.step()) ?? { kind: 'step' };
  }

  reset(): void {
    this.board.reset();
  }

  powerOff(): void {
    this.board.powerOff();
  }

  symbolAt(address: number): string | undefined {
    return this.symbols.nearest(address);
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
