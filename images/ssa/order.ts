/**
 * The shape of a function's control flow: an order of its blocks, dominators, loops, expected frequencies.
 *
 * `analyse` writes them into the blocks and takes away what cannot be reached. The order is a reverse
 * postorder in which the blocks of a loop are together and cold blocks come late, so that it is a good
 * order of the code as well. Cold is what hardly ever runs: what ends in a trap, what is said to be unlikely, and
 * what only leads to such blocks or only comes from them. Dominators by Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
 * WebAssembly's control is reducible: every cycle is a natural loop.
 */
import { type Block, Ir, type Loop, removePredecessor, type SsaFunction } from './ir.ts';

/** How often a loop is taken to run. */
const LOOP_ITERATIONS = 10;
const COLD = 0.001;

export function analyse(fn: SsaFunction): void {
  const first = postorder(fn.entry, block => block.successors).reverse();
  removeUnreachable(fn, first);
  setCold(fn);
  setDominators(fn);
  setLoops(fn);
  fn.blocks = postorder(fn.entry, lateFirst).reverse();
  fn.blocks.forEach((block, index) => {
    block.order = index;
  });
  setFrequencies(fn);
}

export function dominates(a: Block, b: Block): boolean {
  let block: Block | undefined = b;
  while (block !== undefined && block.domDepth > a.domDepth) block = block.dominator;
  return block === a;
}

function setCold(fn: SsaFunction): void {
  for (const block of fn.blocks) block.isCold = isSaidCold(block);
  spreadForward(fn);
  for (const block of [...fn.blocks].reverse()) {
    const { successors } = block;
    if (successors.length > 0 && successors.every(({ isCold }) => isCold)) block.isCold = true;
  }
  spreadForward(fn);
}

function isSaidCold({ end, values }: Block): boolean {
  if (end.kind === 'trap' || end.kind === 'unreachable') return true;
  return values.some(({ op, machine }) => op === Ir.Machine && machine!.name === 'unlikely');
}

/** To blocks that are reached from cold ones alone, or back from behind. */
function spreadForward({ blocks, entry }: SsaFunction): void {
  for (const block of blocks) {
    if (block === entry) continue;
    if (block.predecessors.every(({ isCold, order }) => isCold || order >= block.order)) block.isCold = true;
  }
}

/** Whether the way from one to the other leaves what is likely. */
function turnsCold(from: Block, to: Block): boolean {
  return to.isCold && !from.isCold;
}

export function isInside(inner: Loop | undefined, outer: Loop): boolean {
  let loop = inner;
  while (loop !== undefined && loop.depth > outer.depth) loop = loop.parent;
  return loop === outer;
}

function postorder(entry: Block, successors: (block: Block) => readonly Block[]): Block[] {
  const result: Block[] = [];
  const seen = new Set([entry]);
  const stack = [{ block: entry, successors: successors(entry), next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const successor = top.successors[top.next++];
    if (successor === undefined) {
      result.push(top.block);
      stack.pop();
    } else if (!seen.has(successor)) {
      seen.add(successor);
      stack.push({ block: successor, successors: successors(successor), next: 0 });
    }
  }
  return result;
}

/** Successors in the order of a depth-first visit: what is visited first ends up last. */
function lateFirst(block: Block): readonly Block[] {
  const { successors, loop } = block;
  if (successors.length < 2) return successors;
  const late = (to: Block) => (to.isCold ? 2 : loop !== undefined && !isInside(to.loop, loop) ? 1 : 0);
  return [...successors].reverse().sort((a, b) => late(b) - late(a));
}

function removeUnreachable(fn: SsaFunction, reachable: Block[]): void {
  const kept = new Set(reachable);
  for (const block of reachable) {
    for (let i = block.predecessors.length - 1; i >= 0; i--) {
      if (!kept.has(block.predecessors[i]!)) removePredecessor(block, i);
    }
  }
  fn.blocks = reachable;
  reachable.forEach((block, index) => {
    block.order = index;
  });
}

function setDominators(fn: SsaFunction): void {
  const { blocks, entry } = fn;
  for (const block of blocks) block.dominator = undefined;
  entry.dominator = entry;
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      if (block === entry) continue;
      let best: Block | undefined;
      for (const predecessor of block.predecessors) {
        if (predecessor.dominator === undefined) continue;
        best = best === undefined ? predecessor : commonDominator(best, predecessor);
      }
      if (best !== block.dominator) {
        block.dominator = best;
        changed = true;
      }
    }
  }
  entry.dominator = undefined;
  for (const block of blocks)
    block.domDepth = block.dominator === undefined ? 0 : block.dominator.domDepth + 1;
}

function commonDominator(a: Block, b: Block): Block {
  while (a !== b) {
    while (a.order > b.order) a = a.dominator!;
    while (b.order > a.order) b = b.dominator!;
  }
  return a;
}

/** Inner loops last, so that `parent` is known when a loop is made. */
function setLoops(fn: SsaFunction): void {
  for (const block of fn.blocks) block.loop = undefined;
  for (const header of fn.blocks) {
    const latches = header.predecessors.filter(predecessor => dominates(header, predecessor));
    if (latches.length === 0) continue;
    const blocks = new Set([header]);
    const work = [...latches];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (blocks.has(block)) continue;
      blocks.add(block);
      work.push(...block.predecessors);
    }
    const parent = header.loop;
    const loop: Loop = { header, parent, depth: (parent?.depth ?? 0) + 1, blocks };
    for (const block of blocks) block.loop = loop;
  }
}

function setFrequencies(fn: SsaFunction): void {
  const exits = new Map<Loop, number>();
  for (const block of fn.blocks) {
    block.frequency = 0;
    for (const successor of block.successors) {
      for (let loop = block.loop; loop !== undefined && !isInside(successor.loop, loop); loop = loop.parent) {
        if (!turnsCold(block, successor)) exits.set(loop, (exits.get(loop) ?? 0) + 1);
      }
    }
  }
  fn.entry.frequency = 1;
  for (const block of fn.blocks) {
    if (block.loop?.header === block) block.frequency *= LOOP_ITERATIONS;
    shareFrequency(block, exits);
  }
}

/** Passes a block's frequency on along the edges that lead forward. */
function shareFrequency(block: Block, exits: ReadonlyMap<Loop, number>): void {
  const { successors, loop } = block;
  const staying = successors.filter(
    to => !turnsCold(block, to) && (loop === undefined || isInside(to.loop, loop)),
  );
  for (const successor of successors) {
    if (turnsCold(block, successor)) {
      successor.frequency += block.frequency * COLD;
    } else if (loop !== undefined && !isInside(successor.loop, loop)) {
      let left = loop;
      while (left.parent !== undefined && !isInside(successor.loop, left.parent)) left = left.parent;
      const share = left.header.frequency / LOOP_ITERATIONS / exits.get(left)!;
      successor.frequency += staying.length > 0 ? share : Math.min(share, block.frequency);
    } else if (successor.order > block.order) {
      successor.frequency += block.frequency / staying.length;
    }
  }
}
