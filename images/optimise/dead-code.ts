/**
 * Removes what nobody needs: values without effect whose results are unused, also in cycles of phis; phis
 * that are one value; branches whose condition is known.
 */
import {
  type Block,
  disconnect,
  endArguments,
  hasEffect,
  Ir,
  resolve,
  resolveArguments,
  type SsaFunction,
  type Value,
} from '../ssa/ir.ts';

/** Afterwards every value's `uses` says how often it is used. */
export function removeDeadCode(fn: SsaFunction): void {
  for (const block of fn.blocks) for (const value of block.values) value.mark = 0;
  const work: Value[] = [];
  const need = (value: Value) => {
    if (value.mark === 1) return;
    value.mark = 1;
    work.push(value);
  };
  for (const block of fn.blocks) {
    for (const value of block.values) if (hasEffect(value)) need(value);
    for (const value of endArguments(block)) if (value.op > Ir.Symbol) need(value);
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    resolveArguments(value);
    for (const argument of value.args) if (argument.op > Ir.Symbol) need(argument);
  }
  for (const block of fn.blocks) {
    block.values = block.values.filter(value => value.mark === 1 && value.forward === undefined);
  }
  countUses(fn);
}

export function countUses(fn: SsaFunction): void {
  for (const block of fn.blocks) for (const value of block.values) value.uses = 0;
  for (const block of fn.blocks) {
    for (const value of block.values) for (const argument of value.args) argument.uses++;
    for (const value of endArguments(block)) value.uses++;
  }
}

/** A phi whose arguments are one value, or itself, is that value. */
export function removeTrivialPhis(fn: SsaFunction): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of fn.blocks) {
      for (const phi of block.values) {
        if (phi.op !== Ir.Phi) break;
        if (phi.forward !== undefined) continue;
        const same = onlyArgument(phi);
        if (same === undefined) continue;
        phi.forward = same;
        changed = true;
      }
    }
  }
  for (const block of fn.blocks) block.values = block.values.filter(value => value.forward === undefined);
}

function onlyArgument(phi: Value): Value | undefined {
  resolveArguments(phi);
  let same: Value | undefined;
  for (const argument of phi.args) {
    if (argument === phi || argument === same) continue;
    if (same !== undefined) return undefined;
    same = argument;
  }
  return same;
}

/** Turns branches and switches on constants into jumps. True if there were any. */
export function foldBranches(fn: SsaFunction): boolean {
  let changed = false;
  for (const block of fn.blocks) {
    const { end } = block;
    if (end.kind === 'branch') {
      const condition = resolve(end.condition);
      if (condition.op !== Ir.Constant) continue;
      keepOnly(block, block.successors[condition.immediate !== 0 ? 0 : 1]!);
      changed = true;
    } else if (end.kind === 'switch') {
      const index = resolve(end.index);
      if (index.op !== Ir.Constant) continue;
      const entry = Math.min(index.immediate >>> 0, end.table.length - 1);
      keepOnly(block, block.successors[end.table[entry]!]!);
      changed = true;
    }
  }
  return changed;
}

function keepOnly(block: Block, kept: Block): void {
  for (const successor of [...block.successors]) if (successor !== kept) disconnect(block, successor);
  block.end = { kind: 'jump' };
}

/** A block whose only way on is to a block that only it leads to swallows that block. */
export function mergeBlocks(fn: SsaFunction): void {
  const gone = new Set<Block>();
  for (const block of fn.blocks) {
    if (gone.has(block)) continue;
    for (;;) {
      const [next] = block.successors;
      if (block.end.kind !== 'jump' || next === undefined || next.predecessors.length !== 1 || next === block)
        break;
      for (const value of next.values) {
        if (value.op === Ir.Phi) {
          value.forward = resolve(value.args[0]!);
          continue;
        }
        value.block = block;
        block.values.push(value);
      }
      block.end = next.end;
      block.endOrigin = next.endOrigin;
      block.successors = next.successors;
      for (const successor of next.successors) {
        successor.predecessors[successor.predecessors.indexOf(next)] = block;
      }
      gone.add(next);
    }
  }
  fn.blocks = fn.blocks.filter(block => !gone.has(block));
}
