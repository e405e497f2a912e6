/**
 * Where each register is live, as ranges over the numbered instructions of a function.
 *
 * A block's instructions have consecutive numbers; one more number stands for its branch. Only registers
 * that are read in a block before they are written there need the data-flow analysis; for them there is a
 * bit set per block.
 */
import { forEachDefinition, forEachUse, type MachineBlock, type MachineFunction } from './machine.ts';
import type { Ranges } from './ranges.ts';

export interface Liveness {
  /** By register, the machine's own included. */
  readonly ranges: Ranges[];
  /** Numbers of the first instruction of each block, and one past the last. */
  readonly starts: Int32Array;
  readonly calls: readonly CallSite[];
}

/** An instruction that loses registers. */
export interface CallSite {
  readonly position: number;
  readonly block: number;
  readonly index: number;
  readonly frequency: number;
  readonly clobbers: readonly number[];
}

export function computeLiveness(fn: MachineFunction): Liveness {
  const { blocks } = fn;
  const globals = findGlobals(fn);
  const liveOut = solve(fn, globals);
  const starts = new Int32Array(blocks.length + 1);
  for (let i = 0; i < blocks.length; i++) starts[i + 1] = starts[i]! + blocks[i]!.code.length + 1;
  const scan = new Scan(fn.registerCount);
  for (let i = blocks.length - 1; i >= 0; i--) scan.block(blocks[i]!, starts[i]!, liveOut[i]!, globals.list);
  return { ranges: scan.finish(), starts, calls: scan.calls.reverse() };
}

interface Globals {
  /** Register → index among the globals, or −1. */
  readonly indexOf: Int32Array;
  readonly list: readonly number[];
}

function findGlobals(fn: MachineFunction): Globals {
  const indexOf = new Int32Array(fn.registerCount).fill(-1);
  const definedIn = new Int32Array(fn.registerCount).fill(-1);
  const list: number[] = [];
  fn.blocks.forEach((block, number) => {
    const use = (register: number) => {
      if (register < 32 || definedIn[register] === number || indexOf[register]! >= 0) return;
      indexOf[register] = list.length;
      list.push(register);
    };
    for (const instruction of block.code) {
      forEachUse(instruction, use);
      forEachDefinition(instruction, register => {
        definedIn[register] = number;
      });
    }
    if (block.branch !== undefined) {
      use(block.branch.a);
      use(block.branch.b);
    }
  });
  return { indexOf, list };
}

/** Per block, the bit set of globals that are live at its end. */
function solve(fn: MachineFunction, globals: Globals): Uint32Array[] {
  const { blocks } = fn;
  const words = (globals.list.length + 31) >> 5;
  const empty = () => blocks.map(() => new Uint32Array(words));
  const [read, written, liveIn, liveOut] = [empty(), empty(), empty(), empty()];
  for (const [number, block] of blocks.entries())
    collect(block, globals.indexOf, read[number]!, written[number]!);
  const successors = blocks.map(block => block.successors());
  const queued = new Uint8Array(blocks.length).fill(1);
  const work = blocks.map((_, number) => number);
  for (let number = work.pop(); number !== undefined; number = work.pop()) {
    queued[number] = 0;
    const out = liveOut[number]!;
    for (const successor of successors[number]!) {
      const from = liveIn[successor]!;
      for (let w = 0; w < words; w++) out[w]! |= from[w]!;
    }
    const into = liveIn[number]!;
    let changed = false;
    for (let w = 0; w < words; w++) {
      const value = (read[number]![w]! | (out[w]! & ~written[number]![w]!)) >>> 0;
      if (value !== into[w]) {
        into[w] = value;
        changed = true;
      }
    }
    if (!changed) continue;
    for (const predecessor of blocks[number]!.predecessors) {
      if (queued[predecessor] === 1) continue;
      queued[predecessor] = 1;
      work.push(predecessor);
    }
  }
  return liveOut;
}

function collect(block: MachineBlock, indexOf: Int32Array, read: Uint32Array, written: Uint32Array): void {
  const use = (register: number) => {
    const index = indexOf[register]!;
    if (index >= 0 && ((written[index >> 5]! >>> (index & 31)) & 1) === 0)
      read[index >> 5]! |= 1 << (index & 31);
  };
  const define = (register: number) => {
    const index = indexOf[register]!;
    if (index >= 0) written[index >> 5]! |= 1 << (index & 31);
  };
  for (const instruction of block.code) {
    forEachUse(instruction, use);
    forEachDefinition(instruction, define);
  }
  if (block.branch !== undefined) {
    use(block.branch.a);
    use(block.branch.b);
  }
}

/** Goes through the code backwards and collects intervals, last first. */
class Scan {
  readonly calls: CallSite[] = [];
  private readonly ranges: Ranges[];
  /** Where the interval that is open now ends, by register; −1: not live. */
  private readonly openEnd: Int32Array;
  private open: number[] = [];

  constructor(registers: number) {
    this.ranges = Array.from({ length: registers }, () => []);
    this.openEnd = new Int32Array(registers).fill(-1);
  }

  block(block: MachineBlock, start: number, liveOut: Uint32Array, globals: readonly number[]): void {
    const last = start + block.code.length;
    for (let w = 0; w < liveOut.length; w++) {
      for (let bits = liveOut[w]!; bits !== 0; bits &= bits - 1) {
        this.use(globals[w * 32 + 31 - Math.clz32(bits & -bits)]!, 2 * (last + 1));
      }
    }
    if (block.branch !== undefined) {
      this.use(block.branch.a, 2 * last + 1);
      this.use(block.branch.b, 2 * last + 1);
    }
    for (let i = block.code.length - 1; i >= 0; i--) {
      const instruction = block.code[i]!;
      const position = 2 * (start + i);
      forEachDefinition(instruction, register => this.define(register, position + 1));
      if (instruction.clobbers !== undefined) {
        const { clobbers } = instruction;
        this.calls.push({ position, block: block.index, index: i, frequency: block.frequency, clobbers });
      }
      forEachUse(instruction, register => this.use(register, position + 1));
    }
    for (const register of this.open) {
      if (this.openEnd[register]! >= 0) this.define(register, 2 * start);
    }
    this.open = [];
  }

  private use(register: number, end: number): void {
    if (this.openEnd[register]! >= 0) return;
    this.openEnd[register] = end;
    this.open.push(register);
  }

  private define(register: number, start: number): void {
    const open = this.openEnd[register]!;
    const end = open >= 0 ? open : start + 1;
    this.openEnd[register] = -1;
    const ranges = this.ranges[register]!;
    const last = ranges.length;
    // Backwards: the pair (end, start) is pushed, and the whole is turned round at the end.
    if (last > 0 && ranges[last - 1]! <= end) ranges[last - 1] = start;
    else ranges.push(end, start);
  }

  finish(): Ranges[] {
    for (const ranges of this.ranges) ranges.reverse();
    return this.ranges;
  }
}
