/**
 * Takes a loop's counter out of its test: where nothing else needs the counter any more, the test compares a
 * pointer that moves with it instead.
 *
 *     i + 1 < n   →   p + 4 ≠ base + 4·n
 *
 * "Not equal" stands for "less" only if the counter meets its limit exactly and starts below it. That is so
 * for constants, by computing; else for a step of 1 where the limit is at least the first value tested. A pointer
 * whose place is accessed in every turn cannot come round to the same value: it would have passed all of memory.
 */
import { evaluateBinary, Folder } from '../ssa/fold.ts';
import {
  type Block,
  Ir,
  type IrOp,
  isComparison,
  isStore,
  type Loop,
  resolve,
  type SsaFunction,
  type Value,
} from '../ssa/ir.ts';
import { dominates } from '../ssa/order.ts';
import type { Counter } from './linear.ts';
import { evaluate, type Pointer } from './strength.ts';

/** Of a loop whose turns are counted here. */
const TURNS_MAX = 1 << 16;

export interface Test {
  readonly block: Block;
  readonly comparison: Value;
  /** The loop goes on while this holds of `tested` and the limit. */
  readonly op: IrOp;
  readonly tested: Value;
  readonly limit: Value;
}

export interface TestPlan {
  readonly test: Test;
  readonly last: (folder: Folder) => Value;
}

/** Whether the counter can go when `dying` are needed no more and `addressed` have other addresses, and how. */
export function planTest(
  fn: SsaFunction,
  before: Block,
  loop: Loop,
  counter: Counter,
  dying: Iterable<Value>,
  addressed: ReadonlySet<Value>,
): TestPlan | undefined {
  const test = findTest(loop, counter);
  if (test === undefined) return undefined;
  const last = lastValue(fn, before, counter, test);
  if (last === undefined || !isNeededOnlyBy(fn, counter, test, dying, addressed)) return undefined;
  return { test, last };
}

/** Does it, with one of the pointers that move with the counter. */
export function replaceTest(
  fn: SsaFunction,
  before: Block,
  loop: Loop,
  counter: Counter,
  pointers: readonly Pointer[],
  { test, last }: TestPlan,
): void {
  const pointer = pointers.find(each => isAccessedAlways(each.accesses, loop));
  if (pointer === undefined) return;
  const folder = new Folder(fn, value => {
    value.block = before;
    value.origin = before.endOrigin;
    before.values.push(value);
    return value;
  });
  const tested = test.tested === counter.phi ? pointer.phi : pointer.next;
  if (tested === pointer.next && !placeNext(pointer, test.block)) return;
  const end = evaluate(folder, pointer.form, last(folder));
  const goesOn = test.block.successors[0]!;
  const comparison = fn.newValue(loop.blocks.has(goesOn) ? Ir.Ne : Ir.Eq, [tested, end]);
  comparison.block = test.block;
  comparison.origin = test.comparison.origin;
  test.block.values.push(comparison);
  test.block.end = { kind: 'branch', condition: comparison };
}

/** Whether every turn executes one of the accesses. */
export function isAccessedAlways(accesses: readonly { readonly value: Value }[], loop: Loop): boolean {
  const latch = loop.header.predecessors.find(block => loop.blocks.has(block))!;
  return accesses.some(({ value }) => dominates(value.block!, latch));
}

/** The only way out of the loop, as a comparison of the counter with something invariant. */
function findTest(loop: Loop, counter: Counter): Test | undefined {
  const exits = [...loop.blocks].filter(block =>
    block.successors.some(successor => !loop.blocks.has(successor)),
  );
  const [block] = exits;
  if (exits.length !== 1 || block === undefined || block.end.kind !== 'branch') return undefined;
  const comparison = resolve(block.end.condition);
  if (!isComparison(comparison.op) || comparison.uses !== 1) return undefined;
  const [tested, limit] = comparison.args.map(resolve) as [Value, Value];
  if (tested !== counter.phi && tested !== counter.next) return undefined;
  if (limit.op > Ir.Symbol && loop.blocks.has(limit.block!)) return undefined;
  const staysOnTrue = loop.blocks.has(block.successors[0]!);
  const op = staysOnTrue ? comparison.op : OPPOSITE[comparison.op]!;
  return { block, comparison, op, tested, limit };
}

const OPPOSITE: Readonly<Record<number, IrOp>> = {
  [Ir.Eq]: Ir.Ne,
  [Ir.Ne]: Ir.Eq,
  [Ir.LtS]: Ir.GeS,
  [Ir.GeS]: Ir.LtS,
  [Ir.LtU]: Ir.GeU,
  [Ir.GeU]: Ir.LtU,
};

/** Whether the counter is used by its own step, the test, and computations that nobody needs any more. */
function isNeededOnlyBy(
  fn: SsaFunction,
  counter: Counter,
  test: Test,
  more: Iterable<Value>,
  addressed: ReadonlySet<Value>,
): boolean {
  const dying = new Set<Value>([counter.next, test.comparison, ...more]);
  const needed = (value: Value) => value === counter.phi || dying.has(value);
  for (const block of fn.blocks) {
    for (const value of block.values) {
      if (value === counter.phi || dying.has(value)) continue;
      if (addressed.has(value)) {
        if (isStore(value.op) && needed(resolve(value.args[1]!))) return false;
        continue;
      }
      if (value.args.some(argument => needed(resolve(argument)))) return false;
    }
    const { end } = block;
    if (end.kind === 'return' && end.values.some(value => needed(resolve(value)))) return false;
    if (end.kind === 'switch' && needed(resolve(end.index))) return false;
    if (end.kind === 'branch' && block !== test.block && needed(resolve(end.condition))) return false;
  }
  return true;
}

/** Makes the value of the counter that ends the loop when tested; undefined where it may not be met. */
function lastValue(
  fn: SsaFunction,
  before: Block,
  counter: Counter,
  test: Test,
): ((folder: Folder) => Value) | undefined {
  const { initial, step } = counter;
  const { limit, op, tested } = test;
  const first = tested === counter.phi ? 0 : step;
  if (initial.op === Ir.Constant && limit.op === Ir.Constant) {
    let value = (initial.immediate + first) | 0;
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      if (evaluateBinary(op, value, limit.immediate) === 0) return () => fn.constant(value);
      value = (value + step) | 0;
    }
    return undefined;
  }
  if (step !== 1 || (op !== Ir.LtS && op !== Ir.LtU && op !== Ir.Ne)) return undefined;
  if (op === Ir.Ne || isGuarded(before, initial, limit, op)) return () => limit;
  if (initial.op !== Ir.Constant) return undefined;
  const start = fn.constant(initial.immediate + first);
  return folder => folder.binary(op === Ir.LtS ? Ir.MaxS : Ir.MaxU, limit, start);
}

/** Whether the loop is only come to where initial < limit. */
function isGuarded(before: Block, initial: Value, limit: Value, op: IrOp): boolean {
  let block = before;
  for (let steps = 0; steps < 4; steps++) {
    const [guard] = block.predecessors;
    if (guard === undefined || block.predecessors.length !== 1) return false;
    if (guard.end.kind === 'branch') {
      const condition = resolve(guard.end.condition);
      const holds = guard.successors[0] === block ? condition.op : OPPOSITE[condition.op];
      const same = condition.args[0] === initial && condition.args[1] === limit;
      if (holds === op && same && guard.successors[0] !== guard.successors[1]) return true;
    }
    block = guard;
  }
  return false;
}

/** The moved pointer must be there when the test is made. */
function placeNext({ next }: Pointer, block: Block): boolean {
  if (next.block === block) return true;
  if (!dominates(block, next.block!)) return false;
  const from = next.block!;
  from.values.splice(from.values.indexOf(next), 1);
  next.block = block;
  block.values.push(next);
  return true;
}
