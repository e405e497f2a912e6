/**
 * Conditions that have been asked before: where a block is only reached by one way of a branch, that branch's
 * condition is known there, and so is its opposite. What is asserted by function after function is tested once.
 *
 * The function must be analysed and its values numbered.
 */
import { inverse } from '../ssa/fold.ts';
import { type Block, Ir, isComparison, resolve, type SsaFunction, type Value } from '../ssa/ir.ts';

/** So many branches above a block are looked at. */
const HEIGHT = 40;

/** True where a branch is one no more: then the function is to be cleaned. */
export function foldKnownConditions(fn: SsaFunction): boolean {
  let changed = false;
  for (const block of fn.blocks) {
    if (block.end.kind !== 'branch') continue;
    const condition = resolve(block.end.condition);
    if (condition.op === Ir.Constant) continue;
    const known = knownAt(block, condition);
    if (known === undefined) continue;
    block.end.condition = fn.constant(known ? 1 : 0);
    changed = true;
  }
  return changed;
}

function knownAt(block: Block, condition: Value): boolean | undefined {
  let below = block;
  let above = block.dominator;
  for (let height = 0; above !== undefined && height < HEIGHT; height++) {
    if (above.end.kind === 'branch' && below.predecessors.length === 1 && above.successors.includes(below)) {
      const answer = relation(resolve(above.end.condition), condition);
      if (answer !== undefined) return (above.successors[0] === below) === answer;
    }
    below = above;
    above = above.dominator;
  }
  return undefined;
}

/** Whether the second is what the first is, or the opposite, or neither. */
function relation(known: Value, asked: Value): boolean | undefined {
  if (known === asked) return true;
  if (isNot(known, asked) || isNot(asked, known)) return false;
  if (!isComparison(known.op) || !isComparison(asked.op)) return undefined;
  if (!known.args.every((argument, i) => resolve(argument) === resolve(asked.args[i]!))) return undefined;
  if (known.op === asked.op) return true;
  return inverse(known.op) === asked.op ? false : undefined;
}

/** Whether the first is 0 just where the second is not. */
function isNot({ op, args }: Value, other: Value): boolean {
  return (
    op === Ir.Eq && resolve(args[0]!) === other && args[1]!.op === Ir.Constant && args[1]!.immediate === 0
  );
}
