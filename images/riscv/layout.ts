/**
 * The order of a function's blocks in memory: that of the analysis, without blocks that only jump on, with the
 * tests of loops at their bottoms, and with cold blocks behind all others.
 */
import type { LoweredBlock, LoweredFunction } from './lower.ts';

export interface BlockOrder {
  readonly order: readonly number[];
  /** Where a jump to `block` ends up. */
  resolve(block: number): number;
}

export function orderBlocks(fn: LoweredFunction): BlockOrder {
  const { blocks } = fn;
  const resolve = (start: number) => {
    let block = start;
    for (let steps = 0; steps < blocks.length; steps++) {
      const { lines, branch, next } = blocks[block]!;
      if (lines.length > 0 || branch !== undefined || next === undefined || next === block) break;
      block = next;
    }
    return block;
  };
  const reached = new Uint8Array(blocks.length);
  reached[resolve(0)] = 1;
  for (const { branch, next, lines } of blocks) {
    if (lines.length === 0 && branch === undefined) continue;
    if (branch !== undefined) reached[resolve(branch.to)] = 1;
    if (next !== undefined) reached[resolve(next)] = 1;
  }
  for (const { targets } of fn.jumpTables) for (const block of targets) reached[resolve(block)] = 1;
  const kept = blocks.map((_, index) => index).filter(index => reached[index] === 1);
  const order = rotateLoops(blocks, kept, resolve);
  const epilogue = blocks.length - 1;
  if (fn.epilogueBehind !== undefined && resolve(fn.epilogueBehind) !== epilogue) {
    order.splice(order.indexOf(epilogue), 1);
    order.splice(order.indexOf(fn.epilogueBehind) + 1, 0, epilogue);
  }
  const isCold = (block: number) => blocks[block]!.isCold && block !== order[0];
  return { order: [...order.filter(block => !isCold(block)), ...order.filter(isCold)], resolve };
}

/**
 * Where the jump back at the end of a loop leads to a block that tests, that block moves behind the jump:
 * its end then branches back, and only the way in needs a jump.
 */
function rotateLoops(
  blocks: readonly LoweredBlock[],
  kept: readonly number[],
  resolve: (block: number) => number,
): number[] {
  const order = [...kept];
  for (let position = order.length - 1; position > 0; position--) {
    const { branch, next } = blocks[order[position]!]!;
    if (next === undefined || branch !== undefined) continue;
    const top = resolve(next);
    const topPosition = order.indexOf(top);
    if (topPosition <= 0 || topPosition >= position) continue;
    const header = blocks[top]!;
    if (header.branch === undefined || header.next === undefined) continue;
    const inside = order[topPosition + 1]!;
    const ways = [resolve(header.branch.to), resolve(header.next)];
    if (!ways.includes(inside)) continue;
    const exit = ways[0] === inside ? ways[1]! : ways[0]!;
    const exitPosition = order.indexOf(exit);
    if (exitPosition > topPosition && exitPosition <= position) continue;
    order.splice(topPosition, 1);
    order.splice(position, 0, top);
  }
  return order;
}
