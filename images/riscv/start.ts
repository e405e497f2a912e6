/**
 * The symbol `<module>.start`: what is left of instantiation when the program is loaded. In order: globals
 * whose values are imported ones', element segments, data segments, the module's start function (core
 * specification, section 4.5.4).
 *
 * It is written as SSA like any other function.
 */
import { Builder, widthOf } from '../ssa/builder.ts';
import { buildCall } from '../ssa/calls.ts';
import type { Environment } from '../ssa/environment.ts';
import { FIRST_GLOBAL, Ir, type SsaFunction, TABLE, type Value } from '../ssa/ir.ts';
import type { ConstantExpression, WasmModule } from '../wasm/module.ts';
import { isPlaced } from './data-sections.ts';
import type { TargetOptions } from './target.ts';

/** Whether anything is left. A module that exports a `start` of its own keeps that name. */
export function needsStart(module: WasmModule, options: TargetOptions): boolean {
  if (module.exports.some(({ name }) => name === 'start')) return false;
  const copied = [...module.data, ...module.elements].some(
    ({ mode }) => mode.kind === 'active' && !isPlaced(mode.offset, options),
  );
  const computed = module.globals.some(({ initial }) => initial?.kind === 'global');
  return copied || computed || module.start !== undefined;
}

export function startFunction(env: Environment, name: string, options: TargetOptions): SsaFunction {
  const b = new Builder(env, name, 0, 0);
  const { module } = env;
  setGlobals(b, module);
  module.elements.forEach(({ mode, functions }, index) => {
    if (mode.kind !== 'active' || isPlaced(mode.offset, options)) return;
    const [target] = evaluate(b, mode.offset);
    const table = b.fn.symbol(env.tableSymbol(), 0, 'address');
    const descriptor = b.fn.symbol(env.elementDescriptor(index), 0, 'address');
    b.runtime(
      'table_init',
      [target!, b.constant(0), b.constant(functions.length), table, descriptor],
      0,
      'effect',
    );
    drop(b, env.elementDescriptor(index));
  });
  module.data.forEach(({ mode, bytes }, index) => {
    if (mode.kind !== 'active' || isPlaced(mode.offset, options)) return;
    const [target] = evaluate(b, mode.offset);
    const descriptor = b.fn.symbol(env.dataDescriptor(index), 0, 'address');
    b.runtime('memory_init', [target!, b.constant(0), b.constant(bytes.length), descriptor], 0, 'effect');
    drop(b, env.dataDescriptor(index));
  });
  if (module.start !== undefined) buildCall(b, module.start);
  b.block.end = { kind: 'return', values: [] };
  return b.fn;
}

function setGlobals(b: Builder, module: WasmModule): void {
  module.globals.forEach(({ initial }, index) => {
    if (initial?.kind !== 'global') return;
    evaluate(b, initial).forEach((word, i) => {
      const store = b.make(Ir.Store32, [b.constant(0), word], 4 * i);
      store.symbol = b.env.globalSymbol(index);
      store.memory = FIRST_GLOBAL + index;
    });
  });
}

function evaluate(b: Builder, expression: ConstantExpression): Value[] {
  if (expression.kind === 'constant') return [b.constant(expression.low), b.constant(expression.high)];
  const { type } = b.env.module.globals[expression.index]!;
  return Array.from({ length: widthOf(type) }, (_, i) => {
    const load = b.make(Ir.Load32, [b.constant(0)], 4 * i);
    load.symbol = b.env.globalSymbol(expression.index);
    load.memory = FIRST_GLOBAL + expression.index;
    return load;
  });
}

function drop(b: Builder, descriptor: string): void {
  const store = b.make(Ir.Store32, [b.fn.symbol(descriptor, 0, 'high'), b.constant(0)], 4);
  store.symbol = descriptor;
  store.memory = TABLE;
}
