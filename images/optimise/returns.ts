/**
 * Returns where the values are known: a block that only returns what its predecessors bring is copied into
 * those that jump to it, and they into theirs. A call whose result is returned then ends its block, and can be a jump.
 */
import { type Block, Ir, removePredecessor, resolve, type SsaFunction } from '../ssa/ir.ts';

export function duplicateReturns(fn: SsaFunction): void {
  for (const block of [...fn.blocks].reverse()) {
    if (block.end.kind !== 'return' || block.values.some(({ op }) => op !== Ir.Phi)) continue;
    for (const predecessor of [...block.predecessors]) {
      if (predecessor.end.kind === 'jump') copyReturn(block, predecessor);
    }
  }
}

function copyReturn(block: Block, into: Block): void {
  if (block.end.kind !== 'return') return;
  const index = block.predecessors.indexOf(into);
  const values = block.end.values.map(value => {
    const now = resolve(value);
    return now.op === Ir.Phi && now.block === block ? resolve(now.args[index]!) : now;
  });
  into.end = { kind: 'return', values };
  into.successors = [];
  removePredecessor(block, index);
}
