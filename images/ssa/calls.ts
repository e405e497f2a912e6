/**
 * Calls: direct, through the table, and the machine intrinsics, which are expanded in place.
 */
import { WasmError } from '../wasm/bytes.ts';
import type { FunctionType } from '../wasm/module.ts';
import { type Builder, wordCount } from './builder.ts';
import {
  INTRINSIC_MODULE,
  TABLE_CODE_OFFSET,
  TABLE_COUNT_OFFSET,
  TABLE_ENTRY_SIZE_LOG2,
} from './environment.ts';
import { Ir, TABLE, type Value } from './ir.ts';

export function buildCall(b: Builder, index: number): void {
  const { import: from, type } = b.env.module.functions[index]!;
  if (from?.module === INTRINSIC_MODULE) {
    buildIntrinsic(b, from.name, type);
    return;
  }
  const callee = {
    symbol: b.env.functionSymbol(index),
    resultWords: wordCount(type.results),
    pure: false,
    signature: undefined,
  };
  b.pushWords(type.results, b.call(callee, b.popWords(type.parameters)));
}

export function buildCallIndirect(b: Builder, typeIndex: number): void {
  const { env, fold } = b;
  const type = env.module.types[typeIndex]!;
  const index = b.pop();
  const known = index.op === Ir.Constant ? env.tableFunction(index.immediate) : undefined;
  if (known !== undefined && env.typeId(env.module.functions[known]!.typeIndex) === env.typeId(typeIndex)) {
    buildCall(b, known);
    return;
  }
  const table = b.fn.symbol(env.tableSymbol(), 0, 'high');
  if (env.traps.indirect) {
    b.trapIf(fold.binary(Ir.GeU, index, tableCount(b)), 'trap_table_bounds');
  }
  const entry = fold.binary(Ir.Add, fold.binary(Ir.Shl, index, b.constant(TABLE_ENTRY_SIZE_LOG2)), table);
  if (env.traps.indirect) {
    const id = tableLoad(b, entry, 0);
    b.trapIf(fold.binary(Ir.Ne, id, b.constant(env.typeId(typeIndex))), 'trap_indirect_type');
  }
  const code = tableLoad(b, entry, TABLE_CODE_OFFSET);
  const callee = {
    symbol: undefined,
    resultWords: wordCount(type.results),
    pure: false,
    signature: env.signature(typeIndex),
  };
  b.pushWords(type.results, b.call(callee, [code, ...b.popWords(type.parameters)]));
}

/** A table of our own never changes its size; an imported one states it before its first entry. */
function tableCount(b: Builder): Value {
  const table = b.env.module.tables[0]!;
  if (table.import === undefined) return b.constant(table.limits.min);
  return tableLoad(b, b.fn.symbol(b.env.tableSymbol(), TABLE_COUNT_OFFSET, 'high'), TABLE_COUNT_OFFSET);
}

function tableLoad(b: Builder, entry: Value, offset: number): Value {
  const load = b.make(Ir.Load32, [entry], offset);
  load.memory = TABLE;
  load.symbol = b.env.tableSymbol();
  return load;
}

function buildIntrinsic(b: Builder, name: string, type: FunctionType): void {
  const row = b.env.intrinsic(name);
  if (row === undefined) refuse(b, name, 'there is no such intrinsic');
  if (wordCount(type.parameters) !== row.parameters.length || wordCount(type.results) !== row.result.length) {
    refuse(b, name, `declared with another type than (${row.parameters}) -> (${row.result})`);
  }
  const words = b.popWords(type.parameters);
  let constant = 0;
  const args = words.filter((word, i) => {
    if (row.parameters[i] !== 'c') return true;
    if (word.op !== Ir.Constant) refuse(b, name, `argument ${i + 1} must be a constant`);
    constant = word.immediate;
    return false;
  });
  if (name === 'code_address') {
    b.push(codeAddress(b, args[0]!));
    return;
  }
  if (name === 'ecall_result') {
    b.push(ecallResult(b, constant));
    return;
  }
  const value = b.make(Ir.Machine, args);
  value.machine = { name, effect: row.effect, constant, hasResult: row.result !== '' };
  if (row.effect === 'call') b.push(b.results(value, 1)[0]!);
  else if (row.result !== '') b.push(value);
}

function codeAddress(b: Builder, index: Value): Value {
  if (b.env.module.tables.length === 0) refuse(b, 'code_address', 'the module has no function table');
  const known = index.op === Ir.Constant ? b.env.tableFunction(index.immediate) : undefined;
  if (known !== undefined) return b.fn.symbol(b.env.functionSymbol(known), 0, 'address');
  const scaled = b.fold.binary(Ir.Shl, index, b.constant(TABLE_ENTRY_SIZE_LOG2));
  return tableLoad(
    b,
    b.fold.binary(Ir.Add, scaled, b.fn.symbol(b.env.tableSymbol(), 0, 'high')),
    TABLE_CODE_OFFSET,
  );
}

function ecallResult(b: Builder, index: number): Value {
  if (index < 0 || index > 7) refuse(b, 'ecall_result', 'there are results 0 to 7');
  const { values } = b.block;
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i]!;
    if (value.op === Ir.Machine && value.machine!.effect === 'call') return b.make(Ir.Result, [value], index);
    if (value.op !== Ir.Result && value.op > Ir.Select) break;
  }
  refuse(b, 'ecall_result', 'there is no ecall directly before it');
}

function refuse(b: Builder, name: string, problem: string): never {
  throw new WasmError(`intrinsic ${INTRINSIC_MODULE}.${name}: ${problem}`, b.origin);
}
