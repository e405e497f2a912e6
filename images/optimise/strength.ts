/**
 * Strength reduction: addresses that are linear in a loop's counter become pointers that the loop moves on.
 *
 *     for i: load(base + 4·i), store(base + 4·i + 8)   →   for p: load(p), store(p + 8), p += 4
 *
 * Addresses that differ by a constant share a pointer. It is done only where the pointers cost fewer
 * instructions a turn than the computations that they make needless. Where then only the loop's test still
 * needs the counter, the test compares a pointer with its last value and the counter goes too; that needs the
 * number of turns to be known, or the guard before the loop to show that the loop begins below its limit.
 */
import { Folder } from '../ssa/fold.ts';
import {
  type Block,
  Ir,
  isLoad,
  isStore,
  type Loop,
  resolve,
  type SsaFunction,
  type Value,
} from '../ssa/ir.ts';
import { countUses } from './dead-code.ts';
import { preheader } from './invariant.ts';
import { type Counter, counters, type Linear, linear } from './linear.ts';
import { isAccessedAlways, planTest, replaceTest } from './loop-test.ts';

/** New pointers a loop at most. */
const POINTERS_MAX = 6;

export interface StrengthOptions {
  /** Whether an addition takes a shift by up to three for free. */
  readonly zba: boolean;
}

interface Access {
  readonly value: Value;
  readonly form: Linear;
}

export interface Pointer {
  readonly phi: Value;
  readonly next: Value;
  readonly form: Linear;
  readonly initial: Value;
  readonly accesses: readonly Access[];
}

/** The function must be analysed, without dead values. */
export function reduceStrength(fn: SsaFunction, options: StrengthOptions): void {
  const loops = new Set<Loop>();
  for (const block of fn.blocks) if (block.loop?.header === block) loops.add(block.loop);
  countUses(fn);
  for (const loop of [...loops].sort((a, b) => b.depth - a.depth || a.header.order - b.header.order)) {
    if (reduceLoop(fn, loop, options)) countUses(fn);
  }
}

function reduceLoop(fn: SsaFunction, loop: Loop, options: StrengthOptions): boolean {
  const before = preheader(loop);
  const { header } = loop;
  if (before === undefined || header.predecessors.length !== 2) return false;
  const latch = header.predecessors.find(block => loop.blocks.has(block))!;
  let changed = false;
  for (const counter of counters(loop, latch)) {
    const groups = groupAccesses(fn, loop, counter).filter(group => profit(group, counter, options) >= 0);
    const plan = groups.some(group => isAccessedAlways(group, loop))
      ? planTest(
          fn,
          before,
          loop,
          counter,
          dyingWith(groups),
          new Set(groups.flat().map(({ value }) => value)),
        )
      : undefined;
    const chosen = plan === undefined ? groups.filter(group => profit(group, counter, options) > 0) : groups;
    if (chosen.length === 0 || chosen.length > POINTERS_MAX) continue;
    const pointers = chosen.map(group => makePointer(fn, before, latch, loop, counter, group));
    if (plan !== undefined) replaceTest(fn, before, loop, counter, pointers, plan);
    changed = true;
  }
  return changed;
}

/** What is needed no more when these accesses have pointers. */
function dyingWith(groups: readonly (readonly Access[])[]): Value[] {
  return groups.flat().flatMap(({ form }) => form.nodes);
}

/** Loads and stores whose addresses move with the counter, by what their addresses have in common. */
function groupAccesses(fn: SsaFunction, loop: Loop, counter: Counter): Access[][] {
  const groups = new Map<string, Access[]>();
  for (const block of fn.blocks) {
    if (!loop.blocks.has(block)) continue;
    for (const value of block.values) {
      if ((!isLoad(value.op) && !isStore(value.op)) || value.symbol !== undefined) continue;
      const form = linear(resolve(value.args[0]!), counter, loop);
      if (form === undefined || form.scale === 0) continue;
      const whole = { ...form, constant: (form.constant + value.immediate) | 0 };
      const key = `${form.scale} ${form.terms.map(([term, count]) => `${term.id}*${count}`).join(' ')}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ value, form: whole }]);
      else group.push({ value, form: whole });
    }
  }
  return [...groups.values()].flatMap(splitByDistance);
}

/** Parts whose constants lie within an immediate's reach of the first. */
function splitByDistance(group: Access[]): Access[][] {
  const parts: Access[][] = [];
  for (const access of group.sort((a, b) => a.form.constant - b.form.constant)) {
    const last = parts[parts.length - 1];
    const distance = last === undefined ? 0 : access.form.constant - last[0]!.form.constant;
    if (last === undefined || distance > 2047 || distance < 0) parts.push([access]);
    else last.push(access);
  }
  return parts;
}

/** Instructions a turn that go, less the one that moves the pointer. */
function profit(group: readonly Access[], counter: Counter, { zba }: StrengthOptions): number {
  const users = new Map<Value, number>();
  const nodes = new Set<Value>();
  for (const { value, form } of group) {
    for (const node of form.nodes) nodes.add(node);
    const base = resolve(value.args[0]!);
    users.set(base, (users.get(base) ?? 0) + 1);
  }
  let saved = 0;
  // Users come behind what they use, so that backwards each knows how many of its users go.
  for (const node of [...nodes].sort((a, b) => b.id - a.id)) {
    if (node === counter.next || (users.get(node) ?? 0) < node.uses) continue;
    for (const argument of node.args) users.set(argument, (users.get(argument) ?? 0) + 1);
    saved += nodeCost(node, zba && feedsAdditions(node, nodes));
  }
  const offsets = new Set<number>();
  for (const { value } of group)
    if (value.immediate < -2048 || value.immediate > 2047) offsets.add(value.immediate);
  return saved + offsets.size - 1;
}

/** Whether some addition among the nodes takes the value, so that its shift is free where the target has that. */
function feedsAdditions(node: Value, nodes: ReadonlySet<Value>): boolean {
  for (const user of nodes) {
    if (user.op === Ir.Add && user.args[1]!.op !== Ir.Constant && user.args.includes(node)) return true;
  }
  return false;
}

/** What the value costs in the loop: what becomes part of an access or of an addition costs nothing. */
function nodeCost(node: Value, freeShift: boolean): number {
  const factor = node.args[1]!;
  if (
    node.op === Ir.Add &&
    factor.op === Ir.Constant &&
    factor.immediate >= -2048 &&
    factor.immediate <= 2047
  )
    return 0;
  if (node.op === Ir.Shl && freeShift && factor.immediate <= 3) return 0;
  return 1;
}

function makePointer(
  fn: SsaFunction,
  before: Block,
  latch: Block,
  loop: Loop,
  counter: Counter,
  group: readonly Access[],
): Pointer {
  const { header } = loop;
  const { form } = group[0]!;
  const folder = new Folder(fn, value => {
    value.block = before;
    value.origin = before.endOrigin;
    before.values.push(value);
    return value;
  });
  const initial = evaluate(folder, form, counter.initial);
  const phi = fn.newValue(Ir.Phi, []);
  const next = fn.newValue(Ir.Add, [phi, fn.constant(Math.imul(form.scale, counter.step))]);
  phi.block = header;
  phi.args = header.predecessors.map(block => (block === latch ? next : initial));
  header.values.unshift(phi);
  next.block = latch;
  next.origin = counter.next.origin;
  latch.values.push(next);
  for (const { value, form: own } of group) {
    value.args[0] = phi;
    value.immediate = (own.constant - form.constant) | 0;
  }
  return { phi, next, form, initial, accesses: group };
}

/** The form's value for a value of the counter. */
export function evaluate(folder: Folder, form: Linear, counter: Value): Value {
  const multiple = (value: Value, count: number) => folder.binary(Ir.Mul, value, folder.constant(count));
  let sum = multiple(counter, form.scale);
  for (const [term, count] of form.terms) sum = folder.binary(Ir.Add, sum, multiple(term, count));
  return folder.binary(Ir.Add, sum, folder.constant(form.constant));
}
