/**
 * Where constants and addresses get into registers: once per block that uses them, or for a loop once before
 * its outermost level. The allocator makes them anew at their uses where registers are short.
 */
import type { Block, Value } from '../ssa/ir.ts';
import { forEachUse, type MachineBlock, type MachineFunction, MachineInstruction, NONE } from './machine.ts';

interface Pending {
  readonly register: number;
  readonly instruction: MachineInstruction;
}

export class Constants {
  private readonly out: MachineFunction;
  private readonly ssaBlocks: readonly Block[];
  /** Per block that makes them, by what they are. */
  private readonly made: Map<string | number, Pending>[] = [];

  constructor(out: MachineFunction, ssaBlocks: readonly Block[]) {
    this.out = out;
    this.ssaBlocks = ssaBlocks;
  }

  word(value: number, user: MachineBlock): number {
    return this.find(value, user, d => new MachineInstruction('li', d, NONE, NONE, value));
  }

  symbol(value: Value, user: MachineBlock): number {
    const key = `${value.part} ${value.immediate} ${value.symbol}`;
    return this.find(key, user, d => {
      const op = value.part === 'high' ? 'lui' : 'la';
      const instruction = new MachineInstruction(op, d, NONE, NONE, value.immediate);
      instruction.symbol = value.symbol;
      if (value.part === 'high') instruction.part = 'high';
      return instruction;
    });
  }

  /** The upper part of the address of `symbol`. */
  upper(symbol: string, user: MachineBlock): number {
    return this.find(`high 0 ${symbol}`, user, d => {
      const instruction = new MachineInstruction('lui', d, NONE, NONE, 0);
      instruction.symbol = symbol;
      instruction.part = 'high';
      return instruction;
    });
  }

  private find(key: string | number, user: MachineBlock, make: (d: number) => MachineInstruction): number {
    const home = this.home(user);
    const here = (this.made[home] ??= new Map());
    let pending = here.get(key);
    if (pending === undefined) {
      const register = this.out.registerCount++;
      pending = { register, instruction: make(register) };
      here.set(key, pending);
    }
    return pending.register;
  }

  /** The block before the outermost loop around `user`, or `user` itself. */
  private home(user: MachineBlock): number {
    let { loop } = this.ssaBlocks[user.index]!;
    if (loop === undefined) return user.index;
    while (loop.parent !== undefined) loop = loop.parent;
    return loop.header.predecessors.find(block => !loop.blocks.has(block))!.order;
  }

  /** Puts all of them into the code, each before its first use in its block or at the block's end. */
  insert(): void {
    this.out.blocks.forEach((block, index) => {
      const pending = this.made[index];
      if (pending !== undefined) insertInto(block, [...pending.values()]);
    });
  }
}

function insertInto(block: MachineBlock, pending: readonly Pending[]): void {
  const open = new Map(pending.map(({ register, instruction }) => [register, instruction]));
  const code: MachineInstruction[] = [];
  for (const instruction of block.code) {
    if (open.size > 0) {
      forEachUse(instruction, register => {
        const constant = open.get(register);
        if (constant === undefined) return;
        constant.origin = instruction.origin;
        code.push(constant);
        open.delete(register);
      });
    }
    code.push(instruction);
  }
  for (const constant of open.values()) {
    constant.origin = block.endOrigin;
    code.push(constant);
  }
  block.code = code;
}
