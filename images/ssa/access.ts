/**
 * Memory, globals and tables.
 *
 * An i64 or f64 is two accesses. A store writes its high word first, so that one that crosses the end of what
 * is mapped traps before it has written anything.
 */

import { accessSizeLog2, Op } from '../wasm/opcodes.ts';
import type { Builder } from './builder.ts';
import { widthOf } from './builder.ts';
import { FIRST_GLOBAL, Ir, type IrOp, TABLE, type Value } from './ir.ts';
import { extendSigned, extendUnsigned } from './wide.ts';

/** What a load fetches and how it is widened, from i32.load (0x28) on. */
const LOADS: readonly (readonly [IrOp, 'word' | 'pair' | 'signed' | 'unsigned'])[] = [
  [Ir.Load32, 'word'],
  [Ir.Load32, 'pair'],
  [Ir.Load32, 'word'],
  [Ir.Load32, 'pair'],
  [Ir.Load8S, 'word'],
  [Ir.Load8U, 'word'],
  [Ir.Load16S, 'word'],
  [Ir.Load16U, 'word'],
  [Ir.Load8S, 'signed'],
  [Ir.Load8U, 'unsigned'],
  [Ir.Load16S, 'signed'],
  [Ir.Load16U, 'unsigned'],
  [Ir.Load32, 'signed'],
  [Ir.Load32, 'unsigned'],
];

/** From i32.store (0x36) on. */
const STORES: readonly (readonly [IrOp, 'word' | 'pair' | 'low'])[] = [
  [Ir.Store32, 'word'],
  [Ir.Store32, 'pair'],
  [Ir.Store32, 'word'],
  [Ir.Store32, 'pair'],
  [Ir.Store8, 'word'],
  [Ir.Store16, 'word'],
  [Ir.Store8, 'low'],
  [Ir.Store16, 'low'],
  [Ir.Store32, 'low'],
];

export function buildLoad(b: Builder, op: number, offset: number): void {
  const [load, form] = LOADS[op - 0x28]!;
  const address = effectiveAddress(b, b.pop(), offset, 1 << accessSizeLog2(op));
  const part = (op: IrOp, distance: number) => {
    const value = b.make(op, [address.base], address.offset + distance);
    value.mayTrap = b.env.traps.wrap;
    return value;
  };
  const low = part(load, 0);
  if (form === 'pair') b.pushWide({ low, high: part(Ir.Load32, 4) });
  else if (form === 'signed') b.pushWide(extendSigned(b.fold, low));
  else if (form === 'unsigned') b.pushWide(extendUnsigned(b.fold, low));
  else b.push(low);
}

export function buildStore(b: Builder, op: number, offset: number): void {
  const [store, form] = STORES[op - 0x36]!;
  const value = form === 'word' ? { low: b.pop(), high: undefined } : b.popWide();
  const address = effectiveAddress(b, b.pop(), offset, 1 << accessSizeLog2(op));
  if (form === 'pair') b.make(Ir.Store32, [address.base, value.high!], address.offset + 4);
  b.make(store, [address.base, value.low], address.offset);
}

/**
 * In the strict profile an access whose last byte lies beyond 2³² traps; the address itself would wrap, and so
 * would that of a wide value's high word.
 */
function effectiveAddress(
  b: Builder,
  base: Value,
  offset: number,
  size: number,
): { base: Value; offset: number } {
  const beyond = 2 ** 32 - ((offset >>> 0) + size - 1);
  if (b.env.traps.wrap && (offset !== 0 || size === 8)) {
    const wraps = beyond <= 0 ? b.constant(1) : b.fold.binary(Ir.GeU, base, b.constant(beyond));
    b.trapIf(wraps, 'trap_memory_bounds');
  }
  if (base.op === Ir.Constant) return { base: b.constant(0), offset: (base.immediate + offset) | 0 };
  if (base.op === Ir.Add && base.args[1]!.op === Ir.Constant) {
    return { base: base.args[0]!, offset: (base.args[1]!.immediate + offset) | 0 };
  }
  return { base, offset };
}

export function buildGlobal(b: Builder, op: number, index: number): void {
  const global = b.env.module.globals[index]!;
  const width = widthOf(global.type);
  const known = b.env.globalValue(index);
  if (op === Op.global_get && known?.kind === 'constant') {
    if (width === 2) b.pushWide({ low: b.constant(known.low), high: b.constant(known.high) });
    else b.push(b.constant(known.low));
    return;
  }
  const nowhere = b.constant(0);
  const access = (make: IrOp, args: Value[], offset: number) => {
    const value = b.make(make, [nowhere, ...args], offset);
    value.symbol = b.env.globalSymbol(index);
    value.memory = FIRST_GLOBAL + index;
    return value;
  };
  if (op === Op.global_get) {
    const low = access(Ir.Load32, [], 0);
    if (width === 2) b.pushWide({ low, high: access(Ir.Load32, [], 4) });
    else b.push(low);
  } else if (width === 2) {
    const { low, high } = b.popWide();
    access(Ir.Store32, [low], 0);
    access(Ir.Store32, [high], 4);
  } else {
    access(Ir.Store32, [b.pop()], 0);
  }
}

/** memory.size, memory.grow and the bulk operations. */
export function buildBulk(b: Builder, op: number, first: number, second: number): void {
  const three = () => {
    const count = b.pop();
    const middle = b.pop();
    return [b.pop(), middle, count];
  };
  const address = (symbol: string) => b.fn.symbol(symbol, 0, 'address');
  const { env } = b;
  switch (op) {
    case Op.memory_size:
      b.push(b.runtime('memory_size', [], 1, 'effect')[0]!);
      break;
    case Op.memory_grow:
      b.push(b.runtime('memory_grow', [b.pop()], 1, 'effect')[0]!);
      break;
    case Op.memory_copy:
      b.runtime('memory_copy', three(), 0, 'effect');
      break;
    case Op.memory_fill:
      b.runtime('memory_fill', three(), 0, 'effect');
      break;
    case Op.memory_init:
      b.runtime('memory_init', [...three(), address(env.dataDescriptor(first))], 0, 'effect');
      break;
    case Op.data_drop:
      drop(b, env.dataDescriptor(first));
      break;
    case Op.table_init:
      b.runtime(
        'table_init',
        [...three(), address(env.tableSymbol()), address(env.elementDescriptor(first))],
        0,
        'effect',
      );
      break;
    case Op.elem_drop:
      drop(b, env.elementDescriptor(first));
      break;
    case Op.table_copy:
      b.runtime(
        'table_copy',
        [...three(), address(env.tableSymbol()), address(env.tableSymbol())],
        0,
        'effect',
      );
      break;
    default:
      throw new Error(`no bulk operation 0x${op.toString(16)} (${second})`);
  }
}

/** A dropped segment is one whose size is 0; the size is the descriptor's second word. */
function drop(b: Builder, descriptor: string): void {
  const store = b.make(Ir.Store32, [b.fn.symbol(descriptor, 0, 'high'), b.constant(0)], 4);
  store.symbol = descriptor;
  store.memory = TABLE;
}
