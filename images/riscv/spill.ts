/**
 * Gives registers a slot in the frame instead: loads before uses, stores after definitions.
 *
 * The first time, a value that was loaded stays in a register until the next call or the end of its block;
 * if that still does not fit, every use has a load of its own. Constants are made again instead of loaded.
 * In a `copy` the slot itself becomes the operand, so that a copy of many values needs no registers at once.
 */
import {
  forEachDefinition,
  forEachUse,
  type MachineBlock,
  type MachineFunction,
  MachineInstruction,
  NONE,
  SLOT,
} from './machine.ts';

export interface Spilled {
  /** Registers of one owner share a slot. */
  readonly owner: number;
  /** What makes the value anew, if that is possible. */
  readonly remake: MachineInstruction | undefined;
}

export type SpillStyle = 'per block' | 'per use';

export function spill(
  fn: MachineFunction,
  registers: ReadonlyMap<number, Spilled>,
  brief: Set<number>,
  style: SpillStyle,
): void {
  const slots = new Map<number, number>();
  const slotOf = new Map<number, number>();
  for (const [register, { owner, remake }] of registers) {
    if (remake?.op === 'reload') slots.set(register, remake.immediate);
    if (remake !== undefined) continue;
    if (!slotOf.has(owner)) slotOf.set(owner, fn.slotCount++);
    slots.set(register, slotOf.get(owner)!);
  }
  const rewriter = new Rewriter(fn, registers, slots, brief, style);
  for (const block of fn.blocks) rewriter.rewrite(block);
}

class Rewriter {
  private readonly fn: MachineFunction;
  private readonly registers: ReadonlyMap<number, Spilled>;
  private readonly slots: ReadonlyMap<number, number>;
  private readonly brief: Set<number>;
  private readonly style: SpillStyle;
  private code: MachineInstruction[] = [];
  /** Spilled register → the register that holds it now. */
  private held = new Map<number, number>();

  constructor(
    fn: MachineFunction,
    registers: ReadonlyMap<number, Spilled>,
    slots: ReadonlyMap<number, number>,
    brief: Set<number>,
    style: SpillStyle,
  ) {
    this.fn = fn;
    this.registers = registers;
    this.slots = slots;
    this.brief = brief;
    this.style = style;
  }

  rewrite(block: MachineBlock): void {
    this.code = [];
    this.held.clear();
    for (const instruction of block.code) {
      if (instruction.op === 'copy') this.rewriteCopy(instruction);
      else this.rewriteInstruction(instruction);
      if (this.style === 'per use' || instruction.clobbers !== undefined) this.held.clear();
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
    const fresh = this.fresh();
    this.code.push(this.load(register, fresh, origin));
    this.held.set(register, fresh);
    return fresh;
  }

  private fresh(): number {
    const register = this.fn.registerCount++;
    if (this.style === 'per use') this.brief.add(register);
    return register;
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
    else instruction.d = this.fresh();
    this.code.push(instruction);
    const store = new MachineInstruction('spill', NONE, NONE, instruction.d, this.slots.get(target)!);
    store.origin = origin;
    this.code.push(store);
    this.held.set(target, instruction.d);
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
        this.brief.add(fresh);
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
