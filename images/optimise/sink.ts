/**
 * Loop counters that are still wanted after they have been stepped: where a loop may end between, the counter
 * and its next value would both live in registers and be copied each turn. Instead the step is made on the way
 * back only, and made again where the next value is wanted outside the loop.
 *
 *     i' = i + 1; if … leave with i, i'; i = i'   →   if … leave with i, i + 1; i = i + 1
 *
 * The function must be analysed and have no critical edges.
 */

import type { Block } from '../ssa/ir.ts';
import { Ir, isFloating, type Loop, type SsaFunction, type Value } from '../ssa/ir.ts';
import { isInside } from '../ssa/order.ts';

interface Use {
  readonly user: Value | undefined;
  readonly block: Block;
}

export function sinkSteps(fn: SsaFunction): void {
  const steps = new Map<Value, { phi: Value; loop: Loop; from: Block }>();
  for (const block of fn.blocks) {
    const { loop } = block;
    if (loop === undefined || loop.header !== block) continue;
    for (const phi of block.values) {
      if (phi.op !== Ir.Phi) break;
      phi.args.forEach((next, i) => {
        const from = block.predecessors[i]!;
        const isStep = next.op === Ir.Add && next.args[0] === phi && next.args[1]!.op === Ir.Constant;
        if (isStep && loop.blocks.has(from) && from !== next.block) steps.set(next, { phi, loop, from });
      });
    }
  }
  if (steps.size === 0) return;
  const uses = collectUses(fn, new Set([...steps].flatMap(([next, { phi }]) => [next, phi])));
  for (const [next, { phi, loop, from }] of steps) {
    const others = (uses.get(next) ?? []).filter(({ user }) => user !== phi);
    const isOutside = (use: Use) => !isInside(use.block.loop, loop);
    const wantedAfter = (uses.get(phi) ?? []).some(use => use.user !== next && isOutside(use));
    if (!wantedAfter || others.length === 0 || !others.every(isOutside)) continue;
    phi.args = phi.args.map(argument => (argument === next ? copyInto(fn, from, next) : argument));
    for (const { user, block } of others) replace(user, block, next, copyInto(fn, block, next, user));
  }
}

/** Where the values are used; a phi uses its argument at the end of the predecessor. */
function collectUses(fn: SsaFunction, wanted: ReadonlySet<Value>): Map<Value, Use[]> {
  const uses = new Map<Value, Use[]>();
  const add = (value: Value, use: Use) => {
    if (!wanted.has(value)) return;
    const list = uses.get(value);
    if (list === undefined) uses.set(value, [use]);
    else list.push(use);
  };
  for (const block of fn.blocks) {
    for (const user of block.values) {
      user.args.forEach((argument, i) => {
        if (isFloating(argument)) return;
        add(argument, { user, block: user.op === Ir.Phi ? block.predecessors[i]! : block });
      });
    }
    const { end } = block;
    if (end.kind === 'branch') add(end.condition, { user: undefined, block });
    if (end.kind === 'switch') add(end.index, { user: undefined, block });
    if (end.kind === 'return') for (const value of end.values) add(value, { user: undefined, block });
  }
  return uses;
}

/** The step again, in `block`: before `user` if that is there, else at the end. */
function copyInto(fn: SsaFunction, block: Block, step: Value, user?: Value): Value {
  const copy = fn.newValue(Ir.Add, [...step.args]);
  copy.block = block;
  copy.origin = step.origin;
  const at = user === undefined || user.op === Ir.Phi ? -1 : block.values.indexOf(user);
  if (at < 0) block.values.push(copy);
  else block.values.splice(at, 0, copy);
  return copy;
}

function replace(user: Value | undefined, block: Block, from: Value, to: Value): void {
  if (user === undefined) {
    const { end } = block;
    if (end.kind === 'branch' && end.condition === from) end.condition = to;
    else if (end.kind === 'switch') block.end = { ...end, index: to };
    else if (end.kind === 'return')
      end.values.forEach((value, i) => {
        if (value === from) end.values[i] = to;
      });
    return;
  }
  const owner = user.block!;
  user.args = user.args.map((argument, i) => {
    const here = user.op !== Ir.Phi || owner.predecessors[i] === block;
    return argument === from && here ? to : argument;
  });
}
