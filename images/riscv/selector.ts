/**
 * The state of instruction selection: which register holds which value, the code made so far, constants.
 *
 * Values are selected backwards, users before what they use. A user that takes over the work of an operand
 * (a constant, an addition into an address) uses the operand's operands in its place; an operand that has no
 * user left when its turn comes is not selected at all. `use` and `takeOver` keep that account.
 */
import { Ir, type SsaFunction, type Value } from '../ssa/ir.ts';
import { ZERO } from './calling-convention.ts';
import type { Constants } from './constants.ts';
import { type MachineBlock, type MachineFunction, MachineInstruction, NONE } from './machine.ts';
import type { TargetOptions } from './target.ts';

export class Selector {
  readonly options: TargetOptions;
  readonly fn: SsaFunction;
  readonly out: MachineFunction;
  readonly constants: Constants;
  block: MachineBlock;
  /** The code of the value at work, forwards. */
  private group: MachineInstruction[] = [];
  private groups: MachineInstruction[][] = [];
  private readonly registers = new Map<Value, number>();
  origin = 0;

  constructor(options: TargetOptions, fn: SsaFunction, out: MachineFunction, constants: Constants) {
    this.options = options;
    this.fn = fn;
    this.out = out;
    this.constants = constants;
    this.block = out.blocks[0]!;
  }

  newRegister(): number {
    return this.out.registerCount++;
  }

  /** The register of a value that is not a constant. */
  registerOf(value: Value): number {
    let register = this.registers.get(value);
    if (register === undefined) {
      register = this.newRegister();
      this.registers.set(value, register);
    }
    return register;
  }

  /** The register in which to find an operand: a value's own, or one that holds the constant. */
  use(value: Value): number {
    if (value.op === Ir.Constant) return value.immediate === 0 ? ZERO : this.constant(value.immediate);
    if (value.op === Ir.Symbol) return this.constants.symbol(value, this.block);
    return this.registerOf(value);
  }

  constant(value: number): number {
    return value === 0 ? ZERO : this.constants.word(value, this.block);
  }

  /** The user of `value` does its work itself, with its arguments. */
  takeOver(value: Value): void {
    value.uses--;
    for (const argument of value.args) argument.uses++;
  }

  /** Nobody needs `value`: its arguments have one user less. */
  leaveOut(value: Value): void {
    for (const argument of value.args) argument.uses--;
  }

  emit(op: string, d: number, a: number, b: number, immediate = 0): MachineInstruction {
    const instruction = new MachineInstruction(op, d, a, b, immediate);
    instruction.origin = this.origin;
    this.group.push(instruction);
    return instruction;
  }

  /** d = a op b, in a register of its own. */
  temporary(op: string, a: number, b: number, immediate = 0): number {
    const d = this.newRegister();
    this.emit(op, d, a, b, immediate);
    return d;
  }

  copy(defs: number[], uses: number[]): void {
    if (defs.length === 0) return;
    const instruction = this.emit('copy', NONE, NONE, NONE);
    instruction.defs = defs;
    instruction.uses = uses;
  }

  endValue(): void {
    if (this.group.length > 0) this.groups.push(this.group);
    this.group = [];
  }

  endBlock(): void {
    this.endValue();
    for (let i = this.groups.length - 1; i >= 0; i--) {
      for (const instruction of this.groups[i]!) this.block.code.push(instruction);
    }
    this.groups = [];
  }
}

export function fits12(value: number): boolean {
  return value >= -2048 && value <= 2047;
}
