/**
 * Values as linear functions of a loop's counter: scale · counter + constant + sum of invariant terms, all
 * modulo 2³².
 */
import { Ir, isFloating, type Loop, resolve, type Value } from '../ssa/ir.ts';

/** A counter: a phi of the loop's header that every turn changes by the same amount. */
export interface Counter {
  readonly phi: Value;
  readonly initial: Value;
  /** phi + step, computed once a turn. */
  readonly next: Value;
  readonly step: number;
}

export interface Linear {
  /** Factor of the counter. */
  readonly scale: number;
  readonly constant: number;
  /** Invariant values and their factors, in order of their ids. */
  readonly terms: readonly (readonly [Value, number])[];
  /** The values in the loop that it was made of, the counter apart. */
  readonly nodes: readonly Value[];
}

const DEPTH_MAX = 8;

export function counters(loop: Loop, latch: Value['block']): Counter[] {
  const result: Counter[] = [];
  const { header } = loop;
  const back = header.predecessors.indexOf(latch!);
  for (const phi of header.values) {
    if (phi.op !== Ir.Phi) break;
    const next = resolve(phi.args[back]!);
    const initial = resolve(phi.args[1 - back]!);
    if (next.op !== Ir.Add || next.args[0] !== phi || next.args[1]!.op !== Ir.Constant) continue;
    if (next.block === undefined || !loop.blocks.has(next.block)) continue;
    result.push({ phi, initial, next, step: next.args[1]!.immediate });
  }
  return result;
}

/** Undefined where the value is no such function. */
export function linear(value: Value, counter: Counter, loop: Loop, depth = 0): Linear | undefined {
  if (value === counter.phi) return { scale: 1, constant: 0, terms: [], nodes: [] };
  if (value === counter.next) return { scale: 1, constant: counter.step, terms: [], nodes: [] };
  if (value.op === Ir.Constant) return { scale: 0, constant: value.immediate, terms: [], nodes: [] };
  if (isFloating(value) || !loop.blocks.has(value.block!)) {
    return { scale: 0, constant: 0, terms: [[value, 1]], nodes: [] };
  }
  if (depth === DEPTH_MAX) return undefined;
  const of = (index: number) => linear(resolve(value.args[index]!), counter, loop, depth + 1);
  switch (value.op) {
    case Ir.Add:
    case Ir.Sub: {
      const a = of(0);
      const b = a && of(1);
      return b && add(value, a, times(b, value.op === Ir.Add ? 1 : -1));
    }
    case Ir.Shl:
    case Ir.Mul: {
      const factor = value.args[1]!;
      if (factor.op !== Ir.Constant) return undefined;
      const a = of(0);
      const by = value.op === Ir.Mul ? factor.immediate : 1 << (factor.immediate & 31);
      return a && withNode(times(a, by), value);
    }
    default:
      return undefined;
  }
}

function withNode(a: Linear, node: Value): Linear {
  return { ...a, nodes: a.nodes.includes(node) ? a.nodes : [...a.nodes, node] };
}

function times(a: Linear, factor: number): Linear {
  if (factor === 1) return a;
  return {
    scale: Math.imul(a.scale, factor),
    constant: Math.imul(a.constant, factor),
    terms: a.terms.map(([value, count]) => [value, Math.imul(count, factor)] as const),
    nodes: a.nodes,
  };
}

function add(node: Value, a: Linear, b: Linear): Linear {
  const terms = new Map<Value, number>(a.terms);
  for (const [value, count] of b.terms) terms.set(value, ((terms.get(value) ?? 0) + count) | 0);
  const kept = [...terms].filter(([, count]) => count !== 0).sort(([x], [y]) => x.id - y.id);
  return {
    scale: (a.scale + b.scale) | 0,
    constant: (a.constant + b.constant) | 0,
    terms: kept,
    nodes: [...new Set([...a.nodes, ...b.nodes, node])],
  };
}
