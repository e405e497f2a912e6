/**
 * Gives registers a slot in the frame instead, and new registers for parts of the function:
 *
 *     first    for every outermost loop that uses the value and does not change it: loaded before the loop;
 *              elsewhere for every block: loaded at the first use, kept until the next call
 *     then     a loop's register that still finds no place is split the same way over the loops inside
 *     at last  a block's register: loaded for every single use
 *
 * Constants are made again instead of loaded. In a `copy` the slot itself becomes the operand, so that a copy
 * of many values needs no registers at once.
 */
import {
  forEachDefinition,
  forEachUse,
  type MachineBlock,
  type MachineFunction,
  MachineInstruction,
  type MachineLoop,
  NONE,
  SLOT,
} from './machine.ts';

export interface Spilled {
  /** Registers of one owner share a slot. */
  readonly owner: number;
  /** What makes the value anew, if that is possible. */
  readonly remake: MachineInstruction | undefined;
}

/** How far a register that came of spilling reaches: a loop of this depth, a block, or one use. */
export const ONE_BLOCK = 1000;
export const ONE_USE = 1001;

/** `extents`: for registers that came of spilling, how far they reach. */
export function spill(
  fn: MachineFunction,
  wanted: ReadonlyMap<number, Spilled>,
  extents: Map<number, number>,
): void {
  const registers = withLastingOperands(wanted);
  const slots = new Map<number, number>();
  const slotOf = new Map<number, number>();
  for (const [register, { owner, remake }] of registers) {
    if (remake?.op === 'reload') slots.set(register, remake.immediate);
    if (remake !== undefined) continue;
    if (!slotOf.has(owner)) slotOf.set(owner, fn.slotCount++);
    slots.set(register, slotOf.get(owner)!);
  }
  const rewriter = new Rewriter(fn, registers, slots, extents);
  for (const block of fn.blocks) rewriter.rewrite(block);
  rewriter.finish();
}

/** A sum is made anew only of a register that stays: one that is spilled with it has no place from then on. */
function withLastingOperands(registers: ReadonlyMap<number, Spilled>): ReadonlyMap<number, Spilled> {
  const lasting = ({ owner, remake }: Spilled): Spilled =>
    remake !== undefined && registers.has(remake.a) ? { owner, remake: undefined } : { owner, remake };
  return new Map([...registers].map(([register, spilled]) => [register, lasting(spilled)]));
}

class Rewriter {
  private readonly fn: MachineFunction;
  private readonly registers: ReadonlyMap<number, Spilled>;
  private readonly slots: ReadonlyMap<number, number>;
  private readonly extents: Map<number, number>;
  /** Blocks that change each register. */
  private readonly definedIn = new Map<number, Set<number>>();
  /** By loop, the registers of the values in it; and the loads to put before loops, by block. */
  private readonly inLoops = new Map<MachineLoop, Map<number, number>>();
  private readonly before = new Map<number, MachineInstruction[]>();
  private block = 0;
  private code: MachineInstruction[] = [];
  /** Spilled register → the register that holds it now. */
  private held = new Map<number, number>();

  constructor(
    fn: MachineFunction,
    registers: ReadonlyMap<number, Spilled>,
    slots: ReadonlyMap<number, number>,
    extents: Map<number, number>,
  ) {
    this.fn = fn;
    this.registers = registers;
    this.slots = slots;
    this.extents = extents;
    for (const block of fn.blocks) {
      for (const instruction of block.code) {
        forEachDefinition(instruction, register => {
          if (!registers.has(register)) return;
          const blocks = this.definedIn.get(register) ?? new Set();
          blocks.add(block.index);
          this.definedIn.set(register, blocks);
        });
      }
    }
  }

  /** Puts the loads before loops into the code. */
  finish(): void {
    for (const [block, loads] of this.before) this.fn.blocks[block]!.code.push(...loads);
  }

  /** The outermost loop around the block at work for which the value can have a register of its own. */
  private loopFor(register: number): MachineLoop | undefined {
    const extent = this.extents.get(register) ?? 0;
    const defined = this.definedIn.get(register);
    return this.fn.loops[this.block]!.find(
      ({ depth, blocks }) =>
        depth > extent && !(defined !== undefined && [...defined].some(block => blocks.has(block))),
    );
  }

  private inLoop(register: number, loop: MachineLoop): number {
    let pieces = this.inLoops.get(loop);
    if (pieces === undefined) {
      pieces = new Map();
      this.inLoops.set(loop, pieces);
    }
    let piece = pieces.get(register);
    if (piece === undefined) {
      piece = this.fn.registerCount++;
      this.extents.set(piece, loop.depth);
      pieces.set(register, piece);
      const loads = this.before.get(loop.before) ?? [];
      loads.push(this.load(register, piece, this.fn.blocks[loop.before]!.endOrigin));
      this.before.set(loop.before, loads);
    }
    return piece;
  }

  rewrite(block: MachineBlock): void {
    this.code = [];
    this.block = block.index;
    this.held.clear();
    for (const instruction of block.code) {
      if (instruction.op === 'copy') this.rewriteCopy(instruction);
      else this.rewriteInstruction(instruction);
      if (instruction.clobbers !== undefined) this.held.clear();
    }
    if (block.branch !== undefined) {
      block.branch.a = this.reloaded(block.branch.a, block.endOrigin);
      block.branch.b = this.reloaded(block.branch.b, block.endOrigin);
    }
    block.code = this.code;
  }

  /** A register that holds the value of `register`, loaded if need be. */
  private reloaded(register: number, origin: number): number {
    if (!this.registers.has(register)) return register;
    const held = this.held.get(register);
    if (held !== undefined) return held;
    const loop = this.loopFor(register);
    if (loop !== undefined) return this.inLoop(register, loop);
    const fresh = this.fresh(register);
    this.code.push(this.load(register, fresh, origin));
    this.hold(register, fresh);
    return fresh;
  }

  /** A register for a part of what `register` was for. */
  private fresh(register: number): number {
    const fresh = this.fn.registerCount++;
    this.extents.set(fresh, (this.extents.get(register) ?? 0) < ONE_BLOCK ? ONE_BLOCK : ONE_USE);
    return fresh;
  }

  private hold(register: number, fresh: number): void {
    if (this.extents.get(fresh) !== ONE_USE) this.held.set(register, fresh);
  }

  private load(register: number, into: number, origin: number): MachineInstruction {
    const remake = this.registers.get(register)?.remake;
    const instruction = new MachineInstruction('reload', into, NONE, NONE, this.slots.get(register) ?? 0);
    instruction.origin = origin;
    if (remake !== undefined) {
      instruction.op = remake.op;
      instruction.immediate = remake.immediate;
      instruction.symbol = remake.symbol;
      instruction.part = remake.part;
      instruction.a = remake.a;
    }
    return instruction;
  }

  private rewriteInstruction(instruction: MachineInstruction): void {
    const { origin } = instruction;
    let concerned = false;
    const look = (register: number) => {
      if (this.registers.has(register)) concerned = true;
    };
    forEachUse(instruction, look);
    forEachDefinition(instruction, look);
    if (!concerned) {
      this.code.push(instruction);
      return;
    }
    if (this.registers.get(instruction.d)?.remake !== undefined) return;
    if (instruction.a !== NONE) instruction.a = this.reloaded(instruction.a, origin);
    if (instruction.b !== NONE) instruction.b = this.reloaded(instruction.b, origin);
    if (instruction.uses !== undefined)
      instruction.uses = instruction.uses.map(use => this.reloaded(use, origin));
    const target = instruction.d;
    if (!this.registers.has(target)) {
      this.code.push(instruction);
      return;
    }
    if (instruction.op === 'move-if' || instruction.op === 'li-if')
      instruction.d = this.reloaded(target, origin);
    else instruction.d = this.fresh(target);
    this.code.push(instruction);
    const store = new MachineInstruction('spill', NONE, NONE, instruction.d, this.slots.get(target)!);
    store.origin = origin;
    this.code.push(store);
    this.hold(target, instruction.d);
  }

  private rewriteCopy(copy: MachineInstruction): void {
    const defs: number[] = [];
    const uses: number[] = [];
    const after: MachineInstruction[] = [];
    copy.defs!.forEach((to, i) => {
      const from = copy.uses![i]!;
      const constant = this.registers.has(from) && !this.slots.has(from);
      const source = this.slots.has(from) ? (this.held.get(from) ?? SLOT + this.slots.get(from)!) : from;
      const target = this.slots.has(to) ? SLOT + this.slots.get(to)! : to;
      if (!constant) {
        if (source === target) return;
        defs.push(target);
        uses.push(source);
      } else if (target < SLOT) {
        after.push(this.load(from, target, copy.origin));
      } else {
        const fresh = this.fn.registerCount++;
        this.extents.set(fresh, ONE_USE);
        const store = new MachineInstruction('spill', NONE, NONE, fresh, target - SLOT);
        store.origin = copy.origin;
        after.push(this.load(from, fresh, copy.origin), store);
      }
    });
    for (const to of copy.defs!) this.held.delete(to);
    if (defs.length > 0) {
      copy.defs = defs;
      copy.uses = uses;
      this.code.push(copy);
    }
    this.code.push(...after);
  }
}
