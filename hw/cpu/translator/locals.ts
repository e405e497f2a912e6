/**
 * Locals of a region's function, and the guest's registers among them.
 *
 * Registers are loaded when the region is entered and stored when it is left: all that it reads, and all that it writes.
 */
import { REGISTERS } from '../../manual/core-layout.ts';
import type { Instruction } from './explore.ts';
import { type Code, I32, I32_LOAD, I32_STORE, V128 } from './wasm.ts';

export const PARAMETER = 0;
export const ACCUMULATOR = 1;
export const EVENTS = 2;
/** The number of the dispatched block that is next. */
export const NEXT = 3;
/** Virtual address of the region's beginning. */
export const BASE = 4;
/** A bit for each page of the window that is known to be where it was when the region was made. */
export const PAGES = 5;
export const KEY = 6;
/** Where a jump or an exit goes. */
export const TARGET = 7;
export const VA = 8;
export const TAG = 9;
export const HIT = 10;
/** Index of a function, or another short-lived word. */
export const FUNCTION = 11;
/** What a slow path has answered, a vector. */
export const ANSWER = 12;
const FIRST_REGISTER = 13;

export class Registers {
  private readonly local = new Map<number, number>();
  private readonly written: readonly number[];

  constructor(instructions: readonly Instruction[]) {
    const used = new Set<number>();
    const written = new Set<number>();
    for (const { rd, rs1, rs2 } of instructions) {
      for (const register of [rd, rs1, rs2]) if (register !== 0) used.add(register);
      if (rd !== 0) written.add(rd);
    }
    for (const register of [...used].sort((a, b) => a - b)) {
      this.local.set(register, FIRST_REGISTER + this.local.size);
    }
    this.written = [...written].sort((a, b) => a - b);
  }

  get declarations(): readonly (readonly [count: number, type: number])[] {
    return [
      [ANSWER - NEXT, I32],
      [1, V128],
      [this.local.size, I32],
    ];
  }

  get(code: Code, register: number): Code {
    return register === 0 ? code.constant(0) : code.get(this.local.get(register)!);
  }

  /** Not for x0. */
  set(code: Code, register: number): Code {
    return code.set(this.local.get(register)!);
  }

  load(code: Code): void {
    for (const [register, local] of this.local) {
      code
        .constant(0)
        .memory(I32_LOAD, REGISTERS + 4 * register)
        .set(local);
    }
  }

  store(code: Code): void {
    for (const register of this.written) {
      code
        .constant(0)
        .get(this.local.get(register)!)
        .memory(I32_STORE, REGISTERS + 4 * register);
    }
  }
}
