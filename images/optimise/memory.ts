/**
 * What is known about memory: which values are surely in which places, and what may change them.
 *
 * Places are a base value with an offset, in a class (ir.ts: linear memory, the table, each global). Two
 * accesses of one class may overlap unless they have the same base and lie apart.
 */
import type { Folder } from '../ssa/fold.ts';
import { type Block, Ir, isStore, type Value } from '../ssa/ir.ts';

/** Old entries are forgotten beyond this many. */
const ENTRIES_MAX = 48;
/** Ways between two blocks that pass more blocks than this are not looked at: anything may have changed. */
const BETWEEN_MAX = 400;

interface Entry {
  readonly access: Value;
  readonly size: number;
}

/** What code may change: everything, or the places of these stores. */
export type Clobbers = 'everything' | readonly Value[];

const SIZES: Readonly<Record<number, number>> = {
  [Ir.Load8S]: 1,
  [Ir.Load8U]: 1,
  [Ir.Load16S]: 2,
  [Ir.Load16U]: 2,
  [Ir.Load32]: 4,
  [Ir.Store8]: 1,
  [Ir.Store16]: 2,
  [Ir.Store32]: 4,
};

export function accessSize(access: Value): number {
  return SIZES[access.op]!;
}

/** Whether two accesses may touch the same byte. */
export function mayOverlap(a: Value, b: Value): boolean {
  if (a.memory !== b.memory) return false;
  if (a.args[0] !== b.args[0] || a.symbol !== b.symbol) return true;
  return a.immediate < b.immediate + accessSize(b) && b.immediate < a.immediate + accessSize(a);
}

/** Whether the value may change memory in a way that no list of stores tells. */
export function changesEverything(value: Value): boolean {
  if (value.op === Ir.CallIndirect) return true;
  if (value.op === Ir.Call) return !value.callee!.pure;
  return value.op === Ir.Machine && value.machine!.effect !== 'effect' && value.machine!.effect !== 'pure';
}

export class Known {
  private entries: Entry[] = [];

  takeOver(from: Known, clobbers: Clobbers): void {
    if (clobbers === 'everything') return;
    this.entries = [...from.entries];
    for (const store of clobbers) this.forget(store);
  }

  /** A value that is what the load would give. */
  load(load: Value, folder: Folder): Value | undefined {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const { access, size } = this.entries[i]!;
      if (access.memory !== load.memory || access.args[0] !== load.args[0]) continue;
      if (access.immediate !== load.immediate || access.symbol !== load.symbol || size !== accessSize(load))
        continue;
      if (access.op === load.op) return access;
      if (isStore(access.op)) return asLoaded(load, access.args[1]!, folder);
    }
    return undefined;
  }

  remember(access: Value): void {
    this.entries.push({ access, size: accessSize(access) });
    if (this.entries.length > ENTRIES_MAX) this.entries.shift();
  }

  store(store: Value): void {
    this.forget(store);
    this.remember(store);
  }

  clobber(value: Value): void {
    if (changesEverything(value)) this.entries = [];
  }

  private forget(store: Value): void {
    if (this.entries.some(({ access }) => mayOverlap(access, store))) {
      this.entries = this.entries.filter(({ access }) => !mayOverlap(access, store));
    }
  }
}

/** The stored word as the load would widen it. */
function asLoaded(load: Value, stored: Value, folder: Folder): Value {
  switch (load.op) {
    case Ir.Load8S:
      return folder.unary(Ir.Extend8, stored);
    case Ir.Load8U:
      return folder.binary(Ir.And, stored, folder.constant(0xff));
    case Ir.Load16S:
      return folder.unary(Ir.Extend16, stored);
    case Ir.Load16U:
      return folder.binary(Ir.And, stored, folder.constant(0xffff));
    default:
      return stored;
  }
}

/** What may change on any way from the end of `from`, which dominates `to`, to the beginning of `to`. */
export function clobbersBetween(from: Block, to: Block): Clobbers {
  const seen = new Set<Block>([from]);
  const work = [...to.predecessors];
  const stores: Value[] = [];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    if (seen.size > BETWEEN_MAX || !addStores(block, stores)) return 'everything';
    work.push(...block.predecessors);
  }
  return stores;
}

/** Collects a block's stores; false if it may change everything. */
export function addStores(block: Block, stores: Value[]): boolean {
  for (const value of block.values) {
    if (changesEverything(value)) return false;
    if (isStore(value.op)) stores.push(value);
  }
  return true;
}
