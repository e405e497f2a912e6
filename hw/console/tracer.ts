/**
 * `--trace`: one line for every instruction, before it runs, and one for every trap.
 *
 *     cycle        mode  address   code      instruction
 *           1234   M     80000010  02028613  addi a2,t0,40
 *           1240   trap: illegal instruction, from machine to machine mode, value 0x00000000
 *
 * The machine is stepped; its cycles are the same as without.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Board } from '../board.ts';
import { disassemble } from '../cpu/disassemble.ts';
import type { Hart } from '../cpu/hart.ts';
import { causeName } from '../lab/diagnosis.ts';
import type { SymbolTable } from '../lab/symbols.ts';

const STANDARD_ERROR = 2;
/** Characters kept before they are written. */
const BUFFER_SIZE = 0x1_0000;

export class Tracer {
  private readonly board: Board;
  private readonly symbols: SymbolTable;
  private readonly file: number;
  private buffer = '';

  /** `-` is standard error. Throws the host's error where the file cannot be made. */
  constructor(board: Board, path: string, symbols: SymbolTable) {
    this.board = board;
    this.symbols = symbols;
    this.file = path === '-' ? STANDARD_ERROR : openSync(path, 'w');
  }

  runUntilCycle(goal: number): void {
    const { board } = this;
    const { hart } = board;
    while (board.power === 'on' && hart.cycle < goal) {
      if (!hart.awake) {
        board.runUntilCycle(Math.min(goal, Math.max(hart.cycle + 1, board.cycleAt(board.nextEvent))));
        continue;
      }
      const line = this.instruction(hart);
      const trapsBefore = hart.trapsTaken;
      board.runUntilCycle(hart.cycle + 1);
      this.write(hart, line, trapsBefore);
    }
    if (this.buffer.length > BUFFER_SIZE) this.flush();
  }

  close(): void {
    this.flush();
    if (this.file !== STANDARD_ERROR) closeSync(this.file);
  }

  private instruction(hart: Hart): string {
    const code = readCode(this.board);
    const start = `${hart.cycle.toString().padStart(12)}  ${mode(hart)}    ${hex(hart.pc, 8)}  `;
    if (code === undefined) return `${start}not in memory`;
    return `${start}${hex(code.word, code.size * 2).padEnd(8)}  ${disassemble(code.word, hart.pc, address => this.symbols.nearest(address))}`;
  }

  /** An interrupt is taken instead of the instruction, an exception by it. */
  private write(hart: Hart, line: string, trapsBefore: number): void {
    const trap = hart.trapsTaken === trapsBefore ? undefined : hart.lastTrap;
    const interrupted = trap !== undefined && trap.cause >>> 31 === 1;
    if (!interrupted) this.buffer += `${line}\n`;
    if (trap === undefined) return;
    const start = `${trap.cycle.toString().padStart(12)}  trap: ${causeName(trap.cause)}`;
    this.buffer += `${start}, from ${trap.from} to ${trap.to} mode, value 0x${hex(trap.value, 8)}\n`;
  }

  private flush(): void {
    writeSync(this.file, this.buffer);
    this.buffer = '';
  }
}

/** The instruction at the program counter: 16 bits, or 32 that may lie on two pages. */
function readCode(board: Board): { readonly word: number; readonly size: 2 | 4 } | undefined {
  const { pc } = board.hart;
  const low = board.inspect(pc, 2);
  if (low === undefined) return undefined;
  const first = low[0]! | (low[1]! << 8);
  if ((first & 3) !== 3) return { word: first, size: 2 };
  const high = board.inspect(pc + 2, 2);
  if (high === undefined) return undefined;
  return { word: (first | (high[0]! << 16) | (high[1]! << 24)) >>> 0, size: 4 };
}

function mode(hart: Hart): string {
  return { user: 'U', supervisor: 'S', machine: 'M' }[hart.privilege];
}

function hex(value: number, digits: number): string {
  return (value >>> 0).toString(16).padStart(digits, '0');
}
