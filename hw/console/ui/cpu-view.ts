/**
 * One board's processor: registers, what it executes with the lines of the sources, memory, breakpoints. A
 * look costs nothing and changes nothing; stepping moves the whole cluster with it.
 */
import type { Board } from '../../board.ts';
import { disassemble, instructionSize } from '../../cpu/disassemble.ts';
import { causeName } from '../../lab/diagnosis.ts';
import { isBoard } from '../../lab/intervene.ts';
import { SymbolTable } from '../../lab/symbols.ts';
import { REGISTER_NAMES } from '../../manual/registers.ts';
import { type Canvas, shortened } from './canvas.ts';
import type { Key } from './keys.ts';
import {
  ACCENT,
  BAD,
  CHOSEN,
  FAINT,
  FRAME,
  KEY,
  NAME,
  nodeStyle,
  STRONG,
  TITLE,
  WARNING,
} from './palette.ts';
import { chooseNext, type Stage, type View } from './stage.ts';

const REGISTERS_WIDTH = 38;
const SP = 2;
/** Where there is so much room, the sources are told too. */
const SOURCES_FROM = 70;
const SOURCE_WIDTH = 32;
/** Instructions shown before the program counter, at most. */
const BEFORE = 6;
/** Far enough back to have found the boundaries of instructions again. */
const BACK_BYTES = 32;

export class CpuView implements View {
  readonly name = 'cpu';
  readonly keys = [
    ['. ,', 'one instruction forward, back'],
    ['↑ ↓', 'choose an instruction'],
    ['b', 'break there, or no more'],
    ['m', 'memory: stack, code'],
    ['Tab', 'next node'],
  ] as const;
  private readonly tables = new Map<number, SymbolTable>();
  private registersBefore: readonly number[] = [];
  private registersNow: readonly number[] = [];
  /** Rows from the program counter. */
  private chosen = 0;
  private memoryAt: 'stack' | 'code' = 'stack';
  private shown: readonly Shown[] = [];

  draw(canvas: Canvas, stage: Stage): void {
    const station = stage.session.cluster.station(stage.node);
    if (!isBoard(station)) {
      canvas.text(2, 1, 'a switch or hub executes nothing: Tab chooses a board', FAINT);
      return;
    }
    const side = Math.min(REGISTERS_WIDTH, Math.floor(canvas.width / 2));
    const memory = canvas.height >= 26 ? 10 : 0;
    this.drawRegisters(canvas.region(canvas.width - side, 0, side, canvas.height), station, stage);
    const code = canvas.region(0, 0, canvas.width - side, canvas.height - memory);
    this.drawCode(code, station, stage);
    if (memory > 0)
      this.drawMemory(canvas.region(0, canvas.height - memory, canvas.width - side, memory), station);
  }

  key(key: Key, stage: Stage): boolean {
    const name = stage.session.nameOf(stage.node);
    switch (key.name) {
      case 'tab':
      case 'shift-tab':
        chooseNext(stage, key.name === 'tab' ? 1 : -1);
        this.chosen = 0;
        return true;
      case 'up':
      case 'k':
        this.chosen -= 1;
        return true;
      case 'down':
      case 'j':
        this.chosen += 1;
        return true;
      case 'home':
        this.chosen = 0;
        return true;
      case 'm':
        this.memoryAt = this.memoryAt === 'stack' ? 'code' : 'stack';
        return true;
      case 'b': {
        const address = this.shown.find(({ isChosen }) => isChosen)?.address;
        const isSet = address !== undefined && stage.session.breakpointsOf(name).has(address);
        if (address !== undefined) stage.command(`${isSet ? 'unbreak' : 'break'} ${name} 0x${hex(address)}`);
        return true;
      }
      default:
        return false;
    }
  }

  private drawCode(canvas: Canvas, board: Board, stage: Stage): void {
    const inside = canvas.frame('', FRAME);
    canvas.text(
      canvas.text(2, 0, ` ${board.name} `, nodeStyle(stage.node)),
      0,
      `${board.hart.privilege} mode `,
      FAINT,
    );
    const symbols = this.symbolsOf(stage.node, board);
    const rows = codeAround(board, inside.height);
    const pcRow = rows.findIndex(({ address }) => address === board.hart.pc);
    this.chosen = Math.max(-pcRow, Math.min(this.chosen, rows.length - 1 - pcRow));
    this.shown = rows.map((row, at) => ({ ...row, isChosen: at === pcRow + this.chosen }));
    if (rows.length === 0) inside.text(1, 0, 'the program counter points at no memory', BAD);
    let place = '';
    this.shown.forEach(({ address, word, size, isChosen }, row) => {
      const isNext = address === board.hart.pc;
      if (isChosen) inside.region(0, row, inside.width, 1).fill(CHOSEN);
      const over = (style: object) => (isChosen ? { ...style, bg: CHOSEN.bg } : style);
      const isBroken = stage.session.breakpointsOf(stage.node).has(address);
      inside.text(0, row, isBroken ? '●' : ' ', over(BAD));
      inside.text(1, row, isNext ? '▶' : ' ', over(KEY));
      inside.text(3, row, hex(address), over(FAINT));
      inside.text(12, row, hex(word, 2 * size).padEnd(8), over(FRAME));
      const text = disassemble(word, address, at => brief(symbols.nearest(at)));
      const room = inside.width - 23 - (inside.width >= SOURCES_FROM ? SOURCE_WIDTH : 0);
      inside.text(22, row, shortened(text, Math.max(0, room)), over(isNext ? STRONG : {}));
      const source = stage.sourceOf(address);
      const symbol =
        source === undefined ? (brief(symbols.nearest(address)) ?? '') : `${source.file}:${source.line}`;
      if (symbol !== place && inside.width >= SOURCES_FROM)
        inside.textRight(inside.width - 1, row, tail(symbol, SOURCE_WIDTH - 2), over(NAME));
      place = symbol;
    });
  }

  private drawRegisters(canvas: Canvas, board: Board, stage: Stage): void {
    const { hart } = board;
    const inside = canvas.frame('registers', FRAME, TITLE);
    const values = Array.from({ length: 32 }, (_, index) => hart.readRegister(index));
    if (values.some((value, index) => value !== this.registersNow[index])) {
      this.registersBefore = this.registersNow;
      this.registersNow = values;
    }
    const rows = Math.min(16, inside.height);
    values.forEach((value, index) => {
      const [x, y] = [1 + 18 * Math.floor(index / 16), index % 16];
      if (y >= rows) return;
      const isChanged = this.registersBefore.length > 0 && this.registersBefore[index] !== value;
      inside.text(x, y, REGISTER_NAMES[index]!.padStart(4), FAINT);
      inside.text(x + 5, y, hex(value), isChanged ? WARNING : value === 0 ? FRAME : {});
    });
    const facts: readonly (readonly [string, string])[] = [
      ['pc', `${hex(hart.pc)} ${brief(this.symbolsOf(stage.node, board).nearest(hart.pc)) ?? ''}`],
      ['mode', `${hart.privilege}${hart.awake ? '' : ', asleep in wfi'}`],
      ['cycle', String(hart.cycle)],
      ['retired', String(hart.counters['instructions'])],
      ['traps', String(hart.trapsTaken)],
      ['last', hart.lastTrap === undefined ? 'none' : causeName(hart.lastTrap.cause)],
    ];
    facts.forEach(([name, value], at) => {
      const y = 17 + at;
      inside.text(1, y, name.padStart(7), FAINT);
      inside.text(9, y, shortened(value, inside.width - 10), name === 'pc' ? ACCENT : {});
    });
    const broken = [...stage.session.breakpointsOf(stage.node)];
    broken.slice(0, 5).forEach((address, at) => {
      inside.text(1, 24 + at, `● ${hex(address)}`, BAD);
    });
  }

  private drawMemory(canvas: Canvas, board: Board): void {
    const { hart } = board;
    const start = (this.memoryAt === 'stack' ? hart.readRegister(SP) : hart.pc) & ~15;
    const inside = canvas.frame(this.memoryAt === 'stack' ? 'memory at sp' : 'memory at pc', FRAME, TITLE);
    for (let row = 0; row < inside.height; row += 1) {
      const address = (start + 16 * row) >>> 0;
      const bytes = board.inspect(address, 16);
      inside.text(1, row, hex(address), FAINT);
      if (bytes === undefined) {
        inside.text(11, row, 'nothing is here', FRAME);
        continue;
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
      for (let word = 0; word < 4; word += 1) {
        const value = view.getUint32(4 * word, true);
        inside.text(11 + 9 * word, row, hex(value), value === 0 ? FRAME : {});
      }
      const text = [...bytes]
        .map(byte => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'))
        .join('');
      inside.text(48, row, text, FAINT);
    }
  }

  private symbolsOf(node: number, board: Board): SymbolTable {
    const known = this.tables.get(node) ?? new SymbolTable(board.plan.symbols);
    this.tables.set(node, known);
    return known;
  }
}

interface Code {
  readonly address: number;
  readonly word: number;
  readonly size: 2 | 4;
}

interface Shown extends Code {
  readonly isChosen: boolean;
}

/** Instructions around the program counter, some of them before it. */
function codeAround(board: Board, count: number): Code[] {
  const { pc } = board.hart;
  const before: Code[] = [];
  for (let start = pc - BACK_BYTES; start < pc && before.length === 0; start += 2) {
    const run = codeFrom(board, start, BACK_BYTES).filter(({ address }) => address < pc);
    const last = run.at(-1);
    if (last !== undefined && last.address + last.size === pc) before.push(...run.slice(-BEFORE));
  }
  return [...before, ...codeFrom(board, pc, count)].slice(0, count);
}

function codeFrom(board: Board, start: number, count: number): Code[] {
  const found: Code[] = [];
  for (let address = start; found.length < count; ) {
    const code = codeAt(board, address >>> 0);
    if (code === undefined) break;
    found.push(code);
    address += code.size;
  }
  return found;
}

function codeAt(board: Board, address: number): Code | undefined {
  const low = board.inspect(address, 2);
  if (low === undefined) return undefined;
  const first = low[0]! | (low[1]! << 8);
  const size = instructionSize(first);
  if (size === 2) return { address, word: first, size };
  const high = board.inspect((address + 2) >>> 0, 2);
  return high === undefined
    ? undefined
    : { address, word: (first | (high[0]! << 16) | (high[1]! << 24)) >>> 0, size };
}

/** Without the folders that its file is in. */
function brief(symbol: string | undefined): string | undefined {
  return symbol?.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '');
}

/** The last part of a path that is too long: its name tells more than its beginning. */
function tail(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(1 - width)}`;
}

function hex(value: number, digits = 8): string {
  return (value >>> 0).toString(16).padStart(digits, '0');
}
