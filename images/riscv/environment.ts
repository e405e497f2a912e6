/**
 * What SSA construction asks about the module and the machine (ssa/environment.ts), answered.
 */
import type { Environment } from '../ssa/environment.ts';
import type { WasmModule } from '../wasm/module.ts';
import { Op } from '../wasm/opcodes.ts';
import { INTRINSICS } from './intrinsics.ts';
import type { Names } from './names.ts';
import { RUNTIME_FUNCTIONS, type RuntimeFunction, runtimeSymbol } from './runtime-symbols.ts';
import { signatureText, typeId } from './signature.ts';
import { keptTraps, type TargetOptions } from './target.ts';

export function makeEnvironment(module: WasmModule, names: Names, options: TargetOptions): Environment {
  const table = knownTable(module);
  const ids = module.types.map(typeId);
  return {
    module,
    traps: keptTraps(options.profile),
    functionSymbol: index => names.function(index),
    globalSymbol: index => names.global(index),
    tableSymbol: () => names.table(),
    typeId: index => ids[index]!,
    signature: index => signatureText(module.types[index]!),
    tableFunction: entry => table.get(entry),
    dataDescriptor: segment => names.data(segment),
    elementDescriptor: segment => names.elements(segment),
    runtimeSymbol: name => {
      if (!(name in RUNTIME_FUNCTIONS)) throw new Error(`the runtime has no function ${name}`);
      return runtimeSymbol(name as RuntimeFunction);
    },
    intrinsic: name => INTRINSICS.get(name),
    globalValue: index => {
      const { mutable, initial } = module.globals[index]!;
      return mutable ? undefined : initial;
    },
  };
}

/** The entries of a table that nothing outside the module or at run time can change. */
function knownTable(module: WasmModule): ReadonlyMap<number, number> {
  const known = new Map<number, number>();
  const [table] = module.tables;
  const shared = table?.import !== undefined || module.exports.some(({ kind }) => kind === 'table');
  const fixed = module.elements.every(
    ({ mode }) => mode.kind === 'active' && mode.offset.kind === 'constant',
  );
  const copied = module.functions.some(({ body }) =>
    body?.op.subarray(0, body.count).includes(Op.table_copy),
  );
  if (shared || !fixed || copied) return known;
  for (const { mode, functions } of module.elements) {
    if (mode.kind !== 'active' || mode.offset.kind !== 'constant') continue;
    const { low } = mode.offset;
    functions.forEach((fn, i) => {
      if (fn === undefined) known.delete(low + i);
      else known.set(low + i, fn);
    });
  }
  return known;
}
