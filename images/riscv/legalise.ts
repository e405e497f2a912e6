/**
 * Rewrites SSA into what RV32 has: bit counts without Zbb, switches with a range check of their own, no
 * critical edges.
 */
import { Folder, possibleBits } from '../ssa/fold.ts';
import { type Block, connect, Ir, resolveArguments, type SsaFunction, type Value } from '../ssa/ir.ts';
import type { TargetOptions } from './target.ts';

/** Switches with at most this many entries before the default become a chain of comparisons. */
const CHAIN_MAX = 3;

export function legalise(fn: SsaFunction, options: TargetOptions): void {
  if (!options.zbb) expandCounts(fn);
  for (const block of [...fn.blocks]) if (block.end.kind === 'switch') legaliseSwitch(fn, block);
  splitCriticalEdges(fn);
}

function expandCounts(fn: SsaFunction): void {
  for (const block of fn.blocks) {
    const { values } = block;
    if (!values.some(isCount)) continue;
    block.values = [];
    let origin = 0;
    const fold = new Folder(fn, value => {
      value.block = block;
      value.origin = origin;
      block.values.push(value);
      return value;
    });
    for (const value of values) {
      resolveArguments(value);
      origin = value.origin;
      if (isCount(value)) value.forward = count(fold, value);
      else block.values.push(value);
    }
  }
  for (const block of fn.blocks) for (const value of block.values) resolveArguments(value);
}

function isCount({ op }: Value): boolean {
  return op === Ir.Clz || op === Ir.Ctz || op === Ir.Popcnt;
}

function count(f: Folder, value: Value): Value {
  const x = value.args[0]!;
  const c = (n: number) => f.constant(n);
  if (value.op === Ir.Popcnt) return population(f, x);
  if (value.op === Ir.Ctz) {
    // The bits below the lowest one.
    return population(f, f.binary(Ir.And, f.binary(Ir.Add, x, c(-1)), f.binary(Ir.Xor, x, c(-1))));
  }
  let smeared = x;
  for (const shift of [1, 2, 4, 8, 16])
    smeared = f.binary(Ir.Or, smeared, f.binary(Ir.ShrU, smeared, c(shift)));
  return population(f, f.binary(Ir.Xor, smeared, c(-1)));
}

/** Bits set, by sums of ever wider fields. */
function population(f: Folder, x: Value): Value {
  const c = (n: number) => f.constant(n);
  const pairs = f.binary(Ir.Sub, x, f.binary(Ir.And, f.binary(Ir.ShrU, x, c(1)), c(0x5555_5555)));
  const low = f.binary(Ir.And, pairs, c(0x3333_3333));
  const nibbles = f.binary(Ir.Add, low, f.binary(Ir.And, f.binary(Ir.ShrU, pairs, c(2)), c(0x3333_3333)));
  const bytes = f.binary(Ir.And, f.binary(Ir.Add, nibbles, f.binary(Ir.ShrU, nibbles, c(4))), c(0x0f0f_0f0f));
  return f.binary(Ir.ShrU, f.binary(Ir.Mul, bytes, c(0x0101_0101)), c(24));
}

function legaliseSwitch(fn: SsaFunction, block: Block): void {
  if (block.end.kind !== 'switch') return;
  const { index, table } = block.end;
  const entries = table.length - 1;
  if (entries > CHAIN_MAX) checkRange(fn, block, index, table);
  else chain(fn, block, index, table);
}

function newBlockLike(fn: SsaFunction, block: Block): Block {
  const made = fn.newBlock();
  made.endOrigin = block.endOrigin;
  return made;
}

/** Makes `from` the predecessor of `to` in place of `old`. */
function moveEdge(old: Block, from: Block, to: Block): void {
  to.predecessors[to.predecessors.indexOf(old)] = from;
  from.successors.push(to);
}

/** Adds an edge beside that of `like`, with the same arguments of phis. */
function copyEdge(like: Block, from: Block, to: Block): void {
  const index = to.predecessors.indexOf(like);
  connect(from, to);
  for (const value of to.values) {
    if (value.op !== Ir.Phi) break;
    value.args.push(value.args[index]!);
  }
}

function compare(
  fn: SsaFunction,
  block: Block,
  op: typeof Ir.Eq | typeof Ir.LtU,
  a: Value,
  b: number,
): Value {
  const value = fn.newValue(op, [a, fn.constant(b)]);
  value.block = block;
  value.origin = block.endOrigin;
  block.values.push(value);
  return value;
}

/** index < entries ? the jump through the table : the default. */
function checkRange(fn: SsaFunction, block: Block, index: Value, table: readonly number[]): void {
  const entries = table.length - 1;
  const inner = table.slice(0, entries);
  if (possibleBits(index) >= 0 && possibleBits(index) < entries) {
    block.end = { kind: 'switch', index, table: inner };
    return;
  }
  const targets = block.successors;
  const fallback = targets[table[entries]!]!;
  const jump = newBlockLike(fn, block);
  block.successors = [jump];
  jump.predecessors.push(block);
  const kept = new Map<Block, number>();
  const innerTable = inner.map(entry => {
    const target = targets[entry]!;
    if (!kept.has(target)) kept.set(target, kept.size);
    return kept.get(target)!;
  });
  const shared = kept.has(fallback);
  if (shared) copyEdge(block, block, fallback);
  else block.successors.push(fallback);
  for (const target of kept.keys()) {
    if (target === fallback) {
      // `block` now has two edges to it: the first becomes the table's.
      target.predecessors[target.predecessors.indexOf(block)] = jump;
      jump.successors.push(target);
    } else {
      moveEdge(block, jump, target);
    }
  }
  jump.end = { kind: 'switch', index, table: innerTable };
  block.end = { kind: 'branch', condition: compare(fn, block, Ir.LtU, index, entries) };
}

function chain(fn: SsaFunction, block: Block, index: Value, table: readonly number[]): void {
  const targets = block.successors;
  const entries = table.length - 1;
  const ways: { value: number; target: Block }[] = [];
  const fallback = targets[table[entries]!]!;
  for (let i = 0; i < entries; i++) {
    if (targets[table[i]!] !== fallback) ways.push({ value: i, target: targets[table[i]!]! });
  }
  block.successors = [];
  let at = block;
  const placed = new Set<Block>();
  const goTo = (from: Block, target: Block) => {
    if (placed.has(target)) {
      // A target has one edge a block; a second way goes through a block of its own.
      const between = newBlockLike(fn, block);
      between.end = { kind: 'jump' };
      copyEdge(edgeOf.get(target)!, between, target);
      connect(from, between);
    } else {
      placed.add(target);
      edgeOf.set(target, from);
      moveEdge(block, from, target);
    }
  };
  const edgeOf = new Map<Block, Block>();
  for (const { value, target } of ways) {
    const rest = newBlockLike(fn, block);
    at.end = { kind: 'branch', condition: compare(fn, at, Ir.Eq, index, value) };
    goTo(at, target);
    connect(at, rest);
    at = rest;
  }
  at.end = { kind: 'jump' };
  goTo(at, fallback);
}

/** An edge from a block with several successors to one with several predecessors gets a block of its own. */
function splitCriticalEdges(fn: SsaFunction): void {
  for (const block of [...fn.blocks]) {
    if (block.successors.length < 2) continue;
    block.successors.forEach((successor, i) => {
      if (successor.predecessors.length < 2 || successor.values[0]?.op !== Ir.Phi) return;
      const between = newBlockLike(fn, block);
      between.end = { kind: 'jump' };
      block.successors[i] = between;
      between.predecessors.push(block);
      between.successors.push(successor);
      successor.predecessors[successor.predecessors.indexOf(block)] = between;
    });
  }
}
