/**
 * Register allocation, by priority: the registers that are used most for their length choose first.
 *
 *     liveness → coalesce copies → choose → (spill and start again) → code on machine registers
 *
 * Each chooses what costs least, in instructions executed: a free register (one that the caller wants kept
 * costs a store and a load per activation when it is the first use of it); a register that calls lose, stored
 * and loaded around each call that it lives across; or a slot in the frame. What is only a constant is made
 * anew instead of stored.
 */
import { CALLEE_SAVED, CALLER_SAVED } from './calling-convention.ts';
import { coalesce } from './coalesce.ts';
import { type CallSite, computeLiveness, type Liveness } from './liveness.ts';
import {
  FIRST_VIRTUAL,
  forEachDefinition,
  forEachUse,
  type MachineFunction,
  type MachineInstruction,
} from './machine.ts';
import { extent, merge, overlap, type Ranges } from './ranges.ts';
import { ONE_USE, type Spilled, spill } from './spill.ts';

/** A register kept around a call by storing it. */
export interface CallSave {
  readonly register: number;
  readonly slot: number;
  readonly reload: MachineInstruction | undefined;
}

export interface Allocation {
  /** Virtual register → machine register. */
  readonly assigned: Int32Array;
  readonly saves: ReadonlyMap<MachineInstruction, readonly CallSave[]>;
}

const CANDIDATES: readonly number[] = [...CALLER_SAVED, ...CALLEE_SAVED];
const IS_CALLEE_SAVED: readonly boolean[] = Array.from({ length: 32 }, (_, r) => CALLEE_SAVED.includes(r));
/** Store in the prologue, load in the epilogue. */
const KEEP_COST = 2;
const ROUNDS_MAX = 40;

/** Changes the code of `fn` where registers are spilled. */
export function allocate(fn: MachineFunction): Allocation {
  const extents = new Map<number, number>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const allocator = new Allocator(fn, extents);
    const spilled = allocator.run();
    if (spilled.size === 0) return allocator.result();
    spill(fn, spilled, extents);
  }
  throw new Error(`${fn.name}: no registers found`);
}

interface Candidate {
  readonly register: number;
  readonly members: number[];
  /** Executed instructions saved by a register, against a slot or against making it anew. */
  cost: number;
  uses: number;
  remake: MachineInstruction | undefined;
  definitions: number;
  brief: boolean;
  hints: Map<number, number>;
  priority: number;
}

class Allocator {
  private readonly fn: MachineFunction;
  private readonly extents: ReadonlyMap<number, number>;
  private readonly liveness: Liveness;
  private readonly parent: Int32Array;
  private readonly candidates = new Map<number, Candidate>();
  private readonly taken: Ranges[] = [];
  private readonly assigned: Int32Array;
  private readonly kept = new Set<number>();
  /** How often each register is defined. */
  private readonly definitionCounts: Uint8Array;
  private readonly saves = new Map<MachineInstruction, CallSave[]>();

  constructor(fn: MachineFunction, extents: ReadonlyMap<number, number>) {
    this.fn = fn;
    this.extents = extents;
    this.liveness = computeLiveness(fn);
    this.parent = coalesce(fn, this.liveness);
    this.assigned = new Int32Array(fn.registerCount).fill(-1);
    this.definitionCounts = countDefinitions(fn);
    for (let register = 0; register < 32; register++) {
      this.taken.push(this.liveness.ranges[register]!);
    }
    this.collect();
  }

  /** Gives the registers to spill. */
  run(): Map<number, Spilled> {
    const spilled = new Map<number, Spilled>();
    const order = [...this.candidates.values()];
    for (const candidate of order) {
      const size = extent(this.liveness.ranges[candidate.register]!);
      candidate.priority = candidate.brief ? Number.POSITIVE_INFINITY : candidate.cost / (size + 4);
    }
    order.sort((a, b) => (a.priority === b.priority ? a.register - b.register : b.priority - a.priority));
    for (const candidate of order) {
      if (this.choose(candidate)) continue;
      for (const member of candidate.members)
        spilled.set(member, { owner: candidate.register, remake: candidate.remake });
    }
    return spilled;
  }

  result(): Allocation {
    for (let register = FIRST_VIRTUAL; register < this.parent.length; register++) {
      this.assigned[register] = this.assigned[this.parent[register]!]!;
    }
    return { assigned: this.assigned, saves: this.saves };
  }

  private candidate(register: number): Candidate {
    const root = this.parent[register]!;
    let candidate = this.candidates.get(root);
    if (candidate === undefined) {
      candidate = {
        register: root,
        members: [],
        cost: 0,
        uses: 0,
        remake: undefined,
        definitions: 0,
        brief: false,
        hints: new Map(),
        priority: 0,
      };
      this.candidates.set(root, candidate);
    }
    return candidate;
  }

  private collect(): void {
    const { fn } = this;
    const seen = new Uint8Array(fn.registerCount);
    const touch = (register: number, frequency: number) => {
      if (register < FIRST_VIRTUAL || register >= fn.registerCount) return undefined;
      const candidate = this.candidate(register);
      candidate.cost += frequency;
      if (seen[register] === 0) {
        seen[register] = 1;
        candidate.members.push(register);
        if (this.extents.get(register) === ONE_USE) candidate.brief = true;
      }
      return candidate;
    };
    for (const block of fn.blocks) {
      const { frequency } = block;
      for (const instruction of block.code) {
        if (instruction.op === 'copy') {
          this.collectCopy(instruction, frequency, touch);
          continue;
        }
        forEachUse(instruction, register => touch(register, frequency));
        forEachDefinition(instruction, register => {
          const candidate = touch(register, frequency);
          if (candidate === undefined) return;
          candidate.definitions++;
          if (!this.isRemakable(instruction)) candidate.definitions = Number.POSITIVE_INFINITY;
          candidate.remake = instruction;
        });
      }
      if (block.branch !== undefined) {
        touch(block.branch.a, frequency);
        touch(block.branch.b, frequency);
      }
    }
    for (const candidate of this.candidates.values()) {
      if (candidate.definitions !== 1) candidate.remake = undefined;
      else candidate.cost *= remakeCost(candidate.remake!);
    }
  }

  /** Whether the instruction can be executed again at every use for the same result. */
  private isRemakable(instruction: MachineInstruction): boolean {
    if (isConstant(instruction)) return true;
    return (
      instruction.op === 'addi' &&
      instruction.symbol === undefined &&
      this.definitionCounts[instruction.a] === 1
    );
  }

  private collectCopy(
    { defs, uses }: MachineInstruction,
    frequency: number,
    touch: (register: number, frequency: number) => Candidate | undefined,
  ): void {
    defs!.forEach((to, i) => {
      const from = uses![i]!;
      const joined = to >= FIRST_VIRTUAL && from >= FIRST_VIRTUAL && this.parent[to] === this.parent[from];
      const weight = joined ? 0 : frequency;
      const target = touch(to, weight);
      const source = touch(from, weight);
      if (joined) return;
      if (target !== undefined) {
        target.definitions = Number.POSITIVE_INFINITY;
        addHint(target, from, frequency);
      }
      if (source !== undefined) addHint(source, to, frequency);
    });
  }

  private choose(candidate: Candidate): boolean {
    const { register } = candidate;
    const ranges = this.liveness.ranges[register]!;
    const wishes = this.wishes(candidate);
    let best = -1;
    let bestCost = candidate.brief ? Number.POSITIVE_INFINITY : candidate.cost;
    let bestSaves: readonly CallSite[] = [];
    const crossed = this.crossedCalls(ranges);
    for (const machine of CANDIDATES) {
      if (overlap(this.taken[machine]!, ranges)) continue;
      const wish = wishes.get(machine) ?? 0;
      const lost = crossed.filter(call => call.clobbers.includes(machine));
      let cost = -wish;
      if (IS_CALLEE_SAVED[machine] && !this.kept.has(machine)) cost += KEEP_COST;
      if (lost.length > 0) {
        if (candidate.brief) continue;
        cost += saveCost(lost, candidate);
      }
      if (cost < bestCost || (best < 0 && candidate.brief)) {
        best = machine;
        bestCost = cost;
        bestSaves = lost;
      }
    }
    if (best < 0) return false;
    this.assigned[register] = best;
    this.taken[best] = merge(this.taken[best]!, ranges);
    if (IS_CALLEE_SAVED[best]) this.kept.add(best);
    if (bestSaves.length > 0) this.addSaves(candidate, best, bestSaves);
    return true;
  }

  /** How many copies each machine register would save. */
  private wishes(candidate: Candidate): Map<number, number> {
    const wishes = new Map<number, number>();
    for (const [other, frequency] of candidate.hints) {
      const machine = other < FIRST_VIRTUAL ? other : this.assigned[this.parent[other]!]!;
      if (machine >= 0) wishes.set(machine, (wishes.get(machine) ?? 0) + frequency);
    }
    return wishes;
  }

  private crossedCalls(ranges: Ranges): readonly CallSite[] {
    const { calls } = this.liveness;
    const result: CallSite[] = [];
    for (let i = 0; i < ranges.length; i += 2) {
      let low = 0;
      let high = calls.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (calls[middle]!.position + 1 < ranges[i]!) low = middle + 1;
        else high = middle;
      }
      for (; low < calls.length && calls[low]!.position + 1 < ranges[i + 1]!; low++) {
        result.push(calls[low]!);
      }
    }
    return result;
  }

  private addSaves(candidate: Candidate, register: number, calls: readonly CallSite[]): void {
    const again = againAfterCall(candidate);
    const slot = again === undefined ? this.fn.slotCount++ : -1;
    for (const call of calls) {
      const instruction = this.fn.blocks[call.block]!.code[call.index]!;
      const saves = this.saves.get(instruction) ?? [];
      saves.push({ register, slot, reload: again });
      this.saves.set(instruction, saves);
    }
  }
}

/** By register, up to 2. */
function countDefinitions(fn: MachineFunction): Uint8Array {
  const counts = new Uint8Array(fn.registerCount);
  for (const block of fn.blocks) {
    for (const instruction of block.code) {
      forEachDefinition(instruction, register => {
        if (register >= FIRST_VIRTUAL && counts[register]! < 2) counts[register]!++;
      });
    }
  }
  return counts;
}

function addHint(candidate: Candidate, register: number, frequency: number): void {
  candidate.hints.set(register, (candidate.hints.get(register) ?? 0) + frequency);
}

/** What makes the value after a call, when no register of another value may be needed. */
function againAfterCall({ remake }: Candidate): MachineInstruction | undefined {
  return remake !== undefined && isConstant(remake) ? remake : undefined;
}

function saveCost(calls: readonly CallSite[], candidate: Candidate): number {
  const again = againAfterCall(candidate);
  const each = again === undefined ? 2 : remakeCost(again);
  let cost = 0;
  for (const { frequency } of calls) cost += frequency * each;
  return cost;
}

/** Whether the instruction is the same wherever it is executed. */
function isConstant({ op, part }: MachineInstruction): boolean {
  return (
    op === 'li' ||
    op === 'la' ||
    op === 'reload' ||
    op === 'incoming-load' ||
    (op === 'lui' && part === 'high')
  );
}

/** Instructions that it takes to make the constant. */
function remakeCost({ op, immediate }: MachineInstruction): number {
  if (op === 'la') return 2;
  return op === 'li' && (immediate < -2048 || immediate > 2047) && (immediate & 0xfff) !== 0 ? 2 : 1;
}
