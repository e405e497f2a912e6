/**
 * From the midst of hot code to where a region had better begin: the interpreter goes step by step, and the hunt
 * looks where it comes to.
 *
 *     a jump backward     its target: a loop
 *     a return            where the function that is left was called: its beginning
 *     another far jump    its target: one of many ways, a handler of traps
 *
 * Calls on the way are passed over, since what they lead to has heat of its own.
 */
import * as Op from '../../manual/operations.ts';
import { type GuestCode, type Instruction, isCall, isReturn, targetOf } from './explore.ts';

const STEPS_MAX = 300;
/** A step that takes longer has been through a region. */
const STEP_CYCLES_MAX = 200;

export class Hunt {
  private readonly code: GuestCode;
  /** Where the hunt began. */
  private readonly hot: number;
  /** Where the hart was a step ago, and when. */
  private before: number;
  private cycle: number;
  private steps = 0;
  /** Calls that have not returned yet. */
  private depth = 0;
  private behindCall: number | undefined;

  constructor(code: GuestCode, pc: number, cycle: number) {
    this.code = code;
    this.hot = pc;
    this.before = pc;
    this.cycle = cycle;
  }

  /** Addresses to begin at, the best first, once the hunt has come to its end. */
  step(pc: number, cycle: number): readonly number[] | undefined {
    const isLost = cycle - this.cycle > STEP_CYCLES_MAX;
    const found = isLost ? [] : this.look(this.before, pc);
    this.before = pc;
    this.cycle = cycle;
    this.steps += 1;
    if (found !== undefined) return found;
    return this.steps < STEPS_MAX ? undefined : [this.behindCall ?? pc, this.hot];
  }

  private look(from: number, to: number): readonly number[] | undefined {
    if (to - from > 0 && to - from <= 4) return undefined;
    const last = this.executed(from);
    if (last !== undefined && isCall(last)) {
      this.behindCall ??= from + last.size;
      this.depth += 1;
      return undefined;
    }
    const returns = last !== undefined && isReturn(last);
    if (this.depth > 0) {
      if (returns) this.depth -= 1;
      return undefined;
    }
    if (returns) return [...this.calledBefore(to), to, this.hot];
    const isNear = last !== undefined && (last.operation === Op.BRANCH_FAR || last.operation === Op.JAL_FAR);
    return isNear && to > from ? undefined : [to, this.hot];
  }

  /** Where the call leads that comes back to an address. */
  private calledBefore(pc: number): number[] {
    const call = [2, 4]
      .map(size => this.executed(pc - size))
      .find(each => each !== undefined && isCall(each));
    if (call === undefined) return [];
    const target = targetOf(call, undefined);
    return target === undefined ? this.code.jumpsSeen(pc).filter(seen => seen <= this.hot) : [target >>> 0];
  }

  private executed(va: number): Instruction | undefined {
    const pa = this.code.locate(va);
    return pa === undefined || !this.code.isDecoded(pa) ? undefined : this.code.explain(pa, va);
  }
}
