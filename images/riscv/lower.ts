/**
 * From allocated code to real instructions: registers filled in, copies in sequence, constants spelled out,
 * the frame laid out, prologue and epilogues added, waits for loads filled (stalls.ts).
 *
 * The frame, from sp upwards; sp is a multiple of 16:
 *
 *     outgoing words    arguments and results on the stack
 *     slots             spilled values
 *     saved registers   ra and the callee-saved ones in use
 *     ───────────────   the caller's sp
 *     incoming words
 */
import type { Allocation } from './allocate.ts';
import { CALLEE_SAVED, RA, SCRATCH, SP, STACK_ALIGNMENT, T0, ZERO } from './calling-convention.ts';
import { expandIntrinsic } from './expand.ts';
import { Line } from './line.ts';
import {
  FIRST_VIRTUAL,
  type JumpTable,
  type MachineBlock,
  type MachineFunction,
  MachineInstruction,
  NONE,
} from './machine.ts';
import { sequence } from './moves.ts';
import { opposite } from './select-value.ts';
import { fillStalls } from './stalls.ts';
import { type Wrapping, wrap } from './wrap.ts';

export interface LoweredBlock {
  readonly lines: Line[];
  readonly branch: { op: string; a: number; b: number; to: number } | undefined;
  readonly next: number | undefined;
  readonly origin: number;
  readonly isCold: boolean;
}

export interface LoweredFunction {
  readonly blocks: LoweredBlock[];
  readonly frameSize: number;
  /** Symbols called, and `*SIGNATURE` for calls through a table. */
  readonly calls: readonly string[];
  readonly jumpTables: readonly JumpTable[];
  /** The last block is the epilogue of several returns, and belongs behind this one. */
  readonly epilogueBehind: number | undefined;
}

export function lower(fn: MachineFunction, allocation: Allocation): LoweredFunction {
  const physical = fn.blocks.map(block => assignRegisters(block, allocation));
  const frame = layOutFrame(fn, physical);
  const calls = new Set<string>();
  const wrapping = wrap(fn.blocks, physical, frame.saved.length);
  const sharing = sharedReturns(fn, physical, frame, wrapping);
  const between: LoweredBlock[] = [];
  const throughs = (targets: ReadonlySet<number>, isPrologue: boolean) =>
    new Map(
      [...targets].map(index => {
        between.push(frameBlock(frame, calls, fn.blocks[index]!, isPrologue));
        return [index, fn.blocks.length + between.length - 1];
      }),
    );
  const waysIn = throughs(wrapping.mixed, true);
  const waysOut = throughs(wrapping.after, false);
  const end = fn.blocks.length + between.length;
  const blocks = physical.map((code, index) => {
    const block = fn.blocks[index]!;
    const isFramed = wrapping.isFramed[index]!;
    const lowering = new Lowering(isFramed ? frame : NO_FRAME, calls);
    if (wrapping.opens.has(index)) lowering.prologue(code[0]?.origin ?? block.endOrigin);
    const shares = sharing !== undefined && isFramed && code[code.length - 1]?.op === 'ret';
    for (const instruction of shares ? code.slice(0, -1) : code) lowering.lower(instruction);
    const map = (register: number) => machineRegister(register, allocation);
    const through = (to: number) => (isFramed ? waysOut : waysIn).get(to) ?? to;
    const { branch, next } = block;
    const compared = branch && { op: branch.op, a: map(branch.a), b: map(branch.b), to: through(branch.to) };
    fillStalls(lowering.lines, compared);
    return {
      lines: lowering.lines,
      branch: compared,
      next: shares ? end : next === undefined ? undefined : through(next),
      origin: block.endOrigin,
      isCold: block.isCold,
    };
  });
  blocks.push(...between);
  if (sharing !== undefined) blocks.push(epilogueBlock(frame, calls, fn.blocks[sharing]!.isCold));
  return {
    blocks,
    frameSize: frame.size,
    calls: [...calls],
    jumpTables: fn.jumpTables,
    epilogueBehind: sharing,
  };
}

/** On the way to a block, the frame's beginning or end. */
function frameBlock(frame: Frame, calls: Set<string>, to: MachineBlock, isPrologue: boolean): LoweredBlock {
  const lowering = new Lowering(frame, calls);
  const origin = to.code[0]?.origin ?? to.endOrigin;
  if (isPrologue) lowering.prologue(origin);
  else lowering.epilogue();
  return {
    lines: lowering.lines,
    branch: undefined,
    next: to.index,
    origin,
    isCold: to.isCold || !isPrologue,
  };
}

/** An epilogue of more instructions than this is not repeated for every return. */
const EPILOGUE_MAX = 3;

/** The most frequent of several returns with a long epilogue: the others jump to its. */
function sharedReturns(
  fn: MachineFunction,
  code: readonly (readonly MachineInstruction[])[],
  frame: Frame,
  { isFramed }: Wrapping,
): number | undefined {
  if (frame.saved.length + 1 <= EPILOGUE_MAX) return undefined;
  const endsIn = (index: number) => code[index]![code[index]!.length - 1]?.op;
  const returns = fn.blocks.filter(({ index }) => isFramed[index] && endsIn(index) === 'ret');
  if (returns.length < 2) return undefined;
  return returns.reduce((best, block) => (block.frequency > best.frequency ? block : best)).index;
}

function epilogueBlock(frame: Frame, calls: Set<string>, isCold: boolean): LoweredBlock {
  const lowering = new Lowering(frame, calls);
  lowering.lower(new MachineInstruction('ret', NONE, NONE, NONE, 0));
  return { lines: lowering.lines, branch: undefined, next: undefined, origin: 0, isCold };
}

function machineRegister(register: number, { assigned }: Allocation): number {
  return register < FIRST_VIRTUAL ? register : assigned[register]!;
}

/** The block's code on machine registers, with copies in sequence and registers kept around calls. */
function assignRegisters(block: MachineBlock, allocation: Allocation): MachineInstruction[] {
  const code: MachineInstruction[] = [];
  const map = (register: number) =>
    register >= allocation.assigned.length ? register : machineRegister(register, allocation);
  for (const instruction of block.code) {
    const { origin } = instruction;
    const saves = allocation.saves.get(instruction) ?? [];
    for (const { register, slot, reload } of saves) {
      if (reload === undefined) code.push(place('spill', NONE, register, slot, origin));
    }
    if (instruction.op === 'copy') {
      code.push(...sequence(instruction.defs!.map(map), instruction.uses!.map(map), origin));
    } else {
      if (instruction.d !== NONE) instruction.d = map(instruction.d);
      if (instruction.a !== NONE) instruction.a = map(instruction.a);
      if (instruction.b !== NONE) instruction.b = map(instruction.b);
      if (instruction.uses !== undefined) instruction.uses = instruction.uses.map(map);
      code.push(instruction);
    }
    for (const { register, slot, reload } of saves) {
      if (reload === undefined) {
        code.push(place('reload', register, NONE, slot, origin));
      } else {
        const again = place(reload.op, register, NONE, reload.immediate, origin);
        again.symbol = reload.symbol;
        again.part = reload.part;
        code.push(again);
      }
    }
  }
  return code;
}

function place(op: string, d: number, b: number, slot: number, origin: number): MachineInstruction {
  const instruction = new MachineInstruction(op, d, NONE, b, slot);
  instruction.origin = origin;
  return instruction;
}

interface Frame {
  readonly size: number;
  /** Byte offset of slot 0. */
  readonly slots: number;
  readonly saved: readonly { readonly register: number; readonly offset: number }[];
}

function layOutFrame(fn: MachineFunction, code: readonly (readonly MachineInstruction[])[]): Frame {
  const written = new Set<number>();
  for (const block of code) {
    for (const { d, defs, clobbers } of block) {
      if (d !== NONE) written.add(d);
      if (defs !== undefined) for (const register of defs) written.add(register);
      if (clobbers !== undefined) for (const register of clobbers) written.add(register);
    }
  }
  const slots = 4 * fn.outgoingWords;
  const slotsEnd = slots + 4 * fn.slotCount;
  // Slots beyond an immediate's reach need ra as a second scratch register.
  if (slotsEnd > 2000 && fn.slotCount > 0) written.add(RA);
  const registers = [RA, ...CALLEE_SAVED].filter(register => written.has(register));
  const bytes = slotsEnd + 4 * registers.length;
  const size = Math.ceil(bytes / STACK_ALIGNMENT) * STACK_ALIGNMENT;
  return { size, slots, saved: registers.map((register, i) => ({ register, offset: size - 4 * (i + 1) })) };
}

/** Of blocks that do without. */
const NO_FRAME: Frame = { size: 0, slots: 0, saved: [] };

class Lowering {
  readonly lines: Line[] = [];
  private readonly frame: Frame;
  private readonly calls: Set<string>;
  private origin = 0;

  constructor(frame: Frame, calls: Set<string>) {
    this.frame = frame;
    this.calls = calls;
  }

  private emit(op: string, rd: number, rs1: number, rs2: number, immediate: number): Line {
    const line = new Line(op, rd, rs1, rs2, immediate, this.origin);
    this.lines.push(line);
    return line;
  }

  prologue(origin: number): void {
    const { size, saved } = this.frame;
    this.origin = origin;
    if (size === 0) return;
    const near = Math.min(size, 2032);
    this.addToStackPointer(-near);
    for (const { register, offset } of saved) this.emit('sw', ZERO, SP, register, offset - (size - near));
    if (size > near) this.addToStackPointer(near - size);
  }

  epilogue(): void {
    const { size, saved } = this.frame;
    if (size === 0) return;
    const near = Math.min(size, 2032);
    if (size > near) this.addToStackPointer(size - near);
    for (const { register, offset } of saved) this.emit('lw', register, SP, ZERO, offset - (size - near));
    this.addToStackPointer(near);
  }

  private addToStackPointer(amount: number): void {
    if (amount >= -2048 && amount <= 2047) {
      this.emit('addi', SP, SP, ZERO, amount);
      return;
    }
    this.constant(T0, amount);
    this.emit('add', SP, SP, T0, 0);
  }

  private constant(d: number, value: number): void {
    const low = (value << 20) >> 20;
    if (low === value) {
      this.emit('addi', d, ZERO, ZERO, value);
      return;
    }
    this.emit('lui', d, ZERO, ZERO, ((value - low) >>> 12) & 0xfffff);
    if (low !== 0) this.emit('addi', d, d, ZERO, low);
  }

  /** A word of the frame, which may be beyond an immediate's reach. */
  private frameWord(op: 'lw' | 'sw', register: number, offset: number): void {
    const store = op === 'sw';
    const access = (base: number, at: number) =>
      this.emit(op, store ? ZERO : register, base, store ? register : ZERO, at);
    if (offset <= 2047) {
      access(SP, offset);
      return;
    }
    const low = (offset << 20) >> 20;
    const base = !store ? register : register === SCRATCH ? RA : SCRATCH;
    this.emit('lui', base, ZERO, ZERO, (offset - low) >>> 12);
    this.emit('add', base, base, SP, 0);
    access(base, low);
  }

  lower(instruction: MachineInstruction): void {
    const { op, d, a, b, immediate } = instruction;
    this.origin = instruction.origin;
    const { frame } = this;
    switch (op) {
      case 'mv':
        this.emit('addi', d, a, ZERO, 0);
        break;
      case 'li':
        this.constant(d, immediate);
        break;
      case 'la':
        this.emit('lui', d, ZERO, ZERO, 0).relocate('HI20', instruction.symbol!, immediate);
        this.emit('addi', d, d, ZERO, 0).relocate('LO12_I', instruction.symbol!, immediate);
        break;
      case 'spill':
        this.frameWord('sw', b, frame.slots + 4 * immediate);
        break;
      case 'reload':
        this.frameWord('lw', d, frame.slots + 4 * immediate);
        break;
      case 'incoming-load':
        this.frameWord('lw', d, frame.size + 4 * immediate);
        break;
      case 'incoming-store':
        this.frameWord('sw', b, frame.size + 4 * immediate);
        break;
      case 'outgoing-load':
        this.frameWord('lw', d, 4 * immediate);
        break;
      case 'outgoing-store':
        this.frameWord('sw', b, 4 * immediate);
        break;
      case 'move-if':
      case 'li-if':
        this.conditionalMove(instruction);
        break;
      case 'machine':
        for (const line of expandIntrinsic(instruction)) this.lines.push(line);
        break;
      default:
        if (CALLS.has(op)) this.call(instruction);
        else this.plain(instruction);
    }
  }

  private plain({ op, d, a, b, immediate, symbol, part }: MachineInstruction): void {
    const register = (r: number) => (r === NONE ? ZERO : r);
    const line = this.emit(op, register(d), register(a), register(b), immediate);
    if (symbol === undefined) return;
    const store = op === 'sw' || op === 'sh' || op === 'sb';
    line.immediate = 0;
    if (part === 'high') line.relocate('HI20', symbol, immediate);
    else if (part === 'gp') line.relocate(store ? 'GPREL_S' : 'GPREL_I', symbol, immediate);
    else line.relocate(store ? 'LO12_S' : 'LO12_I', symbol, immediate);
  }

  private conditionalMove({ op, condition, d, a, b, uses, immediate }: MachineInstruction): void {
    const from = op === 'move-if' ? uses![0]! : ZERO;
    if (op === 'move-if' && from === d) return;
    const skip = this.emit(opposite(condition!), ZERO, a, b, 0);
    skip.skips = 1;
    if (op === 'move-if') this.emit('addi', d, from, ZERO, 0);
    else this.emit('addi', d, ZERO, ZERO, immediate);
  }

  private call({ op, a, symbol, signature }: MachineInstruction): void {
    if (signature !== undefined) this.calls.add(`*${signature}`);
    if (symbol !== undefined) this.calls.add(symbol);
    switch (op) {
      case 'call':
      case 'trap':
        this.emit('jal', RA, ZERO, ZERO, 0).relocate('JAL', symbol!, 0);
        break;
      case 'callr':
        this.emit('jalr', RA, a, ZERO, 0);
        break;
      case 'switch':
        this.emit('jalr', ZERO, a, ZERO, 0);
        break;
      case 'ret':
        this.epilogue();
        this.emit('jalr', ZERO, RA, ZERO, 0);
        break;
      case 'tail':
        this.epilogue();
        this.emit('jal', ZERO, ZERO, ZERO, 0).relocate('JAL', symbol!, 0);
        break;
      default: {
        // The epilogue changes callee-saved registers and t0.
        const through = CALLEE_SAVED.includes(a) || a === T0 ? SCRATCH : a;
        if (through !== a && this.frame.size > 0) this.emit('addi', through, a, ZERO, 0);
        this.epilogue();
        this.emit('jalr', ZERO, this.frame.size > 0 ? through : a, ZERO, 0);
      }
    }
  }
}

const CALLS: ReadonlySet<string> = new Set(['call', 'callr', 'tail', 'tailr', 'ret', 'switch', 'trap']);
