/**
 * Loop-invariant code motion: what a loop computes again and again from what does not change goes before it.
 *
 * Pure values go whenever their operands are outside. A load goes if nothing in the loop may change its place,
 * and if it cannot fault there where it would not have been executed: globals and tables never fault, linear
 * memory only from blocks that every turn of the loop passes. A cheap value that is used only in rare blocks
 * stays. Inner loops come first.
 */

import type { Block } from '../ssa/ir.ts';
import {
  FIRST_GLOBAL,
  Ir,
  isFloating,
  isLoad,
  isPure,
  type Loop,
  resolve,
  resolveArguments,
  type SsaFunction,
  TABLE,
  type Value,
} from '../ssa/ir.ts';
import { dominates } from '../ssa/order.ts';
import { addStores, mayOverlap } from './memory.ts';

/** The function must be analysed. */
export function hoistInvariants(fn: SsaFunction): void {
  const loops = new Set<Loop>();
  for (const block of fn.blocks) if (block.loop !== undefined) loops.add(block.loop);
  const all = new Set<Loop>();
  for (const loop of loops) for (let l: Loop | undefined = loop; l !== undefined; l = l.parent) all.add(l);
  for (const loop of [...all].sort((a, b) => b.depth - a.depth || a.header.order - b.header.order))
    hoist(fn, loop);
}

/** The block before the loop, if it leads nowhere else. */
export function preheader(loop: Loop): Block | undefined {
  const outside = loop.header.predecessors.filter(block => !loop.blocks.has(block));
  return outside.length === 1 && outside[0]!.successors.length === 1 ? outside[0] : undefined;
}

function hoist(fn: SsaFunction, loop: Loop): void {
  const target = preheader(loop);
  if (target === undefined) return;
  const stores: Value[] = [];
  let readable = true;
  for (const block of loop.blocks) if (!addStores(block, stores)) readable = false;
  const latches = loop.header.predecessors.filter(block => loop.blocks.has(block));
  for (const block of fn.blocks) {
    if (!loop.blocks.has(block)) continue;
    const always = passesAlways(block, loop, latches);
    const rare = block.frequency * 4 < loop.header.frequency;
    const kept: Value[] = [];
    for (const value of block.values) {
      resolveArguments(value);
      if (isInvariant(value, loop) && isMovable(value, stores, readable, always, rare)) {
        value.block = target;
        target.values.push(value);
      } else {
        kept.push(value);
      }
    }
    block.values = kept;
  }
}

/** In loops with more blocks than this, only the header is known to be passed always. */
const BLOCKS_MAX = 64;

/** Every turn passes the block, and nothing that comes before it can leave the loop. */
function passesAlways(block: Block, loop: Loop, latches: readonly Block[]): boolean {
  if (block === loop.header) return true;
  if (loop.blocks.size > BLOCKS_MAX || !latches.every(latch => dominates(block, latch))) return false;
  const seen = new Set<Block>([block]);
  const work = [loop.header];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (at.successors.some(successor => !loop.blocks.has(successor))) return false;
    work.push(...at.successors);
  }
  return true;
}

function isInvariant(value: Value, loop: Loop): boolean {
  if (value.op === Ir.Phi || value.op === Ir.Parameter) return false;
  return value.args.every(argument => isFloating(argument) || !loop.blocks.has(resolve(argument).block!));
}

function isMovable(
  value: Value,
  stores: readonly Value[],
  readable: boolean,
  always: boolean,
  rare: boolean,
): boolean {
  if (isPure(value)) return !rare && isWorthIt(value);
  if (value.op === Ir.Result) return value.args[0]!.callee?.pure === true;
  if (!isLoad(value.op) || !readable) return false;
  const safe = value.memory === TABLE || value.memory >= FIRST_GLOBAL || always;
  return safe && !rare && !stores.some(store => mayOverlap(store, value));
}

/** A comparison becomes part of a branch, an addition of a constant part of an address: they cost nothing in place. */
function isWorthIt(value: Value): boolean {
  if (value.op >= Ir.Eq && value.op <= Ir.GeU) return false;
  return value.op !== Ir.Add || value.args[1]!.op !== Ir.Constant;
}
