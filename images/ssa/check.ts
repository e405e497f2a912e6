/**
 * The rules of ir.ts, tested: throws for the first one that a function breaks. For tests of the passes.
 */
import { type Block, endArguments, Ir, isFloating, resolve, type SsaFunction, type Value } from './ir.ts';
import { analyse, dominates } from './order.ts';

/** Analyses the function, so that its dominators are known. */
export function check(fn: SsaFunction): void {
  analyse(fn);
  const position = new Map<Value, number>();
  for (const block of fn.blocks) {
    for (const [index, value] of block.values.entries()) position.set(value, index);
  }
  const fail = (block: Block, problem: string): never => {
    throw new Error(`${fn.name}, block ${block.order}: ${problem}`);
  };
  for (const block of fn.blocks) {
    checkEdges(block, fail);
    let phis = true;
    for (const value of block.values) {
      if (value.block !== block) fail(block, `value ${value.id} believes to be elsewhere`);
      if (isFloating(value)) fail(block, `constant ${value.id} is in a block`);
      if (value.op === Ir.Phi && !phis) fail(block, `phi ${value.id} comes behind other values`);
      if (value.op !== Ir.Phi) phis = false;
      checkArguments(block, value, position, fail);
    }
    for (const argument of endArguments(block)) {
      if (!isKnown(argument, block, position, Number.POSITIVE_INFINITY)) {
        fail(block, `its end uses ${argument.id}, which is not known there`);
      }
    }
  }
}

function checkEdges(block: Block, fail: (block: Block, problem: string) => never): void {
  if (block.end.kind === 'open') fail(block, 'was left open');
  if (new Set(block.predecessors).size !== block.predecessors.length) fail(block, 'has a predecessor twice');
  for (const successor of block.successors) {
    if (!successor.predecessors.includes(block)) fail(block, 'leads to a block that does not know it');
  }
  const expected = {
    jump: 1,
    branch: 2,
    return: 0,
    trap: 0,
    unreachable: 0,
    open: 0,
    switch: block.successors.length,
  };
  if (block.successors.length !== expected[block.end.kind])
    fail(block, `${block.end.kind} has the wrong successors`);
}

function checkArguments(
  block: Block,
  value: Value,
  position: ReadonlyMap<Value, number>,
  fail: (block: Block, problem: string) => never,
): void {
  const args = value.args.map(resolve);
  if (value.op === Ir.Phi) {
    if (args.length !== block.predecessors.length)
      fail(block, `phi ${value.id} has the wrong count of arguments`);
    args.forEach((argument, i) => {
      if (!isKnown(argument, block.predecessors[i]!, position, Number.POSITIVE_INFINITY)) {
        fail(block, `phi ${value.id} gets ${argument.id} from where it is not known`);
      }
    });
    return;
  }
  for (const argument of args) {
    if (!isKnown(argument, block, position, position.get(value)!)) {
      fail(block, `${value.id} uses ${argument.id}, which is not known there`);
    }
  }
}

/** Whether the value is computed before place `before` of the block on every way there. */
function isKnown(value: Value, block: Block, position: ReadonlyMap<Value, number>, before: number): boolean {
  if (isFloating(value)) return true;
  const at = position.get(value);
  if (at === undefined || value.block === undefined) return false;
  return value.block === block ? at < before : dominates(value.block, block);
}
