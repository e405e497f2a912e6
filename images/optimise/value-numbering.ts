/**
 * Global value numbering: of values that compute the same, one that dominates the others serves for all.
 * Loads are served by what an earlier store or load of the place left in a register.
 *
 * Blocks are visited in order, dominators before what they dominate. What is known of memory when a block
 * starts is what its dominator knew at its end, less what any block on a way between them may have changed.
 */
import { Folder } from '../ssa/fold.ts';
import {
  type Block,
  Ir,
  isLoad,
  isPure,
  isStore,
  resolveArguments,
  type SsaFunction,
  type Value,
} from '../ssa/ir.ts';
import { dominates } from '../ssa/order.ts';
import { clobbersBetween, Known } from './memory.ts';

/** The function must be analysed. */
export function numberValues(fn: SsaFunction): void {
  new Numbering(fn).run();
}

class Numbering {
  private readonly fn: SsaFunction;
  private readonly folder: Folder;
  private readonly table = new Map<number, Value[]>();
  private readonly symbols = new Map<string, number>();
  private readonly knownAtEnd = new Map<Block, Known>();
  private block: Block;
  private origin = 0;

  constructor(fn: SsaFunction) {
    this.fn = fn;
    this.block = fn.entry;
    this.folder = new Folder(fn, value => this.place(value));
  }

  run(): void {
    for (const block of this.fn.blocks) this.visit(block);
  }

  private visit(block: Block): void {
    this.block = block;
    const { values, dominator } = block;
    const known = new Known();
    if (dominator !== undefined) {
      known.takeOver(this.knownAtEnd.get(dominator)!, clobbersBetween(dominator, block));
    }
    block.values = [];
    for (const value of values) {
      resolveArguments(value);
      this.origin = value.origin;
      this.visitValue(value, known);
    }
    this.knownAtEnd.set(block, known);
  }

  private visitValue(value: Value, known: Known): void {
    const { op } = value;
    if (op >= Ir.Add && op <= Ir.Select) {
      const simpler = this.folder.simpler(value) ?? this.find(value);
      if (simpler !== undefined) value.forward = simpler;
      else this.keep(value);
    } else if (isLoad(op)) {
      const earlier = known.load(value, this.folder);
      if (earlier !== undefined) {
        value.forward = earlier;
        return;
      }
      this.block.values.push(value);
      known.remember(value);
    } else if (op === Ir.Result || isPure(value)) {
      const same = this.find(value);
      if (same !== undefined) value.forward = same;
      else this.keep(value);
    } else {
      if (isStore(op)) known.store(value);
      else known.clobber(value);
      this.block.values.push(value);
    }
  }

  private keep(value: Value): void {
    this.block.values.push(value);
    const key = this.hash(value);
    const list = this.table.get(key);
    if (list === undefined) this.table.set(key, [value]);
    else list.push(value);
  }

  private place(value: Value): Value {
    const same = this.find(value);
    if (same !== undefined) return same;
    value.block = this.block;
    value.origin = this.origin;
    this.keep(value);
    return value;
  }

  private find(value: Value): Value | undefined {
    for (const other of this.table.get(this.hash(value)) ?? []) {
      if (isSame(value, other) && dominates(other.block!, this.block)) return other;
    }
    return undefined;
  }

  private hash({ op, args, immediate, callee }: Value): number {
    let hash = op * 31 + immediate;
    for (const argument of args) hash = (Math.imul(hash, 0x01000193) ^ argument.id) | 0;
    return callee === undefined ? hash : hash ^ this.symbolNumber(callee.symbol ?? '');
  }

  private symbolNumber(name: string): number {
    let number = this.symbols.get(name);
    if (number === undefined) {
      number = this.symbols.size * 7919;
      this.symbols.set(name, number);
    }
    return number;
  }
}

function isSame(a: Value, b: Value): boolean {
  if (a.op !== b.op || a.immediate !== b.immediate || a.args.length !== b.args.length) return false;
  if (a.callee?.symbol !== b.callee?.symbol) return false;
  for (let i = 0; i < a.args.length; i++) if (a.args[i] !== b.args[i]) return false;
  return true;
}
