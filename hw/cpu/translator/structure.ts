/**
 * The shape of a region: from a graph of blocks to nested loops and forward branches, as WebAssembly has them
 * (N. Ramsey, "Beyond Relooper", 2022), and to budgets.
 *
 *     order        reverse post-order; an edge that goes back in it to a block that dominates its source makes
 *                  that block the header of a loop
 *     dispatched   entries, and blocks to which an edge goes back that is no loop's (irreducible code): they are
 *                  reached by number through the table at the region's beginning
 *     checkpoint   a block before which the budget is looked at: headers, dispatched blocks, and others where
 *                  the way from the last one has become long
 *     need         the cycles that a block and what follows it up to the next checkpoint can cost at most,
 *                  misses not counted
 */
import { MISPREDICT } from '../../manual/timing.ts';
import { type Block, type Edge, edgesOf } from './explore.ts';

export interface Node {
  readonly block: Block;
  readonly index: number;
  /** Of the instructions, in cycles. */
  readonly cost: number;
  /** Blocks that this one immediately dominates, latest first. */
  readonly children: Node[];
  isHeader: boolean;
  isMerge: boolean;
  isDispatched: boolean;
  isCheckpoint: boolean;
  /** With the block; without it. */
  need: number;
  needBehind: number;
}

export interface Structure {
  /** In reverse post-order. */
  readonly nodes: readonly Node[];
  readonly nodeOf: ReadonlyMap<Block, Node>;
  /** Dominated by none but the beginning, latest first. */
  readonly roots: readonly Node[];
  readonly dispatched: readonly Node[];
}

/** A way without a look at the budget has at most about as many cycles. */
const NEED_MAX = 400;

export function structure(blocks: readonly Block[]): Structure {
  const dispatched = new Set(blocks.filter(block => block.isEntry));
  for (;;) {
    const order = reversePostOrder(dispatched);
    const dominators = dominatorsOf(order, dispatched);
    const irreducible = backEdges(order).filter(([from, to]) => !dominates(dominators, to, from));
    if (irreducible.every(([, to]) => dispatched.has(to))) return build(order, dominators, dispatched);
    for (const [, to] of irreducible) dispatched.add(to);
  }
}

/** Blocks in reverse post-order from those that are dispatched. */
function reversePostOrder(dispatched: ReadonlySet<Block>): Block[] {
  const order: Block[] = [];
  const seen = new Set<Block>();
  for (const root of dispatched) {
    if (seen.has(root)) continue;
    seen.add(root);
    const path: { block: Block; edges: readonly Edge[]; next: number }[] = [];
    path.push({ block: root, edges: edgesOf(root), next: 0 });
    for (let top = path[0]; top !== undefined; top = path[path.length - 1]) {
      const target = top.edges[top.next++]?.block;
      if (target !== undefined && !seen.has(target)) {
        seen.add(target);
        path.push({ block: target, edges: edgesOf(target), next: 0 });
      } else if (top.next > top.edges.length) {
        order.push(top.block);
        path.pop();
      }
    }
  }
  return order.reverse();
}

/** What immediately dominates each block, by places in the order; -1 is the beginning. (Cooper, Harvey, Kennedy.) */
function dominatorsOf(order: readonly Block[], dispatched: ReadonlySet<Block>): Dominators {
  const place = new Map(order.map((block, index) => [block, index]));
  const sources: number[][] = order.map(block => (dispatched.has(block) ? [-1] : []));
  order.forEach((block, index) => {
    for (const { block: target } of edgesOf(block))
      if (target !== undefined) sources[place.get(target)!]!.push(index);
  });
  const immediate: (number | undefined)[] = order.map(() => undefined);
  const common = (one: number, other: number) => {
    let [a, b] = [one, other];
    while (a !== b) {
      if (a > b) a = immediate[a]!;
      else b = immediate[b]!;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 0; index < order.length; index++) {
      const known = sources[index]!.filter(source => source < 0 || immediate[source] !== undefined);
      const found = known.reduce(common);
      changed ||= immediate[index] !== found;
      immediate[index] = found;
    }
  }
  return { place, immediate: immediate as number[] };
}

interface Dominators {
  readonly place: ReadonlyMap<Block, number>;
  readonly immediate: readonly number[];
}

function dominates({ place, immediate }: Dominators, one: Block, other: Block): boolean {
  const wanted = place.get(one)!;
  let at = place.get(other)!;
  while (at > wanted) at = immediate[at]!;
  return at === wanted;
}

function backEdges(order: readonly Block[]): (readonly [from: Block, to: Block])[] {
  const place = new Map(order.map((block, index) => [block, index]));
  return order.flatMap((from, index) =>
    edgesOf(from).flatMap(({ block }) =>
      block !== undefined && place.get(block)! <= index ? [[from, block] as const] : [],
    ),
  );
}

function build(order: readonly Block[], dominators: Dominators, dispatched: ReadonlySet<Block>): Structure {
  const nodes = order.map(
    (block, index): Node => ({
      block,
      index,
      cost: block.instructions.reduce((sum, { cost }) => sum + cost, 0),
      children: [],
      isHeader: false,
      isMerge: dispatched.has(block),
      isDispatched: dispatched.has(block),
      isCheckpoint: dispatched.has(block),
      need: 0,
      needBehind: 0,
    }),
  );
  const nodeOf = new Map(nodes.map(node => [node.block, node]));
  const roots: Node[] = [];
  for (const node of nodes) {
    const parent = dominators.immediate[node.index]!;
    (parent < 0 ? roots : nodes[parent]!.children).unshift(node);
  }
  const forward = nodes.map(() => 0);
  for (const node of nodes) {
    for (const { block } of edgesOf(node.block)) {
      if (block === undefined) continue;
      const target = nodeOf.get(block)!;
      if (target.index > node.index) forward[target.index]! += 1;
      else if (dominates(dominators, block, node.block)) target.isHeader = target.isCheckpoint = true;
    }
  }
  for (const node of nodes) node.isMerge ||= forward[node.index]! > 1;
  for (const node of [...nodes].reverse()) setNeeds(node, nodeOf);
  return { nodes, nodeOf, roots, dispatched: nodes.filter(node => node.isDispatched) };
}

/** All that follows in the order has been seen to. */
function setNeeds(node: Node, nodeOf: ReadonlyMap<Block, Node>): void {
  for (const { block, mispredicted } of edgesOf(node.block)) {
    const extra = mispredicted ? MISPREDICT : 0;
    const target = block === undefined ? undefined : nodeOf.get(block)!;
    if (target !== undefined && !target.isCheckpoint && node.cost + extra + target.need > NEED_MAX) {
      target.isCheckpoint = true;
    }
    const behind = target === undefined || target.isCheckpoint ? 0 : target.need;
    node.needBehind = Math.max(node.needBehind, extra + behind);
  }
  node.need = node.cost + node.needBehind;
}
